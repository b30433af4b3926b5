"""Reads one step of a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from cti.core.rules import Changes, Delay, Enters, Late, On, Records, Step
from cti.i18n import mark
from cti.rulebook.additions import read_escalate, read_later, read_remind, read_variants
from cti.rulebook.conditions import joined, read_condition
from cti.rulebook.context import Context
from cti.rulebook.delay import read_delay, read_span, read_time
from cti.rulebook.table import Table
from cti.rulebook.textpath import note_missing_text, read_text_path
from cti.rulebook.words import Wrong, one_of, read_flag, read_id, read_text
from cti.rulebook.written import write_delay

KEYS = (
    "id",
    "due",
    "at",
    "to",
    "after",
    "text",
    "later",
    "when",
    "unless",
    "asks",
    "answers",
    "expires",
    "outlives",
    "late",
    "urgent",
    "remind",
    "escalate",
    "variants",
    "sources",
    "was",
)
MEANT = {
    "delay": "due",
    "wait": "due",
    "days": "due",
    "termijn": "due",
    "wacht": "due",
    "wachttijd": "due",
    "dagen": "due",
    "name": "id",
    "naam": "id",
    "time": "at",
    "hour": "at",
    "om": "at",
    "tijd": "at",
    "uur": "at",
    "role": "to",
    "recipient": "to",
    "who": "to",
    "aan": "to",
    "voor": "to",
    "naar": "to",
    "rol": "to",
    "wie": "to",
    "ontvanger": "to",
    "if": "when",
    "only-if": "when",
    "condition": "when",
    "conditions": "when",
    "als": "when",
    "indien": "when",
    "wanneer": "when",
    "mits": "when",
    "voorwaarde": "when",
    "voorwaarden": "when",
    "if-not": "unless",
    "tenzij": "unless",
    "behalve": "unless",
    "niet-als": "unless",
    "except": "unless",
    "expiry": "expires",
    "expire": "expires",
    "until": "expires",
    "valid": "expires",
    "verloopt": "expires",
    "vervalt": "expires",
    "geldig": "expires",
    "tot": "expires",
    "answer": "answers",
    "antwoord": "answers",
    "antwoorden": "answers",
    "question": "asks",
    "vraag": "asks",
    "vraagt": "asks",
    "reminder": "remind",
    "reminders": "remind",
    "herinner": "remind",
    "herinnering": "remind",
    "herinneringen": "remind",
    "escalation": "escalate",
    "escaleer": "escalate",
    "escaleren": "escalate",
    "escalatie": "escalate",
    "opschalen": "escalate",
    "postpone": "later",
    "uitstel": "later",
    "uitstellen": "later",
    "template": "text",
    "tekst": "text",
    "bericht": "text",
    "message": "text",
    "source": "sources",
    "bron": "sources",
    "bronnen": "sources",
    "spoed": "urgent",
    "dringend": "urgent",
    "te-laat": "late",
    "varianten": "variants",
    "heette": "was",
    "follows": "after",
    "na": "after",
}
OF_THE_RULE = {
    key: mark('"{name}" belongs to the rule itself: move it up, above line {above}')
    for key in ("title", "why", "since", "off", "on")
}
OF_A_STEP = {
    key: mark('"{name}" belongs to a step: write it below its [[steps]]')
    for key in KEYS
    if key not in ("id", "was", "text")
}
LATE = ("now", "skip", "ask")
MEANT_LATE = {
    "send": "now",
    "nu": "now",
    "at-once": "now",
    "never": "skip",
    "no": "skip",
    "drop": "skip",
    "nooit": "skip",
    "overslaan": "skip",
    "vraag": "ask",
    "vragen": "ask",
    "meteen": "now",
    "direct": "now",
}


def read_step(table: Table, on: On | None, context: Context) -> Step | None:
    """The step in a table whose keys `step_keys` has checked; None where something that it needs could not be read.

    `on` is what its rule answers to.
    """
    step_id = table.take("id", read_id)
    due = table.need("due", _due(on, "after" in table), "14 days")
    to = table.need("to", context.role, "worker")
    when = read_condition(table, "when", context.lexicon)
    unless = read_condition(table, "unless", context.lexicon)
    text = _text(table, step_id, context)
    answers = table.take("answers", context.lexicon.answer_set)
    if "answers" not in table:
        example = "done" if "done" in context.lexicon.vocabulary.answers else None
        table.note_missing(
            mark("{name} is missing: nobody can say that this step is done"),
            "answers",
            example,
            level="warning",
        )
    if "expires" not in table:
        text_of = mark("{name} is missing: this prompt waits until the client's next transition")
        table.note_missing(text_of, "expires", "6 weeks", level="warning")
    expires = table.take("expires", read_span)
    step = Step(
        id=step_id or "",
        due=due or Delay(0, "days"),
        to=to or "worker",
        text=text or "",
        at=table.take("at", read_time),
        after=table.take("after", read_text),
        later=read_later(table, context),
        when=joined(when, unless),
        asks=table.take("asks", read_id),
        answers=answers,
        expires=expires,
        outlives=table.take_or("outlives", read_flag, False),
        late=cast(Late, table.take_or("late", one_of(LATE, MEANT_LATE), "now")),
        urgent=table.take_or("urgent", read_flag, False),
        remind=read_remind(table, expires),
        escalate=read_escalate(table, context, expires),
        variants=read_variants(table, context),
        sources=table.items("sources", read_text) or (),
        was=table.items("was", read_id) or (),
    )
    return None if step_id is None or due is None or to is None or text is None else step


def step_keys(table: Table) -> Table:
    """The table with its keys checked, the misspelt ones as what was meant."""
    return table.only(KEYS, meant=MEANT, elsewhere=OF_THE_RULE, homes=[()])


def _due(on: On | None, follows: bool) -> Callable[[object], Delay]:
    def read(value: object) -> Delay:
        due = read_delay(value)
        if not due.before:
            return due
        better = write_delay(
            Delay(due.amount, due.unit), "nl" if str(value).strip().endswith("ervoor") else "en"
        )
        if follows:
            raise Wrong(
                mark('{field} = {value}: a step "after" another cannot come before it'), better=better
            )
        if isinstance(on, Enters | Changes) or (isinstance(on, Records) and on.values):
            text = mark(
                '{field} = {value}: no day lies ahead here; "before" is for what is expected, or for a date'
            )
            raise Wrong(text, better=better)
        return due

    return read


def _text(table: Table, step_id: str | None, context: Context) -> str | None:
    """The path of the step's text: as the step says, else RULE/STEP. Notes where no such text is there."""
    if "text" in table:
        return table.take("text", read_text_path(context, table))
    if step_id is None or table.rule is None:
        return None
    text = f"{table.rule}/{step_id}"
    note_missing_text(table, None, text, context)
    return text
