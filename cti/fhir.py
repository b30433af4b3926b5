"""Talking with a FHIR server: its Bundles, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2

from cti.remote import Answer, Login, Remote, RemoteError

JSON = "application/fhir+json"


class Fhir(Remote):
    """One FHIR server. Raises RemoteError."""

    def __init__(self, login: Login) -> None:
        super().__init__(login, JSON)

    def following(self, bundle: Mapping[str, Any]) -> str | None:
        """The address of the page after this one; None where it is the last."""
        said = bundle.get("link")
        links = [link for link in said if isinstance(link, dict)] if isinstance(said, list) else []
        url = next((link.get("url") for link in links if link.get("relation") == "next"), None)
        if url is None:
            return None
        try:
            there = str(httpx2.URL(self.login.url + "/").join(str(url)))
            # Our token goes with each question: to the server that it is meant for, and to no other.
            if urlsplit(there)[:2] == urlsplit(self.login.url)[:2]:
                return there
        except (httpx2.InvalidURL, ValueError):
            pass
        raise RemoteError("elsewhere")


def bundle_of(answer: Answer) -> Mapping[str, Any]:
    """The Bundle that the body is. Raises RemoteError."""
    found = answer.document()
    entries = found.get("entry", []) if found is not None else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RemoteError("not-a-bundle")
    if found is None or found.get("resourceType") != "Bundle":
        raise RemoteError("not-a-bundle")
    return found


def matching(bundle: Mapping[str, Any]) -> list[Any]:
    """The resources that were asked for: not the remarks of the server, nor what it sends along."""
    found = []
    for entry in bundle.get("entry") or ():
        search = entry.get("search")
        if not isinstance(search, dict) or search.get("mode", "match") == "match":
            found.append(entry.get("resource"))
    return found
