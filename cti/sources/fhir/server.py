"""What changed on a FHIR server, page by page, with patience where it is busy."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

from cti.fhir import Answer, Fhir, FhirError, matching
from cti.i18n import mark
from cti.problems import Problem, Problems, problem
from cti.sources.base import Context
from cti.sources.fhir.options import Kind, Options

AT_ONCE = 200
"""Resources asked for on one page."""

MOST_PAGES = 1_000

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

WRONG = {
    "silent": mark('source "{source}": the server does not answer: {why}'),
    "token": mark('source "{source}": no token is given for client_id and client_secret'),
    "too-much": mark('source "{source}": the server sends far too much at once'),
    "certificate": mark('source "{source}": the certificate cannot be read: {why}'),
    "not-a-bundle": mark('source "{source}": what the server answers is not a FHIR Bundle'),
    "elsewhere": mark('source "{source}": the next page is said to be on another server'),
}


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
        try:
            self._fhir = Fhir(options.login(context.folder))
        except FhirError as error:
            raise Problems([self._wrong(error)]) from None

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fhir.__exit__(kind, error, trace)

    def changed(self, kind: Kind, since: str | None, tag: str | None) -> Iterator[Page]:
        """The resources of this kind that changed at or after `since` (less the overlap), the oldest change first. Raises
        Unchanged where the server knows by the tag that there are none."""
        try:
            yield from self._changed(kind, since, tag)
        except FhirError as error:
            raise Problems([self._wrong(error)]) from None

    def _changed(self, kind: Kind, since: str | None, tag: str | None) -> Iterator[Page]:
        query = [
            ("_sort", "_lastUpdated"),
            ("_count", str(AT_ONCE)),
            ("_elements", f"id,meta,{ELEMENTS[kind]}"),
        ]
        query += parse_qsl(self._options.search.get(kind, ""), keep_blank_values=True)
        if since is not None:
            query.append(("_lastUpdated", f"ge{self._from(since)}"))
        url: str | None = self._fhir.address(kind, query)
        first = True
        for _ in range(MOST_PAGES):
            if url is None:
                return
            answer = self._asked(url, {"if-none-match": tag} if first and tag else {})
            if answer.status == 304:
                raise Unchanged
            bundle = answer.bundle()
            yield Page(matching(bundle), answer.headers.get("etag"), first)
            first, url = False, self._fhir.following(bundle)

    def _from(self, since: str) -> str:
        moment = datetime.fromisoformat(since) - self._options.overlap
        return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _asked(self, url: str, headers: dict[str, str]) -> Answer:
        answer = self._fhir.ask("GET", url, headers)
        for pause in PAUSES:
            if answer.status not in (429, 502, 503, 504):
                break
            time.sleep(_pause_of(answer, pause))
            answer = self._fhir.ask("GET", url, headers)
        if answer.status not in (200, 304):
            why = mark('source "{source}": the server answers {status}')
            if answer.status in (401, 403):
                why = mark('source "{source}": the server answers {status}; it does not let us read')
            raise Problems([problem(why, field="url", source=self._options.name, status=answer.status)])
        return answer

    def _wrong(self, error: FhirError) -> Problem:
        return problem(WRONG[error.what], field="url", source=self._options.name, why=error.why)


def _pause_of(answer: Answer, otherwise: float) -> float:
    said = answer.headers.get("retry-after", "")
    return min(float(said), LONGEST_PAUSE) if said.isdecimal() and len(said) < 9 else otherwise
