"""Everything there is to say about one client, put together from what is kept: as it stands, or as it stood on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property, partial

from sqlalchemy import Connection

from cti.core.calendar import ONE_DAY
from cti.core.events import Answer, Assignment, History
from cti.core.explain import Explanation, explain
from cti.core.life import assigned, assignments, team_of_source
from cti.core.limits import due_now
from cti.core.moments import Worked
from cti.core.people import Staff
from cti.core.planner import plan
from cti.core.prompts import Stored
from cti.core.reconcile import earlier_ids, names_of
from cti.core.rules import Rulebook
from cti.engine import last_tick
from cti.engine.assigned import teams_of_sources
from cti.engine.people import staff_of
from cti.engine.posting import step_of
from cti.engine.rulebooks import rulebook_at
from cti.engine.system import System
from cti.sources.settings import OURS
from cti.store import clients, held, prompts, rulebooks, sources, told
from cti.store.histories import Entry, entries, histories
from cti.store.told import Mail, Telling
from cti.why.beside import Place, as_stood, beside, waiting
from cti.why.fate import (
    EXPIRED,
    PENDING,
    TOLD,
    WAITS,
    Deferral,
    Fate,
    Then,
    by_mailbox,
    deferrals,
    fate,
    together,
)
from cti.why.known import FirstRead, Unknown, history_at, not_yet_known

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Standing:
    """A step of a moment as it stands beside what was told: its row (number 0 where there is none), what became of it, what kept
    it back before that, and its answer."""

    row: Stored
    fate: Fate
    deferrals: tuple[Deferral, ...] = ()
    answer: Answer | None = None


@dataclass(frozen=True)
class ClientWhy:
    """One client explained, by what was known at `then.at`.

    `day` is the day that was asked about, None: as it stands. `standings` has every step that is planned, by its place. `gone`
    are prompts that were told and whose record was withdrawn. `unknown` is what came in only after the day. `first` is when the
    first pass was made; `other_rules` says that the rules in force by now are others.
    """

    client: str
    day: date | None
    explanation: Explanation
    rulebook: Rulebook
    then: Then
    standings: Mapping[Place, Standing]
    gone: tuple[Standing, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    first: datetime | None = None
    other_rules: bool = False


def ask(system: System, client: str, now: datetime, day: date | None = None) -> ClientWhy | None:
    """Explains a client (the registration's reference); None where none of that name is known.

    Without a day it is told as of the last pass, or of `now` where none was made yet. With `day`: as it was known at the end of
    that local day, by the rules that were in force then; no later than `now`. Raises Problems where there never was a
    rulebook that is right.
    """
    with system.database.read() as tx:
        number = clients.client_id(tx, client)
        return _Asked(system, tx, client, number, now, day).explained() if number is not None else None


class _Asked:
    """One question, with the connection that it is answered from."""

    def __init__(
        self, system: System, tx: Connection, client: str, number: int, now: datetime, day: date | None
    ) -> None:
        self.system, self.tx, self.client, self.number, self.day = system, tx, client, number, day
        self.calendar = system.config.calendar
        last = last_tick(system) or now
        self.at = last if day is None else min(self._end_of(day), max(last, now))
        self.rulebook = rulebook_at(system, tx, self.at)
        self._step = step_of(self.rulebook)
        self.first = rulebooks.first_adopted(tx)
        self.history = self._history()
        self._days: dict[date, Then] = {}
        self._mails: dict[date, Mapping[str, Sequence[Mail]]] = {}

    def explained(self) -> ClientWhy:
        explanation = explain(self.history, self.rulebook, self.calendar)
        planned = explanation.planned
        answers = _answers(self.history)
        rows = prompts.stored_for(self.tx, [self.number], names_of(planned, earlier_ids(self.rulebook)))
        tellings = self._tellings(rows)
        then = self._then_on(self.day or self.calendar.day(self.at))
        if self.day is None:
            undone = waiting(planned, rows)
            over = {entry.of for entry in held.holding(self.tx) if entry.kind in ("due", "withdrawals")}
            then = replace(then, waiting=undone, held={p.key for p in planned if p.rule in over} & undone)
        else:
            rows = [as_stood(row, tellings[row.id], answers.get(row.plan.key), self.at) for row in rows]
        placed, gone = beside(planned, rows, self.rulebook)
        fates = {
            place: (row, fate(row, self._step(row.plan.rule, row.plan.step), tellings[row.id], then))
            for place, row in placed.items()
        }
        standings = {
            place: Standing(row, became, self._deferred(row, became, then), answers.get(row.plan.key))
            for place, (row, became) in together(fates).items()
        }
        lost = (
            Standing(row, fate(row, None, tellings[row.id], then), (), answers.get(row.plan.key))
            for row in gone
        )
        unknown = (
            not_yet_known(self.journal, self.number, self.day, self.at, self.first_read) if self.day else ()
        )
        current = rulebooks.in_force(self.tx)
        return ClientWhy(
            client=self.client,
            day=self.day,
            explanation=explanation,
            rulebook=self.rulebook,
            then=then,
            standings=standings,
            gone=tuple(lost),
            unknown=unknown,
            first=self.first,
            other_rules=current is not None and current.digest != self.rulebook.digest,
        )

    # --- what was known ---------------------------------------------------------------------------------------------------

    @cached_property
    def journal(self) -> Sequence[Entry]:
        """All that was ever said of the client."""
        return entries(self.tx, self.number)

    @cached_property
    def first_read(self) -> FirstRead:
        states = sources.source_states(self.tx)
        return {state.name: state.first_read_at for state in states if state.first_read_at is not None}

    def _history(self) -> History:
        if self.day is None:
            return next(history for _, history in histories(self.tx, [self.number]))
        return self._history_at(self.at)

    def _history_at(self, at: datetime) -> History:
        return history_at(self.journal, self.client, self.number, at, self.first_read)

    def _stood(self, at: datetime) -> Collection[str]:
        """The keys of what was wanted, due and current by what was known at that moment."""
        return {p.key for p in plan(self._history_at(at), self.rulebook, self.calendar) if due_now(p, at)}

    # --- the post office --------------------------------------------------------------------------------------------------

    def _then_on(self, day: date) -> Then:
        """The post office at the end of a day; of many prompts the same days are asked."""
        if day not in self._days:
            self._days[day] = self._looked_up(day)
        return self._days[day]

    def _looked_up(self, day: date) -> Then:
        config, at = self.system.config, min(self._end_of(day), self.at)
        return Then(
            at,
            day,
            self.calendar,
            self._staff,
            config.habits,
            self._assigned,
            partial(self._mails_of, day),
            self.first is not None and self.first <= at,
            self._stood,
        )

    def _mails_of(self, day: date) -> Mapping[str, Sequence[Mail]]:
        if day not in self._mails:
            self._mails[day] = by_mailbox(told.daily_mails(self.tx, day))
        return self._mails[day]

    def _end_of(self, day: date) -> datetime:
        """The last moment of a day: what begins at midnight is of the next one."""
        return self.calendar.at(day + ONE_DAY) - MOMENT

    @cached_property
    def _staff(self) -> Staff:
        return staff_of(self.tx, self.system, None if self.day is None else self.at)

    @cached_property
    def _worked(self) -> tuple[tuple[Worked, ...], str | None]:
        records = self.history.records
        return assignments(records), team_of_source(records, teams_of_sources(self.system.config))

    def _assigned(self, day: date) -> Assignment:
        worked, team = self._worked
        return assigned(worked, day, team)

    def _tellings(self, rows: Iterable[Stored]) -> Mapping[int, list[Telling]]:
        found: dict[int, list[Telling]] = defaultdict(list)
        for one in told.tellings(self.tx, [row.id for row in rows]):
            if self.day is None or one.made_at <= self.at:
                found[one.prompt].append(one)
        return found

    def _deferred(self, row: Stored, became: Fate, then: Then) -> tuple[Deferral, ...]:
        """What kept the prompt back on the days before the one that its fate tells of, and what will keep it back."""
        step = self._step(row.plan.rule, row.plan.step)
        until: date | None = None
        if became.code == PENDING and became.comes is not None:
            days = deferrals(row, step, became.comes, lambda day: ahead(then, row, day))
            return tuple(one for one in days if one.code in ("day-off", "outside-hours"))
        if became.code == TOLD:
            until = next(one.day for one in became.tellings if one.kind == "prompt")
        elif became.code in WAITS:
            until = then.day
        elif became.code == EXPIRED and row.plan.until is not None:
            until = self.calendar.day(row.plan.until)
        return tuple(deferrals(row, step, until, self._then_on)) if until is not None else ()


def ahead(then: Then, row: Stored, day: date) -> Then:
    """A day to come, as far as anyone can tell: nothing is mailed yet, and what is planned stands."""
    end = then.calendar.at(day + ONE_DAY) - MOMENT
    return replace(then, at=end, day=day, mails=dict, lived=True, stood=lambda at: {row.plan.key})


def _answers(history: History) -> dict[str, Answer]:
    """The answers that were given, by the key of the prompt."""
    return {
        record.id.ref: event
        for record in history.records
        if record.id.source == OURS and isinstance(event := record.event, Answer)
    }
