"""A message as the bytes that travel (RFC 5322, RFC 2045 to 2047).

Written by hand: `email.message.EmailMessage` takes a hundred times as long, more than the sending itself. Everything but the
headers of an international address is ASCII in lines of at most 78 characters, so no server has anything to re-encode.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import blake2b

from cti.address import is_address
from cti.channels.options import Options
from cti.core.messages import Message

_MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_PLAIN = re.compile(r"[ !-~]*")
_SUBJECT_LIMIT = 200
_WORD_BYTES = (
    42  # of UTF-8 in one encoded word: 56 characters of base64, with its frame below the 75 of RFC 2047
)


class Unsendable(Exception):
    """The message cannot be put into a mail; trying again would not help."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A message ready for the wire: the envelope's addresses, and headers and body with CRLF at every line's end.

    `utf8`: an address needs letters that only servers with SMTPUTF8 take (RFC 6531).
    """

    sender: str
    recipient: str
    data: bytes
    utf8: bool


def mail(message: Message, options: Options, date: datetime) -> Mail:
    """The message as a mail of `date` (aware). Raises Unsendable where the recipient's address is none."""
    sender, recipient = wire_address(options.sender), wire_address(message.address)
    identity = _ids((message.message_id,))
    if not identity:
        raise Unsendable("no Message-ID")
    headers = [
        f"Date: {_date(date)}",
        f"From: {_named(options.sender_name, sender)}",
        f"To: <{recipient}>",
        f"Subject: {_subject(message.subject)}",
        f"Message-ID: {identity}",
    ]
    if options.reply_to:
        headers.append(f"Reply-To: <{wire_address(options.reply_to)}>")
    if message.in_reply_to and (parent := _ids((message.in_reply_to,))):
        headers.append(f"In-Reply-To: {parent}")
    if references := _ids(message.references):
        headers.append(f"References: {references}")
    boundary = "=_" + blake2b(message.message_id.encode(), digest_size=12).hexdigest()
    headers += [
        # Nobody's out-of-office should answer us (RFC 3834); bounces should reach the sender's mailbox, so no "All" and no "NDR".
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: OOF, AutoReply, DR, RN, NRN",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    ]
    parts = (_part("plain", message.text), _part("html", message.html))
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    head = "\r\n".join(headers).encode()
    return Mail(
        sender, recipient, b"%s\r\n\r\n%s--%s--\r\n" % (head, body, boundary.encode()), not head.isascii()
    )


@lru_cache(maxsize=4096)
def wire_address(address: str) -> str:
    """The address with an international domain in its ASCII form, which every server knows. Raises Unsendable."""
    written = address.strip()
    if not is_address(written):
        raise Unsendable("not a mail address")
    local, _, domain = written.rpartition("@")
    if domain.isascii():
        return written
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise Unsendable("not a mail address") from None


@lru_cache(maxsize=8)
def _date(date: datetime) -> str:
    return format_datetime(date)


@lru_cache(maxsize=1024)
def _subject(subject: str) -> str:
    """The subject as one header value: no line of the text can become a header of its own."""
    line = " ".join(subject.split())
    line = "".join(char for char in line if char.isprintable())
    return encoded(line if len(line) <= _SUBJECT_LIMIT else line[: _SUBJECT_LIMIT - 1] + "…")


@lru_cache(maxsize=64)
def _named(name: str, address: str) -> str:
    plain = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    if not plain:
        return f"<{address}>"
    if _PLAIN.fullmatch(plain) and "=?" not in plain and len(plain) <= 60:
        quoted = plain.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{encoded(plain, always=True)}\r\n <{address}>"


def encoded(text: str, always: bool = False) -> str:
    """One line of text as a header value: as it is where it is short and ASCII, else as encoded words (RFC 2047)."""
    if not always and len(text) <= 60 and _PLAIN.fullmatch(text) and "=?" not in text:
        return text
    words, chunk = [], b""
    for char in text:
        letter = char.encode("utf-8", "replace")
        if len(chunk) + len(letter) > _WORD_BYTES:  # a character is never cut in two
            words.append(chunk)
            chunk = b""
        chunk += letter
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode('ascii')}?=" for word in words)


def _ids(ids: tuple[str, ...]) -> str:
    return "\r\n ".join(one for one in ids if _MESSAGE_ID.fullmatch(one) and one.isascii())


def _part(subtype: str, text: str) -> bytes:
    head = b'Content-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head % subtype.encode() + b"".join(map(_quoted, text.splitlines() or [""]))


@lru_cache(maxsize=1024)  # mails have most of their lines in common
def _quoted(line: str) -> bytes:
    # With its end: without one, b2a_qp breaks long lines with a bare LF.
    return b2a_qp(f"{line}\r\n".encode("utf-8", "replace"), istext=True)
