"""The truth of one invented organisation, from a seed."""

from __future__ import annotations

from datetime import date

from cti.sample.around import assignments, closings, foresights
from cti.sample.draws import chance, stream
from cti.sample.knowledge import facts
from cti.sample.lives import live
from cti.sample.staff import TEAMS, staff
from cti.sample.truth import Client, Truth, Worker


def make_truth(seed: int, start: date, end: date, clients: int = 500) -> Truth:
    """What happened from `start` until `end` (exclusive) to so many clients, "c00001" and on."""
    workers = staff(seed, start, end)
    return Truth(
        seed, start, end, workers, tuple(_client(seed, n, workers, start, end) for n in range(1, clients + 1))
    )


def _client(seed: int, number: int, workers: tuple[Worker, ...], start: date, end: date) -> Client:
    life = live(stream(seed, "life", number), start, end)
    rng = stream(seed, "around", number)
    team = rng.choice(TEAMS)
    return Client(
        f"c{number:05d}",
        team,
        life.spells,
        tuple(facts(stream(seed, "facts", number), life.spells, end)),
        tuple(assignments(rng, team, workers, life.spells[0].begin, end)),
        tuple(foresights(rng, life.spells, end)),
        tuple(closings(rng, life.spells, life.died, end)),
        rng.choice((1, 1, 2, 3)) if chance(rng, 0.22) else 0,
    )
