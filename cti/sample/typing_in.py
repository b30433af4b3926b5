"""When and how a record is typed in: late, sometimes wrongly, and what was wrong is corrected later.

The lateness follows what is measured on public sample exports (domain book, section 5): half of the entries within a day, one in
ten later than some twenty days, one in twenty later than six weeks; ends are typed sooner at first and as late in the tail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from cti.sample.draws import Quantiles, chance, days
from cti.sample.records import Content, Stay

ENTRY_LAG: Quantiles = ((0, 0), (0.47, 0), (0.55, 1.4), (0.75, 5), (0.9, 18), (0.95, 44), (1, 66))
END_LAG: Quantiles = ((0, 0), (0.64, 0), (0.8, 3), (0.92, 30), (0.97, 46), (1, 66))
FACT_LAG: Quantiles = ((0, 0), (0.6, 0), (0.8, 3), (0.95, 14), (1, 40))
LONGEST = 85
"""Nothing is typed in or corrected later than so many days after the day it is about."""

WRONG_BEGIN = 0.08
WRONG_SITUATION = 0.05
WRONG_END = 0.08
LATER_KNOWN = 0.07
REOPENED = 0.04

CONFUSED = {"crisis-shelter": "long-stay", "long-stay": "crisis-shelter", "street": "crisis-shelter"}

Said = list[tuple[datetime, Any]]
"""What one field said, and from when on."""


def moment(rng: Random, day: date, lag: int) -> datetime:
    """A moment of typing so many days after a day; what is late waits for a working day more often than not."""
    on = day + timedelta(days=lag)
    if lag > 1 and on.weekday() > 4 and chance(rng, 0.8):
        on += timedelta(days=7 - on.weekday() if lag < LONGEST - 3 else 4 - on.weekday())
    # Never by night, so that no clock change makes a moment doubtful.
    return datetime.combine(on, datetime.min.time()) + timedelta(seconds=rng.randint(7 * 3600, 21 * 3600))


def later(rng: Random, after: datetime, day: date, most: int = 20) -> datetime:
    """A moment of correcting: some days after the moment before, but not too long after the day it is about."""
    at = after + timedelta(days=rng.randint(0, most), minutes=rng.randint(2, 240))
    if not 7 <= at.hour < 22:
        at = at.replace(hour=9)
    latest = datetime.combine(day + timedelta(days=LONGEST), datetime.min.time()) + timedelta(hours=12)
    return max(min(at, latest), after + timedelta(minutes=2))


def versions_of_stay(
    rng: Random, stay: Stay, entered: datetime, exact: bool = False
) -> list[tuple[datetime, Content]]:
    """The versions of a stay that is first typed in at `entered`, ending with what it truly is.

    `exact`: nothing is ever wrong with it, only its end may be late.
    """
    ended = None
    if stay.end is not None:
        # Who types in a stay that is over, types in its end as well.
        ended = max(entered, moment(rng, stay.end, days(rng, END_LAG)))
    fields: dict[str, Said] = {
        "situation": [(entered, stay.situation)],
        "begin": [(entered, stay.begin)],
        "end": [(entered, None)],
        "destination": [(entered, None)],
        "died": [(entered, False)],
    }
    if ended is not None:
        for name, value in (("end", stay.end), ("destination", stay.destination), ("died", stay.died)):
            fields[name].append((ended, value))
    if not exact:
        _mistype(rng, stay, fields, entered, ended)
    return [(at, Stay(**said)) for at, said in compose(fields)]


def _mistype(
    rng: Random, stay: Stay, fields: dict[str, Said], entered: datetime, ended: datetime | None
) -> None:
    if chance(rng, WRONG_BEGIN):
        _wrong_begin(rng, stay, fields, entered)
    elif stay.situation in CONFUSED and chance(rng, WRONG_SITUATION):
        # Before the exit is typed in, which may lead where only the right situation can lead.
        corrected = later(rng, entered, stay.begin)
        if ended is None or corrected < ended:
            fields["situation"] = [(entered, CONFUSED[stay.situation]), (corrected, stay.situation)]
    if stay.end is None or ended is None or stay.died or stay.end == stay.begin:
        return
    wrong = stay.end + timedelta(days=rng.choice((-7, -3, -1, 1, 2, 7, 10)))
    if stay.begin + timedelta(days=8) <= wrong <= ended.date() and chance(rng, WRONG_END):
        fields["end"][-1:] = [(ended, wrong), (later(rng, ended, stay.end), stay.end)]
    elif stay.destination is not None and chance(rng, LATER_KNOWN):
        known = later(rng, ended, stay.end, 40)
        fields["destination"][-1:] = [(ended, None), (known, stay.destination)]
    elif (stay.end - stay.begin).days > 40 and chance(rng, REOPENED):
        _reopen(rng, stay, fields, entered, ended)


def _wrong_begin(rng: Random, stay: Stay, fields: dict[str, Said], entered: datetime) -> None:
    """A begin that is days off and corrected; of one in six the right one was there first, and comes back."""
    # Never later than the stay's end, nor than a week: a registration does not let an end lie before its begin.
    off = rng.choice((-30, -10, -7, -3, -2, -1, 1, 1, 2, 3, 5, 7))
    wrong = stay.begin + timedelta(days=off)
    if off > 0 and ((stay.end is not None and wrong >= stay.end) or wrong > entered.date()):
        wrong = stay.begin - timedelta(days=off)
    corrected = later(rng, entered, stay.begin)
    fields["begin"] = [(entered, wrong), (corrected, stay.begin)]
    if chance(rng, 1 / 6):
        again = later(rng, corrected, stay.begin)
        fields["begin"] = [(entered, stay.begin), (corrected, wrong), (again, stay.begin)]


def _reopen(rng: Random, stay: Stay, fields: dict[str, Said], entered: datetime, ended: datetime) -> None:
    """An exit that was typed in by mistake half way, and taken back."""
    half = stay.begin + timedelta(
        days=rng.randint(12, (stay.end or stay.begin).toordinal() - stay.begin.toordinal() - 25)
    )
    exited = max(moment(rng, half, rng.randint(0, 6)), entered + timedelta(minutes=5))
    back = later(rng, exited, half, 12)
    if back < ended:
        fields["end"][1:1] = [(exited, half), (back, None)]


def compose(fields: Mapping[str, Said]) -> list[tuple[datetime, dict[str, Any]]]:
    """The versions that follow from what each field said when: one for each moment at which something changed."""
    moments: Sequence[datetime] = sorted({at for said in fields.values() for at, _ in said})
    versions: list[tuple[datetime, dict[str, Any]]] = []
    for at in moments:
        now = {name: [value for since, value in said if since <= at][-1] for name, said in fields.items()}
        if not versions or versions[-1][1] != now:
            versions.append((at, now))
    return versions
