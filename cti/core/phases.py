"""The phases of a rule: parts of the time after an entry, such as the three of critical time intervention."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cti.core.calendar import Calendar
from cti.core.life import Life
from cti.core.program import answers
from cti.core.rules import Enters, Phase, Rule, Rulebook
from cti.core.spells import Spell


@dataclass(frozen=True, slots=True)
class PhaseDays:
    """A phase with its days: from `begin` up to `end`, that day not included."""

    phase: Phase
    begin: date
    end: date


def rules_with_phases(rulebook: Rulebook) -> Iterator[Rule]:
    """The rules that are on and have phases."""
    return (rule for rule in rulebook.rules if rule.phases and not rule.off)


def followed(rule: Rule, life: Life) -> Iterator[Spell]:
    """The spells whose entry the rule answers to, in order."""
    spells = {spell.name: spell for spell in life.spells}
    for moment in life.moments:
        named = isinstance(rule.on, Enters) and moment.kind == "enters" and moment.what in rule.on.situations
        if named and moment.name in spells and answers(rule, moment):
            yield spells[moment.name]


def phases(rule: Rule, day: date, calendar: Calendar) -> Iterator[PhaseDays]:
    """The rule's phases after an entry on that day, each from the end of the one before it."""
    begin = day
    for phase in rule.phases:
        end = calendar.add(day, phase.until)
        yield PhaseDays(phase, begin, end)
        begin = end
