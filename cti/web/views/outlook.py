"""How late records come in, and what dates say of critical time intervention, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.numbers import format_decimal

from cti.core.phases import rules_with_phases
from cti.core.rules import Phase
from cti.i18n import mark, say
from cti.phrases import in_time
from cti.sentences import label
from cti.web.counting import Words
from cti.workshop.lateness import SAID
from cti.workshop.outlook import Outlook

QUESTIONS = {
    "foreseen": (
        mark("Was the move expected before its day?"),
        mark("Yes: it was registered as expected in the year before."),
    ),
    "network": (
        mark("Was there work with the network within four weeks of the move?"),
        mark(
            "Yes: a day on which the network was mapped or handed over, a conference was talked about or held, or its plan was "
            "looked at, lies within 28 days of the move."
        ),
    ),
    "phase": (
        mark("Was there anything in the phase “{phase}” (until {delay})?"),
        mark(
            "Yes: such a day, or an answer of a worker to any prompt about the client. Only of those who still lived there."
        ),
    ),
    "kept": (
        mark("Did the file stay open until the last phase was over?"),
        mark("Yes: it was not closed before, and the client lived there all that time."),
    ),
}
"""Each question, and how it is worked out."""


@dataclass(frozen=True, slots=True)
class LateRow:
    """How late one kind of record came in. `median` and `nine_in_ten` are days; empty where there are too few."""

    source: str
    team: str
    kind: str
    count: str
    median: str
    nine_in_ten: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step that suffered from it."""

    rule: str
    step: str
    told: str
    late: str
    too_late: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question about moves. `yes` and `no` are empty where they would tell too much."""

    asks: str
    how: str
    known: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Followed:
    """The questions about the moves that one rule follows, by its title."""

    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures for this reader."""

    first: date
    last: date
    records: tuple[LateRow, ...]
    steps: tuple[StepRow, ...]
    followed: tuple[Followed, ...]


def shown(found: Outlook | None, words: Words) -> Shown | None:
    """The figures, where they are worked out."""
    if found is None or found.stage != "done":
        return None
    return Shown(
        date.fromisoformat(found.first),
        date.fromisoformat(found.last),
        tuple(_record(one, words.lang) for one in found.records),
        tuple(
            StepRow(
                words.rule(one["rule"]),
                words.step(one["rule"], one["step"]),
                one["told"],
                one["late"],
                one["too_late"],
            )
            for one in found.steps
        ),
        tuple(_followed(found.cti, words)),
    )


def _record(one: Mapping[str, Any], lang: str) -> LateRow:
    days = (
        format_decimal(one[name], locale=lang) if name in one else "" for name in ("median", "nine_in_ten")
    )
    team = one["team"] or say(lang, "no team")
    return LateRow(one["source"], team, say(lang, SAID[one["kind"]]), one["count"], *days)


def _followed(rows: Sequence[Mapping[str, str | None]], words: Words) -> Iterator[Followed]:
    """The rules that were counted and have those phases still; another rulebook may be in force by now."""
    for rule in rules_with_phases(words.rulebook):
        delays = {phase.id: phase for phase in rule.phases}
        asked = [
            one for one in rows if one.get("rule") == rule.id and (not one["phase"] or one["phase"] in delays)
        ]
        if asked:
            said = tuple(_question(one, delays.get(str(one["phase"])), words.lang) for one in asked)
            yield Followed(words.rule(rule.id), said)


def _question(one: Mapping[str, str | None], phase: Phase | None, lang: str) -> Question:
    asks, how = QUESTIONS[str(one["name"])]
    values = {}
    if phase is not None:
        values = {"phase": label(lang, phase.label, phase.id), "delay": in_time(lang, phase.until)}
    said = say(lang, asks, **values)
    return Question(said, say(lang, how), str(one["known"]), one["yes"] or "", one["no"] or "")
