"""A made-up client to whom just the one thing happens that a rule answers to, planned by the planner itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from cti.core.calendar import Calendar
from cti.core.events import (
    Answer,
    Assignment,
    Event,
    Expected,
    Fact,
    History,
    Record,
    RecordId,
    Stay,
    Version,
)
from cti.core.planner import planner
from cti.core.prompts import Planned
from cti.core.rules import All, Changes, Enters, Expects, Later, Records, Rule, Rulebook, Step
from cti.core.vocabulary import UNKNOWN, Vocabulary

ALWAYS = All(())
"""The condition that holds whatever is known: it has no parts."""
BEFORE = timedelta(days=90)
"""How long the client had been where they come from."""
NOON = time(12)

Plans = dict[str, Planned]
"""What the planner makes of each step, by its id; empty where the moment cannot come about."""


@dataclass(frozen=True)
class Scene:
    """The rule, and the day that its moment is about."""

    rule: Rule
    vocabulary: Vocabulary
    calendar: Calendar
    day: date

    def plan(self, answered: Iterable[Planned] = (), postponed: str | None = None) -> Plans:
        """The rule's steps with all conditions met, and those answered that are given, each at its due.

        Of the step `postponed` the condition of `later` holds as well, of no other.
        """
        rule = _unconditional(self.rule, postponed)
        said = tuple(answered)
        for events in self._histories():
            plans = self._planned(rule, events, said)
            if plans:
                return plans
        return {}

    def plan_undated(self) -> Plans:
        """As `plan`, for an expectation without a day that was recorded on the day."""
        rule = _unconditional(self.rule, None)
        situations = self.rule.on.situations if isinstance(self.rule.on, Expects) else ()
        return self._planned(rule, [(self.day, Expected(situations[0]))], ()) if situations else {}

    def _planned(
        self, rule: Rule, events: Iterable[tuple[date, Event]], answered: Iterable[Planned]
    ) -> Plans:
        records = [
            Record(RecordId("example", f"{number}", "event"), (Version(event, self.calendar.at(known)),))
            for number, (known, event) in enumerate(events)
        ]
        for prompt in answered:
            assert prompt.due is not None, "only what has a day can be answered"
            said = Answer(prompt.key, "answered", prompt.due, names=prompt.names)
            records.append(Record(RecordId("cti", prompt.key, "answer"), (Version(said, prompt.due),)))
        history = History("example", tuple(sorted(records, key=lambda record: record.id)))
        rulebook = Rulebook(replace(self.vocabulary, since=date.min), (rule,))
        made = planner(rulebook, self.calendar)(history)
        return {
            planned.step: planned for planned in made if planned.rule == rule.id and planned.day == self.day
        }

    def _histories(self) -> Iterator[list[tuple[date, Event]]]:
        """Histories in which the moment may come about, the likeliest first: when each thing was known, and what it says."""
        day, early = self.day, self._early()
        match self.rule.on:
            case Enters(situations, origins, negated):
                named = origins if origins is not None and not negated else ()
                others = [name for name in self.vocabulary.situations if name not in (origins or ())]
                for situation in situations:
                    for origin in (*named, *((None,) if not named else ()), *others):
                        yield list(_entering(situation, origin, day))
            case Expects(situations):
                yield [(early, Expected(situations[0], day))]
            case Records(fact, values):
                for value in values or (day,):
                    yield [(early if not values else day, Fact(fact, value, early if not values else day))]
            case Changes():
                yield [(day - BEFORE, Assignment(day - BEFORE, "w1")), (day, Assignment(day, "w2"))]

    def _early(self) -> date:
        """When a day that lies ahead became known: two weeks before the first step that comes before it."""
        firsts = [
            self.calendar.add(self.day, step.due)
            for step in self.rule.steps
            if step.due.before and step.after is None
        ]
        return min([self.day, *(first - timedelta(weeks=2) for first in firsts)])


def _entering(situation: str, origin: str | None, day: date) -> Iterator[tuple[date, Event]]:
    """Stays that lead out of `origin` (None: out of nowhere) into the situation on that day."""
    begin = day - BEFORE
    if situation == UNKNOWN:
        if origin not in (None, UNKNOWN):
            yield begin, Stay(origin or "", begin, day)
        return
    if origin is not None and origin != UNKNOWN:
        yield begin, Stay(origin, begin, day)
    elif origin == UNKNOWN:
        yield begin - BEFORE, Stay(situation, begin - BEFORE, begin)
    yield day, Stay(situation, day)


def _unconditional(rule: Rule, postponed: str | None) -> Rule:
    """The rule as if on and in force from ever, its conditions counting as met."""
    return replace(
        rule,
        off=False,
        since=date.min,
        steps=tuple(_bare(step, postponed == step.id) for step in rule.steps),
    )


def _bare(step: Step, postponed: bool) -> Step:
    later = Later(ALWAYS, step.later.by) if step.later is not None and postponed else None
    return replace(step, when=None, later=later, variants=())
