"""What going live would bring: the sources read as they are configured, beside the service, and what the rules would make of it.

All of it is read into a database of its own that is gone afterwards. Nothing is sent, and nothing is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cti.config import Config
from cti.core.events import History
from cti.core.life import Life, assigned, live, team_of_source
from cti.core.limits import Held, due_now, over_limit
from cti.core.people import Staff
from cti.core.planner import planner
from cti.core.rules import Rulebook
from cti.engine.outcome import SourceRead
from cti.engine.reading import read_sources
from cti.engine.system import System
from cti.engine.working import is_open
from cti.sources import LISTS
from cti.store import quarantine, schema
from cti.store.database import open_database
from cti.store.quarantine import Unread
from cti.workshop.compare import monday
from cti.workshop.lateness import Late, records_late
from cti.workshop.replay import replay
from cti.workshop.replayed import Prompted
from cti.workshop.simulate import YEAR, Days, past_of

PUSHED = "http"
"""The type of source that cannot be read from its beginning: it tells what changes, when it changes."""

WEEKS = 4
FIRST_WEEKS = timedelta(weeks=WEEKS)

Shown = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why fields could not be read, how often, and the first of them."""

    count: int
    first: Unread


@dataclass(frozen=True, slots=True)
class Place:
    """How many clients are in a situation now, and how often it was entered in the year before."""

    now: int
    entered: int


@dataclass(frozen=True, slots=True)
class Reach:
    """About how many clients in care prompts would reach their worker, a worker whom the config lacks (by id; it goes to the
    team's inbox then), a team's inbox, or nobody."""

    worker: int
    strangers: Mapping[str, int]
    inbox: int
    nobody: int


