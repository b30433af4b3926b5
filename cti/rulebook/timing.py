"""Steps of a rule that get in each other's way: two put one question, one is overtaken by another, one waits for ever."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time

from cti.core.rules import Expects, Rule, Step
from cti.core.vocabulary import Vocabulary
from cti.i18n import mark
from cti.rulebook.never import ROLLED, sure_at
from cti.rulebook.possible import implies, least_days, most_days
from cti.rulebook.table import Table
from cti.rulebook.words import Wrong
from cti.rulebook.written import write_delay


@dataclass(frozen=True)
class Hours:
    """When the organisation opens, which is when steps without an `at` are due, and when its daily mail goes: local times."""

    opens: time = time(9)
    mails: time = time(9)


def note_timing(rule: Rule, tables: Mapping[str, Table], vocabulary: Vocabulary, hours: Hours) -> None:
    """Warns of steps whose day makes them pointless; `tables` are where they stand."""
    for step in rule.steps:
        table = tables[step.id]
        earlier = rule.steps[: rule.steps.index(step)]
        asked = next((other for other in earlier if _asks_first(rule, other, step, vocabulary)), None)
        if asked is not None:
            _note_asked(rule, step, asked, table)
        else:
            _note_overtaking(rule, step, table, vocabulary, hours)
        _note_waiting(rule, step, table)
        _note_lapsed(rule, step, table, vocabulary)


# --- one question once ------------------------------------------------------------------------------------------------


def _asks_first(rule: Rule, earlier: Step, step: Step, vocabulary: Vocabulary) -> bool:
    """Whether the earlier step always puts the question of this one before it can."""
    if step.asks is None or earlier.asks != step.asks:
        return False
    if isinstance(rule.on, Expects) and earlier.due.before and not step.due.before:
        return False  # that one waits for a day, this one may be for moves without one
    if not implies(step.when, earlier.when, vocabulary, sure_at(rule, step, vocabulary)):
        return False
    if step.after is not None:
        return step.after == earlier.id
    return earlier.after is None and _last(earlier) <= _first(step)


def _first(step: Step) -> int:
    """The first day on which a step may be due, counted from the day of its moment, before it is rolled to a working day."""
    return -most_days(step.due) if step.due.before else least_days(step.due)


def _last(step: Step) -> int:
    days = -least_days(step.due) if step.due.before else most_days(step.due)
    return days if step.later is None else days + ROLLED + most_days(step.later.by)


def _note_asked(rule: Rule, step: Step, asked: Step, table: Table) -> None:
    text = mark(
        '{field} = {value}: step "{other}" puts this question before, and one question is put once; '
        'so this step comes only where "{other}" could not'
    )
    taken = {other.asks for other in rule.steps}
    names = [f"{step.asks}-again", *(f"{step.asks}-{number}" for number in range(2, len(taken) + 3))]
    better = next(name for name in names if name not in taken)
    wrong = Wrong(text, better=better, other=asked.id)
    table.note_value(wrong, "asks", step.asks, level="warning")


# --- overtaken --------------------------------------------------------------------------------------------------------


def _note_overtaking(rule: Rule, step: Step, table: Table, vocabulary: Vocabulary, hours: Hours) -> None:
    """Of steps of one moment that wait together only the latest is told, and until the daily mail of their day both wait."""
    at = step.at or hours.opens
    for other in rule.steps:
        due = other.at or hours.opens
        if other is step or other.urgent or not (other.due == step.due and due < at <= hours.mails):
            continue
        if _alike(other, step) and implies(
            other.when, step.when, vocabulary, sure_at(rule, other, vocabulary)
        ):
            text = mark(
                '{field}: step "{other}" of the same day waits for the daily mail at {mails}, as this one does; of the two only '
                "the later is told then, but of steps that are due at one time both are"
            )
            params = {"other": other.id, "mails": f"{hours.mails:%H:%M}"}
            suggestion = table.file.replace_value(table.path_to("at"), f'"{due:%H:%M}"')
            key = "at" if "at" in table else "due"
            table.note(text, params, level="warning", key=key, suggestion=suggestion)
            return


def _alike(one: Step, other: Step) -> bool:
    """Whether both go to the same people, and count from the day of the moment."""
    plain = not (one.due.before or other.due.before or one.after or other.after or one.later or other.later)
    return plain and one.to == other.to and (one.asks is None or one.asks != other.asks)


# --- waiting for ever, or for too long --------------------------------------------------------------------------------


def _note_waiting(rule: Rule, step: Step, table: Table) -> None:
    """A step after one that nobody can answer and that does not end before the moment does.

    It can still come where the moment was known so late that the step before it was not sent.
    """
    if not waits(rule, step):
        return
    text = mark(
        '{field} = {value}: step "{other}" takes no answers and never expires, so this one mostly waits until it is too late; '
        'give that step "answers", or "expires"'
    )
    table.note_value(Wrong(text, other=step.after), "after", step.after, level="warning")


def waits(rule: Rule, step: Step) -> bool:
    """Whether a step waits for one that has no end of its own."""
    before = next((other for other in rule.steps if other.id == step.after), None)
    if before is None or before.answers is not None or before.expires is not None or before.when is not None:
        return False
    return before.outlives or not step.outlives  # else the end of the moment is the end of the wait


def _note_lapsed(rule: Rule, step: Step, table: Table, vocabulary: Vocabulary) -> None:
    """A step that is due when what was expected on a day is given up can only be for what is expected without a day."""
    asked = any(other.due.before and other.asks == step.asks for other in rule.steps if step.asks is not None)
    if asked or not only_undated(rule, step, vocabulary):
        return
    text = mark(
        "{field} = {value}: what is expected is given up {gap} days after its day, so this comes only where no day is known; "
        "a step after a move belongs in a rule that answers to entering"
    )
    lang = "nl" if re.search("dag|weken|maand", table.values["due"]) else "en"
    wrong = Wrong(text, better=write_delay(replace(step.due, before=True), lang), gap=vocabulary.gap)
    table.note_value(wrong, "due", table.values["due"], level="warning")


def only_undated(rule: Rule, step: Step, vocabulary: Vocabulary) -> bool:
    """Whether a step is due too long after an expected day ever to come because of one."""
    plain = isinstance(rule.on, Expects) and not step.due.before and step.after is None
    return plain and least_days(step.due) >= vocabulary.gap
