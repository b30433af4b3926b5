"""What becomes of each row of Enrollment.csv: read, left out by a setting, or quarantined."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from cti.i18n import mark
from cti.sources.base import Quarantined, mask
from cti.sources.hmis_csv.codes import code
from cti.sources.hmis_csv.enrolments import Enrolment, Finder
from cti.sources.hmis_csv.households import Households, is_head
from cti.sources.hmis_csv.options import Options
from cti.sources.hmis_csv.tables import EnrollmentRow, Tables
from cti.sources.parse import usable_id

MEMBERS = frozenset((1, 2, 3, 4, 5))
"""RelationshipToHoH of the head and of the other members; 99 and nothing say that nobody asked."""


@dataclass
class Sorted:
    """The rows by what becomes of them. `live` rows come with their record's reference. `retracted` are the references that
    deleted rows leave behind, each with the client and when it was deleted; `deleted` counts these rows.

    `told` are the references of which this export tells all, `unreadable` those of which it may tell something that could not
    be read. `known` are the enrolments of all members that could be read, heads or not. `elsewhere` counts what is
    quarantined of other files than Enrollment.csv without costing an enrolment.
    """

    live: list[tuple[str, Enrolment]] = field(default_factory=list)
    deleted: int = 0
    retracted: dict[str, tuple[str, datetime | None]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    quarantined: list[Quarantined] = field(default_factory=list)
    elsewhere: int = 0
    told: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    known: list[Enrolment] = field(default_factory=list)
    several_heads: int = 0
    without_head: int = 0


def sort_rows(options: Options, tables: Tables, finder: Finder) -> Sorted:
    """Sorts the rows of Enrollment.csv. Each is counted once."""
    gone = {row.PersonalID: finder.moment(row.DateDeleted) for row in tables.clients.rows}
    deleted: dict[int, datetime | None] = {}
    for row in tables.enrolments.rows:
        if row.DateDeleted:
            deleted[row.line] = finder.moment(row.DateDeleted)
        elif row.PersonalID in gone:
            deleted[row.line] = gone[row.PersonalID]
    households = Households(tables.enrolments.rows, frozenset(deleted))
    sorter = _Sorter(options, finder, households, deleted)
    for row in tables.enrolments.rows:
        sorter.sort(row)
    found = sorter.found
    found.several_heads, found.without_head = households.with_several_heads, households.without_head
    for file, torn in (("Enrollment.csv", tables.enrolments.torn), ("Exit.csv", tables.exits.torn)):
        reason = mark("the line does not have the columns of the header; is a quote or a delimiter amiss?")
        found.quarantined.extend(Quarantined("", file, line, "", "", reason) for line in torn)
    found.elsewhere = len(tables.exits.torn)
    # A household's reference outlives a deleted row where another row carries it on.
    for ref in {ref for ref, _ in found.live} | found.unreadable:
        found.retracted.pop(ref, None)
    return found


@dataclass
class _Sorter:
    """`deleted` has the lines of deleted rows, and when that was."""

    options: Options
    finder: Finder
    households: Households
    deleted: dict[int, datetime | None]
    found: Sorted = field(default_factory=Sorted)
    seen: set[str] = field(default_factory=set)

    def sort(self, row: EnrollmentRow) -> None:
        found, refs = self.found, self.households.refs(row)
        found.told |= refs
        setting = self._left_out_by(row)
        if setting is not None:
            found.left_out[setting] += 1
        elif row.EnrollmentID in self.seen:
            reason = mark("another row has the same EnrollmentID")
            found.quarantined.append(_quarantined(row, "EnrollmentID", row.EnrollmentID, reason))
        elif row.line in self.deleted and usable_id(row.EnrollmentID):
            found.deleted += 1
            found.retracted |= dict.fromkeys(refs, (row.PersonalID, self.deleted[row.line]))
        else:
            entry = self._read(row)
            if isinstance(entry, Quarantined):
                found.quarantined.append(entry)
                found.unreadable |= refs
            else:
                found.live.append((self.households.ref(row) if self.options.heads_only else entry.id, entry))
                found.known.append(entry)
        if setting is None:
            self.seen.add(row.EnrollmentID)
        elif row.line not in self.deleted:
            self._remember(row)

    def _left_out_by(self, row: EnrollmentRow) -> str | None:
        project = self.finder.mapping.projects.get(row.ProjectID)
        if project is not None and project.left_out:
            return "projects"
        if not self.options.heads_only or is_head(row):
            return None
        # Of a household without a head, those of whom it is not known whether they are the head are quarantined.
        member = code(row.RelationshipToHoH) in MEMBERS
        return "heads_only" if member or self.households.heads(row) else None

    def _read(self, row: EnrollmentRow) -> Enrolment | Quarantined:
        if self.options.heads_only and not is_head(row):
            reason = mark(
                "nobody is the head of this household; say in the registration who is (RelationshipToHoH)"
            )
            return _quarantined(row, "RelationshipToHoH", row.RelationshipToHoH, reason)
        return self.finder.read(row)

    def _remember(self, row: EnrollmentRow) -> None:
        """An enrolment that is left out makes no events, but may be guidance that goes on after a move."""
        before = self.finder.seen.copy()
        entry = self.finder.read(row)
        self.finder.seen = before
        if isinstance(entry, Enrolment):
            self.found.known.append(entry)


def _quarantined(row: EnrollmentRow, name: str, value: str, reason: str) -> Quarantined:
    ref = row.EnrollmentID if usable_id(row.EnrollmentID) else ""
    return Quarantined(ref, "Enrollment.csv", row.line, name, mask(value), reason)
