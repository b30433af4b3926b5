"""What goes into a row as text comes out as it was."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.core.events import Answer, Assignment, Closed, Event, Expected, Fact, Stay, Value
from cti.store.codec import digest_of, dumps, event_of, event_text, events_of, facts_of, facts_text, loads

words = st.text(max_size=20)
days = st.dates()
values: st.SearchStrategy[Value] = st.one_of(
    words,
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    days,
    st.sampled_from(["2026-03-01", "", "true"]),
)
times = st.datetimes(timezones=st.just(UTC)).map(lambda time: time.replace(fold=0))
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Stay, words, days, st.none() | days, st.none() | words),
    st.builds(Expected, words, st.none() | days),
    st.builds(Fact, words, values, days),
    st.builds(Assignment, days, st.none() | words, st.none() | words),
    st.builds(Closed, days, words, st.none() | days),
    st.builds(
        Answer,
        words,
        words,
        times,
        st.lists(st.tuples(words, values)).map(tuple),
        st.lists(words).map(tuple),
        st.none() | words,
        st.none() | words,
    ),
)


def strict(event: Event) -> str:
    """Tells 1 from True and from 1.0, which compare as equal."""
    return repr(event)


@given(events)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    assert strict(event_of(event_text(event))) == strict(event)


@given(st.lists(st.none() | events, max_size=4))
def test_many_events_come_back_in_their_order(said: list[Event | None]) -> None:
    texts = [None if event is None else event_text(event) for event in said]
    assert list(map(repr, events_of(texts))) == list(map(repr, said))


@given(events)
def test_an_event_is_plain_json_in_ascii_on_one_line(event: Event) -> None:
    text = event_text(event)
    assert text == dumps(json.loads(text))
    assert text.isascii() and text.isprintable()


@given(events, events)
def test_only_equal_events_have_equal_digests(one: Event, other: Event) -> None:
    assert (digest_of(event_text(one)) == digest_of(event_text(other))) == (strict(one) == strict(other))


@given(st.lists(st.tuples(words, st.none() | values)).map(tuple))
def test_the_facts_of_a_reason_come_back_as_they_were(facts: tuple[tuple[str, Value | None], ...]) -> None:
    assert repr(facts_of(loads(facts_text(facts)))) == repr(facts)


def test_a_day_is_told_apart_from_a_text_that_looks_like_one() -> None:
    day, text = date(2026, 3, 1), "2026-03-01"
    assert event_text(Fact("f", day, day)) == '["fact","f",{"day":"2026-03-01"},"2026-03-01"]'
    assert event_text(Fact("f", text, day)) == '["fact","f","2026-03-01","2026-03-01"]'


def test_a_time_is_no_value() -> None:
    with pytest.raises(TypeError, match="never a time"):
        event_text(Fact("f", datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1)))


def test_an_event_of_a_kind_that_is_not_known_is_an_error() -> None:
    with pytest.raises(KeyError, match="stays"):
        event_of('["stays","street","2026-03-01",null,null]')
