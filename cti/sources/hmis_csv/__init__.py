"""The `hmis-csv` source: exports of homeless management information systems, HUD HMIS CSV FY2024 and FY2026.

How each code is read stands in docs/hmis.md. Each row of Enrollment.csv is read, left out by a setting, or quarantined.
"""

from __future__ import annotations

from collections import defaultdict

from cti.core.events import Event, Expected, Reading, RecordId
from cti.i18n import mark
from cti.problems import Problems, problem
from cti.sources.base import Absent, Batch, Context, Counts, State, note, settings_digest
from cti.sources.hmis_csv.enrolments import Enrolment, Finder, first_nights, latest_exits
from cti.sources.hmis_csv.export import About, about, check_codes
from cti.sources.hmis_csv.notes import notes_of
from cti.sources.hmis_csv.options import Options
from cti.sources.hmis_csv.projects import mapped
from cti.sources.hmis_csv.sorting import Sorted, sort_rows
from cti.sources.hmis_csv.stays import Teller
from cti.sources.hmis_csv.tables import Incomplete, Tables, open_export, read_tables
from cti.sources.hmis_csv.times import hmis_day_reader, hmis_moment_reader

__all__ = ["Options", "read"]

FORM = "1"
"""Raised when this module reads the same export differently, so that what was read before is read again."""


def read(options: Options, state: State, context: Context) -> Batch:
    """Reads the export where it or the settings changed since `state`.

    Raises Problems where there is no export, one of another year, or one that lacks files or columns.
    """
    path = context.folder / options.path
    settings = settings_digest(options, context.vocabulary, FORM)
    waited = state.get("waiting")
    try:
        export = open_export(path, options.path)
        signature = export.signature
        if state.get("settings") == settings and state.get("files") == signature:
            return Batch(state=state, changed=False)
        tables = read_tables(export, options.worker)
        if open_export(path, options.path).signature != signature:
            return _wait(state, signature)
    except Incomplete as error:
        if waited == error.signature:
            text = mark("the zip file cannot be opened; let the registration system write it anew")
            raise Problems([problem(text, file=next(iter(error.signature)), field="path")]) from None
        return _wait(state, error.signature)
    # A last row without an end may be how the system writes; a file that stands as it stood before is not growing.
    if not tables.complete and waited != signature:
        return _wait(state, signature)
    again = {"settings": settings, "files": signature, "expected": state.get("expected", {})}
    return read_tables_of(options, tables, state, again, context)


def _wait(state: State, signature: dict[str, list[int]]) -> Batch:
    text = mark("the export is not complete yet; it is read when it is")
    return Batch(state=state | {"waiting": signature}, changed=False, notes=(note(text),))


def read_tables_of(options: Options, tables: Tables, state: State, again: State, context: Context) -> Batch:
    """What the tables of an export say; `again` becomes the state of the next reading."""
    zone = options.zone(context)
    day_of, moment_of = hmis_day_reader(options.dates), hmis_moment_reader(zone, options.dates)
    told = about(tables.exports.rows, day_of)
    made = state.get("made")
    if made and told.made and told.made < made:
        # An older export would bring back what was corrected since (design, law 2).
        text = mark(
            "the export of {made} is older than the last one that was read, of {before}; it is left unread"
        )
        return Batch(state=state, changed=False, notes=(note(text, made=told.made, before=made),))
    check_codes(tables.exits.rows)
    exits, deleted_exits, several = latest_exits(tables.exits.rows, moment_of)
    mapping = mapped(options, tables.projects.rows, context.vocabulary)
    nights = first_nights(tables.services.rows, day_of, moment_of)
    finder = Finder(mapping, exits, deleted_exits, nights, day_of, moment_of)
    rows = sort_rows(options, tables, finder)
    clients: dict[str, list[Enrolment]] = defaultdict(list)
    for enrolment in rows.known:
        clients[enrolment.client].append(enrolment)
    teller = Teller(options.name, options, mapping, context.vocabulary, zone, clients)
    # A torn line may be any enrolment, or the exit of any: then nothing is concluded from what is not there.
    sure = not tables.enrolments.torn and not tables.exits.torn
    readings: list[Reading] = []
    for ref, enrolment in rows.live:
        readings.extend(teller.readings(ref, enrolment, sure))
    for ref, (client, deleted) in rows.retracted.items():
        readings.extend(teller.retractions(ref, client, deleted))
    absent = _absent(rows, told, again["expected"]) if sure and tables.enrolments.rows else None
    again["expected"] = _expected(rows, teller, again["expected"], told)
    if told.made or made:
        again["made"] = told.made or made
    return Batch(
        readings,
        again,
        quarantined=tuple(rows.quarantined),
        counts=Counts(
            len(rows.live) + rows.deleted, dict(rows.left_out), len(rows.quarantined) - rows.elsewhere
        ),
        absent=absent,
        notes=notes_of(options, tables, finder, rows, several),
    )


def _absent(rows: Sorted, told: About, expected: dict[str, str]) -> Absent:
    """What follows from what the export lacks: of rows that are in it, parts that they no longer have are retracted; of rows
    that are not, what a full export would hold."""

    def absent(record: RecordId, event: Event) -> Event | None:
        if record.ref in rows.unreadable:
            return event
        if record.ref in rows.told:
            return None
        if told.period is None:
            return event
        if isinstance(event, Expected) and event.day is None:
            # Whether such an enrolment would be in the export only its EntryDate can tell.
            entry = expected.get(record.ref)
            return None if entry is not None and entry <= told.period.last.isoformat() else event
        return None if told.period.covers(event) else event

    return absent


def _expected(rows: Sorted, teller: Teller, before: dict[str, str], told: About) -> dict[str, str]:
    """The EntryDate of each enrolment of which the home is still expected; those of before stay until they are told of."""
    kept = {ref: entry for ref, entry in before.items() if ref not in rows.told}
    if told.period is not None:
        kept = {ref: entry for ref, entry in kept.items() if entry > told.period.last.isoformat()}
    return kept | {
        ref: enrolment.entry.isoformat() for ref, enrolment in rows.live if teller.waits(enrolment)
    }
