"""The managers' draft as their page tells of it: where it stands, what was found in it, and whether it may come into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cti.core.people import Staff
from cti.rulebook.seen import Seen
from cti.web.views.rulebook import by_whom
from cti.workshop.findings import Findings, Said

Stands = Literal["none", "new", "altered", "outdated", "busy", "failed", "looked", "adopted"]
"""There is no draft; nobody looked it through; it was changed since; other rules came into force since; it is being looked
through; that went wrong; it was; it was adopted since."""


NOTHING = Said()


@dataclass(frozen=True, slots=True)
class Draft:
    """The page. `found` and `said` are what was found, also in a draft that has changed since."""

    folder: str
    stands: Stands
    found: Findings | None = None
    said: Said = NOTHING
    by: str = ""

    @property
    def adoptable(self) -> bool:
        """Whether the page offers to put it in force."""
        return self.stands == "looked" and self.found is not None and self.found.right

    @property
    def simulable(self) -> bool:
        """Whether the page offers to simulate it."""
        return self.stands == "looked" and self.found is not None and self.found.usable


def draft_of(
    folder: str,
    seen: Seen | None,
    found: Findings | None,
    standing: str,
    staff: Staff,
    now: datetime,
    lang: str,
) -> Draft:
    """The draft as it lies in the folder now (`seen`). `standing` is the digest of the rulebook in force."""
    if seen is None:
        return Draft(folder, "none")
    if found is None:
        return Draft(folder, "new")
    said = found.said.get(lang, NOTHING)
    return Draft(folder, _stands(seen, found, standing, now), found, said, by_whom(found.by, staff))


def _stands(seen: Seen, found: Findings, standing: str, now: datetime) -> Stands:
    if found.under_way(now):
        return "busy"
    if found.digest != seen.digest:
        return "altered"
    if found.stage in ("failed", "checking", "simulating"):
        return "failed"
    if found.standing == standing:
        return "looked"
    return "adopted" if found.rulebook == standing else "outdated"
