"""The rules in force as a list, one of them drawn and told, and the rulebooks that were in force. No client is on any of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cti.core.calendar import Calendar
from cti.core.people import Staff
from cti.core.rules import Rule, Rulebook
from cti.engine.inforce import InForce
from cti.rulebook.folder import is_rule
from cti.sentences import label
from cti.store.rulebooks import Adopted
from cti.workshop.draft import changed
from cti.workshop.svg import picture
from cti.workshop.telling import Told, tell, titles_of
from cti.workshop.timeline import timeline
from cti.workshop.wording import moment


@dataclass(frozen=True, slots=True)
class Card:
    """A rule in the list. `moment` says what it answers to: "a client's situation becomes …"."""

    id: str
    title: str
    moment: str
    steps: int
    off: bool


def cards(lang: str, rulebook: Rulebook) -> list[Card]:
    """The rules, those that are off last."""
    found = [_card(lang, rule, rulebook) for rule in rulebook.rules]
    return sorted(found, key=lambda card: (card.off, card.title))


def _card(lang: str, rule: Rule, rulebook: Rulebook) -> Card:
    said = moment(lang, rule.on, rulebook.vocabulary)
    return Card(rule.id, label(lang, rule.title, rule.id), said, len(rule.steps), rule.off)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A rule as a picture (the text of an SVG), and all of it in words."""

    id: str
    off: bool
    picture: str
    told: Told


def drawn(
    lang: str, rules: InForce, rule: Rule, calendar: Calendar, languages: Sequence[str], day: date
) -> Drawn:
    """The rule as it runs for something that is about that day."""
    line = timeline(rule, rules.rulebook, calendar, day)
    told = tell(lang, line, rules.rulebook.vocabulary, titles_of(rules.files, lang, languages))
    return Drawn(rule.id, rule.off, picture(lang, line, told), told)


@dataclass(frozen=True, slots=True)
class Era:
    """A rulebook that was or is in force. `rules` counts them; `prompts` are those that it made and that are there still.

    `changed` are the rules that differ from the rulebook before it; None where there is none to compare it with.
    """

    number: int
    at: datetime
    by: str
    rules: int
    prompts: int
    in_force: bool
    same: bool
    changed: tuple[str, ...] | None


def eras(history: Sequence[Adopted], made: Mapping[str, int], staff: Staff) -> list[Era]:
    """The rulebooks of the history, which has the newest first. `same`: it means what the one in force means."""
    before = [*history[1:], None]
    return [
        Era(
            one.number,
            one.at,
            by_whom(one.by, staff),
            sum(map(is_rule, one.files)),
            made.get(one.digest, 0),
            one is history[0],
            one.digest == history[0].digest,
            changed(earlier.files, one.files) if earlier is not None else None,
        )
        for one, earlier in zip(history, before, strict=True)
    ]


def by_whom(by: str, staff: Staff) -> str:
    """Who adopted a rulebook: the name of whoever pressed the button, else the command."""
    return staff.people[by].name if by in staff.people else by
