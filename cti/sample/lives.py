"""Where a client stands, day after day: a chain of situations with true days.

The shares follow what is measured on public sample exports (domain book, section 5): half of the threats that end in a home end
with the home kept, of the stays in crisis shelter half are over after a fortnight and one in eight lasts two months, one exit
in six leads nobody knows where.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from cti.sample.draws import Quantiles, chance, days, pick
from cti.sample.truth import Form, Guidance, Spell

GAP = 14
"""An absence of at most so many days between two stays in one situation is no departure."""

STAYS = "stays"
"""The client remains where they are, as far as this story goes."""

FIRST = {"at-risk": 47, "crisis-shelter": 31, "street": 22}

NEXT: dict[str, dict[str, float]] = {
    "at-risk": {
        "kept-home": 45, "crisis-shelter": 27, "unknown": 7, "with-others": 10, "own-home": 6, "street": 3, "institution": 2,
    },
    "street": {
        "crisis-shelter": 60, "unknown": 15, "with-others": 13, "own-home": 5, "long-stay": 5, "institution": 2,
    },
    "crisis-shelter": {
        "long-stay": 37, "own-home": 24, "unknown": 12, "with-others": 17, "street": 6, "institution": 4,
    },
    "long-stay": {
        "own-home": 62, "unknown": 12, "with-others": 10, "crisis-shelter": 8, "institution": 5, "street": 3,
    },
    "own-home": {STAYS: 74, "at-risk": 16, "crisis-shelter": 10},
    "kept-home": {STAYS: 66, "at-risk": 27, "crisis-shelter": 7},
    "with-others": {STAYS: 50, "crisis-shelter": 38, "at-risk": 6, "long-stay": 6},
    "institution": {STAYS: 38, "crisis-shelter": 36, "long-stay": 26},
    "unknown": {STAYS: 52, "crisis-shelter": 28, "street": 16, "long-stay": 4},
}  # fmt: skip

DURATION: dict[str, Quantiles] = {
    "at-risk": ((0, 5), (0.5, 48), (0.9, 130), (1, 240)),
    "street": ((0, 2), (0.5, 40), (0.9, 160), (1, 300)),
    "crisis-shelter": ((0, 1), (0.17, 7), (0.32, 14), (0.43, 21), (0.63, 35), (0.84, 60), (0.95, 120), (1, 220)),
    "long-stay": ((0, 20), (0.5, 130), (0.9, 290), (1, 420)),
    "own-home": ((0, 40), (0.5, 210), (1, 600)),
    "kept-home": ((0, 30), (0.5, 160), (1, 500)),
    "with-others": ((0, 3), (0.5, 60), (1, 280)),
    "institution": ((0, 3), (0.5, 35), (1, 150)),
    "unknown": ((0, 1), (0.4, 30), (1, 260)),
}  # fmt: skip

ELSEWHERE = {"crisis-shelter": 0.07, "long-stay": 0.22, "street": 0.35, "own-home": 0.42}
"""How often a situation is known only as the destination of the stay before: another organisation's place, or an own home
without our guidance. Situations that are in neither this table nor `OURS` are never anything else."""

OURS = frozenset({"at-risk", "street", "crisis-shelter", "long-stay", "own-home"})

DEATHS = 0.008

SEARCH: Quantiles = ((0, 0), (0.12, 0), (0.2, 3), (0.5, 21), (0.8, 55), (1, 110))
GUIDED: Quantiles = ((0, 60), (0.5, 190), (1, 420))


@dataclass(frozen=True, slots=True)
class Life:
    """The spells of one client in order; `died` says that the client died on the day on which the last one begins."""

    spells: tuple[Spell, ...]
    died: bool = False


def live(rng: Random, start: date, end: date) -> Life:
    """One client's life, beginning on a day from `start` until `end` (exclusive); the last spell has no end."""
    spells: list[Spell] = []
    day = start + timedelta(days=rng.randrange((end - start).days))
    situation, form = pick(rng, FIRST), "stay"
    while True:
        last = day + timedelta(days=_length(rng, situation, form))
        spell, following = _spell(rng, spells, situation, form, day, last, end)
        spells.extend(_with_time_out(rng, spell))
        if following == STAYS or last >= end:
            return Life(_cut(spells, end))
        if _ends_as_stay(spells[-1]) and chance(rng, DEATHS):
            return Life((*spells, Spell("unknown", last, None, "destination")), died=True)
        form = _form(rng, following, _ends_as_stay(spells[-1]))
        situation, day = following, last


