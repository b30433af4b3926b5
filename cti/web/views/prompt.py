"""One prompt: its text, why it is there and why for this reader, how it stands, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from cti import phrases
from cti.core.calendar import Calendar
from cti.core.events import Answer
from cti.core.life import live
from cti.core.people import Person, Staff
from cti.core.prompts import Stored, state
from cti.core.rules import Rulebook
from cti.engine.acting import MAY_HOLD
from cti.engine.answering import UNDO, record_of
from cti.engine.inforce import InForce
from cti.engine.pathway import paths_of
from cti.engine.posting import step_of
from cti.engine.recording import history_of
from cti.engine.system import System
from cti.engine.wording import prompt_texts, texts_of
from cti.i18n import mark, say
from cti.post.days import last_day
from cti.post.delivery import Recipient
from cti.post.markdown import before_list, to_html
from cti.post.routing import route
from cti.post.texts import TextError
from cti.sentences import label, reason
from cti.store import assignments, journal, prompts
from cti.web.views.answers import Choice, Sent, choices
from cti.web.views.mine import answer_label
from cti.web.views.path import Along, along, is_about

ASKS = ("pending", "sent", "unroutable")
"""The states in which a prompt asks something."""

SLEEPS = (1, 3, 7)
"""For how many days a prompt is put off by one press, rolled to a working day."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer that stands: its label, when and by whom it was given ("" where that was not said)."""

    label: str
    at: datetime
    by: str
    undo: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone to whom the prompt can be handed."""

    id: str
    name: str
    near: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A prompt as its page shows it. `lead` and `more` are HTML of the organisation's own text; `called` is its state."""

    number: int
    client: str
    client_number: int
    title: str
    lead: str
    more: str
    urgent: bool
    called: str
    asks: bool
    takes: bool
    due: date | None
    until: date | None
    over: bool
    question: str | None
    happened: str
    happened_on: date
    rule: str
    rule_why: str
    reason: str
    why_you: str
    yours: bool
    """It comes down to the reader, or to an inbox; else `why_you` says to whom."""
    choices: tuple[Choice, ...]
    answered: Answered | None
    asleep_until: date | None
    sleeps: tuple[date, ...]
    handed_to: str
    handed_by: str
    colleagues: tuple[Colleague, ...]
    covered_by: int | None
    paths: tuple[Along, ...]
    """The paths that it is about, such as that of the conference."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it, in which language, and everybody else."""

    person: Person
    lang: str
    staff: Staff


def shown(
    tx: Connection,
    system: System,
    rules: InForce,
    number: int,
    reader: Reader,
    now: datetime,
    sent: Sent | None = None,
) -> Shown | None:
    """The prompt with our number as this person sees it at `now`; None where there is none. `sent` is a form to be mended."""
    row, client = prompts.by_id(tx, number), prompts.client_of(tx, number)
    if row is None or client is None:
        return None
    plan, calendar, lang = row.plan, system.config.calendar, reader.lang
    rulebook = rules.rulebook
    called, step = state(row, now), step_of(rulebook)(plan.rule, plan.step)
    rule = rulebook.rule(plan.rule)
    title, lead, more = _text(tx, system, rules, row, lang)
    asks = called in ASKS
    today, over = calendar.day(now), plan.until is not None and plan.until <= now
    why_you, yours = _why_you(tx, row, client, reader, today)
    question = step.asks if step is not None else None
    found = paths_of(tx, rulebook, calendar, client, now)
    about = [path for path in found if is_about(path, question, plan.rule, rulebook)]
    return Shown(
        number=number,
        client=plan.client,
        client_number=client,
        title=title,
        lead=lead,
        more=more,
        urgent=step is not None and step.urgent and asks,
        called=called,
        asks=asks,
        takes=called in (*ASKS, "answered", "settled") and (plan.wanted or row.final),
        due=calendar.day(plan.due) if plan.due is not None else None,
        until=last_day(plan.until, calendar, None if over else today) if plan.until is not None else None,
        over=over,
        question=question,
        happened=_happened(tx, rulebook, calendar, row, client, lang),
        happened_on=plan.day,
        rule=label(lang, rule.title, rule.id) if rule is not None else "",
        rule_why=label(lang, rule.why, "") if rule is not None else "",
        reason=reason(lang, plan, rulebook, calendar),
        why_you=why_you,
        yours=yours,
        choices=choices(lang, rulebook, row, _last_answer(tx, row), sent),
        answered=_answered(row, rulebook, reader, now),
        asleep_until=_asleep(row, calendar, now),
        sleeps=_sleeps(row, calendar, now) if asks else (),
        handed_to=_name(reader.staff, row.handed_to),
        handed_by=_name(reader.staff, row.handed_by),
        colleagues=_colleagues(row, reader) if asks else (),
        covered_by=row.covered_by,
        paths=along(lang, about, rulebook),
    )


