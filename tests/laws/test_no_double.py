"""Laws 3 and 5: however the registration tells the same life anew, nobody is prompted twice about one moment.

The truth is a few spells. The registration tells it by records, and tells it anew again and again: other ids, other cuts, dates
a few days off, records deleted and typed in again. Only corrections that cross the gap are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cti.core.events import Event, Expected, Fact, History, Record, RecordId, Stay, Version
from cti.core.rules import Rule, Rulebook
from tests.core.build import CALENDAR, VOCABULARY, delay, enters, expects, records, rule, step
from tests.laws.world import World, at, on

INTAKE = rule("intake", enters("crisis-shelter"), step("s", 0))


@dataclass
class Registration:
    """Records with their versions. Telling anew retracts what is no longer told and keeps ids where it can."""

    versions: dict[str, list[Version]] = field(default_factory=dict)
    last: int = 0

    def tell(self, events: list[Event], fresh: list[bool], day: int) -> None:
        """Tells exactly these events from now on; `fresh` says which get a new id instead of one in use."""
        now = at(day)
        free = [ref for ref, versions in self.versions.items() if versions[-1].event is not None]
        told: set[str] = set()
        for event, new in zip(events, fresh, strict=True):
            same = [r for r in free if r not in told and _alike(self.versions[r][-1].event, event)]
            if same and not new:
                ref = same[0]
            else:
                self.last += 1
                ref = f"r{self.last:03}"
                self.versions[ref] = []
            told.add(ref)
            versions = self.versions[ref]
            if not versions or versions[-1].event != event:
                versions.append(Version(event, now))
        for ref in free:
            if ref not in told:
                self.versions[ref].append(Version(None, now))

    def history(self) -> History:
        found = [Record(RecordId("s", ref, "p"), tuple(v)) for ref, v in sorted(self.versions.items()) if v]
        return History("c1", tuple(found))


def _alike(one: Event | None, other: Event) -> bool:
    if isinstance(one, Stay) and isinstance(other, Stay):
        return one.situation == other.situation and abs(one.begin - other.begin) <= timedelta(days=14)
    return type(one) is type(other)


def span(begin: date, end: date | None, draw: st.DrawFn) -> list[Event]:
    """One spell in the shelter, told by one record or by several with gaps of at most two weeks."""
    if end is None or (end - begin).days < 40 or draw(st.booleans()):
        return [Stay("crisis-shelter", begin, end)]
    cut = begin + timedelta(days=draw(st.integers(5, 20)))
    gap = draw(st.integers(0, 14))
    return [Stay("crisis-shelter", begin, cut), Stay("crisis-shelter", cut + timedelta(days=gap), end)]


@st.composite
def tellings(draw: st.DrawFn, interrupted: bool) -> list[Event]:
    """One way to register: in the shelter from about day 40; if interrupted, in an institution from about day 100 to 140."""
    begin = on(40 + draw(st.integers(-3, 3)))
    away, back = on(100 + draw(st.integers(-3, 3))), on(140 + draw(st.integers(-3, 3)))
    if not interrupted:
        return span(begin, draw(st.sampled_from((None, on(200)))), draw)
    if draw(st.booleans()):
        return [Stay("crisis-shelter", begin), Stay("institution", away, back)]
    destination = draw(st.sampled_from((None, "crisis-shelter")))
    return [
        *span(begin, away, draw),
        Stay("institution", away, back, destination),
        Stay("crisis-shelter", back),
    ]


@st.composite
def stories(draw: st.DrawFn, interrupted: bool) -> list[tuple[list[Event], list[bool]]]:
    told = draw(st.lists(tellings(interrupted), min_size=1, max_size=6))
    return [
        (events, draw(st.lists(st.booleans(), min_size=len(events), max_size=len(events)))) for events in told
    ]


def sent_after(story: list[tuple[list[Event], list[bool]]], book: Rulebook, first: int) -> int:
    registration, world = Registration(), World(book, CALENDAR)
    for number, (events, fresh) in enumerate(story):
        registration.tell(events, fresh, first + 3 * number)
        world.tick(at(first + 3 * number, 15), registration.history())
    return len(world.sent)


@given(stories(interrupted=False))
@settings(max_examples=500, deadline=None)
def test_one_stay_told_in_many_ways_prompts_once(story: list[tuple[list[Event], list[bool]]]) -> None:
    assert sent_after(story, Rulebook(VOCABULARY, (INTAKE,)), 50) == 1


@given(stories(interrupted=True))
@settings(max_examples=500, deadline=None)
def test_a_stay_with_an_interruption_told_in_many_ways_prompts_twice(
    story: list[tuple[list[Event], list[bool]]],
) -> None:
    late = rule("intake", enters("crisis-shelter"), step("s", 0, outlives=True))
    vocabulary = Rulebook(VOCABULARY, (late,))
    assert sent_after(story, vocabulary, 150) <= 2


@given(
    st.lists(st.tuples(st.none() | st.integers(150, 175), st.booleans()), min_size=1, max_size=6),
)
@settings(max_examples=300, deadline=None)
def test_an_expected_move_dated_anew_under_any_ids_prompts_once(days: list[tuple[int | None, bool]]) -> None:
    book = Rulebook(VOCABULARY, (rule("coming", expects("own-home"), step("now", delay(1, "working days"))),))
    coming = rule("coming", expects("own-home"), step("ahead", delay(8, "weeks", before=True)))
    for rules in (book, Rulebook(VOCABULARY, (coming,))):
        story: list[tuple[list[Event], list[bool]]] = [
            ([Expected("own-home", on(day) if day is not None else None)], [fresh]) for day, fresh in days
        ]
        assert sent_after(story, rules, 120) <= 1


@given(st.lists(st.tuples(st.integers(-7, 7), st.booleans()), min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_a_fact_typed_in_again_under_any_ids_prompts_once(days: list[tuple[int, bool]]) -> None:
    book = Rulebook(VOCABULARY, (rule("held", records("conference", "agreed"), step("call", 0)),))
    story: list[tuple[list[Event], list[bool]]] = [
        ([Fact("conference", "agreed", on(60 + day))], [fresh]) for day, fresh in days
    ]
    assert sent_after(story, book, 70) == 1


@given(
    stories(interrupted=False),
    st.lists(st.sampled_from(("rename", "remove", "add", "same")), min_size=6, max_size=6),
)
@settings(max_examples=300, deadline=None)
def test_renaming_removing_and_adding_rules_sends_nothing_a_second_time(
    story: list[tuple[list[Event], list[bool]]], edits: list[str]
) -> None:
    registration, world = Registration(), World(Rulebook(VOCABULARY, (INTAKE,)), CALENDAR)
    name, was = "intake", ["intake"]
    for number, (events, fresh) in enumerate(story):
        registration.tell(events, fresh, 50 + number)
        edit = edits[number]
        if edit == "rename":
            name = f"rule{number}"
        own = rule(name, enters("crisis-shelter"), step("s", 0), was=tuple(w for w in was if w != name))
        was.append(name)
        rules: tuple[Rule, ...] = () if edit == "remove" else (own,)
        if edit == "add":
            rules = (own, rule("other", enters("street"), step("s", 0)))
        world.book = Rulebook(VOCABULARY, rules)
        world.tick(at(50 + number, 15), registration.history())
    assert len(world.sent) <= 1
