"""Mail to a mail server: one connection, kept for the whole run, and several where there is much to send."""

from __future__ import annotations

import asyncio
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import cache

from aiosmtplib import SMTP

from cti.channels.mime import Mail, Unsendable, mail
from cti.channels.options import Options as Options
from cti.channels.run import Run
from cti.channels.session import Refused, Trouble, connect, leave, send
from cti.channels.settling import Settling
from cti.core.messages import Message
from cti.post.outbox import Channel, Failed, Outbox, Outcome, retry

_FAREWELL = 0.1
"""Seconds in which a connection that was refused may end: TLS takes leave of the other side before its socket is closed, and
nobody is left to do so once the event loop is gone."""
_MUCH = 50  # from here on several connections; below, opening them takes longer than they save
_AHEAD = 12
"""How many messages of each connection may wait to be written down, the one in hand among them: so many a kill can repeat. Where
there is little to send it is the one in hand."""


def channel(options: Options) -> Channel:
    """Delivers over SMTP as the options say.

    4xx and broken connections: tried again later. 5xx about a recipient or a message: failed. 5xx about us (login, sender), or a
    server that cannot be reached: nothing failed, all is tried again, and the run says why.
    """

    def deliver(outbox: Outbox, now: datetime) -> str | None:
        try:
            context = _tls(options)
        except OSError as error:
            return f"{options.ca_file}: {error.strerror or error}"
        return asyncio.run(_deliver(options, context, outbox, now))

    return deliver


def probe(options: Options) -> str | None:
    """Whether the server lets us in: None, or what is wrong. Sends nothing."""

    async def knock() -> None:
        try:
            smtp = await connect(options, _tls(options), _hello())
        except Refused:
            await asyncio.sleep(_FAREWELL)
            raise
        await leave(smtp)

    try:
        asyncio.run(knock())
    except (Refused, OSError) as error:
        return str(error)
    return None


async def _deliver(
    options: Options, context: ssl.SSLContext | None, outbox: Outbox, now: datetime
) -> str | None:
    if outbox.stopping():
        return None
    # One thread for all that the outbox is asked and told: of two, one would wait for the other's transaction.
    with ThreadPoolExecutor(1, "outbox") as clerk:
        run = Run(outbox, now, clerk)
        if much := await run.claim():
            await _send_all(run, options, context, much >= _MUCH)
        return run.error


async def _send_all(run: Run, options: Options, context: ssl.SSLContext | None, much: bool) -> None:
    hello = await asyncio.to_thread(_hello)
    lines = options.connections if much else 1
    settling = Settling(run.outbox.settle, _AHEAD * lines if much else 1, run.clerk)
    while lines:
        ends = await asyncio.gather(
            *(_line(run, settling, options, context, hello, first=n == 0) for n in range(lines)),
            return_exceptions=True,
        )
        await settling.end()
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        lines = 1 if run.unfinished else 0
    await run.end()
    if run.error is not None:
        await asyncio.sleep(_FAREWELL)


async def _line(
    run: Run,
    settling: Settling,
    options: Options,
    context: ssl.SSLContext | None,
    hello: str | None,
    first: bool,
) -> None:
    """One connection, opened when there is something to send and again when it broke. The others wait for the first."""
    smtp: SMTP | None = None
    try:
        if not first:
            await run.begun.wait()
        while True:
            await settling.room()
            if (message := await run.next()) is None:
                settling.back()
                return
            try:
                letter = mail(message, options, run.now)
            except Unsendable as error:
                settling.settle((message, Failed(str(error))))
                continue
            outcome: Outcome | None = None
            if smtp is not None and smtp.is_connected:
                with suppress(Trouble):
                    outcome = await _send(run, smtp, letter, message, options, used=True)
            if outcome is None:
                try:
                    smtp = await connect(options, context, hello)
                except Refused as refused:
                    # A server may allow fewer connections than we open: then those that it has go on.
                    if any(other.is_connected for other in run.connections):
                        run.pass_on(message)
                        settling.back()
                        return
                    run.stop(str(refused))
                    settling.settle((message, retry(message, run.now, str(refused))))
                    return
                run.connections.append(smtp)
                run.begun.set()
                outcome = await _send(run, smtp, letter, message, options, used=False)
            settling.settle((message, outcome))
    finally:
        run.begun.set()
        if smtp is not None:
            await leave(smtp)


async def _send(
    run: Run, smtp: SMTP, letter: Mail, message: Message, options: Options, used: bool
) -> Outcome:
    """Tries one message. Raises Trouble where a connection that was used before ended before the message began.

    Servers end a connection after so many messages, or when it stood idle: that is no failure of the message.
    """
    try:
        outcome = await send(smtp, letter, message, options, run.now)
    except Trouble as trouble:
        if used and trouble.at_start:
            raise
        run.strike(str(trouble))
        return retry(message, run.now, str(trouble))
    except Refused as refused:
        run.stop(str(refused))
        return retry(message, run.now, str(refused))
    run.went_well()
    return outcome


def _tls(options: Options) -> ssl.SSLContext | None:
    """Certificates are always verified. Raises OSError where the file of certificates cannot be read."""
    if options.security == "none":
        return None
    return ssl.create_default_context(cafile=options.ca_file)


@cache
def _hello() -> str | None:
    """The name by which we greet servers, looked up once: without a name server that can take seconds."""
    name = socket.getfqdn().strip()
    return name if name.isascii() and name and not any(char.isspace() for char in name) else "localhost"
