"""What stands below the sentence of a step: how it came by its day, what its conditions found, who was meant, what followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cti.core.calendar import ONE_DAY
from cti.core.explain import Course, StepWhy
from cti.core.prompts import WANTED, Planned
from cti.engine.answering import NOT_RELEVANT, REASONS, answers_for
from cti.i18n import mark, say
from cti.phrases import in_time
from cti.post.delivery import Recipient
from cti.sentences import label
from cti.why.fate import COVERED, EXPIRED, PENDING, TOLD, WAITS, WOULD
from cti.why.verdicts import Step, kept_back, why_not, window
from cti.why.words import Words


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, with a word for what it is about that stays the same."""

    code: str
    text: str


AFTER: Mapping[str, str] = {
    "moment": mark("{delay} after {base} is {day}"),
    "before": mark("{delay} before {base} is {day}"),
    "known": mark("{delay} after it was recorded ({base}) is {day}"),
    "answer": mark("{delay} after the answer to step “{step}” ({base}) is {day}"),
    "needless": mark("{delay} after {base}, when step “{step}” was not needed, is {day}"),
    "over": mark("{delay} after {base}, when the time of step “{step}” was over, is {day}"),
}
TOLD_LATER: Mapping[str, str] = {
    "reminder": mark("{who} was reminded on {day}"),
    "escalation": mark("unanswered, so passed on to {who} on {day}"),
    "notice": mark("the change was told to {who} on {day}"),
}


def lines(words: Words, step: Step) -> Iterator[Line]:
    """The lines, in the order in which things happened."""
    plan, why, fate = step.plan, step.why, step.standing.fate
    if why is not None and why.course is not None:
        if plan.reason.code != "before-since":
            yield from _day(words, why.course, plan)
        if plan.reason.code in (WANTED, "condition"):
            yield from _conditions(words, step, why)
    yield from _route(words, step)
    for one in step.standing.deferrals:
        yield Line(one.code, kept_back(words, one, step.asked.first))
    yield from _afterwards(words, step)
    if fate.code in (TOLD, COVERED) and not plan.wanted:
        yield Line("settled", say(words.lang, "by now: {why}", why=why_not(words, step)))
    elif plan.wanted and step.standing.answer is None and fate.code != EXPIRED:
        yield from _window(words, step)


# --- its day ------------------------------------------------------------------------------------------------------------


def _day(words: Words, course: Course, plan: Planned) -> Iterator[Line]:
    first, later = course.first, course.later
    if first.delay.amount == 0 and course.by == "moment":
        yield Line("day", say(words.lang, "on the day itself, {day}", day=words.day(first.day)))
    else:
        text = AFTER["before" if first.delay.before else course.by]
        delay, base = in_time(words.lang, first.delay), words.day(course.base)
        after = words.step(plan.rule, course.after)
        said = say(words.lang, text, delay=delay, base=base, day=words.day(first.day), step=after)
        yield Line("day", said)
    yield from _rolled(words, first.day, first.rolled)
    if later is not None:
        because = words.held([part for part in course.because if part.decided])
        delay, day = in_time(words.lang, later.delay), words.day(later.day)
        text = mark("put {delay} later, to {day}: {because}")
        yield Line("later", say(words.lang, text, delay=delay, day=day, because=because))
        yield from _rolled(words, later.day, later.rolled)
    known = words.calendar.day(plan.known)
    if plan.due is not None and plan.wanted_at is not None and known > words.calendar.day(plan.wanted_at):
        yield Line(
            "late", say(words.lang, "recorded only on {known}, so due from then on", known=words.day(known))
        )


def _rolled(words: Words, day: date, rolled: date) -> Iterator[Line]:
    """The days on which nobody works, and the working day behind them (or before them)."""
    if day != rolled:
        first, last = (day, rolled - ONE_DAY) if day < rolled else (rolled + ONE_DAY, day)
        text = mark("nobody works on {days} ({closed}), so {rolled}")
        closed = words.closed(first, last)
        days, there = words.days(first, last), words.day(rolled)
        yield Line("rolled", say(words.lang, text, days=days, closed=closed, rolled=there))


