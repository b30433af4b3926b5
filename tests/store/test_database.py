"""Opening a database, its transactions, and the lock of a tick."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cti.core.events import Expected
from cti.store import meta
from cti.store.database import Database, open_database
from cti.store.errors import Unreachable, WrongAddress
from tests.store.build import append, reading, said


def break_off(database: Database) -> None:
    with database.write() as tx:
        meta.put(tx, "a", 1)
        raise RuntimeError


def test_a_block_that_raises_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError):
        break_off(database)
    with database.read() as tx:
        assert meta.get(tx, "a") is None


def test_a_reader_sees_one_moment_while_others_write(database: Database) -> None:
    with database.write() as tx:
        meta.put(tx, "a", 1)
    with database.read() as reader:
        assert meta.get(reader, "a") == 1
        with database.write() as writer:
            meta.put(writer, "a", 2)
        assert meta.get(reader, "a") == 1
    with database.read() as reader:
        assert meta.get(reader, "a") == 2


def test_a_reader_cannot_write(database: Database) -> None:
    with database.read() as tx, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        meta.put(tx, "a", 1)
    with database.write() as tx:
        meta.put(tx, "a", 1)


def test_references_between_tables_are_kept(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), database.write() as tx:
        tx.execute(text("INSERT INTO message_body VALUES (77, '', '', '', NULL, '[]')"))


def test_text_of_every_script_comes_back(database: Database) -> None:
    words = "Zoë · Ångström · قلعة · 家 · 🏠 · \u0301 · \ud83c"
    with database.write() as tx:
        meta.put(tx, "words", words)
    with database.read() as tx:
        assert meta.get(tx, "words") == words


def test_what_a_source_sends_cannot_break_a_row(database: Database) -> None:
    event = Expected("zero \0 byte, lone \ud83c half")
    append(database, reading("r1", event, 2))
    assert said(database) == [event]


def test_only_one_ticks_at_a_time(database: Database, url: str) -> None:
    other = open_database(url)
    with database.lock("plan") as mine:
        assert mine
        with other.lock("plan") as theirs:
            assert not theirs
        with database.lock("plan") as again:
            assert not again
    with other.lock("plan") as theirs:
        assert theirs
    other.close()


def test_a_tick_that_fails_lets_go_of_its_lock(database: Database) -> None:
    with pytest.raises(RuntimeError), database.lock("plan"):
        raise RuntimeError
    with database.lock("plan") as mine:
        assert mine


def test_writing_goes_on_while_a_tick_holds_its_lock(database: Database) -> None:
    with database.lock("plan"), database.write() as tx:
        meta.put(tx, "a", 1)


HOLDER = """
import sys
from cti.store.database import open_database
with open_database(sys.argv[1]).lock("plan") as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""


