"""The third part of a tick: what is due becomes messages in the outbox, and the outbox is delivered.

Messages are made in one transaction, delivered, and settled in others as they end: a kill in between loses nothing. Where there
are very many new prompts to tell, the first of them are made at once and the others in portions, while those are sent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import blake2b

from sqlalchemy import Connection

from cti.channels import email, folder
from cti.collecting import without_collecting
from cti.core.calendar import Calendar
from cti.core.events import Assignment
from cti.core.messages import MailKind, Message, Told
from cti.core.people import Staff
from cti.core.prompts import Stored
from cti.core.reconcile import renamed_steps
from cti.core.rules import Rulebook, Step
from cti.engine.counting import counts_mails
from cti.engine.inforce import InForce
from cti.engine.outcome import Posting
from cti.engine.people import staff_of, unread_lists
from cti.engine.refusing import refusal_mails
from cti.engine.system import System
from cti.engine.wording import prompt_texts, text_problem, texts_of
from cti.i18n import mark
from cti.post.agenda import StepOf, agenda
from cti.post.delivery import Agenda, Delivery
from cti.post.follow import look_again, turned
from cti.post.outbox import LEASE, Channel, Failed, Outbox, Retry, Sent, Settled, Tally, send_out
from cti.post.render import House, compose
from cti.post.texts import TextError, Texts
from cti.problems import Problem, problem
from cti.store import assignments, clients, meta, outbox, prompts, sent, told
from cti.store.backup import copied_at

POSTED_WITH = "posted-with"


@dataclass(frozen=True, slots=True)
class _Found:
    """What the agenda is made from."""

    prompts: tuple[Stored, ...]
    told: Mapping[int, Sequence[Told]]
    assigned: Mapping[str, Assignment]
    mailed: frozenset[str]


PORTION = 200
"""Messages that are made in one transaction: others who write wait for it, and who sends soon has something to send."""

Portions = deque[Callable[[], Posting]]
"""Messages that are still to be made, so many at each call; whoever calls takes it off."""


def make_messages(system: System, rules: InForce, now: datetime, resuming: bool = False) -> Posting:
    """Puts into the outbox all that is to be told now, as `begin_messages` says."""
    made, rest = begin_messages(system, rules, now, resuming)
    for portion in rest:
        made = made.and_then(portion())
    return made


@without_collecting()
def begin_messages(
    system: System, rules: InForce, now: datetime, resuming: bool = False, planning: bool = False
) -> tuple[Posting, Portions]:
    """Puts into the outbox what is to be told now, and notes what nobody can receive. Gives the portions that are still to be
    made: of new prompts alone, each as it was when what is to be told was decided.

    Nothing of it in a database that was put back from a copy, unless it goes on from there (`resuming`). `planning`: clients are
    planned at the same time; what is due about one whose own history changed waits until that one was.
    """
    config = system.config
    step = step_of(rules.rulebook)
    with system.database.write() as tx:
        if not resuming and (since := copied_at(tx)) is not None:
            return Posting(copy_of=since), Portions()
        staff = staff_of(tx, system)
        basis = _basis(rules.rulebook, config.calendar, staff, now)
        changed = meta.get(tx, POSTED_WITH) != basis
        sent.hold_all(tx, now, changed)
        if changed:
            sent.follow_all(tx, now)
            meta.put(tx, POSTED_WITH, basis)
        found, unknown = _find(tx, system, staff, now, planning)
        plan = agenda(
            found.prompts,
            staff=staff,
            calendar=config.calendar,
            habits=config.habits,
            assigned=found.assigned,
            step=step,
            told=found.told,
            mailed=found.mailed,
            now=now,
        )
        texts = texts_of(system, rules)
        at_once, later = _portions(plan.deliveries)
        messages, problems = _words(tx, system, rules, texts, at_once)
        numbers = outbox.enqueue(tx, messages, now, config.calendar)
        sent.set_unroutable(tx, {entry.prompt for entry in plan.unroutable})
        monthly = counts_mails(tx, system, staff, texts, now)
        counted = outbox.enqueue(tx, monthly.messages, now, config.calendar)
        refusal = refusal_mails(tx, system, texts, now)
        refused = outbox.enqueue(tx, refusal.messages, now, config.calendar)
        _look_again(tx, system, staff, found.prompts, plan, step, now)
    made = len(numbers) + len(counted) + len(refused)
    wrong = (*unknown, *problems, *monthly.problems, *refusal.problems)
    posting = Posting(messages=made, unroutable=len(plan.unroutable), problems=wrong)

    @without_collecting()
    def portion(deliveries: Sequence[Delivery]) -> Posting:
        with system.database.write() as tx:
            still = _as_found(tx, deliveries, planning)
            messages, problems = _words(tx, system, rules, texts, still)
            numbers = outbox.enqueue(tx, messages, now, config.calendar)
        return Posting(messages=len(numbers), problems=problems)

    return posting, Portions(partial(portion, some) for some in later)


def _portions(deliveries: Sequence[Delivery]) -> tuple[list[Delivery], list[list[Delivery]]]:
    """What is made at once, and what later: mails that tell of new prompts alone, where there are too many of them.

    What became of prompts that were told before is noted in the same transaction as the mail about it.
    """
    new = [one for one in deliveries if all(entry.kind == "prompt" for entry in one.entries)]
    later = [new[start : start + PORTION] for start in range(PORTION, len(new), PORTION)]
    late = {id(one) for some in later for one in some}
    return [one for one in deliveries if id(one) not in late], later


def _as_found(tx: Connection, deliveries: Sequence[Delivery], planning: bool) -> list[Delivery]:
    """Those of them whose prompts are as they were found: somebody may have answered or handed over one meanwhile, or planned its
    client. What changed is looked at anew by the next pass."""
    found = {prompt.id: prompt for one in deliveries for entry in one.entries for prompt in entry.about}
    sent.hold_these(tx, found)
    changing = clients.changed_themselves(tx) if planning else ()
    standing = prompts.by_ids(tx, found)
    # That somebody can receive it now was noted when the first were made.
    same = {
        number
        for number, prompt in found.items()
        if standing.get(number) in (prompt, replace(prompt, unroutable=False))
        and prompt.plan.client not in changing
    }
    return [one for one in deliveries if all(p.id in same for entry in one.entries for p in entry.about)]


def step_of(rulebook: Rulebook) -> StepOf:
    """Finds a step by its rule and its own id, or by those it had when a prompt was sent."""
    steps = {(rule.id, step.id): step for rule in rulebook.rules for step in rule.steps}
    for was, now in renamed_steps(rulebook).items():
        steps[was] = steps[now]

    def find(rule: str, step: str) -> Step | None:
        return steps.get((rule, step))

    return find


def _find(
    tx: Connection, system: System, staff: Staff, now: datetime, planning: bool
) -> tuple[_Found, tuple[Problem, ...]]:
    changing = clients.changed_themselves(tx) if planning else ()
    due = (*prompts.due(tx, now), *sent.to_follow(tx, now))
    rows = {row.id: row for row in due if row.plan.client not in changing}
    today = system.config.calendar.day(now)
    assigned = assignments.assigned(tx, {row.plan.client for row in rows.values()}, today)
    problems: tuple[Problem, ...] = ()
    if unread := unread_lists(tx, system):
        # The worker may stand in a list that was not read yet: else all prompts would go to inboxes, or to nobody.
        known = [row for row in rows.values() if _is_known(assigned.get(row.plan.client), staff)]
        if waiting := len(rows) - len(known):
            text = mark(
                "prompts for people whom nobody knows yet: {n}; they wait until this list was read once: {lists}"
            )
            problems = (problem(text, level="warning", n=waiting, lists=", ".join(unread)),)
        rows = {row.id: row for row in known}
    mailed = frozenset(told.mailed(tx, today))
    return _Found(tuple(rows.values()), told.told(tx, rows.keys()), assigned, mailed), problems


def _is_known(assigned: Assignment | None, staff: Staff) -> bool:
    return assigned is None or assigned.worker is None or assigned.worker in staff.people


def _words(
    tx: Connection, system: System, rules: InForce, texts: Texts, deliveries: Sequence[Delivery]
) -> tuple[list[Message], tuple[Problem, ...]]:
    """The deliveries in words. A message that cannot be worded waits for a better text; it is shown, and the others go on."""
    config = system.config
    house = House(config.base_url, str(config.mail.sender), config.mail.content)
    coming = (entry.prompt.plan.client for delivery in deliveries for entry in delivery.entries)
    wording = prompt_texts(tx, system, rules, texts, coming)
    messages: list[Message] = []
    problems: list[Problem] = []
    for delivery in deliveries:
        try:
            composed = compose(delivery, texts, house, config.calendar, wording)
        except TextError as error:
            problems.append(text_problem(error))
            continue
        messages.append(composed.message)
        problems.extend(text_problem(error) for error in composed.errors)
    return messages, tuple(dict.fromkeys(problems))


def _look_again(
    tx: Connection,
    system: System,
    staff: Staff,
    rows: Iterable[Stored],
    plan: Agenda,
    step: StepOf,
    now: datetime,
) -> None:
    """Sets when each followed prompt is to be looked at next. One of which its reader is still to be told stays as it is."""
    config = system.config
    busy = {prompt.id for delivery in plan.deliveries for entry in delivery.entries for prompt in entry.about}
    passing = set(plan.passing)
    followed = [
        row
        for row in rows
        if row.sent_at is not None
        and row.id not in passing
        and (row.id in busy or turned(row, config.calendar, now) is None)
    ]
    said = told.told(tx, [row.id for row in followed])
    again = {
        row.id: look_again(
            row, step(row.plan.rule, row.plan.step), said.get(row.id, ()), staff, config.calendar, now
        )
        for row in followed
    }
    sent.followed(tx, again)


def _basis(rulebook: Rulebook, calendar: Calendar, staff: Staff, now: datetime) -> str:
    """Rules, people and calendar decide when reminders come and to whom: where this changed, all open prompts are looked at anew.

    So they are on the first pass of a day: absences begin and end, and another worker takes over, with the day.
    """
    return f"{rulebook.digest}|{calendar.digest}|{hash_of(repr(staff))}|{calendar.day(now)}"


def hash_of(text: str) -> str:
    """A short fingerprint of a text."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def channel_of(system: System) -> Channel:
    """The way out that the config names."""
    config = system.config
    if config.mail.transport == "smtp":
        return email.channel(config.mail)
    return folder.channel(config.folder / config.mail.folder, config.mail, config.calendar)


