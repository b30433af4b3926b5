"""What changed on a FHIR server, page by page, with patience where it is busy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

from cti.fhir import Fhir, bundle_of, matching
from cti.problems import Problems
from cti.remote import RemoteError
from cti.sources.base import Context
from cti.sources.fhir.options import Kind, Options
from cti.sources.server import asked, problem_of

AT_ONCE = 200
"""Resources asked for on one page."""

MOST_PAGES = 1_000

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
        try:
            self._fhir = Fhir(options.login(context.folder))
        except RemoteError as error:
            raise Problems([problem_of(error, self._options.name)]) from None

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
        except RemoteError as error:
            raise Problems([problem_of(error, self._options.name)]) from None

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
            answer = asked(
                self._fhir, url, self._options.name, {"if-none-match": tag} if first and tag else None
            )
            if answer.status == 304:
                raise Unchanged
            bundle = bundle_of(answer)
            yield Page(matching(bundle), answer.headers.get("etag"), first)
            first, url = False, self._fhir.following(bundle)

    def _from(self, since: str) -> str:
        moment = datetime.fromisoformat(since) - self._options.overlap
        return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
