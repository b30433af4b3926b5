"""Reads what a step may say besides: `later`, `remind`, `escalate` and its variants."""

from __future__ import annotations

from cti.core.rules import Condition, Delay, Escalate, Later, Remind, Variant
from cti.i18n import mark
from cti.rulebook.conditions import read_condition
from cti.rulebook.context import Context
from cti.rulebook.delay import read_span, read_working_days
from cti.rulebook.table import Table
from cti.rulebook.textpath import read_text_path
from cti.rulebook.words import Wrong, read_count
from cti.rulebook.written import write_delay

LATER_KEYS = ("when", "by")
REMIND_KEYS = ("every", "times")
ESCALATE_KEYS = ("after", "to")
VARIANT_KEYS = ("when", "text")
OF_THE_STEP = {
    key: mark('"{name}" belongs to the step itself: write it above [[steps.variants]]')
    for key in (
        [
            "id",
            "due",
            "at",
            "to",
            "after",
            "later",
            "unless",
            "asks",
            "answers",
            "expires",
            "outlives",
            "late",
            "urgent",
            "remind",
            "escalate",
            "sources",
            "was",
        ]
    )
}


def read_later(table: Table, context: Context) -> Later | None:
    """Under which condition the step comes later, and by how much."""
    inside = table.table("later")
    if inside is None:
        return None
    inside = inside.only(
        LATER_KEYS,
        meant={
            "if": "when",
            "condition": "when",
            "als": "when",
            "delay": "by",
            "due": "by",
            "with": "by",
            "met": "by",
        },
    )
    if "when" not in inside:
        inside.note_missing(mark("{name} is missing: the condition under which the step comes later"), "when")
    when = read_condition(inside, "when", context.lexicon)
    by = inside.need("by", read_span, "2 weeks")
    return None if when is None or by is None else Later(when, by)


def read_remind(table: Table, expires: Delay | None) -> Remind | None:
    """How often the worker is reminded of an unanswered prompt."""
    value = table.values.get("remind")
    plain = {"every": value, "times": 2}
    inside = table.table("remind", plain if isinstance(value, str) else None)
    if inside is None:
        return None
    inside = inside.only(
        REMIND_KEYS,
        meant={
            "after": "every",
            "each": "every",
            "count": "times",
            "max": "times",
            "elke": "every",
            "iedere": "every",
            "keer": "times",
            "aantal": "times",
        },
    )
    every = inside.need("every", read_working_days, "5 working days")
    times = inside.need("times", read_count, 2)
    if every is not None:
        _note_never(
            inside,
            "every",
            every,
            expires,
            mark("{field} = {value}: the prompt expires before its first reminder"),
        )
    return None if every is None or times is None else Remind(every, times)


def read_escalate(table: Table, context: Context, expires: Delay | None) -> Escalate | None:
    """Who else hears of an unanswered prompt, and when."""
    value = table.values.get("escalate")
    plain = {"after": value, "to": "team-lead"}
    inside = table.table("escalate", plain if isinstance(value, str) else None)
    if inside is None:
        return None
    inside = inside.only(
        ESCALATE_KEYS, meant={"every": "after", "when": "after", "role": "to", "na": "after", "aan": "to"}
    )
    after = inside.need("after", read_working_days, "10 working days")
    to = inside.need("to", context.role, "team-lead")
    if after is not None:
        _note_never(
            inside,
            "after",
            after,
            expires,
            mark("{field} = {value}: the prompt expires before it is escalated"),
        )
    return None if after is None or to is None else Escalate(after, to)


def _note_never(table: Table, key: str, after: Delay, expires: Delay | None, text: str) -> None:
    """Warns where a further message comes only after the prompt has expired; five working days are taken as a week."""
    if expires is None:
        return
    days = {"days": 1.0, "weeks": 7.0, "months": 30.0, "working days": 1.4}
    if after.amount * days[after.unit] >= expires.amount * days[expires.unit]:
        half = max(1, int(expires.amount * days[expires.unit] / 2.8))
        better = write_delay(Delay(half, "working days"))
        table.note_value(Wrong(text, better=better), key, table.values[key], level="warning")


def read_variants(table: Table, context: Context) -> tuple[Variant, ...]:
    """Other wordings of the step, each with its condition."""
    variants: list[Variant] = []
    for entry in table.tables("variants"):
        entry = entry.only(
            VARIANT_KEYS,
            meant={"if": "when", "condition": "when", "als": "when", "template": "text", "tekst": "text"},
            elsewhere=OF_THE_STEP,
            homes=[table.path],
        )
        if "when" not in entry:
            entry.note_missing(
                mark("{name} is missing: the condition under which this wording is used"), "when"
            )
        when: Condition | None = read_condition(entry, "when", context.lexicon)
        if "text" not in entry:
            entry.note_missing(
                mark("{name} is missing: the text of this wording"), "text", table.values.get("text")
            )
        text = entry.take("text", read_text_path(context, entry))
        if when is not None and text is not None:
            variants.append(Variant(when, text))
    return tuple(variants)
