"""A second reading of an HMIS export: slow, day by day, and sharing nothing with the product but the standard's files.

It says in a few plain loops what docs/hmis.md and docs/how-it-works.md say in words, so that the product can be held against it.
Only the defaults are known here: no settings, no versions, no times of recording; what an export says is what holds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

Step = tuple[str, str | None, str, date]
"""Client, from, to, day."""

Row = dict[str, str]

GAP = 14
FOREVER = date(9999, 12, 31)
DAY = timedelta(days=1)

TYPES = {
    "0": "crisis-shelter",
    "1": "crisis-shelter",
    "8": "crisis-shelter",
    "2": "long-stay",
    "4": "street",
    "12": "at-risk",
    "3": "own-home",
    "9": "own-home",
    "10": "own-home",
    "13": "own-home",
}

DESTINATIONS = {
    "101": "crisis-shelter",
    "118": "crisis-shelter",
    "116": "street",
    "204": "long-stay",
    "205": "long-stay",
    "215": "long-stay",
    "225": "long-stay",
    "302": "long-stay",
    "327": "long-stay",
    "329": "long-stay",
    "332": "long-stay",
    "206": "institution",
    "207": "institution",
    "410": "own-home",
    "411": "own-home",
    "421": "own-home",
    "426": "own-home",
    "435": "own-home",
    "312": "with-others",
    "313": "with-others",
    "422": "with-others",
    "423": "with-others",
}

HOME = frozenset(code for code, situation in DESTINATIONS.items() if situation == "own-home")
DIED = "24"


@dataclass(frozen=True)
class Period:
    """A stay from `begin` until `end` (exclusive), after which the client was said to be in `after`."""

    id: str
    situation: str
    begin: date
    end: date
    after: str


def steps(folder: Path, gap: int = GAP) -> list[Step]:
    """Every step of the line of every head of household in the export in `folder`, by client and day."""
    export = Export(folder)
    return sorted(
        (step for client in export.heads() for step in client_steps(export, client, gap)),
        key=lambda step: (step[0], step[3]),
    )


class Export:
    """The rows of an export: what was deleted is left out, but for the names that it leaves behind."""

    def __init__(self, folder: Path) -> None:
        gone = {row["PersonalID"] for row in rows(folder, "Client") if row["DateDeleted"]}
        self.types = {row["ProjectID"]: row["ProjectType"] for row in rows(folder, "Project")}
        self.exits = {row["EnrollmentID"]: row for row in rows(folder, "Exit") if not row["DateDeleted"]}
        self.nights: dict[str, list[date]] = {}
        for row in rows(folder, "Services"):
            if row["RecordType"] == "200" and not row["DateDeleted"]:
                self.nights.setdefault(row["EnrollmentID"], []).append(day(row["DateProvided"]))
        self.of_head: dict[str, list[Row]] = {}
        self.households: dict[str, list[Row]] = {}
        self.heads_in: dict[str, int] = {}
        for row in rows(folder, "Enrollment"):
            self.households.setdefault(row["HouseholdID"], []).append(row)
            if row["RelationshipToHoH"] == "1" and not row["DateDeleted"] and row["PersonalID"] not in gone:
                self.of_head.setdefault(row["PersonalID"], []).append(row)
                self.heads_in[row["HouseholdID"]] = self.heads_in.get(row["HouseholdID"], 0) + 1

    def heads(self) -> list[str]:
        return sorted(self.of_head)

    def record(self, row: dict[str, str]) -> str:
        """What a head's record is called: by the household's first enrolment, unless the household has several heads."""
        if self.heads_in[row["HouseholdID"]] > 1:
            return row["EnrollmentID"]
        names = [other["EnrollmentID"] for other in self.households[row["HouseholdID"]]]
        return min(names, key=lambda name: (len(name), name))


def rows(folder: Path, name: str) -> list[Row]:
    """The rows of a file of the export."""
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def day(text: str) -> date:
    return date.fromisoformat(text[:10])


def client_steps(export: Export, client: str, gap: int = GAP) -> Iterator[Step]:
    """The steps of one client's line: one for each day on which the situation is another than the day before."""
    periods: list[Period] = []
    died: date | None = None
    for row in export.of_head[client]:
        left = export.exits.get(row["EnrollmentID"])
        if left is not None and left["Destination"] == DIED:
            died = min(day(left["ExitDate"]), died or FOREVER)
        period = stay(export, row, left)
        if period is not None:
            periods.append(period)
    before: str | None = None
    for today, situation in without_short_gaps(periods, gap):
        if died is not None and today >= died:
            return
        if situation != before:
            yield client, before, situation, today
        before = situation


def stay(export: Export, row: Row, left: Row | None) -> Period | None:
    """The stay that an enrolment makes, if any. Who left without one has a stay of no days: where they went counts."""
    kind = export.types[row["ProjectID"]]
    if kind not in TYPES:
        return None
    entry = day(row["EntryDate"])
    end = day(left["ExitDate"]) if left is not None else FOREVER
    begin: date | None = entry
    if kind == "1":
        begin = usable(min(export.nights.get(row["EnrollmentID"], []), default=None), entry, end)
    elif kind == "4" and row["DateOfEngagement"]:
        begin = usable(day(row["DateOfEngagement"]), entry, end) or entry
    elif kind in ("3", "9", "10", "13"):
        begin = usable(day(row["MoveInDate"]), entry, end) if row["MoveInDate"] else None
    if begin is None:
        if left is None:
            return None
        begin = end
    after = destination(kind, left) if left is not None else ""
    return Period(export.record(row), TYPES[kind], begin, end, after)


def usable(found: date | None, entry: date, end: date) -> date | None:
    """A day before the entry is the entry; one after the exit is none."""
    if found is None or found > end:
        return None
    return max(found, entry)


def destination(kind: str, left: Row) -> str:
    """Where an exit leads. Who was threatened with eviction and kept the home has not moved."""
    to = DESTINATIONS.get(left["Destination"], "unknown")
    if kind == "12" and to == "own-home" and left["HousingAssessment"] == "1":
        return "kept-home"
    return to


def without_short_gaps(periods: list[Period], gap: int) -> Iterator[tuple[date, str]]:
    """The situation of each day, where days without a stay count as the stay around them if they are few."""
    standing = list(day_by_day(periods))
    index = 0
    while index < len(standing):
        today, situation, is_stay = standing[index]
        if is_stay:
            yield today, situation
            index += 1
            continue
        over = index
        while over < len(standing) and not standing[over][2]:
            over += 1
        within = index > 0 and over < len(standing) and over - index <= gap
        absorbed = within and standing[index - 1][1] == standing[over][1]
        for today, situation, _ in standing[index:over]:
            yield today, standing[index - 1][1] if absorbed else situation
        index = over


def day_by_day(periods: list[Period]) -> Iterator[tuple[date, str, bool]]:
    """For each day from the first to the last on which anything can change: the situation, and whether a stay says so."""
    if not periods:
        return
    days = [period.begin for period in periods] + [period.end for period in periods if period.end != FOREVER]
    today, last = min(days), max(days)
    while today <= last:
        lasting = [period for period in periods if period.begin <= today < period.end]
        over = [period for period in periods if period.end <= today]
        if lasting:
            yield today, max(lasting, key=lambda period: (period.begin, period.id)).situation, True
        elif over:
            yield today, max(over, key=lambda period: (period.end, period.begin, period.id)).after, False
        today += DAY
