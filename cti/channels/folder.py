"""Mail as `.eml` files in a folder: for trying out, and for whoever collects it from there. The default."""

from __future__ import annotations

import os
import re
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from cti.channels.mime import Unsendable, mail
from cti.channels.options import Options
from cti.core.calendar import Calendar
from cti.core.messages import Message
from cti.post.outbox import Channel, Failed, Outbox, Outcome, Sent, retry

_AT_ONCE = 100


def channel(folder: Path, options: Options, calendar: Calendar) -> Channel:
    """Writes each message as a file of its own, readable by the owner only. A disk that is full delays and loses nothing."""

    def deliver(outbox: Outbox, now: datetime) -> str | None:
        error: str | None = None
        while error is None and not outbox.stopping() and (batch := outbox.claim(_AT_ONCE)):
            for number, message in enumerate(batch):
                if error is None and outbox.stopping():
                    outbox.give_back(batch[number:])
                    break
                outcome: Outcome
                if error is None:
                    path = folder / file_name(message, calendar.local(now))
                    outcome, error = _put(path, message, options, now)
                else:
                    outcome = retry(message, now, error)
                outbox.settle([(message, outcome)])
        return error

    return deliver


def _put(path: Path, message: Message, options: Options, now: datetime) -> tuple[Outcome, str | None]:
    """What became of the message, and what is wrong with the folder, if anything."""
    try:
        write(path, mail(message, options, now).data)
    except Unsendable as problem:
        return Failed(str(problem)), None
    except OSError as problem:
        error = f"{path.parent}: {problem.strerror or problem}"
        return retry(message, now, error), error
    return Sent(), None


def file_name(message: Message, local: datetime) -> str:
    """A name that sorts by time and tells nothing about clients: "2026-03-16T0900-w1-3f9a1c20.eml"."""
    whose = re.sub(r"[^A-Za-z0-9_-]+", "_", message.person or "inbox")[:40]
    which = blake2b(message.message_id.encode(), digest_size=4).hexdigest()
    return f"{local:%Y-%m-%dT%H%M}-{whose}-{which}.eml"


def write(path: Path, data: bytes) -> None:
    """Writes the file whole or not at all: whoever reads the folder never sees half a mail, also after a power cut."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