# --- its conditions -----------------------------------------------------------------------------------------------------


def _conditions(words: Words, step: Step, why: StepWhy) -> Iterator[Line]:
    """What the conditions found. A single one that kept the step away stands in its sentence."""
    decided = [part for part in why.parts if part.decided]
    if not step.plan.wanted:
        if len(decided) > 1:
            yield from (Line("in-the-way", words.in_the_way(part)) for part in decided)
        return
    if decided:
        text = mark("its conditions hold as things stand: {found}")
        if not step.ahead:
            text = mark("its conditions held: {found}")
        yield Line("conditions", say(words.lang, text, found=words.held(decided)))
    worded = [part for part in why.worded if part.decided]
    if worded:
        yield Line("wording", say(words.lang, "its text is chosen by: {found}", found=words.held(worded)))


def _window(words: Words, step: Step) -> Iterator[Line]:
    until, code = step.plan.until, step.standing.fate.code
    over = until is not None and until <= step.then.at
    said = window(words, step)
    if code in (TOLD, COVERED):
        text = mark("not answered; {window}") if over else mark("not answered yet; {window}")
        said = say(words.lang, text, window=said)
    yield Line("ended" if over else "open", said)


# --- who, and what followed -----------------------------------------------------------------------------------------------


def _route(words: Words, step: Step) -> Iterator[Line]:
    """Who stands in for whom, and why an inbox gets it."""
    fate = step.standing.fate
    to, day = fate.to, fate.comes or step.then.day
    if not isinstance(to, Recipient) or fate.code not in (TOLD, PENDING, WOULD, *WAITS):
        return
    row = step.standing.row
    if row.handed_to is not None:
        to_whom, by = words.person(row.handed_to), words.person(row.handed_by)
        text = mark("handed over to {who} on {day} by {by}")
        yield Line("handed-over", say(words.lang, text, who=to_whom, day=words.day(row.handed_at), by=by))
    meant = words.staff.people.get(to.stands_in_for) if to.stands_in_for else None
    who = words.recipient(to)
    if meant is not None:
        last = next((away.last for away in meant.away if away.first <= day <= away.last), None)
        away = words.day(last)
        if to.person is not None:
            text = mark("{meant} is away until {last}; {who} stands in")
        elif last is not None:
            text = mark("{meant} is away until {last}, without anyone who stands in; {who} gets it")
        else:
            text = mark("{meant} has no address; {who} gets it")
        yield Line("stands-in", say(words.lang, text, meant=meant.name, last=away, who=who))
    elif to.person is None and step.plan.role == "worker":
        yield Line("inbox", say(words.lang, "no worker is registered; {who} gets it", who=who))
    elif to.person is None and step.plan.role == "previous-worker":
        yield Line("inbox", say(words.lang, "the worker of before is not known here; {who} gets it", who=who))
    elif to.person is None and step.plan.role == "team-lead":
        yield Line("inbox", say(words.lang, "the team has no team lead; {who} gets it", who=who))


def _afterwards(words: Words, step: Step) -> Iterator[Line]:
    """Reminders, escalations, notices and the answer."""
    for one in step.standing.fate.tellings:
        if one.kind in TOLD_LATER:
            who = words.person(one.person) or one.address
            yield Line(one.kind, say(words.lang, TOLD_LATER[one.kind], day=words.day(one.day), who=who))
    answer = step.standing.answer
    if answer is not None:
        kind = answers_for(step.asked.rulebook, step.standing.row).get(answer.answer)
        said = label(words.lang, kind.label, answer.answer) if kind is not None else answer.answer
        reason = REASONS.get(answer.note or "") if answer.answer == NOT_RELEVANT.name else None
        if reason is not None:
            said = f"{said}: {label(words.lang, reason, '')}"
        text = mark("answered on {day}: “{said}”")
        if answer.by:
            text = mark("answered on {day} by {who}: “{said}”")
        who = words.person(answer.by)
        yield Line("answer", say(words.lang, text, day=words.day(answer.at), who=who, said=said))
