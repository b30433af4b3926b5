"""A worker's answer: checked against the answer set of its step, and written into the journal as an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from cti.core.events import Answer, Reading, RecordId, Value
from cti.core.prompts import STILL_CURRENT, Stored
from cti.core.rules import Rulebook
from cti.core.vocabulary import AnswerKind, FactKind, Vocabulary
from cti.engine.posting import step_of
from cti.engine.system import System
from cti.i18n import mark
from cti.problems import Problem, Problems, closest, problem
from cti.store import journal, prompts

OURS = "cti"
"""The source name of what is recorded here rather than read from a registration."""


def answer(
    system: System,
    rulebook: Rulebook,
    prompt: str,
    said: str,
    now: datetime,
    facts: Mapping[str, str] | None = None,
    note: str | None = None,
    by: str | None = None,
) -> Stored:
    """Records an answer to a prompt, named by our number or its key, in place of an earlier one. Raises Problems.

    `facts` as a person types them: words of the vocabulary, days as 2026-03-16, yes or no, numbers.
    """
    with system.database.write() as tx:
        row = prompts.by_id(tx, int(prompt)) if prompt.isdecimal() else prompts.by_key(tx, prompt)
        if row is None:
            raise Problems(
                [problem(mark("there is no prompt {prompt}; cti prompts lists them"), prompt=prompt)]
            )
        kind = answer_kind(rulebook, row, said)
        day = system.config.calendar.day(now)
        given = facts_given(kind, facts or {}, rulebook.vocabulary, day)
        event = Answer(row.plan.key, said, now, given, row.plan.names, by, note)
        reading = Reading(RecordId(OURS, row.plan.key, "answer"), row.plan.client, event, now)
        journal.append(tx, [reading], now, system.config.calendar)
        prompts.record_answer(tx, row.id, said, now)
        answered = prompts.by_id(tx, row.id)
    return answered or row


def take_back(system: System, number: int, now: datetime) -> None:
    """Takes the answer to a prompt back, and with it the facts that it recorded."""
    with system.database.write() as tx:
        row = prompts.by_id(tx, number)
        if row is None or row.answer is None:
            return
        reading = Reading(RecordId(OURS, row.plan.key, "answer"), row.plan.client, None, now)
        journal.append(tx, [reading], now, system.config.calendar)
        prompts.record_answer(tx, number, None, None)


def answers_for(rulebook: Rulebook, row: Stored) -> Mapping[str, AnswerKind]:
    """The answers that a prompt takes, in the order in which they are shown."""
    if (row.plan.rule, row.plan.step) == STILL_CURRENT:
        name: str | None = STILL_CURRENT[0]
    else:
        step = step_of(rulebook)(row.plan.rule, row.plan.step)
        name = step.answers if step is not None else None
    return rulebook.vocabulary.answers.get(name or "", {})


def answer_kind(rulebook: Rulebook, row: Stored, said: str) -> AnswerKind:
    """The answer of this name. Raises Problems where the prompt does not take it."""
    allowed = answers_for(rulebook, row)
    if said not in allowed:
        raise Problems(
            [
                _not_one_of(
                    mark('"{said}" is no answer to this prompt; it takes: {words}'), said, list(allowed)
                )
            ]
        )
    return allowed[said]


def facts_given(
    kind: AnswerKind, given: Mapping[str, str], vocabulary: Vocabulary, today: date
) -> tuple[tuple[str, Value], ...]:
    """The facts that an answer records: its own, and those given with it. Raises Problems with all that is wrong."""
    wrong: list[Problem] = []
    found: dict[str, Value] = {
        name: today if value == "today" else value for name, value in kind.records.items()
    }
    allowed = (*kind.asks, *kind.may)
    for name, text in given.items():
        if name not in allowed and name not in kind.records:
            wrong.append(
                _not_one_of(
                    mark('this answer takes no fact "{said}"; it takes: {words}'), name, list(allowed)
                )
            )
            continue
        value = typed(vocabulary.facts[name], text)
        if value is None:
            wrong.append(_no_value(vocabulary.facts[name], text))
        else:
            found[name] = value
    for name in kind.asks:
        if name not in given:
            wrong.append(
                problem(mark("this answer needs the fact {fact}: add --fact {fact}=…"), fact=name, field=name)
            )
    if wrong:
        raise Problems(wrong)
    return tuple(found.items())


def typed(kind: FactKind, text: str) -> Value | None:
    """The value that a text means for this fact; None where it means none."""
    text = text.strip()
    match kind.type:
        case "choice":
            return text if text in kind.values else None
        case "yes/no":
            return {"yes": True, "ja": True, "true": True, "no": False, "nee": False, "false": False}.get(
                text.lower()
            )
        case "date":
            try:
                return date.fromisoformat(text)
            except ValueError:
                return None
        case "number":
            try:
                return int(text) if text.lstrip("-").isdecimal() else float(text.replace(",", "."))
            except ValueError:
                return None


def _no_value(kind: FactKind, text: str) -> Problem:
    if kind.type == "choice":
        return _not_one_of(
            mark('"{said}" is no value of {fact}; it is one of: {words}'),
            text,
            list(kind.values),
            fact=kind.name,
        )
    hints = {"date": "2026-03-16", "yes/no": "yes, no", "number": "3"}
    return problem(
        mark('{fact} = "{said}": not a value of type {type}, such as {hint}'),
        field=kind.name,
        fact=kind.name,
        said=text,
        type=kind.type,
        hint=hints.get(kind.type, ""),
    )


def _not_one_of(text: str, said: str, words: list[str], fact: str | None = None) -> Problem:
    return problem(text, field=fact, said=said, words=words, guess=closest(said, words), fact=fact)
