"""Replays histories as they were known on each day against a rulebook: which prompts would have been told when, and to whom.

It is the tick without database and mail: the same plan, the same reconciling, the same agenda, over values. Reminders,
escalations and notices are left out; they depend on answers that other rules would not have got.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from cti.core.calendar import Calendar
from cti.core.events import History
from cti.core.rules import Rulebook
from cti.post.delivery import Habits
from cti.workshop.passing import Client, World
from cti.workshop.replayed import Era, House, Reached, Replayed


def replay(
    histories: Iterable[History],
    rules: Rulebook | Sequence[Era],
    house: House,
    passes: Sequence[datetime],
    shown: Callable[[int, int], None] = lambda done, of: None,
    reached: Reached | None = None,
    settled: bool = True,
) -> Replayed:
    """Replays the passes (aware, UTC, in order). What was due before the first one counts as told by then, to nobody's count;
    where it is not `settled`, it is told in the first pass, as by a service that begins.

    `rules` is one rulebook for all of the time, or several in order, each in force until the next one came; the first also
    before. `reached`: a version in it is known from then on, others from when they were recorded there. `shown` is called with
    passes done and passes in all.
    """
    first, *later = [Era(passes[0], rules)] if isinstance(rules, Rulebook) else rules
    reached = reached or {}
    clients = [Client.of(history, reached) for history in histories]
    world = World(first.rulebook, house, reached)
    changing = sorted((turn, number) for number, client in enumerate(clients) for turn in client.turns)
    done = 0
    for count, now in enumerate(passes):
        come = [era.rulebook for era in later if era.begins <= now]
        if come:
            del later[: len(come)]
            world.adopt(come[-1])
        upto = bisect_right(changing, (now, len(clients)))
        touched = {number for _, number in changing[0 if come else done : upto]}
        done = upto
        for number in sorted(touched):
            world.plan(clients[number], now)
        if count == 0 and settled:
            world.settle_the_past(now)
        world.tell(now)
        shown(count + 1, len(passes))
    return world.outcome()


def daily(calendar: Calendar, habits: Habits, first: date, last: date) -> list[datetime]:
    """A pass on each day from `first` to `last`, when the day's message is made."""
    days = (last - first).days
    time = habits.digest_at or calendar.opens
    return [calendar.at(date.fromordinal(first.toordinal() + number), time) for number in range(days + 1)]
