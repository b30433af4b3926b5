"""One message over one connection, and what its end means: accepted, refused, to be tried again, or a trouble of them all."""

from __future__ import annotations

import asyncio
import ssl
from datetime import datetime

import aiosmtplib
from aiosmtplib import SMTP

from cti.channels.mime import Mail
from cti.channels.options import Options
from cti.core.messages import Message
from cti.post.outbox import Failed, Outcome, Sent, retry

_CLOSING, _COMPLETED, _WILL_FORWARD, _GO_ON = 421, 250, 251, 354
# Replies to RCPT that are about the session and not about the mailbox: out of order, not logged in, not encrypted.
_OF_THE_SESSION = frozenset({500, 502, 503, 523, 524, 525, 530, 534, 535, 538})
# Replies to MAIL that are about this message: too long, or a parameter that the server does not know.
_OF_THE_MESSAGE = frozenset({552, 555})


class Refused(Exception):
    """The server cannot be reached, or wants no mail of ours: nothing can go."""


class Trouble(Exception):
    """This message did not go, or may have gone without a reply, for a reason that may hold for others too.

    `at_start`: before anything was said of this message, so that it may go over a new connection at once.
    """

    def __init__(self, error: str, at_start: bool = False) -> None:
        self.at_start = at_start
        super().__init__(error)


async def connect(options: Options, context: ssl.SSLContext | None, hello: str | None) -> SMTP:
    """A connection that is ready for mail: encrypted and logged in as the options say. Raises Refused."""
    smtp = SMTP(
        hostname=options.host,
        port=options.port_number,
        username=options.user or None,
        password=options.password.get_secret_value() if options.user and options.password else None,
        local_hostname=hello,
        timeout=options.timeout,
        use_tls=options.security == "tls",
        # Never "if the server offers it": whoever stands in between could leave the offer out.
        start_tls=options.security == "starttls",
        tls_context=context,
    )
    try:
        await smtp.connect()
        if smtp.is_ehlo_or_helo_needed:
            await _greet(smtp)
    # aiosmtplib lets errors of the TLS layer and of its own settings through as they are.
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        smtp.close()
        raise Refused(_sentence(error)) from error
    return smtp


async def _greet(smtp: SMTP) -> None:
    try:
        await smtp.ehlo()
    except aiosmtplib.SMTPHeloError:
        await smtp.helo()


async def send(smtp: SMTP, mail: Mail, message: Message, options: Options, now: datetime) -> Outcome:
    """Sends one message. Raises Trouble or Refused; the connection may be closed after either."""
    if mail.utf8 and not smtp.supports_extension("smtputf8"):
        return Failed("the mail server does not take addresses with letters outside ASCII (SMTPUTF8)")
    encoding = "utf-8" if mail.utf8 else "ascii"
    extras = (b"SMTPUTF8", b"BODY=8BITMIME") if mail.utf8 else ()
    stage = "MAIL"
    clock = asyncio.get_running_loop().time
    try:
        # By hand as far as it goes: the library takes each address apart anew, goes through the line ends of each mail, and waits
        # for each reply with a clock of its own, which together cost as much as all else it does for a mail.
        async with asyncio.timeout(options.timeout) as limit:
            said = await smtp.execute_command(
                b"MAIL", b"FROM:<%s>" % mail.sender.encode(encoding), *extras, timeout=None
            )
            if said.code != _COMPLETED:
                raise aiosmtplib.SMTPSenderRefused(said.code, said.message, mail.sender)
            stage = "RCPT"
            limit.reschedule(clock() + options.timeout)
            said = await smtp.execute_command(
                b"RCPT", b"TO:<%s>" % mail.recipient.encode(encoding), timeout=None
            )
            if said.code not in (_COMPLETED, _WILL_FORWARD):
                raise aiosmtplib.SMTPRecipientRefused(said.code, said.message, mail.recipient)
            stage = "DATA"
            limit.reschedule(clock() + options.timeout)
            said = await smtp.execute_command(b"DATA", timeout=None)
            if said.code == _GO_ON:
                limit.reschedule(clock() + options.data_timeout)
                said = await _hand_over(smtp, mail.data)
            if said.code != _COMPLETED:
                raise aiosmtplib.SMTPDataError(said.code, said.message)
    except aiosmtplib.SMTPResponseException as error:
        await _reset(smtp, error.code)
        return _judged(error, stage, message, now)
    except (aiosmtplib.SMTPException, OSError) as error:
        smtp.close()
        raise Trouble(_sentence(error), at_start=stage == "MAIL") from error
    except ValueError as error:
        # The library refuses what could be read as a command of its own: the address is at fault, not the server.
        await _reset(smtp, 0)
        return Failed(str(error))
    return Sent()


async def _hand_over(smtp: SMTP, data: bytes) -> aiosmtplib.SMTPResponse:
    """The mail itself, of which each line ends with CRLF (as `cti.channels.mime` makes it), after the server asked for it."""
    if smtp.protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    # A line that begins with a point gets another one: a point alone is the end (RFC 5321, 4.5.2).
    smtp.protocol.write(data.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    return await smtp.protocol.read_response()


async def leave(smtp: SMTP) -> None:
    """Ends the connection in good order where that is still possible."""
    try:
        await smtp.quit(timeout=5)
    except (aiosmtplib.SMTPException, OSError):
        pass  # all that was accepted is accepted
    finally:
        smtp.close()


def _judged(error: aiosmtplib.SMTPResponseException, stage: str, message: Message, now: datetime) -> Outcome:
    said = _sentence(error)
    if error.code == _CLOSING or not 400 <= error.code < 600:
        raise Trouble(said, at_start=stage == "MAIL") from error
    if error.code < 500:
        return retry(message, now, said)
    if stage == "MAIL" and error.code not in _OF_THE_MESSAGE:
        raise Refused(said) from error
    # "Relay access denied": we are not logged in where we should be. Else each message would be given up for that.
    if stage == "RCPT" and (error.code in _OF_THE_SESSION or "relay" in said.lower()):
        raise Trouble(said) from error
    return Failed(said)


async def _reset(smtp: SMTP, code: int) -> None:
    """Clears a half-finished transaction, so that the next message begins afresh."""
    if code == _CLOSING or code == -1:  # the server hangs up, or what it says cannot be read
        smtp.close()
        return
    try:
        await smtp.rset()
    except (aiosmtplib.SMTPException, OSError):
        smtp.close()


def _sentence(error: Exception) -> str:
    """The server's answer, or what happened, on one line."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        said = f"{error.code} {error.message}"
    else:
        said = str(getattr(error, "message", "") or error)
    if not said:
        said = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
    return " ".join("".join(char if char.isprintable() else " " for char in said).split())[:500]
