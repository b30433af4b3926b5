"""A FHIR server as far as the source asks one: search by `_lastUpdated`, sorted, page by page, with ETag, login and bad days."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

Resource = dict[str, Any]


@dataclass
class Fhir:
    """What the server holds and how it behaves. `asked` are the paths that it was asked, with their queries."""

    resources: dict[str, Resource] = field(default_factory=dict)
    token: str | None = None
    page: int = 2
    sulks: list[tuple[int, str]] = field(default_factory=list)
    """Answers to give first: a status and what `retry-after` says."""
    next_page: str | None = None
    """Where the next page is said to be, in place of where it is."""
    body: bytes | None = None
    """What to answer in place of a Bundle."""
    asked: list[str] = field(default_factory=list)
    url: str = ""
    now: str = "2026-03-16T09:00:00Z"
    """Its clock: when what is written to it was changed."""
    refuses: int | None = None
    """The status with which it refuses what is written to it."""

    def put(self, resource: Resource, updated: str) -> None:
        """Stores a version of a resource."""
        meta = {"lastUpdated": updated}
        self.resources[f"{resource['resourceType']}/{resource['id']}"] = resource | {"meta": meta}

    def search(self, kind: str, query: dict[str, list[str]]) -> tuple[list[Resource], str]:
        found = [one for one in self.resources.values() if one["resourceType"] == kind]
        for said in query.get("identifier", ()):
            found = [one for one in found if said.partition("|")[0] in _systems(one)]
        for said in query.get("_lastUpdated", ()):
            assert said.startswith("ge")
            found = [one for one in found if _updated(one) >= datetime.fromisoformat(said[2:])]
        found.sort(key=_updated)
        return found, f'W/"{len(found)}-{found[-1]["meta"]["lastUpdated"] if found else 0}"'


def _systems(resource: Resource) -> set[str]:
    return {one["system"] for one in resource.get("identifier", ())}


def _updated(resource: Resource) -> datetime:
    return datetime.fromisoformat(resource["meta"]["lastUpdated"])


class _Handler(BaseHTTPRequestHandler):
    fhir: Fhir

    def do_GET(self) -> None:
        fhir = self.fhir
        fhir.asked.append(self.path)
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if fhir.sulks:
            status, wait = fhir.sulks.pop(0)
            self._answer(status, b"", {"retry-after": wait} if wait else {})
            return
        if fhir.token is not None and self.headers["authorization"] != f"Bearer {fhir.token}":
            self._answer(401, b"")
            return
        found, tag = fhir.search(parts.path.rpartition("/")[2], query)
        if self.headers["if-none-match"] == tag:
            self._answer(304, b"")
            return
        at = int(query.get("at", ["0"])[0])
        some = found[at : at + fhir.page]
        links = [{"relation": "self", "url": f"{fhir.url}/x"}]
        if at + fhir.page < len(found):
            following = urlencode({**{name: said[0] for name, said in query.items()}, "at": at + fhir.page})
            links.append(
                {"relation": "next", "url": fhir.next_page or f"{fhir.url}{parts.path[5:]}?{following}"}
            )
        entries: list[Any] = [{"resource": one, "search": {"mode": "match"}} for one in some]
        entries.append({"resource": {"resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}})
        bundle = {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries}
        self._answer(200, fhir.body or json.dumps(bundle).encode(), {"etag": tag})

    def do_PUT(self) -> None:
        """A conditional update: what has the identifier is written over, what nothing has is made."""
        parts = urlsplit(self.path)
        self.fhir.asked.append(self.path)
        resource = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.fhir.refuses is not None:
            self._answer(self.fhir.refuses, b"")
            return
        system, _, value = parse_qs(parts.query)["identifier"][0].partition("|")
        assert resource["identifier"] == [{"system": system, "value": value}]
        self.fhir.put({"id": f"t{value}", **resource}, self.fhir.now)
        self._answer(200, b"{}")

    def do_POST(self) -> None:
        self.fhir.asked.append(self.path)
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        right = self.headers["authorization"] == "Basic Y3RpOnM=" and "client_credentials" in body
        token = {"access_token": self.fhir.token, "token_type": "bearer"}
        self._answer(200 if right else 401, json.dumps(token if right else {}).encode())

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the tests look at `asked`."""


@contextmanager
def served(fhir: Fhir) -> Iterator[Fhir]:
    """The server, answering at its `url` while the block lasts."""
    handler = type("Handler", (_Handler,), {"fhir": fhir})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        fhir.url = f"http://127.0.0.1:{server.server_address[1]}/fhir"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield fhir
        finally:
            server.shutdown()
