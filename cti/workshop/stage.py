"""Where a test plays: the rules and texts, and an organisation of no more than the test says.

Nobody has addresses in a test; who is who tells an address of our own making. The organisation's own people, cap and closing
days stay out of it, so that a test says the same wherever it is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from cti.core.calendar import ONE_DAY, Calendar
from cti.core.events import Assignment
from cti.core.people import Person, Staff, Team
from cti.core.rules import Rulebook
from cti.i18n import LANGUAGES
from cti.post.delivery import Habits, Recipient
from cti.post.texts import Texts
from cti.rulebook.cast import TEAM
from cti.rulebook.context import ROLES
from cti.rulebook.folder import Loaded
from cti.rulebook.tests_file import RuleTest
from cti.variables import Words

SOMEONE = "worker"
"""Who works with a client of whom a test names no worker, where it does not say who its people are."""

NO_CAP = 10_000


@dataclass(frozen=True)
class Stage:
    """What tests are run against. `calendar` is the organisation's; its closing days do not count in tests."""

    rulebook: Rulebook
    calendar: Calendar
    texts: Texts
    words: Words = field(default_factory=Words)


def stage_of(loaded: Loaded, languages: Sequence[str], calendar: Calendar, words: Words) -> Stage:
    """The stage for the tests of a folder that was read. Raises ValueError where it made no rulebook."""
    if loaded.rulebook is None:
        raise ValueError("a folder with errors has no rulebook to test")
    prompts = {name.removeprefix("templates/"): text for name, text in loaded.files.items()}
    return Stage(loaded.rulebook, calendar, Texts([prompts], languages or tuple(LANGUAGES)), words)


@dataclass(frozen=True)
class Setting:
    """The organisation of one test. `real_hours`: the post goes as in an organisation, one message a day from opening on, and
    urgent prompts at once while it is open; else by whole days, with everything that was recorded or answered by the evening.
    """

    calendar: Calendar
    staff: Staff
    habits: Habits
    real_hours: bool
    someone: str | None
    team: str | None

    def at(self, moment: datetime) -> datetime:
        """When the post looks at what happens at that moment."""
        return moment if self.real_hours else self.evening(self.calendar.day(moment))

    def round_of(self, day: date) -> datetime:
        """When the post of that day goes."""
        return self.calendar.at(day, self.calendar.opens) if self.real_hours else self.evening(day)

    def next_round(self, now: datetime) -> datetime:
        """When the post goes next, after `now`."""
        today = self.calendar.day(now)
        return self.round_of(today) if self.round_of(today) > now else self.round_of(today + ONE_DAY)

    def evening(self, day: date) -> datetime:
        """The end of the day: what is answered without a time is answered then."""
        return self.calendar.at(day + ONE_DAY) - timedelta(seconds=1)

    def assigned(self, day: date, worker: str | None, team: str | None) -> Assignment:
        """Who works with the client, where the events say this."""
        return Assignment(day, worker or self.someone, team or self.team)

    def called(self, to: Recipient) -> str:
        """The person, the team or the desk that a mailbox is of, as the test calls them."""
        return to.person.id if to.person is not None else self._boxes[to.address]

    @property
    def _boxes(self) -> Mapping[str, str]:
        teams = {team.inbox: team.id for team in self.staff.teams.values() if team.inbox}
        return teams | {address: desk for desk, address in self.staff.desks.items()}

    def absences(self) -> Iterator[date]:
        """The days on which someone leaves, or is back."""
        for person in self.staff.people.values():
            for away in person.away:
                yield from (away.first, away.last + ONE_DAY)


def setting(test: RuleTest, rulebook: Rulebook, calendar: Calendar) -> Setting:
    """The organisation that a test plays in: its people, else somebody for each worker that its events name."""
    real = test.people is not None or test.cap is not None
    teams = test.teams or (TEAM,)
    only = teams[0] if len(teams) == 1 or test.people is None else None
    people = test.people if test.people is not None else _ordinary(test)
    staff = Staff(
        {one.id: replace(one, address=_box(one.id), team=one.team or only) for one in people},
        {team: Team(team, _box(f"{team}.inbox")) for team in teams},
        {desk: _box(f"{desk}.desk") for desk in _desks(rulebook)},
    )
    calendar = replace(calendar, closing_days=frozenset(test.closing_days))
    return Setting(
        calendar if real else replace(calendar, closes=time.max),
        staff,
        Habits(cap=test.cap or NO_CAP),
        real,
        SOMEONE if test.people is None else None,
        only,
    )


def _ordinary(test: RuleTest) -> list[Person]:
    """Somebody for each worker of the events, who is there on all working days."""
    told = (version.event for happening in test.happenings for version in happening.told)
    workers = (event.worker for event in told if isinstance(event, Assignment) and event.worker is not None)
    return [Person(who, who, None) for who in dict.fromkeys((SOMEONE, *workers))]


def _desks(rulebook: Rulebook) -> Iterator[str]:
    for rule in rulebook.rules:
        for step in rule.steps:
            for role in (step.to, step.escalate.to if step.escalate is not None else step.to):
                if role not in ROLES:
                    yield role


def _box(name: str) -> str:
    return f"{name}@example.org"
