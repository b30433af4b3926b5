"""Moments of recorded facts: a value that begins to hold, a date that was set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from cti.core.calendar import Calendar
from cti.core.facts import FactLine, Said
from cti.core.moments import Moment, around
from cti.core.spells import Spell
from cti.core.vocabulary import FactKind


def fact_moments(
    lines: Mapping[str, FactLine],
    said: Mapping[str, Sequence[Said]],
    kinds: Mapping[str, FactKind],
    spells: Sequence[Spell],
    calendar: Calendar,
    gap: int,
) -> Iterator[Moment]:
    """A moment for each change of value; for a date fact, a moment on that date, which a later record moves."""
    for fact, line in lines.items():
        kind = kinds.get(fact)
        retracted = [entry for entry in said[fact] if not entry.live]
        if kind is not None and kind.type == "date":
            yield from _date_moments(fact, kind, said[fact], retracted, spells, calendar, gap)
            continue
        for index, held in enumerate(line):
            if held.new:
                yield _value_moment(fact, line, index, retracted, spells, calendar, gap)


def _value_moment(
    fact: str,
    line: FactLine,
    index: int,
    retracted: Sequence[Said],
    spells: Sequence[Spell],
    calendar: Calendar,
    gap: int,
) -> Moment:
    """A value begins to hold. Repeats while it holds answer to the same moment, and so do retracted ones a gap before it."""
    held = line[index]
    first = held.said[0]
    last = held
    said = list(held.said)
    for later in line[index + 1 :]:
        if later.new:
            break
        said.extend(later.said)
        last = later
    if retracted:
        earliest = held.at - timedelta(days=gap)
        said.extend(
            entry
            for entry in retracted
            if entry.value == held.value
            and earliest <= entry.at
            and (last.until is None or entry.at < last.until)
        )
    end, transition = around(first.at, spells, calendar)
    return Moment(
        "records",
        fact,
        first.name,
        _names(said),
        first.day,
        first.known if len(said) == 1 else min(entry.known for entry in said),
        end,
        "moved-on",
        transition,
        value=held.value,
    )


def _date_moments(
    fact: str,
    kind: FactKind,
    said: Sequence[Said],
    retracted: Sequence[Said],
    spells: Sequence[Spell],
    calendar: Calendar,
    gap: int,
) -> Iterator[Moment]:
    """A date that is recorded is a moment on that date.

    Unless the vocabulary says `many`, a record that comes before the date (or within a gap after it) moves it, also where the
    earlier one was deleted and typed in again; one that comes later is a new moment, since the first has had its time.
    """
    near = timedelta(days=gap)
    groups: list[list[Said]] = []
    for entry in said:
        if not entry.live or not isinstance(entry.value, date):
            continue
        last = groups[-1][-1] if groups else None
        if last is not None and not kind.many and _moves(last, entry, kind, spells, calendar, near):
            groups[-1].append(entry)
        elif kind.many and (twin := _twin(groups, entry)) is not None:
            twin.append(entry)
        else:
            groups.append([entry])
    for index, group in enumerate(groups):
        first, latest = group[0], group[-1]
        following = groups[index + 1][0].at if index + 1 < len(groups) and not kind.many else None
        ghosts = [
            entry
            for entry in retracted
            if isinstance(entry.value, date)
            and (following is None or entry.at < following)
            and (
                (abs(_date(entry) - _date(latest)) <= near and (kind.many or first.at - near <= entry.at))
                or (
                    not kind.many
                    and _typed_in_again(entry, group, near)
                    and _moves(entry, first, kind, spells, calendar, near)
                )
            )
        ]
        end, transition = around(latest.at, spells, calendar)
        everything = [*group, *ghosts]
        yield Moment(
            "records",
            fact,
            first.name,
            _names(everything),
            _date(latest),
            min(entry.known for entry in everything),
            end,
            "moved-on",
            transition,
            value=latest.value,
        )


def _twin(groups: Sequence[list[Said]], entry: Said) -> list[Said] | None:
    """Where several dates stand beside one another, the same date recorded twice is still one."""
    return next((group for group in groups if group[-1].value == entry.value), None)


def _moves(
    before: Said, entry: Said, kind: FactKind, spells: Sequence[Spell], calendar: Calendar, near: timedelta
) -> bool:
    """Whether the later recording moves the date of the earlier: while that has not had its time, and in the same life of it."""
    if entry.day - _date(before) > near:
        return False
    return not kind.lasts_transition or not any(
        before.at < calendar.at(spell.begin) <= entry.at for spell in spells[1:]
    )


def _typed_in_again(gone: Said, group: Sequence[Said], near: timedelta) -> bool:
    return gone.ended is not None and any(abs(entry.known - gone.ended) <= near for entry in group)


def _date(entry: Said) -> date:
    if not isinstance(entry.value, date):
        raise TypeError(f"{entry.fact} is not a date")
    return entry.value


def _names(said: Sequence[Said]) -> tuple[str, ...]:
    return (said[0].name,) if len(said) == 1 else tuple(sorted({entry.name for entry in said}))
