"""Random histories and random edits of them, and a store kept in plain values to play them against."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from cti.core.calendar import Calendar
from cti.core.events import (
    Answer,
    Assignment,
    Closed,
    Event,
    Expected,
    Fact,
    History,
    Record,
    RecordId,
    Stay,
    Version,
)
from cti.core.limits import due_now
from cti.core.planner import planner
from cti.core.prompts import Planned, Stored
from cti.core.reconcile import diff
from cti.core.rules import Delay, Is, Later, Not, Records, Remind, Rule, Rulebook, Within
from tests.core.build import VOCABULARY, delay, enters, expects, rule, step

START = date(2026, 1, 1)
SITUATIONS = ("at-risk", "kept-home", "crisis-shelter", "long-stay", "own-home")


def rulebook(*more: Rule) -> Rulebook:
    """Rules of every kind, so that a random history meets each mechanism."""
    return Rulebook(
        VOCABULARY,
        (
            rule(
                "intake",
                enters("crisis-shelter"),
                step(
                    "map",
                    14,
                    when=Not(Within("network-mapped", Delay(6, "months"))),
                    expires=delay(6, "weeks"),
                ),
                step(
                    "propose",
                    delay(1, "weeks"),
                    after="map",
                    later=Later(Is("trust", ("growing",)), delay(2, "weeks")),
                    when=Is("conference", ("declined", "agreed"), negated=True),
                    asks="conference",
                    remind=Remind(Delay(5, "working days"), 2),
                ),
            ),
            rule("home", enters("own-home"), step("week", 7, late="skip"), step("month", 28, outlives=True)),
            rule("move", enters("long-stay"), step("ask", 7, asks="conference", late="ask")),
            rule(
                "coming",
                expects("own-home", "long-stay"),
                step("before", delay(2, "weeks", before=True)),
                step("now", 1),
            ),
            rule("held", Records("conference", ("agreed",)), step("call", 14)),
            rule(
                "review", Records("review-date"), step("ahead", delay(1, "weeks", before=True), outlives=True)
            ),
            *more,
        ),
    )


def at(day: int, hour: int = 12) -> datetime:
    return datetime(START.year, START.month, START.day, hour, tzinfo=UTC) + timedelta(days=day)


def on(day: int) -> date:
    return START + timedelta(days=day)


days = st.integers(0, 240)
situations = st.sampled_from(SITUATIONS)


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    begin = draw(days)
    length = draw(st.none() | st.integers(0, 90))
    end = None if length is None else on(begin + length)
    return Stay(draw(situations), on(begin), end, draw(st.none() | situations) if end else None)


events: st.SearchStrategy[Event] = st.one_of(
    stays(),
    stays(),
    stays(),
    st.builds(Expected, st.sampled_from(("own-home", "long-stay")), st.none() | st.builds(on, days)),
    st.builds(lambda v, d: Fact("trust", v, on(d)), st.sampled_from(("growing", "yes", "no")), days),
    st.builds(lambda v, d: Fact("conference", v, on(d)), st.sampled_from(("agreed", "declined")), days),
    st.builds(lambda v, d: Fact("network-mapped", on(v), on(d)), days, days),
    st.builds(lambda v, d: Fact("review-date", on(v), on(d)), days, days),
    st.builds(lambda d, w: Assignment(on(d), w), days, st.sampled_from(("w1", "w2", "w3"))),
    st.builds(lambda d, r: Closed(on(d), r), days, st.sampled_from(("closed", "closed", "deceased"))),
)


@st.composite
def records(draw: st.DrawFn, ref: str) -> Record:
    """A record with up to four versions: corrected, there and back, retracted, and typed in again."""
    said = draw(st.lists(st.none() | events, min_size=1, max_size=4))
    first = said[0] or draw(events)
    known = sorted(draw(st.lists(days, min_size=len(said), max_size=len(said))))
    kind = type(first)
    versions = [Version(first, at(known[0]))]
    for event, day in zip(said[1:], known[1:], strict=True):
        if (event is None or isinstance(event, kind)) and event != versions[-1].event:
            versions.append(Version(event, at(day, 13)))
    return Record(RecordId("s", ref, "p"), tuple(versions))


@st.composite
def histories(draw: st.DrawFn, client: str = "c1") -> History:
    count = draw(st.integers(0, 6))
    return History(client, tuple(draw(records(f"r{number}")) for number in range(count)))


def as_known(history: History, now: datetime) -> History:
    """The part of a history that was known by then."""
    kept = []
    for record in history.records:
        versions = tuple(version for version in record.versions if version.known <= now)
        if versions:
            kept.append(Record(record.id, versions))
    return History(history.client, tuple(kept))


@dataclass
class World:
    """A store in memory: rows, and what was sent. Ticking plans, reconciles and sends what is due."""

    book: Rulebook
    calendar: Calendar
    rows: dict[int, Stored] = field(default_factory=dict)
    sent: list[tuple[int, str]] = field(default_factory=list)
    last: int = 0

    def reconcile(self, *histories: History) -> list[str]:
        """Applies the plan of these clients; gives the kinds of change."""
        plan = planner(self.book, self.calendar)
        planned = [entry for history in histories for entry in plan(history)]
        changes = diff(planned, list(self.rows.values()), self.book)
        for change in changes:
            if change.kind == "create":
                self.last += 1
                self.rows[self.last] = Stored(self.last, change.plan)
            elif change.before is not None and change.kind == "drop":
                del self.rows[change.before.id]
            elif change.before is not None:
                self.rows[change.before.id] = replace(change.before, plan=change.plan)
        return [change.kind for change in changes]

    def send(self, now: datetime) -> None:
        for number, row in list(self.rows.items()):
            if not row.final and due_now(row.plan, now):
                self.rows[number] = replace(row, sent_at=now)
                self.sent.append((number, row.plan.key))

    def tick(self, now: datetime, *histories: History) -> None:
        self.reconcile(*histories)
        self.send(now)

    def unsent(self) -> list[Planned]:
        return sorted((row.plan for row in self.rows.values() if not row.final), key=lambda plan: plan.key)

    def delete_unsent(self) -> None:
        self.rows = {number: row for number, row in self.rows.items() if row.final}

    def answer(self, number: int, said: str, when: datetime, history: History) -> History:
        """A worker answers; the answer is a record of the same history."""
        row = self.rows[number]
        self.rows[number] = replace(row, answer=said, answered_at=when)
        event = Answer(row.plan.key, said, when, (), row.plan.names)
        record = Record(RecordId("cti", row.plan.key, "answer"), (Version(event, when),))
        return History(history.client, tuple(sorted((*history.records, record), key=lambda entry: entry.id)))
