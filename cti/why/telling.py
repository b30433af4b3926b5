"""An explanation in sentences: plain values for a terminal, a page or a script to show, in one language.

`told` is the way in for whoever shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from cti.core.events import RecordId, Value
from cti.core.explain import MomentWhy, RuleWhy, StepWhy
from cti.core.moments import Moment
from cti.core.parts import Part
from cti.core.prompts import Planned, state
from cti.core.rules import Enters, Records
from cti.engine.system import System
from cti.i18n import format_day, mark, say
from cti.phrases import moment as moment_in_words
from cti.sentences import fact_label, in_words, label, situation_label
from cti.store.told import Telling
from cti.why.asking import ClientWhy, Standing, ask
from cti.why.details import Line, lines
from cti.why.fate import TOLD, WAITS, WOULD
from cti.why.unknown import unknown_in_words
from cti.why.verdicts import Step, verdict
from cti.why.words import Names, Words
from cti.workshop.wording import one_of, situations


@dataclass(frozen=True, slots=True)
class ToldCondition:
    """One single condition as it stood at due. `needed` is whether it is to hold; `decided`, whether it was one of those that
    decided. `record`, `since` and `known` are those of what it found."""

    condition: str
    found: str
    value: Value | None
    holds: bool
    needed: bool
    decided: bool
    record: RecordId | None
    since: date | None
    known: datetime | None


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A step. `outcome` is what became of it (a code of `cti.why.fate.Fate`), `state` the name of that in `cti prompts`.

    `came`: it was sent on the day that was asked about, or would have been. `coming`: it is to come. `stuck`: it is due and does
    not come by itself. `comes` is the day on which it came or comes, `to` to whom.
    """

    plan: Planned
    outcome: str
    state: str
    sentence: str
    lines: tuple[Line, ...]
    conditions: tuple[ToldCondition, ...]
    tellings: tuple[Telling, ...]
    comes: date | None
    to: str
    came: bool
    coming: bool
    stuck: bool
    near: bool
    """It did not come, or will not, and all but one of its conditions held."""
    number: int
    """Our number of its prompt; 0 where there is none."""


@dataclass(frozen=True, slots=True)
class ToldMoment:
    """A moment of the kind that a rule answers to. `silent` is why the rule has no steps for it (a code of `MomentWhy`)."""

    moment: Moment
    record: RecordId | None
    sentence: str
    silent: str | None
    steps: tuple[ToldStep, ...]


@dataclass(frozen=True, slots=True)
class ToldRule:
    rule: str
    title: str
    off: bool
    moments: tuple[ToldMoment, ...]

    @property
    def answered(self) -> tuple[ToldMoment, ...]:
        """The moments for which it has steps."""
        return tuple(moment for moment in self.moments if moment.silent is None)


@dataclass(frozen=True, slots=True)
class Told:
    """One client in sentences.

    `spells` are the steps of the line, `closed` the days on which the file was closed. `notes` are what one must know to read it,
    `summary` what came on the day that was asked about. `unknown` is what was not known yet on that day.
    """

    client: str
    day: date | None
    as_of: datetime
    spells: tuple[tuple[date, date | None, str, str], ...]
    closed: tuple[date, ...]
    notes: tuple[str, ...]
    summary: str
    unknown: tuple[str, ...]
    rules: tuple[ToldRule, ...]
    asked: tuple[ToldStep, ...]
    gone: tuple[ToldStep, ...]


def told(
    system: System,
    client: str,
    lang: str,
    now: datetime,
    day: date | None = None,
    names: Names | None = None,
) -> Told | None:
    """Explains a client in a language, as `ask` does; None where none of that name is known. `names` says what steps are called
    (None: by their ids)."""
    found = ask(system, client, now, day)
    return in_sentences(found, system, lang, names) if found is not None else None


def in_sentences(asked: ClientWhy, system: System, lang: str, names: Names | None = None) -> Told:
    """The explanation in that language."""
    config = system.config
    words = Words(
        lang,
        asked.rulebook.vocabulary,
        config.calendar,
        asked.then.staff,
        asked.explanation,
        asked.then.day,
        names,
    )
    telling = _Telling(words, asked)
    why = asked.explanation
    rules = tuple(telling.rule(rule) for rule in why.rules)
    first = tuple(telling.step(None, asked.standings[p.rule, p.step, p.name]) for p in why.asked)
    every = [*(s for rule in rules for moment in rule.moments for s in moment.steps), *first]
    return Told(
        client=asked.client,
        day=asked.day,
        as_of=asked.then.at,
        spells=tuple(
            (
                spell.begin,
                spell.end,
                spell.situation,
                situation_label(lang, spell.situation, words.vocabulary),
            )
            for spell in why.life.spells
        ),
        closed=tuple(config.calendar.day(shut.begin) for shut in why.life.shut),
        notes=tuple(telling.notes()),
        summary=telling.summary([step for step in every if step.came]) if asked.day is not None else "",
        unknown=tuple(unknown_in_words(words, one) for one in asked.unknown),
        rules=rules,
        asked=first,
        gone=tuple(telling.step(None, standing) for standing in asked.gone),
    )


