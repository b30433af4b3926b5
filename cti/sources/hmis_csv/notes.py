"""What is remarkable about the data of an export: read all the same, but somebody should know."""

from __future__ import annotations

from collections.abc import Iterator

from cti.i18n import mark
from cti.sources.base import Note, note
from cti.sources.hmis_csv.codes import (
    ASSESSED_DECEASED,
    DECEASED,
    SITUATION_OF_DESTINATION,
    UNKNOWN_DESTINATIONS,
)
from cti.sources.hmis_csv.enrolments import Finder
from cti.sources.hmis_csv.options import Options
from cti.sources.hmis_csv.sorting import Sorted
from cti.sources.hmis_csv.tables import Tables

_TEXTS = {
    "MoveInDate early": mark(
        "MoveInDate before the EntryDate, so that the stay begins on the EntryDate: {n}"
    ),
    "MoveInDate late": mark("MoveInDate after the ExitDate, which counts as no move: {n}"),
    "DateOfEngagement early": mark(
        "DateOfEngagement before the EntryDate, so that the stay begins on the EntryDate: {n}"
    ),
    "DateOfEngagement late": mark(
        "DateOfEngagement after the ExitDate, so that the stay begins on the EntryDate: {n}"
    ),
    "bed-night early": mark(
        "first bed night before the EntryDate, so that the stay begins on the EntryDate: {n}"
    ),
    "bed-night late": mark("first bed night after the ExitDate, which does not count: {n}"),
    "times": mark(
        "times of recording that cannot be read, or could be two days, and count as not stated: {n}"
    ),
}


def notes_of(
    options: Options, tables: Tables, finder: Finder, rows: Sorted, several_exits: int
) -> tuple[Note, ...]:
    """The notes about one export, each with how often it occurs."""
    return tuple(_notes(options, tables, finder, rows, several_exits))


def _notes(
    options: Options, tables: Tables, finder: Finder, rows: Sorted, several_exits: int
) -> Iterator[Note]:
    if not tables.enrolments.rows:
        yield note(mark("Enrollment.csv has no rows; nothing is taken for deleted"))
    if torn := len(tables.enrolments.torn) + len(tables.exits.torn):
        text = mark("lines that cannot be read: {n}; until they can, nothing is taken for deleted")
        yield note(text, n=torn)
    for name, text in _TEXTS.items():
        if finder.seen[name]:
            yield note(text, n=finder.seen[name])
    if rows.several_heads:
        text = mark("households with several heads, each of whom counts as a household: {n}")
        yield note(text, n=rows.several_heads)
    if rows.without_head and options.heads_only:
        yield note(
            mark("households without a head in this export, of which the members are left out: {n}"),
            n=rows.without_head,
        )
    if several_exits:
        yield note(
            mark("exits beyond the first of an enrolment, of which the one updated last counts: {n}"),
            n=several_exits,
        )
    known = SITUATION_OF_DESTINATION.keys() | UNKNOWN_DESTINATIONS | {DECEASED}
    lefts = [enrolment.left for _, enrolment in rows.live if enrolment.left is not None]
    strange = sum(
        left.destination is not None and left.destination not in known | finder.mapping.destinations.keys()
        for left in lefts
    )
    if strange:
        text = mark(
            "Destination with a code that the standard does not have there, which counts as unknown: {n}"
        )
        yield note(text, n=strange)
    died = sum(left.assessment == ASSESSED_DECEASED and left.destination != DECEASED for left in lefts)
    if died and not options.deceased_by_assessment:
        text = mark(
            "exits that say deceased in HousingAssessment and not in Destination, of which the Destination counts "
            "(deceased_by_assessment): {n}"
        )
        yield note(text, n=died)