@dataclass(frozen=True, slots=True)
class FirstDay:
    """What would fall due at once if cti went live now, about how many clients; `held` are the rules over the limit."""

    prompts: int
    clients: int
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What one receiver would get: on the first day, in all, and in the worst week. `who` is a person's id, or the address of an
    inbox or a desk."""

    who: str
    team: str | None
    first_day: int
    prompts: int
    worst: int


@dataclass(frozen=True, slots=True)
class FirstWeeks:
    """What cti would have told from `first` to `last`, had it gone live on the first of these days. `late`: told after its day as
    its record came late; `too_late`: not told for that; `unroutable`: nobody could receive it."""

    first: date
    last: date
    shares: tuple[Share, ...]
    late: int
    too_late: int
    unroutable: int


@dataclass(frozen=True, slots=True)
class Outset:
    """The whole report. `newest` is the day on which anything was recorded last, None where nothing was; `pushed` are sources
    that cannot be read beforehand."""

    sources: tuple[SourceRead, ...]
    pushed: tuple[str, ...]
    causes: tuple[Cause, ...]
    newest: date | None
    clients: int
    places: Mapping[str, Place]
    reach: Reach
    late: tuple[Late, ...]
    first_day: FirstDay
    weeks: FirstWeeks | None

    @property
    def in_care(self) -> int:
        """How many clients have a situation that counts as being in care, and an open file."""
        return self.reach.worker + sum(self.reach.strangers.values()) + self.reach.inbox + self.reach.nobody


def outset(
    config: Config,
    rulebook: Rulebook,
    now: datetime,
    name: str | None = None,
    shown: Shown = lambda done, of: None,
) -> Outset:
    """Reads the source of this name (None: all) and works out what going live at `now` would bring. `shown` is called with steps
    done and steps in all."""
    wanted = [source for source in config.sources if name in (None, source.name)]
    # Without the lists of people nobody would be known.
    people = {source.name for source in config.sources if source.type in LISTS}
    read_here = {source.name for source in wanted if source.type != PUSHED} | people
    with _aside(config) as system:
        sources = read_sources(system, rulebook.vocabulary, now, read_here, force=True)
        return _worked_out(
            system,
            rulebook,
            now,
            sources,
            tuple(source.name for source in wanted if source.type == PUSHED),
            shown,
        )


@contextmanager
def _aside(config: Config) -> Iterator[System]:
    """The organisation with an empty database that nobody else can read, for as long as the block takes."""
    with TemporaryDirectory(prefix="cti-") as folder:
        url = f"sqlite:///{(Path(folder) / 'aside.db').as_posix()}"
        database = open_database(url)
        try:
            schema.ensure(database)
            yield System(replace(config, database=url), database)
        finally:
            database.close()


def _worked_out(
    system: System,
    rulebook: Rulebook,
    now: datetime,
    sources: tuple[SourceRead, ...],
    pushed: tuple[str, ...],
    shown: Shown,
) -> Outset:
    config, calendar = system.config, system.config.calendar
    today = calendar.day(now)
    with system.database.read() as tx:
        unread = quarantine.entries(tx)
    past = past_of(system, Days(today, today))
    # What has neither a time nor a day counts as known now, which tells nothing about the registration.
    known = [at for history in past.histories for at in _recorded(history) if at < now]
    newest = calendar.day(max(known)) if known else None
    until = newest or today
    lives = [(history, live(history, rulebook.vocabulary, calendar)) for history in past.histories]
    cared = [(history, life) for history, life in lives if in_care(life, today)]
    return Outset(
        sources,
        pushed,
        tuple(_causes(unread)),
        newest,
        len(lives),
        _places([life for _, life in lives], rulebook.vocabulary.situations, today, until),
        _reach(cared, past.house.staff, past.house.teams, today),
        records_late(system, Days(until - YEAR, until)),
        _first_day(past.histories, rulebook, config, len(cared), now),
        _weeks(system, rulebook, today, newest, shown) if newest is not None else None,
    )


def _recorded(history: History) -> Iterator[datetime]:
    return (version.known for record in history.records for version in record.versions)


def _causes(unread: Sequence[Unread]) -> Iterator[Cause]:
    """By source and field, the most frequent first."""
    alike: dict[tuple[object, ...], list[Unread]] = {}
    for one in unread:
        alike.setdefault((one.source, one.field, one.reason, one.params), []).append(one)
    for group in sorted(alike.values(), key=lambda group: (group[0].source, -len(group), group[0].field)):
        yield Cause(len(group), group[0])


def standing(life: Life, today: date) -> str | None:
    """The situation that someone is in; None where nothing is known by then."""
    begun = [spell.situation for spell in life.spells if spell.begin <= today]
    return begun[-1] if begun else None


def in_care(life: Life, today: date) -> bool:
    """Whether prompts may come about this client."""
    return is_open(standing(life, today)) and not any(shut.end is None for shut in life.shut)


def _places(lives: Sequence[Life], words: Collection[str], today: date, until: date) -> dict[str, Place]:
    """By situation, in the order of the vocabulary; where nobody was and nobody is, there is nothing to tell."""
    now = Counter(situation for life in lives if (situation := standing(life, today)) is not None)
    entered = Counter(
        spell.situation for life in lives for spell in life.spells if until - YEAR < spell.begin <= until
    )
    names = [*words, *sorted((now.keys() | entered.keys()) - set(words))]
    return {name: Place(now[name], entered[name]) for name in names if now[name] or entered[name]}


def _reach(
    cared: Sequence[tuple[History, Life]], staff: Staff, teams: Mapping[str, str], today: date
) -> Reach:
    worker = inbox = nobody = 0
    strangers: Counter[str] = Counter()
    for history, life in cared:
        who = assigned(life.worked, today, team_of_source(history.records, teams))
        team = staff.teams.get(who.team or "")
        if who.worker in staff.people:
            worker += 1
        elif who.worker is not None:
            strangers[who.worker] += 1
        elif team is not None and team.inbox is not None:
            inbox += 1
        else:
            nobody += 1
    return Reach(worker, dict(sorted(strangers.items())), inbox, nobody)


def _first_day(
    histories: Sequence[History], rulebook: Rulebook, config: Config, cared: int, now: datetime
) -> FirstDay:
    plan = planner(rulebook, config.calendar)
    due = [planned for history in histories for planned in plan(history) if due_now(planned, now)]
    touched = Counter(rule for rule, _ in {(planned.rule, planned.client) for planned in due})
    held = over_limit({("due", rule): count for rule, count in touched.items()}, cared, config.limits)
    return FirstDay(len(due), len({planned.client for planned in due}), held)


def _weeks(system: System, rulebook: Rulebook, today: date, newest: date, shown: Shown) -> FirstWeeks:
    """The last four weeks of which anything is known, by rules that began to count as long before them as they would before
    today."""
    first = newest - FIRST_WEEKS + timedelta(days=1)
    past = past_of(system, Days(first, newest))
    found = replay(
        past.histories,
        as_if_begun(rulebook, today, first),
        past.house,
        past.passes,
        shown,
        past.reached,
        settled=False,
    )
    told = [one for one in found.told if not one.covered]
    day = system.config.calendar.day
    return FirstWeeks(
        first,
        newest,
        _shares(told, past.house.staff, lambda one: day(one.at), first),
        sum(one.late for one in told),
        sum(first <= plan.day <= newest for plan in found.missed),
        len(found.unroutable),
    )


def as_if_begun(rulebook: Rulebook, today: date, first: date) -> Rulebook:
    """The rulebook with each day from which it counts moved: as far from `first` as it is from today; not later than `first`."""
    back = today - first

    def moved(since: date) -> date:
        return first if since >= today else date.min + max(timedelta(0), since - date.min - back)

    rules = tuple(
        rule if rule.since is None else replace(rule, since=moved(rule.since)) for rule in rulebook.rules
    )
    return replace(
        rulebook,
        vocabulary=replace(rulebook.vocabulary, since=moved(rulebook.vocabulary.since)),
        rules=rules,
    )


def _shares(
    told: Sequence[Prompted], staff: Staff, day: Callable[[Prompted], date], first: date
) -> tuple[Share, ...]:
    """Every worker in the order of the config, also who would get nothing; then the inboxes and desks that would get anything."""
    by_receiver: dict[str, list[date]] = {
        person.id: [] for person in staff.people.values() if person.role == "worker"
    }
    for one in told:
        by_receiver.setdefault(one.person or one.address, []).append(day(one))
    teams = {name: person.team for name, person in staff.people.items()}
    return tuple(
        Share(
            who,
            teams.get(who),
            days.count(first),
            len(days),
            max(Counter(map(monday, days)).values(), default=0),
        )
        for who, days in by_receiver.items()
    )