def deliver(
    system: System,
    now: datetime,
    stopping: Callable[[], bool],
    only: MailKind | None = None,
    more: Callable[[], bool] = lambda: False,
) -> Tally:
    """Delivers what waits in the outbox (of this kind alone), and what someone who died had claimed. Where nothing waits,
    `more` may put something there, and says whether it did."""
    database = system.database
    with database.write() as tx:
        outbox.release_expired(tx, now)
        # Whoever is to say what becomes of the mail must be able to come in.
        only = "login" if copied_at(tx) is not None else only

    def claim(limit: int) -> list[Message]:
        with database.write() as tx:
            found = outbox.claim(tx, now, limit, LEASE, only)
        while len(found) < limit and not stopping() and more():
            with database.write() as tx:
                found += outbox.claim(tx, now, limit - len(found), LEASE, only)
        return found

    def settle(ended: Sequence[Settled]) -> None:
        with database.write() as tx:
            numbers = [message.id for message, outcome in ended if isinstance(outcome, Sent)]
            sent.mark_sent(tx, [number for number in numbers if number is not None], now)
            for message, outcome in ended:
                match outcome:
                    case Retry(at, error):
                        outbox.mark_retry(tx, message, at, error)
                    case Failed(error):
                        outbox.mark_failed(tx, message, error)

    def give_back(messages: Sequence[Message]) -> None:
        with database.write() as tx:
            outbox.give_back(tx, messages)

    return send_out(Outbox(claim, settle, LEASE, stopping, give_back), channel_of(system), now)
