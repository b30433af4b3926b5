"""Asking a FHIR server: who we are, what changed, page by page, and patience where it is busy."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from cti.i18n import mark
from cti.problems import Problems, problem
from cti.sources.base import Context
from cti.sources.fhir.options import Options
from cti.trust import trusted

AT_ONCE = 200
"""Resources asked for on one page."""

MOST_PAGES = 1_000
MOST_BYTES = 64 * 1024**2
"""Of one page."""

ANSWER_WITHIN = 30.0
PAUSES = (2.0, 8.0, 30.0)
"""Seconds of patience with a server that is busy, where it names none of its own; after these the next reading tries again."""

LONGEST_PAUSE = 60.0

ELEMENTS = {
    "Encounter": "status,class,type,serviceType,subject,participant,period,hospitalization",
    "EpisodeOfCare": "status,type,patient,careManager,period",
    "Condition": "clinicalStatus,verificationStatus,code,subject,onset,abatement,recordedDate",
    "CareTeam": "status,subject,period,participant",
}
"""What is asked of each: a server that heeds it sends nothing else about anybody."""


class Unchanged(Exception):
    """The server says that nothing changed."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some resources, as the server sent them; of the first page the mark by which to ask whether anything changed."""

    resources: Sequence[Any]
    tag: str | None = None
    first: bool = False


class Server:
    """One FHIR server, asked as its settings say. What goes wrong is raised as Problems, without secrets."""

    def __init__(self, options: Options, context: Context) -> None:
        self._options = options
        self._client = httpx2.Client(
            timeout=ANSWER_WITHIN,
            follow_redirects=False,
            trust_env=False,
            verify=_certified(options, context),
            headers={"accept": "application/fhir+json"},
        )

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def changed(self, kind: str, since: str | None, tag: str | None) -> Iterator[Page]:
        """The resources of this kind that changed at or after `since` (less the overlap), the oldest change first. Raises
        Unchanged where the server knows by the tag that there are none."""
        query = [
            ("_sort", "_lastUpdated"),
            ("_count", str(AT_ONCE)),
            ("_elements", f"id,meta,{ELEMENTS[kind]}"),
        ]
        query += parse_qsl(self._options.search.get(kind, ""), keep_blank_values=True)  # type: ignore[call-overload]
        if since is not None:
            query.append(("_lastUpdated", f"ge{self._from(since)}"))
        url: str | None = str(httpx2.URL(f"{self._options.url}/{kind}", params=query))
        first = True
        for _ in range(MOST_PAGES):
            if url is None:
                return
            answer = self._asked(url, {"if-none-match": tag} if first and tag else {})
            if answer.status_code == 304:
                raise Unchanged
            bundle = self._bundle(answer)
            found = [entry.get("resource") for entry in bundle.get("entry") or () if _matches(entry)]
            yield Page(found, answer.headers.get("etag"), first)
            first, url = False, self._next(bundle)

    def _from(self, since: str) -> str:
        moment = datetime.fromisoformat(since) - self._options.overlap
        return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _bundle(self, answer: httpx2.Response) -> Any:
        try:
            bundle = answer.json()
        except ValueError:
            bundle = None
        entries = bundle.get("entry", []) if isinstance(bundle, dict) else None
        right = isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
        if not right or bundle.get("resourceType") != "Bundle":
            raise self._problem(mark('source "{source}": what the server answers is not a FHIR Bundle'))
        return bundle

    def _next(self, bundle: Any) -> str | None:
        links = [link for link in bundle.get("link") or () if isinstance(link, dict)]
        url = next((link.get("url") for link in links if link.get("relation") == "next"), None)
        if url is None:
            return None
        there = str(httpx2.URL(self._options.url + "/").join(str(url)))
        # Our token goes with each question: to the server that it is meant for, and to no other.
        if urlsplit(there)[:2] != urlsplit(self._options.url)[:2]:
            raise self._problem(mark('source "{source}": the next page is said to be on another server'))
        return there

    def _asked(self, url: str, headers: dict[str, str]) -> httpx2.Response:
        answer = self._once(url, headers | self._login())
        if answer.status_code == 401 and self._options.token_url:
            self._token = None  # it may have been over
            answer = self._once(url, headers | self._login())
        for pause in PAUSES:
            if answer.status_code not in (429, 502, 503, 504):
                break
            time.sleep(_pause_of(answer, pause))
            answer = self._once(url, headers | self._login())
        if answer.status_code not in (200, 304):
            why = mark('source "{source}": the server answers {status}')
            if answer.status_code in (401, 403):
                why = mark('source "{source}": the server answers {status}; it does not let us read')
            raise self._problem(why, status=answer.status_code)
        return answer

    def _once(self, url: str, headers: dict[str, str]) -> httpx2.Response:
        try:
            with self._client.stream("GET", url, headers=headers) as answer:
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise self._problem(mark('source "{source}": the server sends far too much at once'))
            kept = {name: answer.headers[name] for name in ("etag", "retry-after") if name in answer.headers}
            return httpx2.Response(answer.status_code, headers=kept, content=bytes(body))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise self._silent(error) from None

    _token: str | None = None

    def _login(self) -> dict[str, str]:
        options = self._options
        if options.token is not None:
            return {"authorization": f"Bearer {options.token.get_secret_value()}"}
        if options.token_url is None or options.client_secret is None:
            return {}
        if self._token is None:
            login = (options.client_id or "", options.client_secret.get_secret_value())
            try:
                form = {"grant_type": "client_credentials"}
                answer = self._client.post(options.token_url, data=form, auth=login)
                given = answer.json().get("access_token") if answer.status_code == 200 else None
            except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
                raise self._silent(error) from None
            except (ValueError, AttributeError):
                given = None
            if not isinstance(given, str):
                raise self._problem(
                    mark('source "{source}": no token is given for client_id and client_secret')
                )
            self._token = given
        return {"authorization": f"Bearer {self._token}"}

    def _silent(self, error: Exception) -> Problems:
        text = mark('source "{source}": the server does not answer: {why}')
        return self._problem(text, why=type(error).__name__)

    def _problem(self, text: str, **params: str | int) -> Problems:
        said: dict[str, Any] = {"source": self._options.name, **params}
        return Problems([problem(text, field="url", **said)])


def _matches(entry: Any) -> bool:
    """Whether an entry is one of what was asked for, and not a remark of the server or something sent along."""
    search = entry.get("search")
    return not isinstance(search, dict) or search.get("mode", "match") == "match"


def _pause_of(answer: httpx2.Response, otherwise: float) -> float:
    said = answer.headers.get("retry-after", "")
    return min(float(said), LONGEST_PAUSE) if said.isdecimal() and len(said) < 9 else otherwise


def _certified(options: Options, context: Context) -> ssl.SSLContext:
    if options.certificate is None:
        return trusted()
    ours = ssl.create_default_context()
    try:
        ours.load_cert_chain(context.folder / options.certificate)
    except OSError as error:
        text = mark('source "{source}": the certificate cannot be read: {why}')
        why = error.strerror or type(error).__name__
        raise Problems([problem(text, field="certificate", source=options.name, why=why)]) from None
    return ours
