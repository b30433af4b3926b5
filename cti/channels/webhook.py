"""A webhook: an event posted to an address and signed as Standard Webhooks has it.

The body is sent to the byte as it was made, and the id with it stays the same over all tries, so that whoever is told something
twice can see that it is the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2
from standardwebhooks import Webhook

from cti.trust import trusted

PATIENCE = 20
"""Seconds that an address has for all of one event, however slowly it answers."""

OF_THE_EVENT = frozenset((400, 409, 413, 415, 422))
"""Answers that are about this event; any other that is no success is about the address."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to post, and what to sign with."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """It was taken."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The address answers, and does not take this event."""

    error: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """The address does not answer, or not as a webhook's does."""

    error: str


Outcome = Arrived | Refused | Unheard
Post = Callable[[Address, str, str, datetime], Outcome]
"""Posts an event: where, its id, its body, and when."""


def post(address: Address, id: str, body: str, now: datetime, patience: float = PATIENCE) -> Outcome:
    """Posts an event once. What went wrong is a status or the name of an error, never the address, which may hold a secret."""
    headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(address.secret).sign(id, now.astimezone(UTC), body),
    }
    try:
        status = asyncio.run(_post(address.url, headers, body.encode(), patience))
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
        return Unheard(type(error).__name__)
    if 200 <= status < 300:
        return Arrived()
    return Refused(str(status)) if status in OF_THE_EVENT else Unheard(str(status))


async def _post(url: str, headers: dict[str, str], body: bytes, patience: float) -> int:
    """The status of the answer. What else it says is not read, and no address but ours is asked: it could be anyone's."""
    async with (
        asyncio.timeout(patience),
        httpx2.AsyncClient(
            timeout=patience, follow_redirects=False, trust_env=False, verify=trusted()
        ) as client,
        client.stream("POST", url, content=body, headers=headers) as answer,
    ):
        return answer.status_code
