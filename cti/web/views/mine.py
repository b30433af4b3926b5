"""My prompts: what waits for an answer today, what comes later, and what was answered lately."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from cti.core.calendar import Calendar
from cti.core.people import Person, Staff
from cti.core.prompts import Stored
from cti.core.rules import Rulebook, Step
from cti.engine.answering import answers_for
from cti.post.days import last_day
from cti.post.routing import leads_of, stands_in_for, unreachable
from cti.sentences import label
from cti.store import caseload, teams
from cti.store.caseload import Whose
from cti.web.views.team import clients_of

AHEAD = timedelta(days=28)
LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Wording:
    """How prompts are worded for a reader: the step behind one, its title, and the label of the answer that it was given."""

    step_of: Callable[[str, str], Step | None]
    title_of: Callable[[Stored], str]
    answer_of: Callable[[Stored], str]


@dataclass(frozen=True, slots=True)
class Card:
    """A prompt in a list. `due` is the day from which it is wanted, `until` the last day.

    `shared`: it came to the team's inbox.
    """

    number: int
    client: str
    title: str
    urgent: bool = False
    due: date | None = None
    until: date | None = None
    asleep_until: date | None = None
    waits_its_turn: bool = False
    """It is due and waits until a mail has room for it."""
    answered: date | None = None
    answer: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The prompts about one client."""

    client: str
    cards: tuple[Card, ...]

    @property
    def urgent(self) -> bool:
        return any(card.urgent for card in self.cards)


@dataclass(frozen=True, slots=True)
class Mine:
    """A person's page."""

    today: tuple[Group, ...]
    escalated: tuple[Group, ...]
    """Of the teams they lead: what nobody answered, so that it came to them."""
    team: tuple[Group, ...]
    later: tuple[Card, ...]
    answered: tuple[Card, ...]

    @property
    def count(self) -> int:
        """How many wait today for this person."""
        return sum(len(group.cards) for group in self.today)


def mine(
    tx: Connection,
    person: Person,
    staff: Staff,
    calendar: Calendar,
    words: Wording,
    now: datetime,
) -> Mine:
    """The prompts that come down to this person at `now`.

    Today are those that were sent, and urgent ones that are due; later is what is due but waits its turn, what sleeps, and what
    falls due within four weeks. Prompts whose last day has passed are in neither.
    """
    today = calendar.day(now)
    whose = whose_of(person, staff, today)
    found = caseload.open_prompts(tx, whose, today, now, now + AHEAD)
    cards = [(one.prompt, _card(one.prompt, calendar, words, now, one.shared)) for one in found]
    waiting = [card for row, card in cards if _for_today(row, card)]
    later = [card for row, card in cards if not _for_today(row, card)]
    upward = _escalated(tx, staff, whose, today, {row.id for row, _ in cards}, words, now)
    raised = [_card(row, calendar, words, now) for row in upward]
    later += [card for card in raised if card.asleep_until is not None]
    answered = caseload.answered_prompts(tx, whose, today, now - LATELY)
    return Mine(
        today=_grouped(card for card in waiting if not card.shared),
        escalated=_grouped(card for card in raised if card.asleep_until is None),
        team=_grouped(card for card in waiting if card.shared),
        later=tuple(sorted(later, key=lambda card: (card.asleep_until or card.due or today, card.number))),
        answered=tuple(_card(row, calendar, words, now) for row in answered),
    )


def _escalated(
    tx: Connection,
    staff: Staff,
    whose: Whose,
    today: date,
    known: Collection[int],
    words: Wording,
    now: datetime,
) -> Iterator[Stored]:
    """The open prompts that were escalated to the lead of a team that `whose` leads, but for those that are `known` as theirs."""
    for team in sorted(whose.leads):
        for row, _ in teams.escalated(tx, clients_of(team, staff, today), now):
            step = words.step_of(row.plan.rule, row.plan.step)
            to = step.escalate.to if step is not None and step.escalate is not None else "team-lead"
            if row.id not in known and to == "team-lead":
                yield row


def answer_label(lang: str, rulebook: Rulebook, row: Stored) -> str:
    """What the answer that a prompt was given is called; its name, where the vocabulary no longer has it."""
    kind = answers_for(rulebook, row).get(row.answer or "")
    return label(lang, kind.label, kind.name) if kind is not None else row.answer or ""


def whose_of(person: Person, staff: Staff, today: date) -> Whose:
    """Whose prompts come down to this person on that day, as `cti.post.routing` has it."""
    people = frozenset((person.id, *stands_in_for(person.id, staff, today)))
    return Whose(
        people=people,
        leads=leads_of(people, staff),
        team=person.team if person.role in ("worker", "team-lead") else None,
        members=frozenset(one.id for one in staff.people.values() if one.team and one.team == person.team),
        unreachable=unreachable(staff, today),
        staff=frozenset(staff.people),
    )


def _for_today(row: Stored, card: Card) -> bool:
    if card.asleep_until is not None:
        return False
    return row.sent_at is not None or (card.urgent and card.waits_its_turn)


def _card(row: Stored, calendar: Calendar, words: Wording, now: datetime, shared: bool = False) -> Card:
    plan = row.plan
    step = words.step_of(plan.rule, plan.step)
    asleep = row.snoozed_until is not None and row.snoozed_until > now
    return Card(
        number=row.id,
        client=plan.client,
        title=words.title_of(row),
        urgent=step is not None and step.urgent,
        due=calendar.day(plan.due) if plan.due is not None else None,
        until=last_day(plan.until, calendar, calendar.day(now)) if plan.until is not None else None,
        asleep_until=calendar.day(row.snoozed_until) if asleep and row.snoozed_until else None,
        waits_its_turn=plan.due is not None and plan.due <= now,
        answer=words.answer_of(row) if row.answer is not None else "",
        answered=calendar.day(row.answered_at) if row.answered_at is not None else None,
        shared=shared,
    )


def _grouped(cards: Iterable[Card]) -> tuple[Group, ...]:
    """By client; the most pressing first: urgent ones, then by the day until which there is time."""
    ordered = sorted(cards, key=lambda card: (not card.urgent, card.until or date.max, card.number))
    clients = dict.fromkeys(card.client for card in ordered)
    return tuple(
        Group(client, tuple(card for card in ordered if card.client == client)) for client in clients
    )
