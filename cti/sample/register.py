"""From the truth to the registration: every record of the organisation, with all that went wrong on the way to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random

from cti.sample.drafts import Draft, draft, merge_duplicates, number, retype
from cti.sample.draws import chance, days, stream
from cti.sample.records import Content, Expected, Record, Stay
from cti.sample.stays import Planned, plan_stays
from cti.sample.truth import Assignment, Client, Closing, Fact, Foresight, Truth
from cti.sample.typing_in import ENTRY_LAG, FACT_LAG, moment, versions_of_stay

ARRANGED = 0.12
"""How often a stay in a long-stay place, or guidance at home, is typed in some days before it begins."""

NEW_ID = 0.35
"""How often a move on another day is a new expectation, the old one being deleted."""


def register(truth: Truth) -> tuple[Record, ...]:
    """All records, in the order of their first version; ids rise in that order."""
    clients = [client.id for client in truth.clients]
    drafts: list[Draft] = []
    duplicates = 0
    for client in truth.clients:
        rng = stream(truth.seed, "mistakes", client.id)
        own = [again for one in _drafts(truth, client) for again in retype(rng, one, clients)]
        if merge_duplicates(rng, own, f"c{len(clients) + duplicates + 1:05d}"):
            duplicates += 1
        drafts.extend(own)
    return number(drafts)


def _drafts(truth: Truth, client: Client) -> Iterator[Draft]:
    rng = stream(truth.seed, "typing", client.id)
    yield from _stays(rng, client.id, plan_stays(stream(truth.seed, "stays", client.id), client, truth.end))
    for index, plan in enumerate(client.foresights):
        yield from _foreseen(rng, client.id, plan, index)
    rest: list[Assignment | Fact | Closing] = [*client.assignments, *client.facts, *client.closings]
    for content in rest:
        at = moment(rng, content.day, days(rng, FACT_LAG))
        yield draft(client.id, [(at, content)], content.day)


def _stays(rng: Random, client: str, stays: Iterable[Planned]) -> Iterator[Draft]:
    planned = list(stays)
    beside = {stay.begin: stay for stay in planned if stay.beside}
    for stay in planned:
        if stay.beside:
            continue
        lag = days(rng, ENTRY_LAG)
        if (stay.guided or stay.situation == "long-stay") and chance(rng, ARRANGED):
            lag = -rng.randint(1, 7)
        entered = moment(rng, stay.begin, lag)
        twin = beside.get(stay.begin) if stay.situation == "crisis-shelter" and stay.days else None
        exact = twin is not None or lag < 0
        file = _file(stay.begin) if stay.guided else None
        yield draft(
            client, versions_of_stay(rng, _content(stay), entered, exact), stay.begin, file, twin is not None
        )
        if twin is not None:
            # Of two stays that begin on one day the one with the higher id holds: the intake, typed in last.
            earlier = entered - timedelta(minutes=10)
            said = versions_of_stay(rng, _content(twin), earlier, exact=True)
            yield draft(client, said, twin.begin, fixed=True)


def _content(stay: Planned) -> Stay:
    return Stay(stay.situation, stay.begin, stay.end, stay.destination, stay.died)


def _file(begin: date) -> str:
    return f"guidance from {begin}"


def _foreseen(rng: Random, client: str, plan: Foresight, index: int) -> Iterator[Draft]:
    """What was typed in about a move that was foreseen: a version for each thought, a deletion where it was given up."""
    said: list[tuple[datetime, Content | None]] = []
    for day, expected in plan.thought:
        at = moment(rng, day, 0)
        if said and said[-1][0] >= at:
            at = said[-1][0] + timedelta(minutes=1)
        said.append((at, Expected(plan.situation, expected)))
    if plan.withdrawn is not None:
        said.append((moment(rng, plan.withdrawn, 0), None))
    first = plan.thought[0][0]
    if plan.guided:
        file = _file(plan.came) if plan.came is not None else f"plan {index}"
        yield draft(client, said, first, file)
    elif len(said) > 1 and said[-1][1] is not None and chance(rng, NEW_ID):
        yield draft(client, [said[0], (said[1][0], None)], first)
        yield draft(client, [(said[1][0] + timedelta(minutes=2), said[1][1])], said[1][0].date())
    else:
        yield draft(client, said, first)
