"""From due to delivered: 10,000 due prompts become mails at a real mail server, beside bare aiosmtplib and APScheduler's store.

There are two servers: aiosmtpd, a process of its own that forgets each mail at once, and Postfix, which has it on disk before
it says yes, as servers do that people use. Both note what they took; the outputs are compared, so that nobody wins by doing
less. The bare loop sends the same bytes to the same server over as many kept connections, and does nothing else. APScheduler's
store holds a job a mail, and each job sends the ready bytes over a connection that its thread keeps; it gets fewer, since its
rate hardly depends on their number. Ours finds what is due, decides who is told what, words it, keeps it in the outbox, sends
it and notes that.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from aiosmtplib import SMTP
from sqlalchemy import func, select

from benchmarks.figures import Figure, Lack, Row
from benchmarks.jobs import Jobs
from benchmarks.mailserver import mailserver
from benchmarks.peers import Absent
from benchmarks.postfix import postfix
from cti.channels.mime import Mail, mail
from cti.collecting import set_aside
from cti.engine import post
from cti.engine.posting import make_messages
from cti.engine.rulebooks import in_force
from cti.post.outbox import LEASE
from cti.store import outbox, tables
from tests.engine.house import House, when

CONNECTIONS = 4
TURNS = 4
"""So often ours and the bare loop are run, in turns, and the best of each counts: both meet the machine at its best."""
HEALTHCHECKS = 17
"""Mails a second that the loop of healthchecks v4.3 sends on such a machine (`sendalerts`, SQLite, 10 workers)."""


class Server(Protocol):
    """A mail server: its port, and the Message-IDs of what it has accepted, in order."""

    @property
    def port(self) -> int: ...

    def identities(self) -> list[str]: ...


DUE = when("3-4", 10)
"""Two working days after all came into crisis shelter, when the first prompt of that rule falls due."""


def measure(small: bool) -> Iterator[Row]:
    """A mail a prompt, with and without the prompts' texts in it; and the usual form, a message of three prompts a worker."""
    prompts = 600 if small else 10_000
    turns = 1 if small else TURNS
    with tempfile.TemporaryDirectory() as place, mailserver(Path(place)) as server:
        folder = Path(place)
        ready = words(house(folder / "words", server.port, prompts, prompts))
        bare, ours = yield from raced(folder, server, ready, turns, "aiosmtpd")
        yield Figure("ten times the loop of healthchecks", ours.value, "mails/s", least=10 * HEALTHCHECKS)
        full = house(folder / "full", server.port, prompts, prompts, content="full")
        speed = compared(server, prompts, lambda: deliver(full))
        yield Figure("the same, with the prompts' texts", speed, "mails/s", of=bare.name)
        three = house(folder / "three", server.port, prompts, -(-prompts // 3))
        speed = compared(server, -(-prompts // 3), lambda: deliver(three))
        yield Figure("three prompts a worker, in one mail", speed, "mails/s", of=bare.name)
        some = ready[: max(prompts // 10, 100)]
        jobs = Jobs(some, server.port, folder / "jobs.db", CONNECTIONS)
        speed = compared(server, len(some), jobs.fire)
        yield Figure(f"APScheduler's store, {len(some):,} jobs", speed, "mails/s", of=bare.name)
        try:
            with postfix(folder / "postfix") as real:
                yield from raced(folder, real, ready, turns, "Postfix")
        except Absent as absent:
            yield Lack("due to delivered to Postfix", str(absent))


def raced(
    folder: Path, server: Server, ready: Sequence[Mail], turns: int, called: str
) -> Generator[Row, None, tuple[Figure, Figure]]:
    """The bare loop and ours, in turns, to the same server; the best of each counts. Gives both figures as well."""
    bare, ours, mails = list[float](), list[float](), len(ready)
    for turn in range(turns):
        made = house(folder / f"{called}-{turn}", server.port, mails, mails)
        bare.append(compared(server, mails, lambda: asyncio.run(send(ready, server.port))))
        ours.append(compared(server, mails, partial(deliver, made)))
    loop = Figure(f"bare aiosmtplib to {called}, the same bytes", max(bare), "mails/s")
    whole = Figure(
        f"due to delivered to {called}, a mail each", max(ours), "mails/s", of=loop.name, least=0.8
    )
    yield loop
    yield whole
    return loop, whole


def compared(server: Server, mails: int, work: Callable[[], object]) -> float:
    """Mails a second; the server must have accepted so many, each of another Message-ID."""
    before = len(server.identities())
    set_aside()  # as a service does that has begun
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    end = time.monotonic() + 10
    while len(arrived := server.identities()[before:]) < mails and time.monotonic() < end:
        time.sleep(0.1)  # its log may come later
    assert len(arrived) == len(set(arrived)) == mails, (len(arrived), mails)
    return mails / took


def house(folder: Path, port: int, clients: int, workers: int, content: str = "none") -> House:
    """An organisation of so many workers, in which so many clients came into crisis shelter on one day and are planned."""
    people = "".join(
        f'\n[[people]]\nid = "p{n}"\nname = "p{n}"\naddress = "p{n}@example.org"\nteam = "north"\n'
        for n in range(workers)
    )
    way = f'transport = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    way += f'sender = "cti@example.org"\nconnections = {CONNECTIONS}\n'
    database = "sqlite:///cti.db"
    made = House(folder, database, lead=people, mail=way, content=content, floor=clients + 1)
    for file in (folder / "rules").glob("*.toml"):
        if file.stem not in ("vocabulary", "crisis-intake"):
            file.unlink()
    rows = [
        f"r{n},c{n},2026-03-02T12:00:00,crisis-shelter,2026-03-02,p{n % workers}\n" for n in range(clients)
    ]
    (folder / "export" / "events.csv").write_text(
        "id,client,recorded,situation,begin,worker\n" + "".join(rows)
    )
    done = made.tick("3-3")
    assert done.planning.created >= clients, done
    return made


def deliver(made: House) -> None:
    """What a tick does once the clients are planned."""
    post(made.system, DUE)


def words(made: House) -> list[Mail]:
    """The mails that would be sent, as the bytes that travel."""
    system = made.system
    make_messages(system, in_force(system, DUE, "bench"), DUE)
    with system.database.write() as tx:
        number = tx.scalar(select(func.count()).select_from(tables.message)) or 0
        messages = outbox.claim(tx, DUE, number, LEASE)
    return [mail(message, system.config.mail, DUE) for message in messages]


async def send(ready: Sequence[Mail], port: int) -> None:
    """The bare loop."""
    waiting = iter(ready)

    async def line() -> None:
        async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
            for one in waiting:
                await smtp.sendmail(one.sender, one.recipient, one.data)

    await asyncio.gather(*(line() for _ in range(CONNECTIONS)))
