"""What became of one step, in one sentence: told, still to come, kept back, or not needed, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cti.core.explain import StepWhy
from cti.core.prompts import Planned
from cti.i18n import mark, say
from cti.post.delivery import Recipient
from cti.store.told import Telling
from cti.why.asking import ClientWhy, Standing
from cti.why.fate import COVERED, Deferral, Then
from cti.why.words import Words

NOT: Mapping[str, str] = {
    "moved-on": mark("not needed: due on {due}, and the situation had changed on {until}"),
    "fulfilled": mark("not needed: due on {due}, and what was expected had come about on {until}"),
    "lapsed": mark("not needed: due on {due}, and what was expected was given up on {until}"),
    "closed": mark("not needed: the file was closed on {closed}"),
    "too-late": mark("known too late: on {known}, when its time was over ({until})"),
    "skipped": mark("known only on {known}, after its day ({due}); this step leaves out what is late"),
    "stale": mark("known only on {known}; first it is asked whether it is still current"),
    "before-since": mark("its day, {due}, lies before {since}, from when on this rule prompts"),
    "gone": mark("what it was about was deleted, or the rules no longer have this step"),
}
"""By the planner's standing."""

KEPT: Mapping[str, str] = {
    "outside-hours": mark("outside working hours on {days}"),
    "mailed": mark("the mail of {days} to {who} had gone before this was known"),
    "cap": mark("the mail of {days} to {who} was full, with {n} other new prompts"),
    "no-message": mark("no mail was made for {who} on {days}"),
    "unread": mark("not known here before {next}"),
    "no-pass": mark("the first pass of cti was on {first}"),
    "unroutable": mark("nobody to tell on {days}: {lack}"),
}
"""What keeps a prompt back on some days."""

BACK: Mapping[str, str] = {
    "snoozed": mark("put off until {snoozed}"),
    "before-digest": mark("due, and goes with the next daily mail"),
    "later-step": mark("due since {due}, but step “{by}” is due by now too, and speaks for it"),
    "held": mark(
        "due, but it waits: it touches more clients at once than the limits allow (cti plan shows it)"
    ),
    "next-pass": mark("counts from the next pass on"),
}
"""What keeps a prompt back for now."""


