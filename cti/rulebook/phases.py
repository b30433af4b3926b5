"""Reads the phases of a rule: parts of the time after an entry, drawn on the client's time line. They prompt nothing."""

from __future__ import annotations

from datetime import date

from cti.core.calendar import Calendar
from cti.core.rules import Delay, Enters, On, Phase
from cti.i18n import mark
from cti.rulebook.context import Context
from cti.rulebook.delay import read_span
from cti.rulebook.labels import read_labels
from cti.rulebook.table import Table
from cti.rulebook.words import Wrong, read_id
from cti.rulebook.written import write_delay

KEYS = ("id", "label", "until")
MEANT = {
    "name": "id",
    "naam": "id",
    "title": "label",
    "titel": "label",
    "lasts": "until",
    "ends": "until",
    "end": "until",
    "tot": "until",
    "duurt": "until",
}


def read_phases(top: Table, on: On | None, context: Context) -> tuple[Phase, ...]:
    """The phases in their order, each until a later day than the one before it."""
    if "phases" in top and on is not None and not isinstance(on, Enters):
        text = mark('{field}: only a rule about entering a situation ([on] enters = "…") has phases')
        top.note(text, key="phases")
        return ()
    read: list[Phase] = []
    for number, table in enumerate(top.tables("phases"), 1):
        table = table.only(KEYS, meant=MEANT)
        name = table.need("id", read_id, f"phase-{number}")
        label = read_labels(table, "label", context.languages, name or f"phase-{number}")
        until = table.need("until", read_span, f"{3 * number} months")
        if name is None or until is None:
            continue
        if name in [one.id for one in read]:
            wrong = Wrong(
                mark("{field} = {value}: another phase of this rule has that id"), better=f"{name}-{number}"
            )
            table.note_value(wrong, "id", name)
        phase = Phase(name, label, until)
        if read and _end(phase) <= _end(read[-1]):
            text = mark(
                "{field} = {value}: the phase before it lasts as long or longer; all are counted from the day of the entry"
            )
            better = _after(read[-1].until, until)
            table.note_value(Wrong(text, better=better), "until", table.values["until"])
        read.append(phase)
    return tuple(read)


def _after(before: Delay, until: Delay) -> str | None:
    """What was meant by someone who wrote how long the phase lasts."""
    if before.unit != until.unit:
        return None
    return write_delay(Delay(before.amount + until.amount, until.unit))


def _end(phase: Phase) -> date:
    """Its last day after an ordinary entry, to compare by."""
    return Calendar().add(date(2026, 1, 5), phase.until)
