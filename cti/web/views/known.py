"""What is known of a client: each fact that rules use, with its value, since when, who says so, and the form to say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cti.core.calendar import Calendar
from cti.core.conditions import facts_of
from cti.core.events import Answer, Expected, Fact, History, Record
from cti.core.facts import Held, held_by
from cti.core.life import Life, situation_at
from cti.core.line import edge_name
from cti.core.paths import facts_on_paths
from cti.core.rules import Expects, Records, Rulebook
from cti.core.vocabulary import UNKNOWN
from cti.engine.recording import Entered
from cti.i18n import format_short_day, mark, say
from cti.sentences import fact_label, in_words, situation_label
from cti.sources.settings import OURS
from cti.web.views.answers import Field, Sent, field_of


@dataclass(frozen=True, slots=True)
class Filled:
    """A form of the page that cannot be used as it was sent: `form` is its name, `values` what was typed, `wrong` what is wrong,
    both by field ("day", "situation", or the name of a fact)."""

    form: str
    values: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """A fact: its `value` in words ("" where it is unknown), what is told of that, and the field and day of its form.

    `dated`: the value is itself a day, so none is asked from which it holds.
    """

    label: str
    value: str
    about: str
    field: Field
    day: str
    wrong_day: str
    dated: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Expecting:
    """The form for an expected move: the situations to choose from, and what is filled in."""

    options: tuple[tuple[str, str], ...]
    situation: str
    day: str
    wrong: str
    wrong_day: str
    open: bool


@dataclass(frozen=True, slots=True)
class Here:
    """Something that was entered on the pages and stands."""

    ref: str
    text: str
    known: datetime


def known_of(
    lang: str,
    life: Life,
    history: History,
    rulebook: Rulebook,
    calendar: Calendar,
    now: datetime,
    titles: Mapping[str, str],
    filled: Filled | None,
) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
    """The facts that rules use, and the others; without those that paths are about. `titles` are of prompts, by their keys."""
    used, apart = facts_in_use(rulebook), facts_on_paths(rulebook)
    sources = {edge_name(record.id, name): record for record in history.records for name in _facts_of(record)}
    first: list[Known] = []
    others: list[Known] = []
    for name, kind in rulebook.vocabulary.facts.items():
        if name in apart:
            continue
        held = held_by(life.facts.get(name, ()), now)
        mine = filled if filled is not None and filled.form == name else None
        sent = Sent("", {name: mine.values.get(name, "")}, mine.wrong) if mine is not None else None
        known = Known(
            fact_label(lang, name, rulebook.vocabulary),
            in_words(lang, name, held.value, rulebook.vocabulary) if held is not None else "",
            _about(lang, held, sources, titles, calendar, now) if held is not None else "",
            field_of(lang, kind, True, {}, sent),
            mine.values.get("day", "") if mine is not None else calendar.day(now).isoformat(),
            mine.wrong.get("day", "") if mine is not None else "",
            kind.type == "date",
            mine is not None,
        )
        (first if name in used else others).append(known)
    return tuple(first), tuple(others)


def facts_in_use(rulebook: Rulebook) -> frozenset[str]:
    """The facts that rules look at or answer to."""
    found: set[str] = set()
    for rule in rulebook.rules:
        if rule.off:
            continue
        if isinstance(rule.on, Records):
            found.add(rule.on.fact)
        for step in rule.steps:
            later = step.later.when if step.later is not None else None
            conditions = (step.when, later, *(variant.when for variant in step.variants))
            found |= {fact for one in conditions if one is not None for fact in facts_of(one)}
    return frozenset(found)


def _facts_of(record: Record) -> Iterator[str]:
    for version in record.versions:
        if isinstance(version.event, Fact):
            yield version.event.name
        elif isinstance(version.event, Answer):
            yield from (name for name, _ in version.event.facts)


def _about(
    lang: str,
    held: Held,
    sources: Mapping[str, Record],
    titles: Mapping[str, str],
    calendar: Calendar,
    now: datetime,
) -> str:
    """Since when it holds, and by which record: of several the latest."""
    record = sources.get(held.said[-1].name)
    since = format_short_day(lang, calendar.day(held.at), calendar.day(now))
    return say(lang, "since {day}, {source}", day=since, source=_source(lang, record, titles))


def _source(lang: str, record: Record | None, titles: Mapping[str, str]) -> str:
    if record is None:
        return say(lang, "source unknown")
    if record.id.source != OURS:
        return say(lang, "from {source}", source=record.id.source)
    if isinstance(record.event, Answer):
        return say(lang, "answered to “{title}”", title=titles.get(record.event.prompt, record.event.prompt))
    return say(lang, "entered here")


def expecting(lang: str, life: Life, rulebook: Rulebook, today: date, filled: Filled | None) -> Expecting:
    """The form for an expected move; the situations that rules look ahead to stand first."""
    vocabulary, here = rulebook.vocabulary, situation_at(life.spells, today)
    ahead = [
        name
        for rule in rulebook.rules
        if isinstance(rule.on, Expects) and not rule.off
        for name in rule.on.situations
    ]
    names = dict.fromkeys((*ahead, *vocabulary.situations))
    options = tuple(
        (name, situation_label(lang, name, vocabulary)) for name in names if name not in (here, UNKNOWN)
    )
    mine = filled if filled is not None and filled.form == EXPECTING else Filled("")
    return Expecting(
        options,
        mine.values.get("situation", ""),
        mine.values.get("day", ""),
        mine.wrong.get("situation", ""),
        mine.wrong.get("day", ""),
        bool(mine.form),
    )


EXPECTING = "expected move"
"""The name of that form; no fact is called so."""


def entered_here(lang: str, entries: Iterable[Entered], rulebook: Rulebook, today: date) -> tuple[Here, ...]:
    """What was entered without a prompt and stands, the latest first."""
    found = [Here(one.ref, _said(lang, one.event, rulebook, today), one.known) for one in entries]
    return tuple(sorted(found, key=lambda one: one.known, reverse=True))


def _said(lang: str, event: Expected | Fact, rulebook: Rulebook, today: date) -> str:
    vocabulary = rulebook.vocabulary
    if isinstance(event, Expected):
        into = situation_label(lang, event.situation, vocabulary)
        if event.day is None:
            return say(lang, "{into} expected", into=into)
        day = format_short_day(lang, event.day, today)
        return say(lang, mark("{into} expected on {day}"), into=into, day=day)
    value = event.value
    words = in_words(lang, event.name, value, vocabulary)
    if isinstance(value, date):
        words = format_short_day(lang, value, today)
    return f"{fact_label(lang, event.name, vocabulary)}: {words}"
