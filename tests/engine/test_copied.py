"""The machine is lost, and the database is put back from a copy: what it knows, and what becomes of the mail since."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from cti.core.messages import Message
from cti.engine.copied import Copy, copy_of, resume
from cti.problems import Problems
from cti.store import outbox
from cti.store.backup import backup
from cti.store.tables import message
from tests.engine.house import House, simple_rule, when

REMINDED = 'remind = { every = "5 working days", times = 1 }'


@pytest.fixture
def lost(tmp_path: Path) -> House:
    """Prompts for c1 on Monday 16 March, c2 on Tuesday, c3 on Wednesday and c4 on Friday; a copy was made on Monday at noon, and
    the machine went on until Wednesday at noon."""
    house = House(tmp_path / "lost")
    house.only_rule("intake", simple_rule(keys=REMINDED), call="Bel even")
    for day, client in (("3-2", "c1"), ("3-3", "c2"), ("3-4", "c3"), ("3-6", "c4")):
        house.moves_in(day, f"r{client}", "crisis-shelter", client=client)
    house.tick("3-13")
    house.tick("3-16")
    backup(house.system.database, tmp_path / "copy.db", when("3-16", 12))
    house.ticks("3-17", "3-18")
    assert days(house) == ["Mon", "Tue", "Wed"]
    return house


def days(house: House) -> list[str]:
    """The days on which mails went."""
    return [str(mail["Date"]).split(",")[0] for mail in house.mails()]


def put_back(lost: House, tmp_path: Path) -> House:
    """The same organisation on a new machine, begun anew from the copy; what it mails lies in an empty folder."""
    house = lost.copied(tmp_path / "new")
    house.system.database.close()
    for file in house.folder.glob("cti.db*"):
        file.unlink()
    shutil.copy(tmp_path / "copy.db", house.folder / "cti.db")
    shutil.rmtree(house.folder / "outbox")
    house.configure()
    return house


def resumed(house: House, until: str | None, day: str = "3-18", hour: int = 14) -> int:
    return resume(house.system, when(until, 12) if until is not None else None, when(day, hour), "test")


def ids(house: House) -> list[str]:
    with house.system.database.read() as tx:
        return list(tx.scalars(select(message.c.message_id).order_by(message.c.id)))


def test_until_someone_says_what_was_sent_no_mail_goes(lost: House, tmp_path: Path) -> None:
    house = put_back(lost, tmp_path)
    done = house.tick("3-18", 14)
    assert (done.posting.copy_of, done.posting.messages, house.mails()) == (when("3-16", 12), 0, [])
    with house.system.database.read() as tx:
        assert copy_of(tx, when("3-18", 14)) == Copy(when("3-16", 12), messages=0, prompts=2)
    assert house.states_by_client("3-18") == {"c1": "sent", "c2": "pending", "c3": "pending", "c4": "pending"}


def test_what_the_lost_machine_sent_is_sent_to_nobody_again(lost: House, tmp_path: Path) -> None:
    house = put_back(lost, tmp_path)
    house.tick("3-18", 14)
    assert resumed(house, "3-18") == 2
    house.tick("3-18", 15)
    assert house.mails() == []
    assert ids(house) == ids(lost), "under the Message-IDs under which they were mailed"
    house.ticks("3-19", "3-20")
    assert days(house) == ["Fri"]
    assert house.states_by_client("3-20") == dict.fromkeys(("c1", "c2", "c3", "c4"), "sent")


def test_what_counts_as_sent_is_reminded_of_as_if_it_was(lost: House, tmp_path: Path) -> None:
    house = put_back(lost, tmp_path)
    house.tick("3-18", 14)
    resumed(house, "3-18")
    for one in (lost, house):
        one.ticks("3-19", "3-26")
    assert ids(house) == ids(lost)
    assert days(house) == days(lost)[3:] and len(days(house)) > 1


def test_what_was_due_after_the_machine_was_lost_goes(lost: House, tmp_path: Path) -> None:
    house = put_back(lost, tmp_path)
    house.tick("3-18", 14)
    assert resumed(house, "3-17") == 1
    house.tick("3-18", 15)
    assert house.states_by_client("3-18")["c3"] == "sent"
    assert len(house.mails()) == 1


def test_someone_may_rather_have_all_of_it_sent(lost: House, tmp_path: Path) -> None:
    house = put_back(lost, tmp_path)
    house.tick("3-18", 14)
    assert resumed(house, None) == 0
    house.tick("3-18", 15)
    assert house.states_by_client("3-18")["c2"] == house.states_by_client("3-18")["c3"] == "sent"
    assert len(house.mails()) == 1, "both in one message"


def test_a_kill_while_mail_is_resumed_neither_repeats_nor_loses(
    lost: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = put_back(lost, tmp_path)
    house.tick("3-18", 14)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("cti.engine.copied.go_on", killed)
        with pytest.raises(KeyboardInterrupt):
            resumed(house, "3-18")
    house.tick("3-18", 15)
    assert house.mails() == []
    resumed(house, "3-18", hour=16)
    house.tick("3-18", 17)
    assert house.mails() == [] and ids(house) == ids(lost)


def test_links_to_come_in_go_all_the_while(lost: House, tmp_path: Path) -> None:
    house = put_back(lost, tmp_path)
    link = Message(
        id=None,
        kind="login",
        person="w1",
        address="w1@example.org",
        subject="Inloggen",
        text="…",
        html="…",
        message_id="<link@example.org>",
        in_reply_to=None,
        references=(),
        items=(),
        day=when("3-18").date(),
        attempts=0,
    )
    with house.system.database.write() as tx:
        outbox.enqueue(tx, [link], when("3-18", 14), house.system.config.calendar)
    house.tick("3-18", 14)
    assert [mail["Subject"] for mail in house.mails()] == ["Inloggen"]


def test_it_is_refused_where_it_makes_no_sense(lost: House, tmp_path: Path) -> None:
    with pytest.raises(Problems, match="no copy"):
        resumed(lost, "3-18")
    house = put_back(lost, tmp_path)
    with pytest.raises(Problems, match="make one first: cti tick"):
        resumed(house, "3-18")
    house.tick("3-18", 14)
    for wrong in ("3-15", "3-19"):
        with pytest.raises(Problems, match="between that of the copy and now"):
            resumed(house, wrong)
