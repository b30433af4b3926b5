"""Events and values as text in a row, and back. One event has one text, so equal events are equal texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from cti.core.events import Answer, Assignment, Closed, Event, Expected, Fact, Stay, Value

# Plain ASCII: what comes in from outside may hold characters that one of the databases refuses.
dumps = json.JSONEncoder(separators=(",", ":")).encode
loads = json.loads
_quote = json.encoder.encode_basestring_ascii
_date = date.fromisoformat

RETRACTED = b""
"""The digest of a record that was retracted: it says nothing."""


def event_text(event: Event) -> str:
    """The event as JSON: a list of its kind and its fields."""
    # Put together by hand, as `dumps` would, in a third of its time: a first import waits for this.
    match event:
        case Stay():
            return (
                f'["stay",{_quote(event.situation)},"{event.begin.isoformat()}",'
                f"{_day_text(event.end)},{_text(event.destination)}]"
            )
        case Expected():
            return f'["expected",{_quote(event.situation)},{_day_text(event.day)}]'
        case Fact():
            return f'["fact",{_quote(event.name)},{dumps(value_data(event.value))},{_day_text(event.day)}]'
        case Assignment():
            return f'["assignment",{_day_text(event.day)},{_text(event.worker)},{_text(event.team)}]'
        case Closed():
            return f'["closed",{_day_text(event.day)},{_quote(event.reason)},{_day_text(event.until)}]'
        case Answer(prompt, answer, at, facts, names, by, note):
            said = [[name, value_data(value)] for name, value in facts]
            return dumps(["answer", prompt, answer, at.isoformat(), said, names, by, note])


def events_of(texts: Sequence[str | None]) -> list[Event | None]:
    """The events of texts that `event_text` made; None of None. All at once, as each call of the JSON reader has its price."""
    fields = loads(f"[{','.join(text or 'null' for text in texts)}]")
    return [None if said is None else _READ[said[0]](*said[1:]) for said in fields]


def event_of(text: str) -> Event:
    """The event of a text that `event_text` made."""
    event = events_of([text])[0]
    assert event is not None
    return event


def _stay(situation: str, begin: str, end: str | None, destination: str | None) -> Stay:
    return Stay(situation, _date(begin), _day(end), destination)


def _expected(situation: str, day: str | None) -> Expected:
    return Expected(situation, _day(day))


def _fact(name: str, value: Any, day: str) -> Fact:
    return Fact(name, value_of(value), _date(day))


def _assignment(day: str, worker: str | None, team: str | None) -> Assignment:
    return Assignment(_date(day), worker, team)


def _closed(day: str, reason: str, until: str | None) -> Closed:
    return Closed(_date(day), reason, _day(until))


def _answer(
    prompt: str,
    answer: str,
    at: str,
    said: list[list[Any]],
    names: list[str],
    by: str | None,
    note: str | None,
) -> Answer:
    facts = tuple((name, value_of(value)) for name, value in said)
    return Answer(prompt, answer, datetime.fromisoformat(at), facts, tuple(names), by, note)


_READ: Mapping[str, Callable[..., Event]] = {
    "stay": _stay,
    "expected": _expected,
    "fact": _fact,
    "assignment": _assignment,
    "closed": _closed,
    "answer": _answer,
}


def digest_of(text: str) -> bytes:
    """A fingerprint of a text."""
    return blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()


def value_data(value: Value | None) -> object:
    """A value as JSON takes it. A day is told apart from a text that looks like one."""
    if isinstance(value, date):
        if isinstance(value, datetime):
            raise TypeError("a value is a day, never a time")
        return {"day": value.isoformat()}
    return value


def value_of(data: Any) -> Any:
    """The value of what `value_data` made."""
    return date.fromisoformat(data["day"]) if isinstance(data, dict) else data


def facts_text(facts: Sequence[tuple[str, Value | None]]) -> str:
    """Facts by name, as a reason holds them."""
    return dumps([[name, value_data(value)] for name, value in facts])


def facts_of(data: Sequence[Sequence[Any]]) -> tuple[tuple[str, Value | None], ...]:
    """The facts of what `facts_text` wrote, once it was read as JSON."""
    return tuple([(name, value_of(value)) for name, value in data])


def _text(text: str | None) -> str:
    return "null" if text is None else _quote(text)


def _day_text(day: date | None) -> str:
    return "null" if day is None else f'"{day.isoformat()}"'


def _day(text: str | None) -> date | None:
    return None if text is None else _date(text)
