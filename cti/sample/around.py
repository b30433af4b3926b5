"""What surrounds a client's life: who works with them, what becomes known, which moves are planned, when a file closes."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from cti.sample.draws import Quantiles, chance, days
from cti.sample.truth import Assignment, Closing, Foresight, Spell, Worker

LEAD: Quantiles = ((0, 4), (0.5, 18), (0.9, 45), (1, 80))


def assignments(
    rng: Random, team: str, workers: tuple[Worker, ...], day: date, end: date
) -> list[Assignment]:
    """The first worker from the first day on; now and then another takes over, rarely one of another team."""
    found: list[Assignment] = []
    while day < end:
        before = found[-1].worker if found else None
        if found and chance(rng, 0.15):
            team = rng.choice(sorted({worker.team for worker in workers}))
        worker = rng.choice([w.id for w in workers if w.team == team and w.id != before])
        found.append(Assignment(day, worker, team))
        if not chance(rng, 0.28):
            break
        day += timedelta(days=rng.randint(20, 500))
    return found


def foresights(rng: Random, spells: tuple[Spell, ...], end: date) -> list[Foresight]:
    """The moves that were planned: those that came, on a day that may have slipped, and those that were given up."""
    found: list[Foresight] = []
    for index, spell in enumerate(spells):
        before = spells[index - 1] if index else None
        if spell.guidance is not None and spell.guidance.foreseen < spell.guidance.begin:
            guidance = spell.guidance
            thought = _thought(rng, guidance.foreseen, guidance.begin)
            found.append(Foresight("own-home", thought, came=guidance.begin, guided=True))
        elif spell.situation == "long-stay" and spell.form == "stay" and before and chance(rng, 0.45):
            first = max(before.begin, spell.begin - timedelta(days=days(rng, LEAD)))
            if first < spell.begin:
                found.append(Foresight("long-stay", _thought(rng, first, spell.begin), came=spell.begin))
        if spell.form == "stay" and spell.situation in ("crisis-shelter", "long-stay"):
            following = spells[index + 1] if index + 1 < len(spells) else None
            found.extend(_given_up(rng, spell, following))
            found.extend(_standing(rng, spell, end))
    return found


def _thought(rng: Random, first: date, true: date) -> tuple[tuple[date, date | None], ...]:
    """What was thought from `first` on about a move that came on `true`: often another day, sometimes none at first."""
    ahead = (true - first).days
    thoughts: list[tuple[date, date | None]] = []
    if chance(rng, 0.2):
        thoughts.append((first, None))
    elif chance(rng, 0.45):
        thoughts.append((first, first + timedelta(days=max(1, ahead + rng.randint(-14, 21)))))
    else:
        return ((first, true),)
    again = first + timedelta(days=rng.randint(1, max(1, ahead - 1)))
    if again < true and thoughts[0][1] != true and chance(rng, 0.8):
        thoughts.append((again, true))
    return tuple(thoughts)


def _given_up(rng: Random, spell: Spell, following: Spell | None) -> list[Foresight]:
    """A search for a home that came to nothing while the client stayed where they were."""
    if spell.end is None or (following is not None and following.situation == "own-home"):
        return []
    length = (spell.end - spell.begin).days
    if length < 30 or (following is not None and following.form == "inside") or not chance(rng, 0.22):
        return []
    first = spell.begin + timedelta(days=rng.randint(3, length - 20))
    withdrawn = first + timedelta(days=rng.randint(5, (spell.end - first).days - 5))
    day = first + timedelta(days=rng.randint(10, 60)) if chance(rng, 0.7) else None
    return [Foresight("own-home", ((first, day),), withdrawn=withdrawn, guided=True)]


def _standing(rng: Random, spell: Spell, end: date) -> list[Foresight]:
    """Where the story ends, some clients are about to move."""
    if spell.end is not None or (end - spell.begin).days < 3 or not chance(rng, 0.35):
        return []
    first = end - timedelta(days=rng.randint(1, min(60, (end - spell.begin).days)))
    situation = "own-home" if spell.situation == "long-stay" or chance(rng, 0.5) else "long-stay"
    thought = ((first, end + timedelta(days=rng.randint(5, 60))),)
    return [Foresight(situation, thought, guided=situation == "own-home")]


def closings(rng: Random, spells: tuple[Spell, ...], died: bool, end: date) -> list[Closing]:
    """Deaths, clients who no longer want this (some come back on it), and files closed long after a home was found or kept."""
    if died:
        return [Closing(spells[-1].begin, "deceased")]
    found: list[Closing] = []
    last = spells[-1]
    if chance(rng, 0.015):
        # After the last move: one dialect cannot tell of it, and a move while the file is closed would be no transition.
        day = last.begin + timedelta(days=rng.randint(10, 200))
        until = day + timedelta(days=rng.randint(30, 150)) if chance(rng, 0.4) else None
        if day < end:
            found.append(Closing(day, "opted-out", until))
    elif last.situation in ("own-home", "kept-home") and last.guidance is None and chance(rng, 0.5):
        day = last.begin + timedelta(days=rng.randint(120, 300))
        if day < end:
            found.append(Closing(day, "closed"))
    return found
