"""Single sign-on: OpenID Connect's code flow with PKCE (`cti.web.provider`). It ends in the work address that the provider
vouches for.

What is begun in a browser is kept in a signed cookie of that browser until it comes back; nothing is stored here.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

BACK = "/login/oidc/back"
"""Where the provider sends the browser back to: what it must know as our redirect address."""
LASTS = timedelta(minutes=10)
"""How long someone may take at the provider."""

Why = Literal["down", "wrong", "over", "denied", "factor", "unverified"]
"""Why nobody comes in: the provider does not answer; it or our setting is wrong; it took too long, or was begun elsewhere; the
provider or the person said no; a second factor is wanted; the address is not vouched for."""


class NotIn(Exception):
    """Single sign-on ended without an address. `detail` is for the log: a word of ours or the name of an error."""

    def __init__(self, why: Why, detail: str) -> None:
        super().__init__(why, detail)
        self.why, self.detail = why, detail


@dataclass(frozen=True, slots=True)
class Begun:
    """What a browser has begun: `state` and `nonce` tie the answer to it, `verifier` the code. `then`: where it goes on to."""

    state: str
    nonce: str
    verifier: str = field(repr=False)
    then: str
    at: int

    @classmethod
    def new(cls, then: str, now: datetime) -> Begun:
        """Something begun now, which nobody can guess."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, then, int(now.timestamp()))
