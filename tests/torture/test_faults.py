"""What else befalls a service: it goes on or refuses clearly, works again by itself, and no prompt is lost or told twice."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.smtp import Envelope
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from cti.engine import ClockWrong, System, tick
from tests.channels.server import Server, serving
from tests.engine.house import House, simple_rule, when
from tests.postgres import missing, postgres, postgres_database
from tests.torture.reckoning import Prompt, text_of, told_in

MAIL = (
    'transport = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "prompts@example.org"'
)
CALL = "Bel even"


def lived_in(folder: Path, clients: int = 2, **settings: Any) -> House:
    """Clients came in on 2 March; each has a prompt on Monday 16 March."""
    house = House(folder, **settings)
    house.only_rule("intake", simple_rule(), call=CALL)
    for number in range(clients):
        worker = ("w1", "w2")[number % 2]
        house.moves_in("3-2", f"s{number}", "crisis-shelter", client=f"c{number}", worker=worker)
    return house


def told(house: House) -> list[Prompt]:
    """Each prompt as often as a mail in the folder told of it."""
    return sorted(prompt for mail in house.mails() for prompt in told_in(text_of(mail)))


def each_once(clients: int = 2) -> list[Prompt]:
    return [(f"c{number}", CALL) for number in range(clients)]


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """No file of this process can grow past that size: to whoever writes, the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def on_postgresql() -> Iterator[str]:
    if (why := missing()) is not None:
        pytest.skip(why)
    with postgres() as server, postgres_database(server) as url:
        yield url


def test_a_disk_that_is_full_stops_the_pass_wherever_it_is_and_the_next_one_makes_up_for_it(
    tmp_path: Path,
) -> None:
    house = lived_in(tmp_path / "house")
    stopped = 0
    for size in range(4096, 200_000, 16_384):
        with files_no_larger_than(size):
            try:
                house.tick("3-16")
            except (DBAPIError, sqlite3.Error):
                stopped += 1
    assert stopped > 1, "the disk was full more than once"
    house.tick("3-16", 11)
    assert told(house) == each_once()


def test_a_database_that_cannot_be_written_is_said_and_the_next_pass_makes_up_for_it(tmp_path: Path) -> None:
    house = lived_in(tmp_path / "house")
    house.tick("3-13")
    house.system.database.close()
    writable(house.folder / "cti.db", False)
    with pytest.raises(DBAPIError, match="readonly"):
        house.tick("3-16")
    house.system.database.close()
    writable(house.folder / "cti.db", True)
    house.tick("3-16", 11)
    assert told(house) == each_once()


def writable(file: Path, may: bool) -> None:
    """SQLite writes into no file whose header asks for more than it knows; so it is for root too, who may write everywhere."""
    with file.open("r+b") as stream:
        stream.seek(18)
        stream.write(b"\x02" if may else b"\x03")


def test_a_database_that_another_program_keeps_locked_is_waited_for_and_then_given_up_for_this_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = lived_in(tmp_path / "house")
    house.tick("3-13")
    monkeypatch.setattr("cti.store.database.BUSY_SECONDS", 0)
    lived_again(house)
    with closing(sqlite3.connect(house.folder / "cti.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DBAPIError, match="locked"):
            house.tick("3-16")
        other.execute("ROLLBACK")
    house.tick("3-16", 11)
    assert told(house) == each_once()


YEAR = timedelta(days=365)


@pytest.mark.parametrize(
    ("jump", "waits"),
    [(timedelta(hours=-1), True), (-YEAR, True), (YEAR, True), (timedelta(hours=1), False)],
    ids=["an hour back", "a year back", "a year ahead", "an hour ahead"],
)
def test_a_clock_that_jumps_and_is_put_right_loses_nothing_and_tells_nothing_twice(
    tmp_path: Path, jump: timedelta, waits: bool
) -> None:
    house = lived_in(tmp_path / "house")
    house.tick("3-15", 10)
    noon = when("3-16", 12)
    tick(house.system, noon - timedelta(hours=4))  # before the hour of the digest
    if waits:
        with pytest.raises(ClockWrong):
            tick(house.system, noon - timedelta(hours=4) + jump)
        assert told(house) == []
    else:
        tick(house.system, noon + jump)
        with pytest.raises(ClockWrong):
            tick(house.system, noon)  # it is noon again, and an hour later it is as late as it was
    tick(house.system, noon + timedelta(hours=1, minutes=1))
    house.tick("3-17")
    assert told(house) == each_once()


@pytest.mark.parametrize(
    ("came", "change"),
    [("3-16", datetime(2026, 3, 28, 20, tzinfo=UTC)), ("10-12", datetime(2026, 10, 24, 20, tzinfo=UTC))],
    ids=["to summer time", "to winter time"],
)
def test_the_night_in_which_the_clock_is_changed_tells_each_prompt_once_at_opening(
    tmp_path: Path, came: str, change: datetime
) -> None:
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(), call=CALL)
    house.moves_in(came, "s0", "crisis-shelter", client="c0")
    first = None
    for hours in range(45):
        now = change + timedelta(hours=hours)
        tick(house.system, now)
        if house.mails() and first is None:
            first = now.astimezone(when("3-2").tzinfo)
    assert told(house) == each_once(1)
    assert first is not None and (first.weekday(), first.hour, first.minute) == (0, 9, 0)


def test_a_service_that_stood_still_for_three_days_tells_on_the_first_pass_what_fell_due_meanwhile(
    tmp_path: Path,
) -> None:
    house = lived_in(tmp_path / "house")
    house.moves_in("3-4", "late", "crisis-shelter", client="c2", worker="w2")  # due on the 18th
    house.tick("3-13", 16)
    again = lived_again(house)
    again.tick("3-18", 16)
    again.tick("3-19")
    assert told(again) == each_once(3)


def lived_again(house: House) -> House:
    """The same house, served by a new process."""
    house.system.database.close()
    house.configure()
    return house


@pytest.mark.postgres
def test_a_server_that_ends_all_sessions_in_the_middle_of_the_mail_loses_nothing(
    tmp_path: Path, on_postgresql: str
) -> None:
    url = make_url(on_postgresql)
    ended = 0

    def end_sessions(server: Server, envelope: Envelope) -> str | None:
        nonlocal ended
        with psycopg.connect(
            host=str(url.query["host"]), user="postgres", dbname=url.database, autocommit=True
        ) as admin:
            asked = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cti' AND datname = %s"
            ended += len(admin.execute(asked, [url.database]).fetchall())
        return None

    post = Server(at_data=end_sessions)
    with serving(post) as port:
        house = lived_in(tmp_path / "house", database=on_postgresql, mail=MAIL.format(port=port))
        house.tick("3-13")
        other = System(house.system.config, house.system.database)
        for hour in (10, 11, 12, 13):
            try:
                tick((house.system, other)[hour % 2], when("3-16", hour))
            except DBAPIError:
                continue
        house.system.database.close()
    assert ended > 0
    assert sorted(set(post.envelopes)) == [
        ("prompts@example.org", "w1@example.org"),
        ("prompts@example.org", "w2@example.org"),
    ]
    assert len(post.letters) == 2, "it asks for a new session to write down what was accepted"