@dataclass(frozen=True)
class _Telling:
    words: Words
    asked: ClientWhy

    def notes(self) -> Iterator[str]:
        asked, words = self.asked, self.words
        if asked.day is None:
            return
        if asked.first is None or not asked.then.lived:
            first = words.day(asked.first)
            text = mark(
                "There was no pass of cti by then; this is what it would have made of what was registered."
            )
            if asked.first is not None:
                text = mark(
                    "The first pass of cti was on {first}; this is what it would have made of what was registered by then."
                )
            yield say(words.lang, text, first=first)
        if asked.other_rules:
            yield say(words.lang, "By the rules that were in force then; they are others by now.")

    def summary(self, came: list[ToldStep]) -> str:
        words, day = self.words, self.asked.day or self.asked.then.day
        said = format_day(words.lang, day)
        if not came:
            text = mark("Nothing came for this client on {day}.")
            if not self.asked.then.lived:
                text = mark("Nothing would have come for this client on {day}.")
            return say(words.lang, text, day=said)
        named = words.joined([self._named(step.plan) for step in came])
        text = mark("What came on {day}: {steps}.")
        if not self.asked.then.lived:
            text = mark("What would have come on {day}: {steps}.")
        return say(words.lang, text, day=said, steps=named)

    def _named(self, plan: Planned) -> str:
        if self.words.names is not None:
            return f"“{self.words.names(plan.rule, plan.step)}”"
        return f"{plan.rule}/{plan.step}"

    def rule(self, why: RuleWhy) -> ToldRule:
        rule = why.rule
        moments = tuple(self._moment(why, moment) for moment in why.moments)
        return ToldRule(rule.id, label(self.words.lang, rule.title, rule.id), rule.off, moments)

    def _moment(self, rule: RuleWhy, why: MomentWhy) -> ToldMoment:
        happened = why.moment
        standings = self.asked.standings
        steps = tuple(
            self.step(step, standings[rule.rule.id, step.program.step.id, happened.name])
            for step in why.steps
        )
        record = self.asked.explanation.record_of(happened.name)
        return ToldMoment(happened, record, self._about(rule, why), why.silent, steps)

    def _about(self, rule: RuleWhy, why: MomentWhy) -> str:
        """What happened when, when it was recorded, by which record; and why the rule is silent, where it is."""
        words, happened = self.words, why.moment
        what = moment_in_words(words.lang, happened, words.vocabulary)
        known = words.calendar.day(happened.known)
        source = words.source(happened.name)
        if happened.day is None:
            text = mark("{what}, no day known ({source}, recorded on {known})")
        elif known == happened.day:
            text = mark("{day}: {what} ({source})")
        else:
            text = mark("{day}: {what} ({source}, recorded on {known})")
        said = say(
            words.lang, text, day=words.day(happened.day), what=what, known=words.day(known), source=source
        )
        reason = self._silence(rule, why)
        return say(words.lang, "{said}; {reason}", said=said, reason=reason) if reason else said

    def _silence(self, rule: RuleWhy, why: MomentWhy) -> str:
        words, on = self.words, rule.rule.on
        match why.silent:
            case "off":
                return say(words.lang, "this rule is off")
            case "since":
                since = rule.rule.since or words.vocabulary.since
                return say(
                    words.lang, "before {since}, from when on this rule prompts", since=words.day(since)
                )
            case "from" if isinstance(on, Enters) and on.origins is not None:
                origins = situations(words.lang, on.origins, words.vocabulary)
                text = mark("this rule answers only to who comes from {origins}")
                if on.origins_negated:
                    text = mark("this rule does not answer to who comes from {origins}")
                return say(words.lang, text, origins=origins)
            case "value" if isinstance(on, Records):
                values = [f"“{in_words(words.lang, on.fact, v, words.vocabulary)}”" for v in on.values]
                fact = fact_label(words.lang, on.fact, words.vocabulary)
                text = mark("this rule answers only to “{fact}” being {values}")
                return say(words.lang, text, fact=fact, values=one_of(words.lang, values))
        return ""

    def step(self, why: StepWhy | None, standing: Standing) -> ToldStep:
        words, then, fate = self.words, self.asked.then, standing.fate
        asked = Step(standing, why, self.asked)
        return ToldStep(
            plan=standing.row.plan,
            outcome=fate.code,
            state=state(standing.row, then.at),
            sentence=verdict(words, asked),
            lines=tuple(lines(words, asked)),
            conditions=tuple(self._condition(part) for part in (why.parts if why is not None else ())),
            tellings=fate.tellings,
            comes=fate.comes,
            to=self._to(standing),
            came=fate.code in (TOLD, WOULD) and fate.comes == then.day,
            coming=fate.code == "pending" or (fate.code in WAITS and fate.comes is not None),
            stuck=fate.code in ("held", "no-message", "unroutable"),
            near=fate.code == "condition" and why is not None and bool(why.near),
            number=standing.row.id,
        )

    def _to(self, standing: Standing) -> str:
        first = next((one for one in standing.fate.tellings if one.kind == "prompt"), None)
        if first is not None:
            return self.words.person(first.person) or first.address
        return self.words.recipient(standing.fate.to)

    def _condition(self, part: Part) -> ToldCondition:
        words = self.words
        latest = part.evidence[-1] if part.evidence else None
        return ToldCondition(
            condition=words.needed(part),
            found=words.found(part),
            value=part.value,
            holds=part.holds,
            needed=part.wanted,
            decided=part.decided,
            record=self.asked.explanation.record_of(latest.name) if latest is not None else None,
            since=latest.day if latest is not None else None,
            known=latest.known if latest is not None else None,
        )
