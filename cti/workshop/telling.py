"""A rule's time line in sentences with its example days: what comes when, to whom, under which conditions, until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from babel.dates import format_date

from cti.core.conditions import leaves
from cti.core.prompts import WANTED
from cti.core.rules import AtLeast, Condition, Expects, Is, Older, Records, Rule, Within
from cti.core.vocabulary import Vocabulary
from cti.i18n import format_day, mark, say, say_count
from cti.phrases import in_time
from cti.post.markdown import split_title
from cti.rulebook.folder import PROMPTS, TEXT_NAME
from cti.sentences import label
from cti.workshop.timeline import TimedStep, Timeline
from cti.workshop.wording import IF, UNLESS, Lead, Line, moment, situations, told, when_and_unless

LATER: Lead = {
    "one": mark("on {day} instead ({delay} later) if {condition}"),
    "any": mark("on {day} instead ({delay} later) if one of these holds:"),
    "all": mark("on {day} instead ({delay} later) if all of these hold:"),
}
WORDED: Lead = {
    "one": mark("worded as “{title}” if {condition}"),
    "any": mark("worded as “{title}” if one of these holds:"),
    "all": mark("worded as “{title}” if all of these hold:"),
}
ROLES = {
    "worker": mark("to the worker"),
    "previous-worker": mark("to the worker of before"),
    "team-lead": mark("to the team lead"),
    "team": mark("to the team's inbox"),
}


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A step in words. `day` is empty where there is none; `after` says what the day counts from: "after 2 weeks"."""

    id: str
    title: str
    day: str
    after: str
    to: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A rule in words. `head` says what it answers to, with the example day; `notes` hold for all of it."""

    title: str
    why: str
    head: str
    steps: tuple[ToldStep, ...]
    notes: tuple[str, ...]


def tell(lang: str, line: Timeline, vocabulary: Vocabulary, titles: Mapping[str, str]) -> Told:
    """The time line in words. `titles` are those of the texts, by their paths; a text without one goes by its path."""
    rule = line.rule
    return Told(
        title=label(lang, rule.title, rule.id),
        why=label(lang, rule.why, ""),
        head=_head(lang, line, vocabulary),
        steps=tuple(_step(lang, timed, line, vocabulary, titles) for timed in line.steps),
        notes=tuple(_notes(lang, rule, vocabulary)),
    )


def titles_of(files: Mapping[str, str], lang: str, languages: Sequence[str]) -> dict[str, str]:
    """The titles of the texts in a rulebook's files (`Loaded.files`), by their paths: in that language, else in another."""
    titles: dict[str, str] = {}
    for wanted in (*(other for other in reversed(languages) if other != lang), lang):
        for name, text in files.items():
            match = TEXT_NAME.fullmatch(name.removeprefix(PROMPTS))
            parts = split_title(text) if name.startswith(PROMPTS) and match is not None else None
            if match is not None and parts is not None and match[2] == wanted:
                titles[match[1]] = parts[0]
    return titles


def headline(step: ToldStep) -> str:
    """The step in one line: "Monday 16 March: “Draw together who is there”, to the worker"."""
    return f"{_capital(step.day)}: “{step.title}”, {step.to}" if step.day else f"“{step.title}”, {step.to}"


def as_text(told: Told) -> str:
    """All of it as plain text, a sentence a line."""
    said = [told.why, told.head]
    for step in told.steps:
        said += [headline(step), *(line.text for line in step.lines)]
    return "\n".join([*said, *told.notes])


def spoken(lang: str, day: date, near: date) -> str:
    """The day as one says it: "Monday 16 March", with the year where that is another than that of `near`."""
    if day.year != near.year:
        return format_day(lang, day)
    return format_date(day, "EEEE d MMMM", locale="nl" if lang == "nl" else "en")