def _text(tx: Connection, system: System, rules: InForce, row: Stored, lang: str) -> tuple[str, str, str]:
    """Title, what stands before the first list, and the rest: openers and tips."""
    try:
        text = prompt_texts(tx, system, rules, texts_of(system, rules))(row, lang)
    except TextError:
        sorry = say(lang, "The text of this prompt cannot be made. The administrator sees this too.")
        return f"{row.plan.rule}/{row.plan.step}", to_html(sorry), ""
    lead, more = before_list(text.body)
    return text.title, to_html(lead), to_html(more)


def _happened(
    tx: Connection, rulebook: Rulebook, calendar: Calendar, row: Stored, client: int, lang: str
) -> str:
    """The moment in words; nothing where the history no longer has it."""
    life = live(history_of(tx, client), rulebook.vocabulary, calendar)
    moment = next((one for one in life.moments if row.plan.name in one.names), None)
    return phrases.moment(lang, moment, rulebook.vocabulary) if moment is not None else ""


def _why_you(tx: Connection, row: Stored, client: int, reader: Reader, today: date) -> tuple[str, bool]:
    """Why this reader sees it, and whether it is theirs to see to."""
    lang, me, staff = reader.lang, reader.person, reader.staff
    assigned = assignments.of_client(tx, client, today)
    to = route(row.plan.role, row, assigned, staff, today)
    if not isinstance(to, Recipient):
        return say(lang, "It reaches nobody: no one is registered for it."), False
    instead = _name(staff, to.stands_in_for)
    if to.person is None:
        return say(lang, INBOX[bool(instead)], name=instead), True
    if to.person.id != me.id:
        return say(lang, "It is for {name}.", name=to.person.name), False
    if row.handed_to == me.id:
        return say(lang, "{name} handed it to you.", name=_name(staff, row.handed_by)), True
    if instead:
        return say(lang, "You stand in for {name}, who is away.", name=instead), True
    return say(lang, ROLES.get(row.plan.role, ROLES["worker"])), True


INBOX = {
    False: mark("It came to your team's inbox, as nobody is registered as the client's worker."),
    True: mark("It came to your team's inbox, as {name} is away."),
}
ROLES = {
    "worker": mark("You are registered as this client's worker."),
    "previous-worker": mark("You were this client's worker before."),
    "team-lead": mark("You lead this client's team."),
}


def _last_answer(tx: Connection, row: Stored) -> Answer | None:
    if row.answer is None:
        return None
    said = journal.versions(tx, record_of(row))
    last = said[-1] if said else None
    return last if isinstance(last, Answer) else None


def _answered(row: Stored, rulebook: Rulebook, reader: Reader, now: datetime) -> Answered | None:
    if row.answer is None or row.answered_at is None:
        return None
    by = _name(reader.staff, row.answered_by)
    return Answered(
        answer_label(reader.lang, rulebook, row), row.answered_at, by, now - row.answered_at <= UNDO
    )


def _asleep(row: Stored, calendar: Calendar, now: datetime) -> date | None:
    asleep = row.snoozed_until is not None and row.snoozed_until > now
    return calendar.day(row.snoozed_until) if asleep and row.snoozed_until is not None else None


def _sleeps(row: Stored, calendar: Calendar, now: datetime) -> tuple[date, ...]:
    """The days to which it can be put off by one press: working days before its time ends."""
    today = calendar.day(now)
    days = (calendar.roll(today + timedelta(days=number)) for number in SLEEPS)
    end = calendar.day(row.plan.until) if row.plan.until is not None else date.max
    return tuple(dict.fromkeys(day for day in days if today < day < end))


def _colleagues(row: Stored, reader: Reader) -> tuple[Colleague, ...]:
    """Those who may have a prompt and can be told of it; the reader's own team first."""
    me = reader.person
    able = (
        one for one in reader.staff.people.values() if one.role in MAY_HOLD and (one.address or "").strip()
    )
    others = [
        Colleague(one.id, one.name, one.team is not None and one.team == me.team)
        for one in able
        if one.id not in (me.id, row.handed_to)
    ]
    return tuple(sorted(others, key=lambda one: (not one.near, one.name.casefold(), one.id)))


def _name(staff: Staff, who: str | None) -> str:
    if who is None:
        return ""
    return staff.people[who].name if who in staff.people else who