ENDS: Mapping[str, tuple[str, str]] = {
    "expires": (mark("open until {until}"), mark("its time was over on {until}")),
    "moved-on": (
        mark("open until {until}, when the situation changes"),
        mark("its time was over on {until}, when the situation changed"),
    ),
    "fulfilled": (
        mark("open until {until}, when what was expected comes about"),
        mark("its time was over on {until}, when what was expected came about"),
    ),
    "lapsed": (
        mark("open until {until}, when what was expected is given up"),
        mark("its time was over on {until}, when what was expected was given up"),
    ),
    "closed": (
        mark("open until {until}, when the file is closed"),
        mark("its time was over on {until}, when the file was closed"),
    ),
    "condition": (
        mark("open until {until}; from then on: {found}"),
        mark("no longer needed from {until} on: {found}"),
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step to be put into words: how it stands, and why the plan has it so (None for what no rule has any more)."""

    standing: Standing
    why: StepWhy | None
    asked: ClientWhy

    @property
    def plan(self) -> Planned:
        return self.standing.row.plan

    @property
    def then(self) -> Then:
        return self.asked.then

    @property
    def ahead(self) -> bool:
        """Whether its day is still to come, so that what it finds may change."""
        return self.plan.due is not None and self.plan.due > self.then.at


def verdict(words: Words, step: Step) -> str:
    """The sentence."""
    return _became(words, step) or why_not(words, step)


# --- the plan's word --------------------------------------------------------------------------------------------------


def why_not(words: Words, step: Step) -> str:
    """Why the plan does not want it."""
    plan = step.plan
    about = dict(plan.reason.facts)
    match plan.reason.code:
        case "waiting" if about.get("waits-for") == "day":
            return say(words.lang, "waits until a day is known")
        case "waiting":
            before = words.step(plan.rule, about.get("waits-for"))
            return say(words.lang, "waits for the answer to step “{step}”", step=before)
        case "asked":
            text = mark("not needed: “{step}” of {rule} asks the same after this change of situation")
            rule = str(about.get("rule"))
            return say(words.lang, text, step=words.step(rule, about.get("step")), rule=words.rule(rule))
        case "condition" if step.why is not None:
            return _condition(words, step, step.why)
    return say(
        words.lang,
        NOT.get(plan.reason.code, NOT["gone"]),
        until=words.day(plan.until),
        due=words.day(plan.wanted_at or plan.due),
        known=words.day(plan.known),
        since=words.day(step.why.rule.since if step.why is not None else None),
        closed=_closed(words, step),
    )


def _closed(words: Words, step: Step) -> str:
    """The day of the closing that counts: the last one by the due."""
    due = step.plan.due or step.plan.known
    begins = [shut.begin for shut in step.asked.explanation.life.shut]
    return words.day(max([begin for begin in begins if begin <= due] or begins, default=None))


def _condition(words: Words, step: Step, why: StepWhy) -> str:
    """The conditions that did not hold; several of them stand below the sentence."""
    decided = [part for part in why.parts if part.decided]
    found = words.in_the_way(decided[0]) if decided else ""
    if len(decided) == 1 and why.near:
        text = mark("not on {day}: all but one of its conditions held; {found}")
        if step.ahead:
            text = mark("as things stand not on {day}: all but one of its conditions hold; {found}")
    elif len(decided) == 1:
        text = mark("as things stand not on {day}: {found}") if step.ahead else mark("not on {day}: {found}")
    elif why.near:
        text = mark("not on {day}; had one of these been otherwise, it would have come:")
        if step.ahead:
            text = mark("as things stand not on {day}; if one of these changes, it comes:")
    else:
        text = mark("as things stand not on {day}:") if step.ahead else mark("not on {day}:")
    return say(words.lang, text, day=words.day(step.plan.due), found=found)


# --- what became of it --------------------------------------------------------------------------------------------------


def _became(words: Words, step: Step) -> str | None:
    """What became of a step that is or was wanted; None where only the plan has something to say."""
    fate, plan, answer = step.standing.fate, step.plan, step.standing.answer
    due = words.day(plan.due)
    match fate.code:
        case "told":
            return _told(words, next(one for one in fate.tellings if one.kind == "prompt"))
        case "covered":
            return _covered(words, step)
        case "answered":
            return say(
                words.lang,
                "answered on {day}, before it was sent",
                day=words.day(answer.at if answer else None),
            )
        case "expired":
            return say(words.lang, "not sent; {window}", window=window(words, step))
        case "would-come" if fate.comes == step.then.day:
            return say(words.lang, "would have come on this day, to {who}", who=words.recipient(fate.to))
        case "would-come":
            text = mark("would have come on {comes}, to {who}")
            return say(words.lang, text, comes=words.day(fate.comes), who=words.recipient(fate.to))
        case "pending":
            return _pending(words, step)
        case "unroutable" if isinstance(fate.to, str):
            text = mark("due since {due}, but there is nobody to tell: {lack}")
            return say(words.lang, text, due=due, lack=words.lack(fate.to))
    if fate.code in BACK:
        snoozed, by = words.day(step.standing.row.snoozed_until), step_of_key(words, fate.by)
        return say(words.lang, BACK[fate.code], due=due, by=by, snoozed=snoozed)
    if fate.code not in (*KEPT, "day-off") or fate.to is None:
        return None
    day = step.then.day
    back = kept_back(words, Deferral(day, day, fate.code, fate.to, fate.mail), step.asked.first)
    if fate.comes is None:
        until = words.day(plan.until)
        return say(
            words.lang,
            "due since {due}; {back}; its time is over on {until}",
            due=due,
            back=back,
            until=until,
        )
    text = mark("due since {due}; {back}; comes on {comes}, to {who}")
    return say(
        words.lang, text, due=due, back=back, comes=words.day(fate.comes), who=words.recipient(fate.to)
    )


def kept_back(words: Words, one: Deferral, first: datetime | None) -> str:
    """What kept a prompt back on some days; `first` is when the first pass was made."""
    days = words.days(one.first, one.last)
    if one.code == "day-off":
        closed = words.closed(one.first, one.last)
        if closed is not None:
            return say(words.lang, "nobody works on {days} ({closed})", days=days, closed=closed)
        return say(words.lang, "{who} does not work on {days}", who=words.recipient(one.to), days=days)
    return say(
        words.lang,
        KEPT.get(one.code, KEPT["no-message"]),
        days=days,
        who=words.recipient(one.to),
        n=one.mail.prompts if one.mail else 0,
        next=words.day_after(one.last),
        first=words.day(first),
        lack=words.lack(one.to) if isinstance(one.to, str) else "",
    )


def _told(words: Words, first: Telling) -> str:
    day, who = words.day(first.day), words.person(first.person) or first.address
    if first.state == "sent":
        return say(words.lang, "sent on {day} to {who}", day=day, who=who)
    if first.state == "failed":
        return say(words.lang, "the mail of {day} to {who} was refused for good", day=day, who=who)
    return say(words.lang, "the mail of {day} to {who} waits to be sent", day=day, who=who)


def _covered(words: Words, step: Step) -> str:
    fate = step.standing.fate
    named = next((one for one in fate.tellings if one.kind == COVERED), None)
    if named is None:
        text = mark("not by itself: step “{step}”, due later, would have come with it and spoken for it")
        return say(words.lang, text, step=step_of_key(words, fate.by))
    rows = (other.row for other in step.asked.standings.values())
    by = next((words.step(row.plan.rule, row.plan.step) for row in rows if row.id == named.number), "")
    text = mark("not by itself: the mail of {day} about step “{step}”, due later, named it as missed")
    return say(words.lang, text, day=words.day(named.day), step=by)


def window(words: Words, step: Step) -> str:
    """Until when it is open, or when its time was over, and what ends it."""
    until, why = step.plan.until, step.why
    if until is None:
        return say(words.lang, "open until the situation changes")
    over = until <= step.then.at
    text = ENDS[(why.ends if why is not None else None) or "expires"][over]
    found = "; ".join(words.in_the_way(part) for part in why.ended_by) if why is not None else ""
    return say(words.lang, text, until=words.day(until), found=found)


def _pending(words: Words, step: Step) -> str:
    fate, plan = step.standing.fate, step.plan
    due, comes = words.day(plan.due), words.day(fate.comes)
    if not isinstance(fate.to, Recipient):
        lack = words.lack(fate.to) if fate.to is not None else ""
        return say(words.lang, "due on {due}, but there is nobody to tell: {lack}", due=due, lack=lack)
    who = words.recipient(fate.to)
    if fate.comes is None:
        text = mark("due on {due}, but its time is over on {until}, before {who} works again")
        return say(words.lang, text, due=due, until=words.day(plan.until), who=who)
    if plan.due is not None and fate.comes == step.then.calendar.day(plan.due):
        return say(words.lang, "comes on {comes}, to {who}", comes=comes, who=who)
    return say(words.lang, "due on {due}, and comes on {comes}, to {who}", due=due, comes=comes, who=who)


def step_of_key(words: Words, key: str | None) -> str:
    """The step in a prompt's key."""
    return words.step(*key.split("/", 2)[:2]) if key else ""