def _head(lang: str, line: Timeline, vocabulary: Vocabulary) -> str:
    what = moment(lang, line.rule.on, vocabulary)
    text = mark("{what}; for example on {day}")
    if isinstance(line.rule.on, Records) and not line.rule.on.values:
        text = mark("{what}; for example {day}")
    return _capital(say(lang, text, what=what, day=line.day))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _step(
    lang: str, timed: TimedStep, line: Timeline, vocabulary: Vocabulary, titles: Mapping[str, str]
) -> ToldStep:
    step = timed.step
    to = say(lang, ROLES[step.to]) if step.to in ROLES else say(lang, "to the desk “{desk}”", desk=step.to)
    return ToldStep(
        id=step.id,
        title=titles.get(step.text, step.id),
        day=spoken(lang, timed.span.due, line.day) if timed.span is not None else "",
        after=_after(lang, timed),
        to=to,
        lines=tuple(_lines(lang, timed, line, vocabulary, titles)),
    )


def _lines(
    lang: str, timed: TimedStep, line: Timeline, vocabulary: Vocabulary, titles: Mapping[str, str]
) -> Iterator[Line]:
    main = (
        *_standing(lang, timed),
        *_conditions(lang, timed, line, vocabulary),
        *_other_days(lang, timed, line),
        *_window(lang, timed, line),
    )
    asides = (*_variants(lang, timed, vocabulary, titles), *_manners(lang, timed))
    for part, aside in ((main, False), (asides, True)):
        for said in part:
            yield replace(said, text=said.text if said.depth else _capital(said.text), aside=aside)


def _after(lang: str, timed: TimedStep) -> str:
    step = timed.step
    delay = in_time(lang, step.due)
    if step.after is not None:
        text = say(lang, "{delay} after the answer to step “{step}”", delay=delay, step=step.after)
    elif step.due.before:
        text = say(lang, "{delay} before", delay=delay)
    elif step.due.amount == 0:
        text = (
            say(lang, "the same working day")
            if step.due.unit == "working days"
            else say(lang, "the same day")
        )
    else:
        text = say(lang, "after {delay}", delay=delay)
    return say(lang, "{after}, at {time}", after=text, time=f"{step.at:%H:%M}") if step.at else text


# --- the lines of a step ----------------------------------------------------------------------------------------------


def _standing(lang: str, timed: TimedStep) -> Iterator[Line]:
    if timed.span is None:
        yield Line(say(lang, "no day can be worked out for this step"))
    elif timed.span.standing == "asked":
        yield Line(say(lang, "does not come here: an earlier step of this rule asks the same"))
    elif timed.span.standing == "lapsed":
        yield Line(say(lang, "does not come: what was expected is given up by then"))
    elif timed.span.standing != WANTED:
        yield Line(say(lang, "does not come on these days"))


def _conditions(lang: str, timed: TimedStep, line: Timeline, vocabulary: Vocabulary) -> Iterator[Line]:
    when, unless = when_and_unless(timed.step.when)
    if when is not None:
        yield from told(lang, IF, when, vocabulary)
    if unless is not None:
        yield from told(lang, UNLESS, unless, vocabulary)
    if timed.step.later is not None and timed.later is not None:
        day, delay = spoken(lang, timed.later.due, line.day), in_time(lang, timed.step.later.by)
        yield from told(lang, LATER, timed.step.later.when, vocabulary, day=day, delay=delay)


def _other_days(lang: str, timed: TimedStep, line: Timeline) -> Iterator[Line]:
    if timed.unanswered is not None and timed.unanswered != timed.span:
        text = mark("if nobody answers step “{step}”: on {day}")
        yield Line(say(lang, text, step=timed.step.after, day=spoken(lang, timed.unanswered.due, line.day)))
    if timed.undated is not None:
        text = mark(
            "where no day is known it counts from the day this was recorded: from {from_day} it is {day}"
        )
        day, from_day = spoken(lang, timed.undated.due, line.day), spoken(lang, line.day, line.day)
        yield Line(say(lang, text, from_day=from_day, day=day))


