"""How much of one truth a dialect can tell: the records of the sample organisation, reduced to that before anybody writes them.

Whoever compares dialects compares what all of them were told. So each reduction here is a plain sentence about a dialect:

- all: people type on one day a week. A snapshot that is taken once a week shows what holds then and nothing of what came between.
- `as_hmis`: an export of HMIS knows stays, homes that are looked for (without a day), and deaths by the exit that tells them. It
  names no worker, and what else is known about a client has no place in it.
- `as_iwmo`: messages know the stays of categories 15 to 18 with where they led, and deaths. Of when something was typed
  in they know the day, so all is typed in at the first moment of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cti.sample.records import Content, Expected, Record, Stay, Version
from cti.sample.truth import Closing
from tests.sources.iwmo.sample import REASONS, is_ours

HOUR = 10
"""When people type: the hour of the pass."""


def weekly(records: Iterable[Record], hour: int = HOUR) -> tuple[Record, ...]:
    """The same records, typed in on Mondays at this hour only: of what was typed in during a week the last word counts."""
    return tuple(
        _changed(records, lambda version: replace(version, recorded=_monday(version.recorded, hour)))
    )


def _monday(at: datetime, hour: int) -> datetime:
    day = at.replace(hour=hour, minute=0, second=0)
    found = day + timedelta(days=-day.weekday() % 7)
    return found if found >= at else found + timedelta(days=7)


def as_hmis(records: Iterable[Record]) -> tuple[Record, ...]:
    """What an HMIS export can tell of these records."""
    kept = [record for record in records if _in_hmis(record.last_content)]
    undated = _changed(kept, lambda version: replace(version, content=_undated(version.content)))
    return _with_deaths(tuple(undated))


def _in_hmis(content: Content) -> bool:
    return isinstance(content, Stay) or (isinstance(content, Expected) and content.situation == "own-home")


def _undated(content: Content | None) -> Content | None:
    return replace(content, day=None) if isinstance(content, Expected) else content


def as_iwmo(records: Iterable[Record]) -> tuple[Record, ...]:
    """What iWmo messages can tell of these records."""
    ours = _changed(filter(is_ours, records), lambda version: replace(version, content=_led(version.content)))
    return _with_deaths(tuple(ours))


def _led(content: Content | None) -> Content | None:
    if isinstance(content, Stay) and content.destination not in REASONS:
        return replace(content, destination=None)
    return content


def _with_deaths(records: tuple[Record, ...]) -> tuple[Record, ...]:
    """With a closing beside each stay that ended by death, typed in together with that end; "died" is no word of a row."""
    return (*records, *(record for stay in records for record in _death(stay)))


def _death(stay: Record) -> Iterator[Record]:
    if any(isinstance(version.content, Stay) and version.content.died for version in stay.versions):
        [told] = _changed(
            [Record(f"{stay.id}-death", stay.versions, stay.file)],
            lambda version: replace(version, content=_died(version.content)),
        )
        first = next(n for n, version in enumerate(told.versions) if version.content is not None)
        yield replace(told, versions=told.versions[first:])


def _died(content: Content | None) -> Content | None:
    if isinstance(content, Stay) and content.died and content.end is not None:
        return Closing(content.end, "deceased")
    return None


def _changed(records: Iterable[Record], change: Callable[[Version], Version]) -> Iterator[Record]:
    """The records with their versions changed: the last one of each moment, and only where it says something new."""
    for record in records:
        at_end = {new.recorded: new for version in record.versions for new in (change(version),)}
        versions: list[Version] = []
        for version in at_end.values():
            before = versions[-1] if versions else None
            if (before and (before.client, before.content)) != (version.client, version.content):
                versions.append(version)
        while versions and versions[0].content is None:
            versions.pop(0)  # typed in and deleted within a week: nobody saw it
        if versions:
            yield replace(record, versions=tuple(versions))
