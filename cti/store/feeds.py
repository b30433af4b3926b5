"""The private calendars of people: their addresses, and what stands in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, select

from cti.store.bulk import among, pieces, upsert
from cti.store.tables import feed, feed_item


@dataclass(frozen=True, slots=True)
class Item:
    """A prompt (our number) in a calendar. `standing`: it is "open"; "cancelled", and kept a while to say so; or "answered", and
    kept a while, unseen, so that its numbers go on where it is asked again."""

    prompt: int
    day: date
    standing: str
    sequence: int
    changed_at: datetime


def nonce_of(tx: Connection, person: str) -> str | None:
    """What the address of this person's calendar is made from; None where they have none."""
    return tx.scalar(select(feed.c.nonce).where(feed.c.person == person))


def person_of(tx: Connection, found_by: bytes) -> str | None:
    """Whose calendar has the address with this hash."""
    return tx.scalar(select(feed.c.person).where(feed.c.found_by == found_by))


def people(tx: Connection) -> list[str]:
    """Who has a calendar."""
    return list(tx.scalars(select(feed.c.person).order_by(feed.c.person)))


def give(tx: Connection, person: str, nonce: str, found_by: bytes, now: datetime) -> None:
    """Gives a person a calendar with a new address, which ends the earlier one."""
    upsert(tx, feed, [{"person": person, "nonce": nonce, "found_by": found_by, "made_at": now}])


def end(tx: Connection, person: str) -> bool:
    """Ends a person's calendar. False where there was none."""
    tx.execute(delete(feed_item).where(feed_item.c.person == person))
    return tx.execute(delete(feed).where(feed.c.person == person)).rowcount == 1


def items(tx: Connection, person: str) -> list[Item]:
    """What stands in the calendar, by prompt."""
    columns = (
        feed_item.c.prompt_id,
        feed_item.c.day,
        feed_item.c.standing,
        feed_item.c.sequence,
        feed_item.c.changed_at,
    )
    asked = select(*columns).where(feed_item.c.person == person).order_by(feed_item.c.prompt_id)
    return [Item(*row) for row in tx.execute(asked)]


def put(tx: Connection, person: str, changed: Iterable[Item], gone: Sequence[int]) -> None:
    """Writes what changed in the calendar, and takes out what is gone."""
    rows = [
        {
            "person": person,
            "prompt_id": one.prompt,
            "day": one.day,
            "standing": one.standing,
            "sequence": one.sequence,
            "changed_at": one.changed_at,
        }
        for one in changed
    ]
    upsert(tx, feed_item, rows)
    for piece in pieces(gone):
        of_these = among(tx, feed_item.c.prompt_id, piece)
        tx.execute(delete(feed_item).where(feed_item.c.person == person, of_these))


def forget(tx: Connection, but: Collection[str]) -> None:
    """Ends the calendars of whoever does not work here any more."""
    for person in set(people(tx)) - set(but):
        end(tx, person)


def erase_prompts(tx: Connection, prompts: Collection[int]) -> None:
    """Takes prompts that are erased out of all calendars."""
    for piece in pieces(prompts):
        tx.execute(delete(feed_item).where(among(tx, feed_item.c.prompt_id, piece)))
