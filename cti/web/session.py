"""The signed cookies: who has come in, the sign that our own forms bear, and what was just done.

Nothing in them is secret and none of it can be changed without the key, which is made once and kept in the database, so that all
replicas have the same and a restart logs nobody out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cti.core.people import Person, Staff
from cti.store import meta
from cti.store.bulk import insert_new
from cti.store.codec import dumps
from cti.store.database import Database
from cti.store.tables import meta as meta_table

KEY = "web-key"
"""Where the database keeps the key."""

ROUND = "sessions:"
"""Before a person's id: where the database keeps how often they ended all their sessions."""

_SESSION, _SAID, _LANGUAGE = "cti", "cti_said", "cti_lang"
_YEAR = 365 * 24 * 3600
SOON = 120
"""Seconds within which the next page says what was done; later it would surprise."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser. `person` None: it has not logged in. `sign` is what our forms carry, so that no other site can send them.

    `round` counts how often the person ended all their sessions before it began: those of earlier rounds are over.
    """

    sign: str
    person: str | None = None
    role: str | None = None
    began: int = 0
    round: int = 0

    @classmethod
    def new(cls, person: Person | None = None, now: datetime | None = None, round: int = 0) -> Session:
        """A session with a sign of its own, of this person from `now` on, or of nobody."""
        sign = secrets.token_urlsafe(18)
        if person is None or now is None:
            return cls(sign)
        return cls(sign, person.id, person.role, int(now.timestamp()), round)

    def whose(self, staff: Staff, now: datetime, hours: int) -> Person | None:
        """Who it is; None where nobody logged in, it lasted its hours, or that person left or has another role now."""
        person = staff.people.get(self.person) if self.person is not None else None
        age = timedelta(seconds=now.timestamp() - self.began)
        if (
            person is None
            or person.role != self.role
            or not timedelta(minutes=-5) <= age <= timedelta(hours=hours)
        ):
            return None
        return person


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says once about what was just done: an English text of ours and what fills it (never anything of a client).

    `tone` is "done", "note" (nothing changed, or not what was expected) or "wrong".
    """

    text: str
    params: Mapping[str, str] = field(default_factory=dict)
    tone: str = "done"
    undo: str = ""
    """The address that takes it back, where one does."""


class Cookies:
    """Reads and writes them. `secure`: they go over https only."""

    def __init__(self, key: bytes, secure: bool) -> None:
        self.key = key
        self.secure = secure
        # The prefix makes browsers refuse one that another host of the same domain has set.
        self._prefix = "__Host-" if secure else ""

    def session(self, request: Request) -> Session | None:
        """The browser's session, whatever it may still be worth."""
        found = self._read(request, _SESSION)
        try:
            return (
                Session(
                    str(found["s"]),
                    found.get("p"),
                    found.get("r"),
                    int(found.get("t", 0)),
                    int(found.get("n", 0)),
                )
                if found
                else None
            )
        except (KeyError, TypeError, ValueError):
            return None

    def begin(self, response: Response, session: Session) -> None:
        """Sends the session along; it ends with the browser, or earlier by its hours."""
        value = {"s": session.sign, "p": session.person, "r": session.role, "t": session.began}
        self._write(response, _SESSION, value | {"n": session.round})

    def said(self, request: Request) -> Said | None:
        """What is to be said once on the next page."""
        found = self._read(request, _SAID)
        try:
            return Said(found["t"], found["p"], found["n"], found["u"]) if found else None
        except (KeyError, TypeError):
            return None

    def say(self, response: Response, said: Said) -> None:
        """Has the next page say it."""
        value = {"t": said.text, "p": dict(said.params), "n": said.tone, "u": said.undo}
        self._write(response, _SAID, value, SOON)

    def was_said(self, response: Response) -> None:
        """It was shown."""
        self._delete(response, _SAID)

    def keep(self, response: Response, name: str, value: object, seconds: int) -> None:
        """Keeps a value in this browser for a while, signed."""
        self._write(response, f"{_SESSION}_{name}", value, seconds)

    def kept(self, request: Request, name: str) -> dict[str, Any] | None:
        """What was kept under this name."""
        return self._read(request, f"{_SESSION}_{name}")

    def drop(self, response: Response, name: str) -> None:
        """Keeps it no longer."""
        self._delete(response, f"{_SESSION}_{name}")

    def language(self, request: Request) -> str | None:
        """The language that was chosen in this browser."""
        return request.cookies.get(self._prefix + _LANGUAGE)

    def speak(self, response: Response, language: str) -> None:
        """Remembers the language in this browser."""
        response.set_cookie(
            self._prefix + _LANGUAGE,
            language,
            _YEAR,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def _delete(self, response: Response, name: str) -> None:
        response.delete_cookie(
            self._prefix + name, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def _read(self, request: Request, name: str) -> dict[str, Any] | None:
        try:
            found = self._signer(name).loads(request.cookies.get(self._prefix + name, ""))
        except BadSignature:
            return None
        return found if isinstance(found, dict) else None

    def _write(self, response: Response, name: str, value: object, seconds: int | None = None) -> None:
        signed = self._signer(name).dumps(value)
        text = str(signed)
        response.set_cookie(
            self._prefix + name, text, seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def _signer(self, name: str) -> URLSafeSerializer:
        options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        return URLSafeSerializer(self.key, salt=name, signer_kwargs=options)


def round_of(tx: Connection, person: str) -> int:
    """How often this person ended all their sessions."""
    return int(meta.get(tx, ROUND + person) or 0)


def end_all(tx: Connection, person: str) -> None:
    """Ends all sessions of this person, in whatever browser."""
    meta.put(tx, ROUND + person, round_of(tx, person) + 1)


def keyed(key: bytes, *parts: str) -> bytes:
    """A hash that tells nothing without the key: how links, addresses and places are noted."""
    return hmac.new(key, dumps(parts).encode(), hashlib.sha256).digest()


def key_of(database: Database) -> bytes:
    """The key of all signatures; made where there is none. Of several processes at once, all get the same."""
    with database.read() as tx:
        found = meta.get(tx, KEY)
    if found is None:
        with database.write() as tx:
            insert_new(tx, meta_table, [{"key": KEY, "value": dumps(secrets.token_hex(32))}])
            found = meta.get(tx, KEY)
    return bytes.fromhex(found)
