"""The workers: 25 in four teams, with working days, holidays, illness, and a colleague who stands in."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from cti.sample.draws import chance, pick, stream
from cti.sample.truth import Absence, Worker

TEAMS = ("north", "east", "south", "west")
WORKERS = 25

WEEKS = {
    "mon tue wed thu fri": 30,
    "mon tue wed thu": 22,
    "mon tue thu fri": 18,
    "mon tue thu": 14,
    "wed thu fri": 10,
    "tue wed thu": 6,
}


def staff(seed: int, start: date, end: date) -> tuple[Worker, ...]:
    """Workers "w1" to "w25" in turn over the teams; each one's deputy is the next of the same team."""
    teams = {team: [n for n in range(1, WORKERS + 1) if TEAMS[(n - 1) % 4] == team] for team in TEAMS}
    return tuple(_worker(seed, n, teams[TEAMS[(n - 1) % 4]], start, end) for n in range(1, WORKERS + 1))


def _worker(seed: int, number: int, colleagues: list[int], start: date, end: date) -> Worker:
    rng = stream(seed, "worker", number)
    deputy = colleagues[(colleagues.index(number) + 1) % len(colleagues)]
    works = tuple(pick(rng, WEEKS).split())
    return Worker(f"w{number}", TEAMS[(number - 1) % 4], works, f"w{deputy}", _absences(rng, start, end))


def _absences(rng: Random, start: date, end: date) -> tuple[Absence, ...]:
    """About five weeks of holidays a year, and some seven working days of illness; they never overlap."""
    away: list[Absence] = []
    for year in range(start.year, end.year + 1):
        for month, length in ((2, 5), (rng.randint(6, 8), rng.choice((12, 19))), (10, 5)):
            _add(away, date(year, month, 1) + timedelta(days=rng.randrange(25)), length)
        for _ in range(rng.choices((0, 1, 2, 3, 4), (20, 30, 25, 15, 10))[0]):
            length = rng.randint(8, 40) if chance(rng, 0.06) else rng.randint(1, 5)
            _add(away, date(year, 1, 1) + timedelta(days=rng.randrange(360)), length)
    return tuple(sorted((a for a in away if start <= a.first < end), key=lambda a: a.first))


def _add(away: list[Absence], first: date, length: int) -> None:
    last = first + timedelta(days=length - 1)
    if all(last < other.first or other.last < first for other in away):
        away.append(Absence(first, last))
