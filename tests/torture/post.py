"""The mail server of the torture: a process of its own that outlives those it serves, and writes down all that is said to it.

`python -m tests.torture.post LOG` says its port on standard output. Each line on standard input is a trap: {"verb": …, "how": …}.
Whoever comes to that verb next is killed ("kill"), stopped until someone lets them go on ("stop"), or their connection is cut
("hang-up"). A client names its process in EHLO.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TextIO

from aiosmtpd.smtp import SMTP, Envelope, Session

VERBS = ("EHLO", "MAIL", "RCPT", "DATA", "TEXT", "ACCEPTED", "REPLIED")
"""Where a trap may stand. TEXT: the message was received and is not accepted yet. ACCEPTED: it is, and nobody was told so.
REPLIED: the other side has just been told."""


@dataclass
class Office:
    """What is written down, and the traps that stand."""

    log: TextIO
    traps: list[dict[str, str]] = field(default_factory=list)

    def note(self, what: str, line: int, **more: object) -> None:
        """Writes a line down before anything else is said to anyone."""
        self.log.write(json.dumps({"what": what, "line": line, **more}) + "\n")
        self.log.flush()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(server, Line)
        if server.trapped("TEXT"):
            return "451 4.3.0 Gone"
        content = bytes(envelope.original_content or b"")
        self.note("accepted", server.number, to=envelope.rcpt_tos[0], mail=content.decode("ascii"))
        server.trapped("ACCEPTED")
        return "250 OK"


class Line(SMTP):
    """A connection. `number` names it, `pid` is the process at the other end."""

    office: Office
    numbers = count(1)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.number = next(self.numbers)
        self.pid = 0
        self.office.note("connected", self.number)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.office.note("closed", self.number)
        super().connection_lost(error)

    async def smtp_EHLO(self, hostname: str) -> None:
        self.pid = int(re.sub(r"\D", "", hostname) or 0)
        self.office.note("greeted", self.number, pid=self.pid)
        if not self.trapped("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:
        self.office.note("begun", self.number)
        if not self.trapped("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not self.trapped("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str | None) -> None:
        if not self.trapped("DATA"):
            await super().smtp_DATA(arg)
            self.trapped("REPLIED")

    def trapped(self, verb: str) -> bool:
        """Whether a trap for this verb stood here, and nothing more is to be said to them."""
        for trap in self.office.traps:
            if trap["verb"] == verb:
                self.office.traps.remove(trap)
                how = trap["how"]
                self.office.note("trapped", self.number, verb=verb, how=how, pid=self.pid)
                if how == "stop":
                    stop(self.pid)
                    return False
                if how == "kill":
                    os.kill(self.pid, signal.SIGKILL)
                assert isinstance(self.transport, asyncio.WriteTransport)
                self.transport.abort()
                return True
        return False


def stop(pid: int) -> None:
    """Stops a process, all its threads: on a busy machine one of them may else go on for a moment, and hear what is said next."""
    os.kill(pid, signal.SIGSTOP)
    while any(_state(thread) not in "TtZX" for thread in Path(f"/proc/{pid}/task").glob("*/stat")):
        time.sleep(0.001)


def _state(thread: Path) -> str:
    """As the kernel says it, by a letter behind the name in brackets: T, stopped; X, gone."""
    try:
        return thread.read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


async def serve(log: TextIO) -> None:
    """Serves until standard input ends."""
    office = Office(log)
    loop = asyncio.get_running_loop()

    def line() -> Line:
        options: dict[str, Any] = {"hostname": "mail.example.org", "loop": loop}
        made = Line(office, **options)
        made.office = office
        return made

    server = await loop.create_server(line, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    over = asyncio.Event()

    def heard() -> None:
        said = sys.stdin.readline()
        if said:
            office.traps.append(json.loads(said))
        else:
            over.set()

    loop.add_reader(sys.stdin, heard)
    await over.wait()
    server.close()


if __name__ == "__main__":
    with open(sys.argv[1], "a", encoding="utf-8") as opened:
        asyncio.run(serve(opened))
