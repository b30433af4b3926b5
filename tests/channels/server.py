"""A real mail server on loopback, and how it may misbehave."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "cti", "correct horse"

Reply = Callable[["Server", Envelope], "str | Awaitable[str] | None"]
"""What the server says to RCPT or to a whole message; None: the usual."""


@dataclass
class Server:
    """What it received, and what it says. `drop` may be "mid-message", "after-data" or "at-mail"."""

    at_rcpt: Reply | None = None
    at_data: Reply | None = None
    at_mail: str | None = None
    drop: str | None = None
    drops: int = 1_000_000
    utf8: bool = True
    per_connection: int | None = None
    letters: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    most_open: int = 0
    refuse_beyond: int | None = None

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_mail:
            return self.at_mail
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        said = self.at_rcpt(self, envelope) if self.at_rcpt else None
        if said is not None:
            envelope.rcpt_tos.remove(address)
            return said if isinstance(said, str) else await said
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = self.at_data(self, envelope) if self.at_data else None
        said = said if said is None or isinstance(said, str) else await said
        if said is not None and not said.startswith("2"):
            return said
        self.letters.append(bytes(envelope.original_content or b""))
        self.envelopes.append((str(envelope.mail_from), str(envelope.rcpt_tos[0])))
        if self.drop == "after-data" and self.drops > 0:
            self.drops -= 1
            _hang_up(server)
            await asyncio.sleep(0.05)
        return said or "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: Any
    ) -> AuthResult:
        ok = isinstance(auth_data, LoginPassword) and (auth_data.login, auth_data.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        self.logins.append(mechanism)
        return AuthResult(success=ok, handled=ok)


class _Line(SMTP):
    """A connection of the server that can hang up at the moments that hurt."""

    house: Server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.house.connections += 1
        self.house.open_now += 1
        self.house.most_open = max(self.house.most_open, self.house.open_now)
        self.count = 0
        super().connection_made(transport)
        if self.house.refuse_beyond is not None and self.house.open_now > self.house.refuse_beyond:
            _hang_up(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.house.open_now -= 1
        super().connection_lost(error)

    async def smtp_EHLO(self, hostname: str) -> None:
        self.house.greeted.append(hostname)
        await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:
        self.count += 1
        too_many = self.house.per_connection is not None and self.count > self.house.per_connection
        if too_many or (self.house.drop == "at-mail" and self.house.drops > 0):
            self.house.drops -= self.house.drop == "at-mail"
            await self.push("421 4.7.0 Too many messages on this connection")
            _hang_up(self, kindly=True)
            return
        await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg: str | None) -> None:
        if self.house.drop == "mid-message" and self.house.drops > 0:
            self.house.drops -= 1
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._reader.readline()
            _hang_up(self)
            return
        await super().smtp_DATA(arg)


@contextmanager
def serving(
    house: Server,
    *,
    port: int = 0,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    login: bool = False,
) -> Iterator[int]:
    """Runs the server in a thread of its own and gives its port."""
    more: dict[str, Any] = {"enable_SMTPUTF8": house.utf8, "timeout": 30, "hostname": "mail.example.org"}
    if starttls is not None:
        more |= {"tls_context": starttls, "require_starttls": True}
    if login:
        # aiosmtpd means STARTTLS by that: it does not see TLS from the beginning.
        require_tls = starttls is not None
        more |= {"authenticator": house.authenticate, "auth_required": True, "auth_require_tls": require_tls}
    loop = asyncio.new_event_loop()

    def line() -> _Line:
        made = _Line(house, loop=loop, **more)
        made.house = house
        return made

    async def begin() -> asyncio.Server:
        return await loop.create_server(line, "127.0.0.1", port, ssl=tls)

    async def end(server: asyncio.Server) -> None:
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.01)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        server = asyncio.run_coroutine_threadsafe(begin(), loop).result(5)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            asyncio.run_coroutine_threadsafe(end(server), loop).result(5)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def _hang_up(line: SMTP, kindly: bool = False) -> None:
    assert isinstance(line.transport, asyncio.WriteTransport)
    if kindly:
        line.transport.close()
    else:
        line.transport.abort()
