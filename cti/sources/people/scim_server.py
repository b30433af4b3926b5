"""All resources of one kind that a SCIM 2.0 service has, page by page (RFC 7644, section 3.4.2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cti.i18n import mark
from cti.problems import Problems, problem
from cti.remote import Answer, Remote, RemoteError
from cti.sources.people.rows import MOST
from cti.sources.server import asked

MEDIA = "application/scim+json"

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

AT_ONCE = 100
"""Resources asked for on one page; a server may give fewer."""

DEEPEST = 8
"""How deep attributes of ours lie in one another, at most: those of a manager, in an extension, of a User, in a list."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The resources that a server gave, the names of attributes in small letters, as their case does not count; and how many
    there are by its own word."""

    resources: Sequence[Any] = ()
    total: int = 0

    @property
    def whole(self) -> bool:
        """Whether it gave all of them: someone who is deleted meanwhile makes one who stands behind them go unseen."""
        return len(self.resources) >= self.total


def all_of(
    server: Remote, source: str, kind: str, query: list[tuple[str, str]], may_lack: bool = False
) -> Answered:
    """All resources of this kind. `may_lack`: a server need not have the kind at all. Raises Problems and RemoteError."""
    found: dict[str, Any] = {}
    start, total = 1, 1
    while start <= total:
        url = server.address(kind, [*query, ("startIndex", str(start)), ("count", str(AT_ONCE))])
        answer = asked(server, url, source, fine=(200, 404, 501) if may_lack else (200,))
        if answer.status != 200:
            return Answered()
        page, total = _page(answer)
        before = len(found)
        for number, resource in enumerate(page, start):
            found.setdefault(_id_of(resource) or f"#{number}", resource)
        if len(found) > MOST:
            text = mark("more than {most} rows: this is no list of those who work here")
            raise Problems([problem(text, field="filter", most=MOST)])
        if len(found) == before:
            break  # nothing there, or a server that knows one page only
        start += len(page)
    return Answered(tuple(found.values()), total)


def _page(answer: Answer) -> tuple[list[Any], int]:
    document = in_small(answer.document())
    page = document.get("resources", []) if isinstance(document, dict) else None
    total = document.get("totalresults") if isinstance(document, dict) else None
    if not isinstance(page, list) or not isinstance(total, int):
        raise RemoteError("not-a-list")
    return page, total


def _id_of(resource: Any) -> str:
    return str(resource.get("id") or "") if isinstance(resource, dict) else ""


def in_small(said: Any, deep: int = DEEPEST) -> Any:
    """The same with the names of attributes in small letters, as far as anything of ours may stand."""
    if isinstance(said, dict) and deep:
        return {name.lower(): in_small(value, deep - 1) for name, value in said.items()}
    return [in_small(one, deep - 1) for one in said] if isinstance(said, list) and deep else said
