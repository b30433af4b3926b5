"""Expectations: situations foreseen. Unfulfilled ones of one situation are one moment; the latest recorded counts.

A stay dated after its recording counts as an expectation from its recording, and as a stay from its day. An expectation ends on
entering that situation, on retraction, or a gap's length after its day. (Design, section 4.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cti.core.calendar import Calendar
from cti.core.events import Expected, Record, Stay
from cti.core.line import edge_name
from cti.core.moments import EVERY, Kinds, Moment
from cti.core.spells import Spell


class Foreseen(NamedTuple):
    """What one record foresees or foresaw: `known` since its first version says so, `latest` since its last does.

    `gone` is when it was retracted; None while it stands.
    """

    situation: str
    day: date | None
    known: datetime
    latest: datetime
    name: str
    gone: datetime | None


def expectation_moments(
    records: Iterable[Record],
    spells: Sequence[Spell],
    calendar: Calendar,
    gap: int,
    kinds: Kinds = EVERY,
) -> Iterator[Moment]:
    """One moment for each run of expectations of one situation that is neither fulfilled nor lapsed in between."""
    by_situation: dict[str, list[Foreseen]] = {}
    for record in records:
        says = [_says(version.event, version.known, calendar) for version in record.versions]
        if any(says):
            for foreseen in _foreseen(record, says):
                if ("expects", foreseen.situation) in kinds:
                    by_situation.setdefault(foreseen.situation, []).append(foreseen)
    for situation, entries in sorted(by_situation.items()):
        entries.sort(key=lambda entry: (entry.known, entry.name))
        for fulfilment, group in _groups(
            entries, [s for s in spells if s.situation == situation], calendar, gap
        ):
            moment = _moment(situation, group, fulfilment, calendar, gap)
            if moment is not None:
                yield moment


def _foreseen(record: Record, said: Iterable[Says]) -> Iterator[Foreseen]:
    standing: dict[str, Foreseen] = {}
    for version, says in zip(record.versions, said, strict=True):
        for situation, entry in standing.items():
            if (
                entry.gone is None
                and (says is None or says[0] != situation)
                and not _came(version.event, entry)
            ):
                standing[situation] = entry._replace(gone=version.known)
        if says is None:
            continue
        situation, day = says
        before = standing.get(situation)
        known = before.known if before else version.known
        latest = before.latest if before and before.gone is None and before.day == day else version.known
        standing[situation] = Foreseen(situation, day, known, latest, edge_name(record.id, "expected"), None)
    yield from standing.values()


Says = tuple[str, date | None] | None
"""The situation that a version foresees, and its day; None where it foresees nothing."""


def _says(event: object, known: datetime, calendar: Calendar) -> Says:
    if isinstance(event, Stay):
        return (event.situation, event.begin) if calendar.midnight[event.begin] > known else None
    return (event.situation, event.day) if isinstance(event, Expected) else None


def _came(event: object, entry: Foreseen) -> bool:
    """A stay that was foreseen and has come, is registered by a version that foresees nothing any more; nothing was retracted."""
    return isinstance(event, Stay) and event.situation == entry.situation


@dataclass(slots=True)
class _Group:
    fulfilment: Spell | None
    members: list[Foreseen]


def _groups(
    entries: Sequence[Foreseen], spells: Sequence[Spell], calendar: Calendar, gap: int
) -> Iterator[tuple[Spell | None, list[Foreseen]]]:
    groups: list[_Group] = []
    for entry in entries:
        day = calendar.day(entry.known)
        fulfilment = next((spell for spell in spells if spell.end is None or spell.end > day), None)
        last = groups[-1] if groups else None
        if (
            last is not None
            and last.fulfilment == fulfilment
            and _still_open(last.members, entry.known, calendar, gap)
        ):
            last.members.append(entry)
        else:
            groups.append(_Group(fulfilment, [entry]))
    for group in groups:
        yield group.fulfilment, group.members


def _still_open(members: Sequence[Foreseen], at: datetime, calendar: Calendar, gap: int) -> bool:
    """Whether an expectation recorded then is the same as these: one still stood, or was deleted and typed in again."""
    near = timedelta(days=gap)
    for member in members:
        if member.gone is not None and abs(at - member.gone) <= near:
            return True
        stands = member.gone is None or member.gone > at
        if stands and (member.day is None or at <= calendar.at(member.day + near)):
            return True
    return False


def _moment(
    situation: str, group: Sequence[Foreseen], fulfilment: Spell | None, calendar: Calendar, gap: int
) -> Moment | None:
    live = [entry for entry in group if entry.gone is None]
    if not live:
        return None
    counts = max(live, key=lambda entry: (entry.latest, entry.name))
    lapse = calendar.at(counts.day + timedelta(days=gap)) if counts.day is not None else None
    entered = calendar.at(fulfilment.begin) if fulfilment is not None else None
    end, over = lapse, "lapsed"
    if entered is not None and (lapse is None or entered <= lapse):
        end, over = entered, "fulfilled"
    return Moment(
        "expects",
        situation,
        live[0].name,
        tuple(sorted({entry.name for entry in group})),
        counts.day,
        min(entry.known for entry in group),
        end,
        over,
        fulfilment.name if over == "fulfilled" and fulfilment is not None else live[0].name,
    )
