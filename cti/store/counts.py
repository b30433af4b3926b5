"""What became of the prompts of a month, counted: by who was told, never by client or rule."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select, union_all

from cti.core.messages import Counts
from cti.core.prompts import WANTED
from cti.store.bulk import among
from cti.store.outbox import FAILED
from cti.store.prompts import MADE, UNSENT
from cti.store.tables import client, fixed, message, message_item, prompt

ARRIVED = (
    select(message_item.c.prompt_id)
    .join(message, message.c.id == message_item.c.message)
    .where(message_item.c.prompt_id == prompt.c.id, message.c.state != FAILED)
    .exists()
)
"""A message about the prompt went out, or is on its way."""


_REFUSED = (
    select(message_item.c.prompt_id)
    .join(message, message.c.id == message_item.c.message)
    .where(message.c.state == fixed(FAILED))
)

AT_A_LOSS = prompt.c.id.in_(
    union_all(select(prompt.c.id).where(prompt.c.unroutable).correlate(None), _REFUSED)
)
"""There is nobody to receive it, or a mail about it was refused for good. (By two lists that are short: not row by row.)"""

LOST = and_(AT_A_LOSS, not_(ARRIVED))
"""Of an unsent prompt: that it reaches nobody."""


def told_to(
    tx: Connection, people: Collection[str], inboxes: Collection[str], first: date, last: date, now: datetime
) -> Counts:
    """What these people (ids) and inboxes (addresses) together were told for the first time from `first` to `last`, both days
    included, and how it stands at `now`.

    A prompt counts as told when its message is made, unless that was refused for good.
    """
    inbox = and_(message.c.person.is_(None), among(tx, message.c.address, inboxes))
    theirs = or_(among(tx, message.c.person, people), inbox)
    unanswered = and_(prompt.c.answer.is_(None), prompt.c.standing == WANTED)
    over = prompt.c.until <= now
    going = or_(prompt.c.until.is_(None), prompt.c.until > now)

    def those(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(*conditions)

    asked = (
        select(
            func.count(),
            those(prompt.c.answer.is_not(None)),
            those(unanswered, going),
            those(unanswered, over),
        )
        .select_from(message)
        .join(message_item, message_item.c.message == message.c.id)
        .join(prompt, prompt.c.id == message_item.c.prompt_id)
        .where(message.c.day.between(first, last), message.c.state != FAILED)
        .where(message_item.c.kind == "prompt", theirs)
    )
    told, answered, waiting, passed = tx.execute(asked).one()
    return Counts(told, answered, waiting, passed)


def reached_nobody(tx: Connection, begin: datetime, end: datetime, now: datetime) -> dict[str, int]:
    """How many prompts, due from `begin` until `end` and wanted still, reached nobody; by their client's reference. Those whose
    time passed before a message was made are among them: no other mail tells of these."""
    untold = or_(LOST, and_(prompt.c.until <= now, not_(MADE)))
    asked = (
        select(client.c.ref, func.count())
        .select_from(prompt)
        .join(client, client.c.id == prompt.c.client_id)
        .where(prompt.c.standing == WANTED, UNSENT, prompt.c.due >= begin, prompt.c.due < end)
        .where(untold)
        .group_by(client.c.ref)
    )
    return {row[0]: row[1] for row in tx.execute(asked)}