def test_a_process_that_is_killed_lets_go_of_its_lock(database: Database, url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with database.lock("plan") as mine:
            assert not mine
        holder.kill()
    for _ in range(100):  # a server may need a moment to notice
        with database.lock("plan") as mine:
            if mine:
                break
    assert mine


def test_a_thread_that_asks_in_vain_does_not_let_go_of_what_another_holds(
    database: Database, url: str
) -> None:
    with database.lock("plan"):
        with database.lock("plan") as again:
            assert not again
        holder = subprocess.run(
            [sys.executable, "-c", HOLDER, url], check=True, input="", stdout=subprocess.PIPE, text=True
        )
    assert holder.stdout == "False\n"


@pytest.mark.parametrize("kind", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_a_tick_ends_well_although_the_server_has_ended_its_session(database: Database) -> None:
    others = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    with database.lock("plan") as mine:
        assert mine
        with database.write() as tx:
            tx.execute(text(others))
    with database.lock("plan") as again:
        assert again


WRITER = """
import sys
from cti.core.events import Reading, RecordId, Stay
from cti.store import journal
from cti.store.database import open_database
from tests.store.build import CALENDAR, SHELTER, at
database = open_database(sys.argv[1])
sys.stdin.readline()
for n in range(40):
    with database.write() as tx:
        own = Reading(RecordId("s", f"{sys.argv[2]}-{n}", "stay"), "c1", SHELTER, at(2))
        shared = Reading(RecordId("s", f"shared-{n}", "stay"), "c1", SHELTER, at(2))
        journal.append(tx, [own, shared], at(3), CALENDAR)
database.close()
"""


def test_two_processes_that_write_at_once_wait_for_one_another(database: Database, url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", WRITER, url]
    root = Path(__file__).parent.parent.parent
    writers = [
        subprocess.Popen([*command, name], cwd=root, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    errors = [writer.communicate()[1] for writer in writers]
    assert errors == ["", ""]
    with database.read() as tx:
        assert tx.scalar(text("SELECT count(*) FROM version")) == 120
        assert tx.scalar(text("SELECT changed FROM client")) == 80


def test_threads_of_one_process_wait_for_one_another_too(database: Database) -> None:
    def count() -> None:
        for _ in range(20):
            with database.write() as tx:
                tx.execute(text("SELECT 1 FROM meta WHERE key = 'n' " + lock))
                meta.put(tx, "n", (meta.get(tx, "n") or 0) + 1)

    lock = "" if database.sqlite else "FOR UPDATE"
    with database.write() as tx:
        meta.put(tx, "n", 0)
    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as tx:
        assert meta.get(tx, "n") == 80


def test_a_commit_on_sqlite_waits_for_the_disk_unless_a_test_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value, level in (("FULL", 2), ("OFF", 0)):
        monkeypatch.setattr("cti.store.database.SYNCHRONOUS", value)
        database = open_database(f"sqlite:///{tmp_path}/{value}.db")
        with database.read() as tx:
            assert tx.exec_driver_sql("PRAGMA synchronous").scalar() == level
            assert tx.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert tx.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        database.close()


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_a_new_sqlite_file_is_its_owners_alone(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        database = open_database(f"sqlite:///{tmp_path}/new.db")
        with database.lock("plan"), database.write() as tx:
            tx.execute(text("CREATE TABLE t (x)"))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        database.close()
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(["new.db", "new.db-wal", "new.db-shm", "new.db-plan"], 0o600)


def test_processes_that_open_a_new_sqlite_file_at_once_do_not_hinder_one_another(tmp_path: Path) -> None:
    script = (
        "import sys; from cti.store import schema; from cti.store.database import open_database;"
        "sys.stdin.readline(); schema.ensure(open_database(sys.argv[1]))"
    )
    command = [sys.executable, "-W", "error", "-c", script, f"sqlite:///{tmp_path}/new.db"]
    openers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()
    assert [opener.communicate()[1] for opener in openers] == [""] * 4


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("cti.db", "cti.db:…"),
        ("mysql://u:secret@h/d", "mysql://u:***@h/d"),
        ("nosuch+thing://u:secret@h/d", "nosuch+thing://u:***@h/d"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql://u:secret@h", "postgresql://u:***@h"),
        ("postgresql://u:secret@h:port/d", "postgresql:…"),
    ],
)
def test_an_address_of_another_kind_is_refused_without_its_password(url: str, shown: str) -> None:
    with pytest.raises(WrongAddress) as refused:
        open_database(url)
    assert str(refused.value).startswith(f'database = "{shown}": not an address')


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"new/cti.db cannot be reached: No such file or directory"):
        open_database(f"sqlite:///{tmp_path}/new/cti.db")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "cti.db").write_text("a letter to the neighbours, and longer than a page header" * 40)
    with pytest.raises(Unreachable, match=r"cti.db cannot be reached: file is not a database"):
        open_database(f"sqlite:///{tmp_path}/cti.db")


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(Unreachable) as refused:
        open_database(f"postgresql://u:secret@/cti?host={tmp_path}")
    assert "cannot be reached" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_link_to_a_file_that_is_not_there_yet_is_followed(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "cti.db").symlink_to(tmp_path / "data" / "real.db")
    open_database(f"sqlite:///{tmp_path}/cti.db").close()
    assert stat.S_IMODE((tmp_path / "data" / "real.db").stat().st_mode) == 0o600
