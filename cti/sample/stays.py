"""From true spells to the stays that an organisation registers: one spell may be several stays, and stays overlap.

What is registered in the end is right, day for day; but a spell in the shelter is often two or three registrations with a few
days between them, an old file stays open when the client has long moved on, and now and then somebody is registered for
zero days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from cti.sample.draws import chance
from cti.sample.lives import GAP
from cti.sample.truth import Client, Spell

PIECES = {"crisis-shelter": 0.34, "long-stay": 0.12, "street": 0.16, "at-risk": 0.11}
"""How often a spell of some length is registered in pieces; most often in the shelter, as in the public exports."""

LATE_END = 0.3
LINGERS = 0.45
ZERO_DAYS = 0.07
OUTREACH = 0.03


@dataclass(slots=True)
class Planned:
    """A stay as it stands in the registration in the end.

    `spell` is the number of the true spell that it belongs to, `horizon` the day on which the story ends. `guided` marks
    guidance at home, `died` an end by death. A stay `beside` another one begins on the same day, and is typed in just before it.
    """

    spell: int
    situation: str
    begin: date
    end: date | None
    horizon: date
    destination: str | None = None
    guided: bool = False
    died: bool = False
    beside: bool = False

    @property
    def days(self) -> int:
        """Its length, as far as the story tells."""
        return self.left(self.begin)

    def left(self, day: date) -> int:
        """How many days it lasts from that day on."""
        return ((self.end or self.horizon) - day).days


def plan_stays(rng: Random, client: Client, horizon: date) -> list[Planned]:
    """The stays of one client, in the order of their begin; nothing is planned on or after the horizon."""
    died = any(closing.reason == "deceased" for closing in client.closings)
    whole = _whole(rng, client.spells, died, horizon)
    withdrawn = [plan.withdrawn for plan in client.foresights if plan.withdrawn is not None]
    pieces = [_pieces(rng, client.spells, stay, withdrawn) for stay in whole]
    _end_late(rng, client.spells, pieces)
    stays = [stay for group in pieces for stay in group]
    aside = [*_zero_days(rng, stays), *_outreach(rng, stays)]
    return sorted((*aside, *stays), key=lambda stay: stay.begin)


def _whole(rng: Random, spells: Sequence[Spell], died: bool, horizon: date) -> list[Planned]:
    """One stay for each spell that has one of its own, with the destination that its exit must say."""
    found: list[Planned] = []
    for index, spell in enumerate(spells):
        if spell.form in ("destination", "return"):
            continue
        last = index
        if index + 2 < len(spells) and spells[index + 2].form == "return":
            last = index + 2  # the place was kept during the time out
        elif index + 1 < len(spells) and spells[index + 1].form == "inside":
            last = index + 1
        over = spells[last]
        following = spells[last + 1] if last + 1 < len(spells) else None
        end = over.end if spell.form == "stay" else spell.end
        stay = Planned(index, spell.situation, spell.begin, end, horizon)
        found.append(stay)
        if spell.form == "inside":
            # The place that was kept is still open, so whatever the exit says, that is where the client returns to.
            stay.destination = rng.choice((None, "long-stay")) if end is not None else None
            continue
        if spell.guidance is not None:
            stay.guided, stay.begin, stay.end = True, spell.guidance.begin, spell.guidance.end
        if stay.end is not None:
            stay.destination = _destination(rng, spell, stay.end, following)
            stay.died = died and following is not None and last + 2 == len(spells)
    return found


def _destination(rng: Random, spell: Spell, end: date, following: Spell | None) -> str | None:
    if spell.end is None or (end < spell.end and spell.guidance is not None):
        return spell.situation  # guidance is over, the home remains
    if following is None or following.situation == "unknown":
        return None
    later = following.guidance is not None and following.guidance.begin > following.begin
    if following.form == "destination" or later:
        return following.situation
    # The next stay begins on the day of the exit, so what the exit says never counts.
    return None if chance(rng, 0.06) else following.situation


def _pieces(rng: Random, spells: Sequence[Spell], stay: Planned, withdrawn: Sequence[date]) -> list[Planned]:
    following = spells[stay.spell + 1] if stay.spell + 1 < len(spells) else None
    alone = spells[stay.spell].form == "stay" and (following is None or following.form != "inside")
    # A plan that was given up ended while the client had a bed; so there is no gap in such a stay.
    given_up = any(stay.begin <= day and (stay.end is None or day <= stay.end) for day in withdrawn)
    if not alone or given_up or stay.days < 6 or not chance(rng, PIECES.get(stay.situation, 0.0)):
        return [stay]
    first, second = _cut(rng, stay)
    if second.days >= 8 and chance(rng, 0.3):
        return [first, *_cut(rng, second)]
    return [first, second]


def _cut(rng: Random, stay: Planned) -> tuple[Planned, Planned]:
    """Two registrations for one stay: after a short absence, or by a transfer from one place to another."""
    length = min(stay.days, 300)
    kind = rng.choices(("absence", "transfer", "elsewhere", "too early"), (64, 14, 10, 12))[0]
    gap = rng.randint(1, min(GAP, length - 3)) if kind in ("absence", "elsewhere") else 0
    out = stay.begin + timedelta(days=rng.randint(1, length - gap - 2))
    back = out + timedelta(days=gap)
    # No exit can say that a threat goes on.
    destination = stay.situation if stay.situation != "at-risk" else None
    if kind == "absence":
        destination = rng.choice((None, "with-others", "with-others"))
    if kind == "too early":
        # The new place was typed in before the old one was ended.
        out += timedelta(days=rng.randint(0, min(6, stay.left(back) - 1)))
    return replace(stay, end=out, destination=destination, died=False), replace(stay, begin=back)


def _end_late(rng: Random, spells: Sequence[Spell], pieces: list[list[Planned]]) -> None:
    """Leaves some files open after the client moved on to a stay of ours, a few until the client moved on once more.

    What such a file says when it is ended is where the client went at the time, and so is out of date by then. It lies under a
    newer stay from its true end on until its registered end, so its end changes nothing.
    """
    ours = [spells[group[0].spell].form == "stay" for group in pieces]
    for index, (group, following) in enumerate(pairwise(pieces)):
        stay, over = group[-1], following[0]
        if (
            not (ours[index] and ours[index + 1])
            or stay.end is None
            or stay.end != over.begin
            or over.days < 2
        ):
            continue
        third = pieces[index + 2][0] if index + 2 < len(pieces) and ours[index + 2] else None
        moved_on = third is not None and len(following) == 1 and over.end == third.begin and third.days > 2
        if third is not None and moved_on and chance(rng, LINGERS):
            stay.end = third.begin + timedelta(days=rng.randint(1, min(40, third.days - 1)))
            stay.destination = over.situation
        elif chance(rng, LATE_END):
            stay.end += timedelta(days=rng.randint(1, min(20, over.days - 1)))


def _zero_days(rng: Random, stays: Sequence[Planned]) -> list[Planned]:
    """Registrations of zero days while the client had another place: a bed that was given and not taken."""
    found: list[Planned] = []
    for stay in stays:
        if stay.days < 10 or stay.died or stay.situation == "crisis-shelter" or not chance(rng, ZERO_DAYS):
            continue
        day = stay.begin + timedelta(days=rng.randint(2, min(stay.days, 120) - 2))
        destination = rng.choice((None, "with-others", "crisis-shelter"))
        found.append(Planned(stay.spell, "crisis-shelter", day, day, stay.horizon, destination))
    return found


def _outreach(rng: Random, stays: Sequence[Planned]) -> list[Planned]:
    """Outreach files opened on the very day of an intake in the shelter, and ended during that stay."""
    found: list[Planned] = []
    for stay in stays:
        if stay.situation == "crisis-shelter" and stay.days > 8 and chance(rng, OUTREACH):
            end = stay.begin + timedelta(days=rng.randint(1, min(stay.days - 1, 25)))
            destination = rng.choice((None, "crisis-shelter"))
            found.append(
                Planned(stay.spell, "street", stay.begin, end, stay.horizon, destination, beside=True)
            )
    return found
