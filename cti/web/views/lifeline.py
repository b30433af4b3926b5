"""A client's life as a time line: the situations as bands, and what happened or is to come, each on its day.

Pure: from what a history comes down to and the client's prompts. What is drawn and what is read are the same entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from cti.core.calendar import ONE_DAY, Calendar
from cti.core.life import Life
from cti.core.moments import Moment
from cti.core.phases import followed, phases, rules_with_phases
from cti.core.prompts import Stored, state
from cti.core.rules import Rulebook
from cti.core.vocabulary import Vocabulary
from cti.i18n import format_short_day, mark, say
from cti.phrases import moment as in_words_of
from cti.post.days import last_day
from cti.sentences import fact_label, in_words, label, reason, situation_label

Kind = Literal[
    "move",
    "phase",
    "expected",
    "open",
    "sent",
    "over",
    "coming",
    "answered",
    "fact",
    "day",
    "worker",
    "closed",
]

KINDS: dict[Kind, str] = {
    "move": mark("change of situation"),
    "phase": mark("begin of a phase"),
    "expected": mark("expected move"),
    "open": mark("prompt that waits for an answer"),
    "sent": mark("prompt"),
    "over": mark("prompt without an answer"),
    "coming": mark("prompt to come"),
    "answered": mark("answer"),
    "fact": mark("recorded"),
    "day": mark("day of something"),
    "worker": mark("another worker"),
    "closed": mark("the file"),
}
"""What each sign stands for."""


@dataclass(frozen=True, slots=True)
class Prompted:
    """A prompt of the client, with its title and the label of its answer ("" without one)."""

    row: Stored
    title: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened on a day, or is to come (`ahead`). `about` says more of it; `prompt` is our number of the prompt it is of."""

    day: date
    kind: Kind
    text: str
    about: str = ""
    prompt: int | None = None
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A time in one situation; `end` (exclusive) is None while it lasts. `ahead`: it is expected."""

    label: str
    begin: date
    end: date | None
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Lifeline:
    """The entries stand with the newest first, what is to come above all; the bands from the first to the last. `left_out` is
    how many entries lie before the days that are shown."""

    today: date
    entries: tuple[Entry, ...]
    bands: tuple[Band, ...]
    left_out: int = 0

    @property
    def ahead(self) -> tuple[Entry, ...]:
        """What is to come, the next first."""
        return tuple(entry for entry in reversed(self.entries) if entry.ahead)


def lifeline(
    lang: str,
    life: Life,
    prompts: Iterable[Prompted],
    rulebook: Rulebook,
    calendar: Calendar,
    now: datetime,
    since: date = date.min,
) -> Lifeline:
    """The time line from `since` on; what held on that day is part of it."""
    telling = _Telling(lang, rulebook, calendar, now)
    found = [
        *telling.moves(life),
        *telling.phases(life),
        *telling.expectations(life),
        *telling.facts(life),
        *telling.prompts(prompts),
        *telling.files(life),
    ]
    bands = telling.bands(life)
    held = max((band.begin for band in bands if band.begin <= since), default=since)
    shown = [one for one in found if one.day >= since or (one.kind == "move" and one.day == held)]
    shown.sort(key=lambda one: (one.ahead, one.day, ORDER.index(one.kind), one.prompt or 0), reverse=True)
    kept = tuple(band for band in bands if band.begin >= held)
    return Lifeline(telling.today, tuple(shown), kept, len(found) - len(shown))


ORDER: Sequence[Kind] = tuple(KINDS)
"""On one day what happened stands below what was prompted for it, and that below its answer."""


@dataclass(frozen=True)
class _Telling:
    lang: str
    rulebook: Rulebook
    calendar: Calendar
    now: datetime

    @property
    def today(self) -> date:
        return self.calendar.day(self.now)

    @property
    def vocabulary(self) -> Vocabulary:
        return self.rulebook.vocabulary

    def short(self, day: date) -> str:
        return format_short_day(self.lang, day, self.today)

    def bands(self, life: Life) -> list[Band]:
        bands = [Band(self._situation(one.situation), one.begin, one.end) for one in life.spells]
        bands = [replace(band, ahead=band.begin > self.today) for band in bands]
        foreseen = sorted(
            (moment.day, moment.what)
            for moment in self._foreseen(life)
            if moment.day is not None and moment.day > self.today
        )
        return [*bands, *(Band(self._situation(what), day, None, True) for day, what in foreseen)]

    def moves(self, life: Life) -> Iterator[Entry]:
        for spell in life.spells:
            text = self._situation(spell.situation)
            about = ""
            if spell.origin is not None:
                about = say(self.lang, "out of {situation}", situation=self._situation(spell.origin))
            yield Entry(spell.begin, "move", text, about, ahead=spell.begin > self.today)
        for moment in life.moments:
            if moment.kind == "changes" and moment.day is not None:
                text = in_words_of(self.lang, moment, self.vocabulary)
                yield Entry(moment.day, "worker", text, ahead=moment.day > self.today)

    def phases(self, life: Life) -> Iterator[Entry]:
        """Where the phases of a followed time begin, as far as the client is there then."""
        for rule in rules_with_phases(self.rulebook):
            for spell in followed(rule, life):
                for one in phases(rule, spell.begin, self.calendar):
                    if spell.end is not None and one.begin >= spell.end:
                        break
                    text = say(
                        self.lang, "phase: {phase}", phase=label(self.lang, one.phase.label, one.phase.id)
                    )
                    ahead = one.begin > self.today
                    # Of one to come the day on which it begins is what counts.
                    about = "" if ahead else say(self.lang, "until {day}", day=self.short(one.end - ONE_DAY))
                    yield Entry(one.begin, "phase", text, about, ahead=ahead)

    def expectations(self, life: Life) -> Iterator[Entry]:
        """That a move was expected, on the day that was recorded; and the day itself while it is to come."""
        for moment in life.moments:
            if moment.kind != "expects":
                continue
            text = in_words_of(self.lang, moment, self.vocabulary)
            about = say(self.lang, "no day is known")
            if moment.day is not None:
                about = say(self.lang, "on {day}", day=self.short(moment.day))
            yield Entry(self.calendar.day(moment.known), "expected", text, about)
        for moment in self._foreseen(life):
            if moment.day is not None and moment.day > self.today:
                text = in_words_of(self.lang, moment, self.vocabulary)
                yield Entry(moment.day, "expected", text, ahead=True)

    def facts(self, life: Life) -> Iterator[Entry]:
        """What was recorded beside answers, and days that were named: of a day that was moved before it came, the last."""
        for name, line in life.facts.items():
            many = name in self.vocabulary.facts and self.vocabulary.facts[name].many
            called = fact_label(self.lang, name, self.vocabulary)
            for held in line:
                if isinstance(held.value, date):
                    moved = held.until is not None and self.calendar.day(held.until) <= held.value
                    if many or not moved:
                        text = f"{called} {self.short(held.value)}"
                        yield Entry(held.value, "day", text, ahead=held.value > self.today)
                elif not held.said[0].answered and held.new:
                    value = in_words(self.lang, name, held.value, self.vocabulary)
                    yield Entry(self.calendar.day(held.at), "fact", f"{called}: {value}")

    def prompts(self, prompts: Iterable[Prompted]) -> Iterator[Entry]:
        for one in prompts:
            row = one.row
            told = self._told(one)
            if told is not None:
                yield told
            if row.answered_at is not None:
                text = say(self.lang, "answer: {answer}", answer=one.answer)
                yield Entry(self.calendar.day(row.answered_at), "answered", text, one.title, row.id)

    def _told(self, one: Prompted) -> Entry | None:
        """The prompt on the day on which it was sent, or is to come; nothing of one that was not needed."""
        row, plan, lang = one.row, one.row.plan, self.lang
        called = state(row, self.now)
        if called in ("pending", "unroutable") and plan.wanted and plan.due is not None:
            day = max(self.calendar.day(plan.due), self.today)
            about = ""
            if plan.due <= self.now:
                about = say(lang, "comes with one of the next mails")
            return Entry(day, "coming", one.title, about, row.id, ahead=True)
        sent = row.sent_at
        if called == "covered" and plan.due is not None:
            about = say(lang, "taken along in a later prompt")
            return Entry(self.calendar.day(plan.due), "over", one.title, about, row.id)
        if sent is None:
            return None
        day = self.calendar.day(sent)
        if called == "answered":
            return Entry(day, "sent", one.title, "", row.id)
        until = self.short(last_day(plan.until, self.calendar)) if plan.until is not None else ""
        if called == "sent" and (plan.until is None or plan.until > self.now):
            about = say(lang, "waits for an answer")
            if until:
                about = say(lang, "waits for an answer, until {day}", day=until)
            return Entry(day, "open", one.title, about, row.id)
        about = say(lang, "not answered; there was time until {day}", day=until)
        if called != "sent":
            why = reason(lang, plan, self.rulebook, self.calendar)
            about = say(
                lang,
                mark("withdrawn: {why}") if called == "withdrawn" else mark("no longer needed: {why}"),
                why=why,
            )
        return Entry(day, "over", one.title, about, row.id)

    def files(self, life: Life) -> Iterator[Entry]:
        for shut in life.shut:
            yield self._file(shut.begin, say(self.lang, "the file was closed"))
            if shut.end is not None:
                yield self._file(shut.end, say(self.lang, "the file was opened again"))

    def _file(self, at: datetime, text: str) -> Entry:
        day = self.calendar.day(at)
        return Entry(day, "closed", text, ahead=day > self.today)

    def _foreseen(self, life: Life) -> list[Moment]:
        """What is expected and neither came about nor was given up."""
        return [
            moment
            for moment in life.moments
            if moment.kind == "expects" and (moment.end is None or moment.end > self.now)
        ]

    def _situation(self, name: str) -> str:
        return situation_label(self.lang, name, self.vocabulary)
