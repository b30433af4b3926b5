"""The counts of a month, for team leads: how many prompts their team was told, and what became of them.

Skills, and time enough for each client, are the organisation's to see to (claims A33, A34, A38, B16, D07), so its team leads hear
how much there was, and nothing else: no client, no colleague, no moment, nobody beside another. Small numbers are not told
exactly. (Where the rest is known a small one may still be worked out: they are kept from a passing eye, not from the team lead.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cti.core.calendar import Calendar
from cti.core.messages import Counts, Message
from cti.core.people import Person, Staff
from cti.i18n import format_month, say
from cti.post.days import calendar_of, digest_time
from cti.post.delivery import Habits, Recipient, mailbox
from cti.post.render import identity
from cti.post.routing import is_away, to_person
from cti.post.texts import Texts

FEW = 5
"""From this number on a count is told exactly."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month that is over, by its first and its last day."""

    first: date
    last: date

    @classmethod
    def before(cls, today: date) -> Month:
        """The month before that of today."""
        last = today.replace(day=1) - timedelta(days=1)
        return cls(last.replace(day=1), last)

    @property
    def name(self) -> str:
        """ "2026-03"."""
        return f"{self.first:%Y-%m}"

    def span(self, calendar: Calendar) -> tuple[datetime, datetime]:
        """When it began, and when it was over."""
        return calendar.at(self.first), calendar.at(self.last + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Reader:
    """A mailbox that may be told of a month today: whose it is, and the teams that are led from it."""

    to: Recipient
    teams: frozenset[str]
    month: Month
    today: date

    def message_id(self, sender: str) -> str:
        """The Message-ID of these counts: one mailbox is told of one month once, whenever that is."""
        return identity([self.to.mailbox, self.month.name, "counts"], sender)


def readers(staff: Staff, calendar: Calendar, habits: Habits, now: datetime) -> tuple[Reader, ...]:
    """Who may be told of the month before: the team leads who work today and are there, from the hour of the daily message on.

    A mailbox from which several teams are led is told of them together. Nobody stands in for a team lead here: what was
    missed comes when they are back, if that is within the month.
    """
    today = calendar.day(now)
    if not digest_time(calendar, habits, now):
        return ()
    leads = [person for _, person in sorted(staff.people.items()) if person.role == "team-lead"]
    by_mailbox: dict[str, list[Person]] = {}
    for lead in leads:
        if lead.team and mailbox(lead.address or ""):
            by_mailbox.setdefault(mailbox(lead.address or ""), []).append(lead)
    found = []
    for together in by_mailbox.values():
        there = [
            one for one in together if calendar_of(one, calendar).works(today) and not is_away(one, today)
        ]
        if there:
            teams = frozenset(one.team for one in together if one.team)
            found.append(Reader(to_person(there[0], staff), teams, Month.before(today), today))
    return tuple(found)


def letter(reader: Reader, counts: Counts, texts: Texts, sender: str) -> Message | None:
    """The mail with the counts; None where nothing was told in that month. Raises TextError."""
    if counts.told == 0:
        return None
    language = texts.language(reader.to.language)
    values: dict[str, object] = {
        "month": format_month(language, reader.month.first),
        "teams": len(reader.teams),
        "told": shown(language, counts.told),
        "answered": shown(language, counts.answered),
        "waiting": shown(language, counts.waiting),
        "passed": shown(language, counts.passed),
        "nobody": shown(language, counts.nobody),
        "others": counts.told > counts.answered + counts.waiting + counts.passed,
    }
    worded = texts.mail("counts", language, values)
    return Message(
        id=None,
        kind="counts",
        person=reader.to.person.id if reader.to.person else None,
        address=reader.to.address,
        subject=worded.subject,
        text=worded.text,
        html=worded.html,
        message_id=reader.message_id(sender),
        in_reply_to=None,
        references=(),
        items=(),
        day=reader.today,
    )


def shown(language: str, number: int) -> str:
    """A count as it is told: a small one not exactly, so that it points at nobody."""
    return say(language, "fewer than five") if 0 < number < FEW else str(number)
