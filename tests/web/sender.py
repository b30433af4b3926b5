"""A registration that pushes: its events, and how it shows who it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook

from cti.sources.http.envelope import BATCH, SINGLE

TOKEN = "0123456789abcdef0123456789abcdef"
SECRET = f"whsec_{'A' * 32}"

SOURCE = f"""
[[sources]]
name = "ecd"
type = "http"
token = "{TOKEN}"

[[sources]]
name = "signing"
type = "http"
secret = "{SECRET}"
"""
"""Two senders in a config: one that shows a token, and one that signs."""

SHOWN = {"authorization": f"Bearer {TOKEN}"}


def event(
    n: int, kind: str = "stay", recorded: str = "2026-03-03T10:15:00+01:00", **data: str
) -> dict[str, Any]:
    """The nth event: by default a stay of client n from 2 March on."""
    if kind == "stay":
        data = {"situation": "crisis-shelter", "begin": "2026-03-02", **data}
    return {
        "specversion": "1.0",
        "type": f"cti.{kind}",
        "source": "/registration",
        "id": str(n),
        "subject": data.pop("client", f"p{n}"),
        "time": recorded,
        "data": {"id": data.pop("ref", f"s{n}"), **data},
    }


def batch(events: list[dict[str, Any]]) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of one request, with the token."""
    return json.dumps(events).encode(), {**SHOWN, "content-type": BATCH}


def signed(body: bytes, at: datetime | None = None, media: str = SINGLE) -> Mapping[str, str]:
    """The headers of a body that was signed at that time, now where it is not said."""
    when = at or datetime.now(UTC)
    return {
        "content-type": media,
        "webhook-id": "push-1",
        "webhook-timestamp": str(int(when.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("push-1", when, body.decode()),
    }


LONG_AGO = timedelta(minutes=6)
"""After this a signature no longer counts."""
