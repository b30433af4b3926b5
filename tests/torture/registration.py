"""A registration that people go on typing into, and what must come of it: known by how it is made, not by the engine."""

from __future__ import annotations

import csv
import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

from tests.engine.house import COLUMNS, ZONE, House, simple_rule

FEW, MANY = 12, 80
"""Workers. Each is sent a mail of their own: of many, more than fifty wait to go at once."""
CALL, VISIT = "Bel het netwerk", "Met spoed: Ga langs"
"""What a mail says of each of the two steps."""

DAY = timedelta(days=1)
LAST_ACT = 15 * DAY
"""After this time, nothing more happens to a client."""


def furnish(folder: Path, database: str, port: int, workers: int = FEW) -> House:
    """A house with two rules, some workers and a mail server on that port, where no limit keeps anything back."""
    people = "".join(
        f'\n[[people]]\nid = "w{n}"\nname = "w{n}"\naddress = "w{n}@example.org"\nteam = "north"\n'
        for n in range(3, workers + 1)
    )
    mail = (
        f'transport = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        'sender = "prompts@example.org"\ntimeout = 30'
    )
    house = House(folder, database=database, mail=mail, lead=people, floor=100_000)
    house.only_rule("intake", simple_rule(due="3 days"), call=CALL)
    home = simple_rule("home", "visit", "same working day", "own-home", keys="urgent = true")
    house.write_rule("home", home, visit=VISIT.removeprefix("Met spoed: "))
    return house


class Registration:
    """Rows are typed in as the time goes by; `due` are the prompts that must be told once each, by client and words."""

    def __init__(self, folder: Path, dice: Random, pace: int, workers: int = FEW) -> None:
        self.folder, self.dice, self.pace, self.workers = folder, dice, pace, workers
        self.due: set[tuple[str, str]] = set()
        self.clients = 0
        self._acts: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = count()
        self._today: list[dict[str, str]] = []
        self._file = ""

    def advance(self, now: datetime, newcomers: bool = True) -> None:
        """Types in what happens up to `now`: so many newcomers, and what is to befall those who came before."""
        name = f"events-{now:%Y-%m-%d}.csv"
        if name != self._file:
            self._file, self._today = name, []
        for _ in range(self.pace if newcomers else 0):
            self.clients += 1
            self.dice.choice(self._lives())(f"c{self.clients}", now)
        while self._acts and self._acts[0][0] <= now:
            heapq.heappop(self._acts)[2](now)
        if self._today:
            part = self.folder / f".{name}"
            with part.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, COLUMNS)
                writer.writeheader()
                writer.writerows(self._today)
            part.replace(self.folder / name)

    def _lives(self) -> list[Callable[[str, datetime], None]]:
        return [self.stays, self.stays, self.corrected, self.retyped, self.mistaken, self.moves_out]

    def stays(self, client: str, now: datetime) -> None:
        """Comes in, and must be called about once, whatever is typed in later."""
        self._type(now, f"s-{client}", client, situation="crisis-shelter", begin=day(now))
        self.due.add((client, CALL))

    def corrected(self, client: str, now: datetime) -> None:
        """Came in a day earlier than was typed in at first; before or after the prompt."""
        self.stays(client, now)
        self._later(
            now + self.dice.choice((1, 8)) * DAY,
            lambda then: self._type(
                then, f"s-{client}", client, situation="crisis-shelter", begin=day(now - DAY)
            ),
        )

    def retyped(self, client: str, now: datetime) -> None:
        """The row is deleted after the prompt and typed in again under another id."""
        self.stays(client, now)

        def again(then: datetime) -> None:
            self._type(then, f"s-{client}", client, retracted="yes")
            self._type(then, f"t-{client}", client, situation="crisis-shelter", begin=day(now))

        self._later(now + 8 * DAY, again)

    def mistaken(self, client: str, now: datetime) -> None:
        """Never was here at all, which is typed in before the prompt is due: first thing the next day, as once no newcomers come
        the clock stops no more than once a day."""
        if now.astimezone(ZONE).weekday() == 4:
            self.stays(client, now)  # what is typed in on Monday may come too late
            return
        self._type(now, f"s-{client}", client, situation="crisis-shelter", begin=day(now))
        early = (now + DAY).replace(hour=9, minute=0)
        self._later(early, lambda then: self._type(then, f"s-{client}", client, retracted="yes"))

    def moves_out(self, client: str, now: datetime) -> None:
        """Finds a home after two weeks."""
        self.stays(client, now)

        def out(then: datetime) -> None:
            told = {"situation": "crisis-shelter", "begin": day(now), "end": day(then)}
            self._type(then, f"s-{client}", client, **told)
            self._type(then, f"h-{client}", client, situation="own-home", begin=day(then))

        self._later(now + 14 * DAY, out)
        self.due.add((client, VISIT))

    def _later(self, then: datetime, act: Callable[[datetime], None]) -> None:
        heapq.heappush(self._acts, (then, next(self._order), act))

    def _type(self, now: datetime, id: str, client: str, **cells: str) -> None:
        worker = f"w{int(client[1:]) % self.workers + 1}"
        recorded = f"{now.astimezone(ZONE):%Y-%m-%dT%H:%M:%S}"
        self._today.append({"id": id, "client": client, "recorded": recorded, "worker": worker, **cells})


def day(now: datetime) -> str:
    """The day it is there."""
    return f"{now.astimezone(ZONE):%Y-%m-%d}"