def _length(rng: Random, situation: str, form: str) -> int:
    length = max(1, days(rng, DURATION[situation]))
    # What follows may be what came before; within the gap that would be one spell, and this one a mere absence.
    return max(length, GAP + 1) if form == "destination" else length


def _spell(
    rng: Random, spells: list[Spell], situation: str, form: str, day: date, last: date, end: date
) -> tuple[Spell, str]:
    following = pick(rng, NEXT[situation])
    spell = Spell(situation, day, last, "stay" if form == "stay" else "destination")
    if situation == "own-home" and form == "stay":
        spell = replace(spell, guidance=_guidance(rng, spells, day, last, following, end))
    elif form == "destination" and following not in OURS:
        following = STAYS  # without a stay there is no exit that could say where the client went
    return spell, following


def _guidance(rng: Random, spells: list[Spell], day: date, last: date, following: str, end: date) -> Guidance:
    earliest = spells[-1].begin if spells else day
    foreseen = max(earliest, day - timedelta(days=days(rng, SEARCH)))
    begin = day
    if spells and _ends_as_stay(spells[-1]) and chance(rng, 0.18):
        begin = day + timedelta(days=rng.randint(1, 10))
    over = begin + timedelta(days=days(rng, GUIDED))
    if following == "at-risk":
        # A new threat while guidance lasts would be its own story; here the guidance is over by then.
        over = min(over, last - timedelta(days=rng.randint(5, 25)))
    if following != STAYS:
        over = min(over, last)
    over = max(over, begin + timedelta(days=1))
    return Guidance(foreseen, begin, over if over < end else None)


def _with_time_out(rng: Random, spell: Spell) -> list[Spell]:
    """Sometimes a client of a long-stay place spends a few nights in the crisis shelter, and the place is kept."""
    if spell.situation != "long-stay" or spell.form != "stay" or spell.end is None:
        return [spell]
    length = (spell.end - spell.begin).days
    if length < 60 or not chance(rng, 0.13):
        return [spell]
    out = spell.begin + timedelta(days=rng.randint(15, length - 35))
    back = out + timedelta(days=rng.randint(2, 18))
    return [
        replace(spell, end=out),
        Spell("crisis-shelter", out, back, "inside"),
        Spell(spell.situation, back, spell.end, "return"),
    ]


def _ends_as_stay(spell: Spell) -> bool:
    """Whether a stay is registered up to the end of the spell, so that its exit can say where the client went."""
    if spell.guidance is not None:
        return spell.guidance.end is not None and spell.guidance.end == spell.end
    return spell.form != "destination"


def _form(rng: Random, situation: str, after_stay: bool) -> Form:
    if situation not in OURS:
        return "destination"
    if after_stay and chance(rng, ELSEWHERE.get(situation, 0.0)):
        return "destination"
    return "stay"


def _cut(spells: list[Spell], end: date) -> tuple[Spell, ...]:
    """The story ends on `end`: what would begin later is not told, and what lasts has no end."""
    told = [spell for spell in spells if spell.begin < end]
    guidance = told[-1].guidance
    if guidance is not None and guidance.end is not None and guidance.end >= end:
        guidance = replace(guidance, end=None)
    return (*told[:-1], replace(told[-1], end=None, guidance=guidance))