def _window(lang: str, timed: TimedStep, line: Timeline) -> Iterator[Line]:
    if timed.span is None or timed.span.standing != WANTED:
        return
    said = [say(lang, "open until the client's situation changes")]
    if timed.span.until is not None:
        said = [say(lang, "open until {day}", day=spoken(lang, timed.span.until, line.day))]
    if timed.reminders:
        days = ", ".join(spoken(lang, day, line.day) for day in timed.reminders)
        said.append(
            say_count(lang, "a reminder on {days}", "reminders on {days}", len(timed.reminders), days=days)
        )
    escalate = timed.step.escalate
    if timed.escalation is not None and escalate is not None:
        to = say(lang, ROLES[escalate.to]) if escalate.to in ROLES else escalate.to
        day = spoken(lang, timed.escalation, line.day)
        said.append(say(lang, "a word {to} on {day}", to=to, day=day))
    yield Line("; ".join(said))


def _variants(
    lang: str, timed: TimedStep, vocabulary: Vocabulary, titles: Mapping[str, str]
) -> Iterator[Line]:
    for variant in timed.step.variants:
        title = titles.get(variant.text, variant.text)
        yield from told(lang, WORDED, variant.when, vocabulary, title=title)


def _manners(lang: str, timed: TimedStep) -> Iterator[Line]:
    step = timed.step
    if step.urgent:
        yield Line(say(lang, "urgent: sent at once, not with the daily mail"))
    if step.outlives:
        yield Line(say(lang, "stays open when the client's situation changes"))
    if step.late == "skip":
        yield Line(say(lang, "left out where the moment becomes known only after this day"))
    if step.late == "ask":
        yield Line(
            say(
                lang, "where the moment becomes known only after this day, first asked whether it still holds"
            )
        )
    if timed.same_question:
        text = (
            mark("a step of another rule asks the same; after one change of situation it is asked once"),
            mark("{n} steps of other rules ask the same; after one change of situation it is asked once"),
        )
        yield Line(say_count(lang, *text, len(timed.same_question)))


# --- what holds for all of it -----------------------------------------------------------------------------------------


def _notes(lang: str, rule: Rule, vocabulary: Vocabulary) -> Iterator[str]:
    if rule.off:
        yield say(lang, "This rule is off: it prompts nothing.")
    if rule.phases:
        parts = [
            say(
                lang,
                "{phase} (until {delay})",
                phase=label(lang, one.label, one.id),
                delay=in_time(lang, one.until),
            )
            for one in rule.phases
        ]
        yield say(
            lang,
            "Phases on the client's time line, counted from the day itself: {phases}.",
            phases=", ".join(parts),
        )
    if isinstance(rule.on, Expects):
        text = mark(
            "What is open ends when the situation becomes {into}, {n} days after the day if it has not by then, and when the "
            "file is closed."
        )
        yield say(lang, text, into=situations(lang, rule.on.situations, vocabulary), n=vocabulary.gap)
    elif all(step.outlives for step in rule.steps):
        yield say(lang, "What is open ends when the file is closed.")
    else:
        yield say(lang, "What is open ends when the client's situation changes, and when the file is closed.")
    asked = [leaf for condition in _all_conditions(rule) for leaf in leaves(condition)]
    if any(isinstance(leaf, Is | Within | Older | AtLeast) for leaf in asked):
        yield say(lang, "As long as something is not known, “is …” does not hold and “is not …” does.")
    if any(isinstance(leaf, Within) for leaf in asked):
        yield say(lang, "A day still to come counts as “at most … ago”.")


def _all_conditions(rule: Rule) -> Iterator[Condition]:
    for step in rule.steps:
        found = (
            step.when,
            step.later.when if step.later else None,
            *(variant.when for variant in step.variants),
        )
        yield from (condition for condition in found if condition is not None)
