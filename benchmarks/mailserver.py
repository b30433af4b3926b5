"""A real mail server (aiosmtpd) in a process of its own, which notes what it accepted and when.

    python -m benchmarks.mailserver LOG

Prints its port, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Accepted:
    """One mail: when it was accepted (seconds of the system's clock), to whom, how long it is, and its Message-ID."""

    at: float
    to: str
    size: int
    message_id: str


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that runs: its port, and what it has accepted since `forget`."""

    port: int
    log: Path

    def accepted(self) -> list[Accepted]:
        """Everything that was accepted so far, in order."""
        lines = (line.split("\t") for line in self.log.read_text(encoding="utf-8").splitlines())
        return [Accepted(float(at), to, int(size), identity) for at, to, size, identity in lines]

    def identities(self) -> list[str]:
        """The Message-IDs of these."""
        return [one.message_id for one in self.accepted()]


@contextmanager
def mailserver(folder: Path) -> Iterator[MailServer]:
    """A server for the time of the block; its log lies in the folder."""
    log = folder / "accepted.log"
    log.touch()
    command = [sys.executable, "-m", "benchmarks.mailserver", str(log)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None and child.stdin is not None
        try:
            yield MailServer(int(child.stdout.readline()), log)
        finally:
            child.stdin.close()
            child.wait(30)


class _Handler:
    def __init__(self, log: IO[str]) -> None:
        self._log = log

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = bytes(envelope.original_content or b"")
        begin = content.find(b"\nMessage-ID: ") + len(b"\nMessage-ID: ")
        identity = content[begin : content.find(b"\r\n", begin)].decode()
        self._log.write(f"{time.time():.6f}\t{envelope.rcpt_tos[0]}\t{len(content)}\t{identity}\n")
        self._log.flush()
        return "250 OK"


async def _serve(log: Path) -> None:
    loop = asyncio.get_running_loop()
    with log.open("a", encoding="utf-8") as stream:
        handler = _Handler(stream)
        server = await loop.create_server(lambda: SMTP(handler, hostname="mail.example.org"), "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await loop.run_in_executor(None, sys.stdin.read)
        server.close()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
