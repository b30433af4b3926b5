"""A calendar as a file that calendar programs subscribe to (iCalendar, RFC 5545): days with a title and a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

OFTEN = timedelta(hours=1)
"""How often programs are asked to look again; most look less often than that."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole day in the calendar. `uid` names it for good; `sequence` and `changed_at` say which of two is the newer."""

    uid: str
    day: date
    title: str
    url: str
    sequence: int
    changed_at: datetime
    cancelled: bool = False


def written(name: str, entries: Iterable[Entry]) -> bytes:
    """The calendar of this name. The same entries are the same bytes."""
    calendar = Calendar()
    calendar.add("PRODID", "-//cti//cti//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", OFTEN, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    changed = entry.changed_at.astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("UID", entry.uid)
    # In a calendar that nobody is invited by, this is when the entry was last changed (RFC 5545, 3.8.7.2).
    event.add("DTSTAMP", changed)
    event.add("LAST-MODIFIED", changed)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTART", entry.day)
    event.add("DTEND", entry.day + timedelta(days=1))
    event.add("SUMMARY", entry.title)
    event.add("URL", entry.url)
    event.add("DESCRIPTION", entry.url)  # not all programs show the link above
    event.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")  # the day is as free as it was
    event.add("CLASS", "PRIVATE")
    return event
