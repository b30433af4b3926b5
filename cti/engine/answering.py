"""A worker's answer: checked against the answer set of its step, and written into the journal as an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import isfinite

from cti.core.events import Answer, Reading, RecordId, Value
from cti.core.prompts import STILL_CURRENT, Stored, state
from cti.core.rules import Rulebook
from cti.core.vocabulary import AnswerKind, FactKind, Labels, Vocabulary
from cti.engine.acting import Outcome, one, said_before
from cti.engine.auditing import audit
from cti.engine.plausible import doubtful
from cti.engine.posting import step_of
from cti.engine.system import System
from cti.i18n import mark
from cti.problems import Problem, Problems, closest, problem
from cti.sources.settings import OURS
from cti.store import journal, prompts, sent

UNDO = timedelta(minutes=30)
"""How long an answer can be taken back."""

ANSWER = "answer"
"""The part of a record of ours that holds an answer."""

NOT_RELEVANT = AnswerKind(
    "not-relevant", {"nl": "Niet (meer) van toepassing", "en": "Not relevant (any more)"}
)
"""The answer that every prompt takes, unless its answer set has one of this name."""

REASONS: Mapping[str, Labels] = {
    "over": {"nl": "Het is al voorbij", "en": "It is past already"},
    "done": {"nl": "Het is al gedaan", "en": "It has been done already"},
    "elsewhere": {"nl": "Iemand anders doet dit", "en": "Someone else does this"},
    "not-fitting": {"nl": "Het past niet bij deze cliënt", "en": "It does not fit this client"},
    "wrong": {"nl": "De registratie klopt niet", "en": "The registration is wrong"},
}
"""Why a prompt may not be relevant; kept as the note of the answer."""


def answer(
    system: System,
    rulebook: Rulebook,
    prompt: str,
    said: str,
    now: datetime,
    facts: Mapping[str, str] | None = None,
    note: str | None = None,
    by: str | None = None,
    *,
    seen_at: datetime | None = None,
) -> Outcome:
    """Records an answer to a prompt, named by our number or its key, in place of an earlier one. Raises Problems.

    `facts` as a person types them: words of the vocabulary, days as 2026-03-16, yes or no, numbers. `seen_at` is when the person
    saw how the prompt stood: what was answered since then is not replaced unseen, but told. The same again on the same day
    changes nothing. To what was withdrawn nothing is answered: the record behind it is gone, or its time never came.
    """
    calendar = system.config.calendar
    with system.database.write() as tx:
        row = prompts.by_id(tx, int(prompt)) if prompt.isdecimal() else prompts.by_key(tx, prompt)
        if row is None:
            raise Problems(
                [problem(mark("there is no prompt {prompt}; cti prompts lists them"), prompt=prompt)]
            )
        called, before = state(row, now), said_before(row)
        if called == "withdrawn":
            return Outcome("too-late", row, called, before)
        kind = answer_kind(rulebook, row, said)
        given = facts_given(kind, facts or {}, rulebook.vocabulary, calendar.day(now))
        record = record_of(row)
        stands = journal.versions(tx, record)
        last = stands[-1] if stands else None
        if before is not None and isinstance(last, Answer):
            same = (last.answer, last.facts, last.note) == (said, given, note)
            if same and calendar.day(last.at) == calendar.day(now):
                return Outcome("already", row, called, before)
            if seen_at is not None and before.at > seen_at:
                return Outcome("too-late", row, called, before)
        event = Answer(row.plan.key, said, now, given, row.plan.names, by, note)
        journal.append(tx, [Reading(record, row.plan.client, event, now)], now, calendar)
        prompts.record_answer(tx, row.id, said, now, by)
        audit(tx, system, by, "answered", now, prompts.client_of(tx, row.id), row.id)
        return Outcome("replaced" if before is not None else "done", one(tx, row.id), called, before)


def not_relevant(
    system: System,
    rulebook: Rulebook,
    number: int,
    reason: str | None,
    now: datetime,
    by: str | None = None,
    *,
    seen_at: datetime | None = None,
) -> Outcome:
    """Records the answer that every prompt takes: this is not (or no longer) relevant. `reason` is a word of REASONS, or None.

    It is an answer like any other: it ends the prompt and its reminders, and nothing else. Raises Problems.
    """
    if reason is not None and reason not in REASONS:
        raise Problems(
            [not_one_of(mark('"{said}" is no reason; it is one of: {words}'), reason, list(REASONS))]
        )
    return answer(system, rulebook, str(number), NOT_RELEVANT.name, now, None, reason, by, seen_at=seen_at)


def take_back(system: System, number: int, now: datetime, by: str | None = None) -> Outcome:
    """Takes the answer to a prompt back, with the facts that it recorded: what stood before it stands again. Raises Problems.

    This can be done for a while (UNDO); after that it is too late, and whoever thinks otherwise answers anew.
    """
    calendar = system.config.calendar
    with system.database.write() as tx:
        row = one(tx, number)
        called, before = state(row, now), said_before(row)
        if before is None:
            return Outcome("already", row, called)
        if now - before.at > UNDO:
            return Outcome("too-late", row, called, before)
        record = record_of(row)
        stands = journal.versions(tx, record)
        # An answer that came back by an earlier undo stands where it stood first.
        place = stands.index(stands[-1]) if stands else 0
        earlier = stands[place - 1] if place else None
        # Recorded now, whenever the earlier answer was given: an older reading would not count.
        journal.append(tx, [Reading(record, row.plan.client, earlier, now)], now, calendar)
        if isinstance(earlier, Answer):
            prompts.record_answer(tx, number, earlier.answer, earlier.at, earlier.by)
        else:
            prompts.record_answer(tx, number, None, None)
            sent.follow(tx, [number], now)
        audit(tx, system, by, "took-back", now, prompts.client_of(tx, number), number)
        return Outcome("done", one(tx, number), called, before)


def record_of(row: Stored) -> RecordId:
    """The record in the journal that holds the answer to a prompt."""
    return RecordId(OURS, row.plan.key, ANSWER)


def answers_for(rulebook: Rulebook, row: Stored) -> Mapping[str, AnswerKind]:
    """The answers that a prompt takes, in the order in which they are shown: those of its answer set, and "not relevant"."""
    if (row.plan.rule, row.plan.step) == STILL_CURRENT:
        name: str | None = STILL_CURRENT[0]
    else:
        step = step_of(rulebook)(row.plan.rule, row.plan.step)
        name = step.answers if step is not None else None
    own = rulebook.vocabulary.answers.get(name or "", {})
    return own if NOT_RELEVANT.name in own else {**own, NOT_RELEVANT.name: NOT_RELEVANT}


def answer_kind(rulebook: Rulebook, row: Stored, said: str) -> AnswerKind:
    """The answer of this name. Raises Problems where the prompt does not take it."""
    allowed = answers_for(rulebook, row)
    if said not in allowed:
        raise Problems(
            [not_one_of(mark('"{said}" is no answer to this prompt; it takes: {words}'), said, list(allowed))]
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
                not_one_of(mark('this answer takes no fact "{said}"; it takes: {words}'), name, list(allowed))
            )
            continue
        value = typed(vocabulary.facts[name], text)
        doubt = doubtful(name, value, vocabulary, today) if value is not None else None
        if value is None:
            wrong.append(no_value(vocabulary.facts[name], text))
        elif doubt is not None:
            wrong.append(doubt)
        else:
            found[name] = value
    for name in kind.asks:
        if name not in given:
            wrong.append(problem(mark("this answer needs the fact {fact} as well"), fact=name, field=name))
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
                number = int(text) if text.lstrip("-").isdecimal() else float(text.replace(",", "."))
            except ValueError:
                return None
            return number if isfinite(number) else None


def no_value(kind: FactKind, text: str) -> Problem:
    """That this text means no value of the fact."""
    if kind.type == "choice":
        return not_one_of(
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


def not_one_of(text: str, said: str, words: list[str], fact: str | None = None) -> Problem:
    """That a word is none of those that are possible, with what was probably meant."""
    return problem(text, field=fact, said=said, words=words, guess=closest(said, words), fact=fact)
