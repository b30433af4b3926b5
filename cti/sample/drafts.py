"""Records before they have an id, and what goes wrong with whole records: typed anew, typed at another client, merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from cti.sample.draws import chance
from cti.sample.records import Content, Record, Version
from cti.sample.typing_in import later

RETYPED = 0.045
WRONG_CLIENT = 0.015
DUPLICATES = 0.03


@dataclass(slots=True)
class Draft:
    """A record to be. `about` is the day that it is about.

    `file` names the client file that it shares with another record; such a record keeps its id and its client, and so does a
    `fixed` one.
    """

    client: str
    versions: list[Version]
    about: date
    file: str | None = None
    fixed: bool = False


def draft(
    client: str,
    said: Iterable[tuple[datetime, Content | None]],
    about: date,
    file: str | None = None,
    fixed: bool = False,
) -> Draft:
    """A record that is this client's from beginning to end."""
    return Draft(client, [Version(at, client, content) for at, content in said], about, file, fixed)


def retype(rng: Random, one: Draft, others: Sequence[str]) -> Iterator[Draft]:
    """The record as it is; or deleted and typed in again under a new id; or first typed in at one of the `others`."""
    share = rng.random()
    if one.fixed or one.file is not None or share > RETYPED + WRONG_CLIENT:
        yield one
        return
    first = one.versions[0]
    deleted = later(rng, first.recorded, one.about, 15)
    again = deleted + timedelta(minutes=rng.randint(1, 30))
    before = [version for version in one.versions if version.recorded < deleted]
    if share > RETYPED:
        client = rng.choice(others)
        before = [Version(first.recorded, client, first.content)]
    yield Draft(one.client, [*before, Version(deleted, before[0].client, None)], one.about)
    said = [version for version in one.versions if version.recorded <= again][-1].content
    if said is not None:
        rest = [version for version in one.versions if version.recorded > again]
        yield Draft(one.client, [Version(again, one.client, said), *rest], one.about)


def merge_duplicates(rng: Random, own: Sequence[Draft], duplicate: str) -> bool:
    """Sometimes a client was registered once more, as `duplicate`, for some weeks; then those records move over.

    Whether it was so here.
    """
    if not chance(rng, DUPLICATES):
        return False
    merged = later(rng, rng.choice(own).versions[0].recorded, own[0].about + timedelta(days=9999), 50)
    moved = [
        one
        for one in own
        if one.file is None
        and timedelta(0) < merged - one.versions[0].recorded <= timedelta(days=50)
        and merged.date() - one.about <= timedelta(days=80)
        and one.versions[0].client == one.client
    ]
    for one in moved:
        before = [v for v in one.versions if v.recorded < merged]
        after = [v for v in one.versions if v.recorded >= merged]
        said = before[-1].content
        there = [Version(v.recorded, duplicate, v.content) for v in before]
        if said is not None:
            there.append(Version(merged, one.client, said))
        one.versions[:] = [*there, *(v for v in after if v.recorded > merged)]
    return bool(moved)


def number(drafts: Iterable[Draft]) -> tuple[Record, ...]:
    """Gives ids in the order of the first typing; records of one file are known by the id of the one that is typed in last."""
    ordered = sorted(drafts, key=lambda one: (one.versions[0].recorded, one.client))
    names = [f"r{n:07d}" for n in range(1, len(ordered) + 1)]
    files = {
        (one.client, one.file): name for one, name in zip(ordered, names, strict=True) if one.file is not None
    }
    return tuple(
        Record(name, tuple(one.versions), name if one.file is None else files[one.client, one.file])
        for one, name in zip(ordered, names, strict=True)
    )
