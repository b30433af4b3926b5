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
    "MoveInDate early": mark("{n} MoveInDates lie before the EntryDate; these stays begin on the EntryDate"),
    "MoveInDate late": mark("{n} MoveInDates lie after the ExitDate; they are not counted as moves"),
    "DateOfEngagement early": mark(
        "{n} DatesOfEngagement lie before the EntryDate; these stays begin on the EntryDate"
    ),
    "DateOfEngagement late": mark(
        "{n} DatesOfEngagement lie after the ExitDate; these stays begin on the EntryDate"
    ),
    "bed-night early": mark(
        "{n} first bed nights lie before the EntryDate; these stays begin on the EntryDate"
    ),
    "bed-night late": mark("{n} first bed nights lie after the ExitDate; they are not counted"),
    "times": mark("{n} times of recording cannot be read, or could be two days; they count as not stated"),
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
        text = mark("{n} lines cannot be read; until they can, nothing is taken for deleted")
        yield note(text, n=torn)
    for name, text in _TEXTS.items():
        if finder.seen[name]:
            yield note(text, n=finder.seen[name])
    if rows.several_heads:
        text = mark("{n} households have several heads; each of these counts as a household")
        yield note(text, n=rows.several_heads)
    if rows.without_head and options.heads_only:
        yield note(
            mark("{n} households have no head in this export; their members are left out"),
            n=rows.without_head,
        )
    if several_exits:
        yield note(
            mark("{n} exits are second exits of an enrolment; the one updated last counts"), n=several_exits
        )
    known = SITUATION_OF_DESTINATION.keys() | UNKNOWN_DESTINATIONS | {DECEASED}
    lefts = [enrolment.left for _, enrolment in rows.live if enrolment.left is not None]
    strange = sum(
        left.destination is not None and left.destination not in known | finder.mapping.destinations.keys()
        for left in lefts
    )
    if strange:
        text = mark("{n} destinations are codes that the standard does not have there; they count as unknown")
        yield note(text, n=strange)
    died = sum(left.assessment == ASSESSED_DECEASED and left.destination != DECEASED for left in lefts)
    if died and not options.deceased_by_assessment:
        text = mark(
            "{n} exits say deceased in HousingAssessment and something else in Destination; the Destination counts "
            "(deceased_by_assessment)"
        )
        yield note(text, n=died)
