"""What becomes known about a client: trust, network, language, guidance, and how far a conference has come."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from cti.sample.draws import chance, pick
from cti.sample.truth import Fact, Spell

NETWORK = {"small": 36, "damaged": 24, "good": 32, "none": 8}
ASKED_BY = {"client": 50, "worker": 35, "network": 15}


def facts(rng: Random, spells: tuple[Spell, ...], end: date) -> list[Fact]:
    """Facts in order of their day, none on or after `end`."""
    first = spells[0].begin
    found: list[Fact] = []
    for name, share in (
        ("language-need", 0.13),
        ("complex", 0.16),
        ("care-avoiding", 0.08),
        ("overasked", 0.06),
    ):
        if chance(rng, share):
            found.append(Fact(name, True, _after(rng, first, 0, 10)))
    if chance(rng, 0.07):
        found.append(Fact("safety", pick(rng, {"concern": 60, "clear": 40}), _after(rng, first, 2, 30)))
    if chance(rng, 0.7):
        found.append(Fact("trust", "growing", _after(rng, first, 3, 20)))
        if chance(rng, 0.6):
            found.append(Fact("trust", "yes", _after(rng, first, 30, 100)))
    if chance(rng, 0.2):
        found.append(Fact("trusted-contact", True, _after(rng, first, 3, 60)))
    for spell in spells:
        found.extend(_of_spell(rng, spell))
    return sorted((fact for fact in found if fact.day < end), key=lambda fact: (fact.day, fact.name))


def _of_spell(rng: Random, spell: Spell) -> list[Fact]:
    found: list[Fact] = []
    if spell.situation == "own-home":
        found.append(Fact("guidance", spell.guidance is not None, spell.begin))
    if spell.form != "stay":
        return found
    if spell.situation in ("crisis-shelter", "long-stay") and _lasts(spell, 20):
        if chance(rng, 0.45):
            day = _after(rng, spell.begin, 5, 19)
            found.append(Fact("network-mapped", day, day))
            found.append(Fact("network", pick(rng, NETWORK), day))
        if chance(rng, 0.5):
            found.append(Fact("basics", True, _after(rng, spell.begin, 2, 12)))
    if spell.situation in ("at-risk", "crisis-shelter", "long-stay") and chance(rng, 0.22):
        found.extend(_conference(rng, spell))
    return found


def _conference(rng: Random, spell: Spell) -> list[Fact]:
    """A conference as far as the client wants it: each stage waits for the one before."""
    asked = _after(rng, spell.begin, 4, 30)
    if not chance(rng, 0.6):
        return [Fact("conference", "declined", asked)]
    found = [
        Fact("conference", "agreed", asked),
        Fact("plan", "asked", asked),
        Fact("requested-by", pick(rng, ASKED_BY), asked),
    ]
    if not chance(rng, 0.7):
        return found
    planned = _after(rng, asked, 7, 30)
    held = _after(rng, planned, 10, 40)
    found.append(Fact("conference-date", held, planned))
    if chance(rng, 0.8):
        found.append(Fact("conference", "held", held))
        found.append(Fact("plan", "running", held))
        found.append(Fact("review-date", _after(rng, held, 40, 120), held))
    else:
        found.append(Fact("conference", "cancelled", held))
        found.append(Fact("plan", "none", held))
    return found


def _lasts(spell: Spell, days: int) -> bool:
    return spell.end is None or (spell.end - spell.begin).days >= days


def _after(rng: Random, day: date, least: int, most: int) -> date:
    return day + timedelta(days=rng.randint(least, most))
