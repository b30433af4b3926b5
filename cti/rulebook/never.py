"""Conditions that no client can ever meet: steps that cannot come, wordings that are not used, a `later` that is never."""

from __future__ import annotations

from cti.core.rules import All, AnyOf, Condition, Entered, Enters, Expects, Not, Rule, Situation, Step
from cti.core.vocabulary import UNKNOWN, Vocabulary
from cti.i18n import mark
from cti.problems import Edit
from cti.rulebook.possible import Sure, can_hold, implies, most_days
from cti.rulebook.table import Table
from cti.rulebook.words import listed
from cti.tomlfile import literal

ROLLED = 14
"""By so many days at most a due is taken to be rolled to a working day."""


def note_never(rule: Rule, step: Step, table: Table, vocabulary: Vocabulary) -> None:
    """Warns of what can never hold in a step; `table` is where it stands."""
    sure = sure_at(rule, step, vocabulary)
    if not can_hold([step.when], vocabulary, sure):
        _note_condition(rule, step, table, vocabulary, sure)
        return
    if step.later is not None and not can_hold([step.later.when], vocabulary, sure):
        table.note(
            mark("{field}: no client can meet all of this, so the step never comes later"),
            level="warning",
            key="later",
            suggestion=table.without("later"),
        )
    _note_variants(step, table, vocabulary, sure)


def sure_at(rule: Rule, step: Step, vocabulary: Vocabulary) -> Sure:
    """What is sure of a client when a step of this rule is due: that they came where the rule says, and are there yet unless the
    step outlives that; that they are not yet where they are expected."""
    on = rule.on
    if isinstance(on, Expects) and len(on.situations) == 1:
        return Sure(frozenset({*vocabulary.situations, UNKNOWN}) - frozenset(on.situations))
    if not isinstance(on, Enters):
        return Sure()
    entered: dict[str, int | None] = {}
    if len(on.situations) == 1:
        # What is known later than `stale` is only asked about; a step after another waits for answers.
        by = most_days(step.due) + ROLLED
        if step.later is not None:
            by += most_days(step.later.by) + ROLLED
        entered[on.situations[0]] = max(by, vocabulary.stale_days + 1) if step.after is None else None
    return Sure(None if step.outlives else frozenset(on.situations), entered)


def parts_of(step: Step) -> tuple[Condition | None, Condition | None]:
    """`when` and `unless` of a step, each as it was written; None where there is none."""
    parts = step.when.of if isinstance(step.when, All) else (step.when,) if step.when is not None else ()
    unless = next((part.of for part in parts if isinstance(part, Not)), None)
    when = tuple(part for part in parts if not isinstance(part, Not))
    return (when[0] if len(when) == 1 else All(when)) if when else None, unless


def _note_condition(rule: Rule, step: Step, table: Table, vocabulary: Vocabulary, sure: Sure) -> None:
    """Says which of the conditions keeps the step from ever coming."""
    when, unless = parts_of(step)
    if not can_hold([when], vocabulary, Sure()):
        text = mark("{field}: no client can meet all of this at once, so the step never comes")
        table.note(text, level="warning", key="when")
    elif not can_hold([when], vocabulary, sure):
        _note_elsewhere(rule, table)
    elif unless is not None and not can_hold([Not(unless)], vocabulary, sure):
        _note_always(unless, table, vocabulary, sure)
    else:
        text = mark('{field}: every client who meets "when" meets this too, so the step never comes')
        table.note(text, level="warning", key="unless")


def _note_elsewhere(rule: Rule, table: Table) -> None:
    """The step is due while the client stands somewhere else than the condition says."""
    inside = table.table("when")
    assert inside is not None
    situations = rule.on.situations if isinstance(rule.on, Enters | Expects) else ()
    params = {"situations": listed(situations)}
    if isinstance(rule.on, Expects):
        text = mark("{field}: as soon as a client is in {situations}, this step is over, so it never comes")
        suggestion = inside.without("situation") if "situation" in inside else None
    else:
        text = mark("{field}: this step comes only while the client is in {situations}, so never under this")
        where = situations[0] if len(situations) == 1 else list(situations)
        suggestion = table.file.replace_value(inside.path_to("situation"), literal(where))
    if "situation" in inside:
        inside.note(text, params, level="warning", key="situation", suggestion=suggestion)
    else:
        table.note(text, params, level="warning", key="when")


def _note_always(unless: Condition, table: Table, vocabulary: Vocabulary, sure: Sure) -> None:
    """`unless` always holds, or one of its alternatives. One that counts was most likely to count what came before."""
    inside = table.table("unless")
    assert inside is not None
    if isinstance(unless, AnyOf) and set(inside.values) == {"any"}:
        for part, entry in zip(unless.of, inside.tables("any"), strict=True):
            if not can_hold([Not(part)], vocabulary, sure):
                unless, inside = part, entry
                break
    text = mark("{field}: this holds for every client when the step is due, so the step never comes")
    if isinstance(unless, Entered) and "entered" in inside:
        said = inside.values["entered"]
        more = {**(said if isinstance(said, dict) else {"situation": said}), "at-least": unless.at_least + 1}
        suggestion = table.file.replace_value(inside.path_to("entered"), literal(more))
        inside.note(text, level="warning", key="entered", suggestion=suggestion)
    elif isinstance(unless, Situation) and "situation" in inside:
        inside.note(text, level="warning", key="situation", suggestion=inside.without("situation"))
    else:
        table.note(text, level="warning", key="unless")


def _note_variants(step: Step, table: Table, vocabulary: Vocabulary, sure: Sure) -> None:
    """Wordings that are never used: nobody meets their condition, or an earlier one always goes before."""
    entries = list(table.tables("variants"))
    before: list[Condition] = []
    for number, (variant, entry) in enumerate(zip(step.variants, entries, strict=True)):
        if not can_hold([step.when, variant.when], vocabulary, sure):
            text = mark(
                "{field}: no client to whom the step comes can meet this, so this wording is never used"
            )
            entry.note(text, level="warning", key="when")
        elif not can_hold([step.when, variant.when, *before], vocabulary, sure):
            text = mark("{field}: whoever meets this gets an earlier wording, so this one is never used")
            wider = (
                n for n in range(number) if implies(variant.when, step.variants[n].when, vocabulary, sure)
            )
            suggestion, further = _swapped(entry, entries[next(wider, number)])
            entry.note(text, level="warning", key="when", suggestion=suggestion, further=further)
        before.append(Not(variant.when))


def _swapped(entry: Table, wider: Table) -> tuple[str | None, tuple[Edit, ...]]:
    """The two wordings in each other's place, so that the narrower comes first; where each of their keys has its own line."""
    file = entry.file
    places = [
        (one.file.line(one.path_to(key)), one.path_to(key)) for one in (entry, wider) for key in VARIANT
    ]
    alone = all(file.replace_value(path, "") is not None for _, path in places)
    if entry is wider or not alone or len({line for line, _ in places}) < len(places):
        return None, ()
    (when, _), (text, _), (other_when, _), (other_text, _) = places
    moves = ((other_when, when), (text, other_text), (other_text, text))
    return file.line_text(other_when), tuple(
        Edit("instead", file.name, file.line_text(of), line) for line, of in moves
    )


VARIANT = ("when", "text")
