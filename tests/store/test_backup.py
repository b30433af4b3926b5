"""A copy made while the service runs, and put back."""

from __future__ import annotations

import stat
import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from cti.core.prompts import Change
from cti.store import absences, audit, backup, prompts, schema
from cti.store.chain import check
from cti.store.database import Database, open_database
from cti.store.errors import FileExists, NotEmpty, NotMade
from cti.store.tables import metadata, record
from tests.postgres import postgres_database
from tests.store.build import SHELTER, append, at, change, create, planned, reading, send, stored
from tests.store.conftest import Postgres


def fill(database: Database, clients: int = 3) -> None:
    append(database, *(reading(f"r{n}", SHELTER, 2, client=f"c{n}") for n in range(clients)))
    one, _, last = create(database, *(planned(name, client="c1") for name in "abc"))
    send(database, one)
    change(database, Change("drop", last.plan, last))
    with database.write() as tx:
        prompts.hand(tx, one.id, "w2", "w1", at(7))
        audit.add(tx, at(7), "w1", "worker", "handed-over", 1, one.id)
        absences.add(tx, "w1", at(7).date(), at(9).date(), "w2", "w1", at(7))


def content(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as tx:
        return {
            table.name: sorted((tuple(row) for row in tx.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name != "meta"  # a copy knows that it is one
        }


def test_a_copy_holds_everything_and_is_its_owners_alone(database: Database, tmp_path: Path) -> None:
    fill(database, clients=1500)
    file = tmp_path / "copy.db"
    backup.backup(database, file, at(9))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("*copy*")] == ["copy.db"]
    copy = open_database(f"sqlite:///{file}")
    schema.check(copy)
    assert content(copy) == content(database)
    copy.close()


def test_a_copy_knows_since_when_it_knows_nothing_until_it_goes_on(
    database: Database, tmp_path: Path
) -> None:
    backup.backup(database, tmp_path / "copy.db", at(9))
    copy = open_database(f"sqlite:///{tmp_path}/copy.db")
    backup.backup(copy, tmp_path / "again.db", at(12))
    again = open_database(f"sqlite:///{tmp_path}/again.db")
    assert [copied_at(one) for one in (database, copy, again)] == [None, at(9), at(9)]
    with copy.write() as tx:
        backup.go_on(tx)
    assert copied_at(copy) is None
    copy.close()
    again.close()


def copied_at(database: Database) -> datetime | None:
    with database.read() as tx:
        return backup.copied_at(tx)


def test_a_copy_is_made_while_others_write(database: Database, tmp_path: Path) -> None:
    fill(database)
    before = content(database)
    with database.write() as tx:
        tx.exec_driver_sql("UPDATE client SET ref = 'changed' WHERE ref = 'c2'")
        backup.backup(database, tmp_path / "copy.db", at(9))
    copy = open_database(f"sqlite:///{tmp_path}/copy.db")
    assert content(copy) == before
    copy.close()


def test_a_copy_that_is_made_under_load_is_of_one_moment(database: Database, tmp_path: Path) -> None:
    """Two records are written at a time, one time after another; a copy has both or neither, and keeps nobody from writing."""
    written, enough, over = 0, threading.Event(), threading.Event()

    def write() -> None:
        nonlocal written
        try:
            while not over.is_set():
                pair = (reading(f"{half}{written}", SHELTER, 2, client=f"c{written}") for half in "ab")
                append(database, *pair)
                written += 1
                if written == 5:
                    enough.set()
        finally:
            enough.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        enough.wait()
        before = written
        assert before >= 5, "writing went wrong"
        backup.backup(database, tmp_path / "copy.db", at(9))
        during = written
    finally:
        over.set()
        writer.join()
    copy = open_database(f"sqlite:///{tmp_path}/copy.db")
    with copy.read() as tx:
        refs = set(tx.scalars(select(record.c.ref)))
    copy.close()
    pairs = {ref[1:] for ref in refs}
    assert refs == {f"{half}{number}" for number in pairs for half in "ab"}
    assert pairs == {str(number) for number in range(len(pairs))} and before <= len(pairs) <= during + 1


@pytest.mark.parametrize("into", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_copy_is_put_back_into_either_kind_and_goes_on_counting(
    database: Database, tmp_path: Path, server: Postgres, into: str
) -> None:
    fill(database)
    backup.backup(database, tmp_path / "copy.db", at(9))
    if into == "sqlite":
        check_restored(database, tmp_path / "copy.db", f"sqlite:///{tmp_path}/again.db")
    else:
        with postgres_database(server.server) as url:
            check_restored(database, tmp_path / "copy.db", url)


def check_restored(original: Database, file: Path, url: str) -> None:
    restored = open_database(url)
    backup.restore(file, restored)
    assert content(restored) == content(original)
    with pytest.raises(NotEmpty, match="holds data already"):
        backup.restore(file, restored)
    # The number of the prompt that was dropped is not given again, nor is any other.
    [new] = create(restored, planned("z", client="c1"))
    [there] = create(original, planned("z", client="c1"))
    assert new.id == there.id > stored(restored, planned("b").key).id + 1
    append(restored, reading("r9", SHELTER, 2, client="c9"))
    with restored.write() as tx:
        audit.add(tx, at(8), "w1", "worker", "handed-back", 1)
        assert check(tx).whole
    restored.close()


def test_a_file_that_is_there_is_not_written_over(database: Database, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(FileExists, match=r"letter.txt is there already"):
        backup.backup(database, tmp_path / "letter.txt", at(9))
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_a_copy_that_fails_leaves_nothing_behind(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr("cti.store.backup.os.replace", fail)
    with pytest.raises(OSError, match="no space left"):
        backup.backup(database, tmp_path / "copy.db", at(9))
    assert list(tmp_path.glob("*copy*")) == []


def test_a_folder_that_is_not_there_is_an_error_of_the_system(database: Database, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        backup.backup(database, tmp_path / "new" / "copy.db", at(9))
    with pytest.raises(FileNotFoundError, match=r"copy\.db"):
        backup.restore(tmp_path / "copy.db", database)
    assert list(tmp_path.glob("*copy*")) == []


def test_an_empty_database_has_nothing_to_copy(empty: Database, tmp_path: Path) -> None:
    with pytest.raises(NotMade):
        backup.backup(empty, tmp_path / "copy.db", at(9))
    assert not (tmp_path / "copy.db").exists()
