"""From the row that was typed in to a real mail server on loopback, and what happens when that server is not at its best."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope

from cti.store import outbox
from tests.channels.server import Server, serving
from tests.engine.house import House, simple_rule

MAIL = (
    'transport = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "prompts@example.org"'
)


def made(folder: Path, port: int) -> House:
    """Three clients came in on one day, each with another to be told: w1, w2 and the team's inbox."""
    house = House(folder, mail=MAIL.format(port=port))
    house.only_rule("intake", simple_rule(), call="Bel even")
    house.moves_in("3-2", "a", "crisis-shelter", client="c1", worker="w1")
    house.moves_in("3-2", "b", "crisis-shelter", client="c2", worker="w2")
    house.moves_in("3-2", "c", "crisis-shelter", client="c3", worker="", team="north")
    return house


def reached(server: Server) -> list[str]:
    return sorted(to for _, to in server.envelopes)


def test_each_mail_reaches_its_mailbox_once(tmp_path: Path) -> None:
    server = Server()
    with serving(server) as port:
        house = made(tmp_path, port)
        done = house.tick("3-16")
        house.tick("3-17")
    assert done.posting.sent == 3
    assert reached(server) == ["north@example.org", "w1@example.org", "w2@example.org"]


def test_a_server_that_is_down_for_an_hour_delays_and_loses_nothing(tmp_path: Path, closed_port: int) -> None:
    house = made(tmp_path, closed_port)
    for minute in range(0, 60, 20):
        down = house.tick("3-16", 10, minute)
        assert down.posting.sent == 0
        assert minute > 0 or down.posting.error is not None
    assert set(house.states("3-16").values()) == {"pending"}
    server = Server()
    with serving(server) as port:
        house.mail = MAIL.format(port=port)
        house.configure()
        house.tick("3-16", 12)
    assert reached(server) == ["north@example.org", "w1@example.org", "w2@example.org"]
    assert set(house.states("3-16").values()) == {"sent"}


def test_a_refused_recipient_is_shown_and_the_others_get_theirs(tmp_path: Path) -> None:
    def refuse(server: Server, envelope: Envelope) -> str | None:
        return "550 5.1.1 No such user" if envelope.rcpt_tos[-1] == "w2@example.org" else None

    server = Server(at_rcpt=refuse)
    with serving(server) as port:
        house = made(tmp_path, port)
        done = house.tick("3-16")
        again = house.tick("3-17")
    assert (done.posting.sent, done.posting.failed) == (2, 1)
    assert again.posting.messages == 0
    with house.system.database.read() as tx:
        (failure,) = outbox.failures(tx)
    assert (failure.message.address, failure.error) == ("w2@example.org", "550 5.1.1 No such user")


def test_a_greylisting_server_gets_its_mail_on_the_second_try(tmp_path: Path) -> None:
    seen: set[str] = set()

    def greylist(server: Server, envelope: Envelope) -> str | None:
        address = envelope.rcpt_tos[-1]
        if address in seen:
            return None
        seen.add(address)
        return "451 4.7.1 Greylisted"

    server = Server(at_rcpt=greylist)
    with serving(server) as port:
        house = made(tmp_path, port)
        assert house.tick("3-16", 10, 0).posting.retried == 3
        assert house.tick("3-16", 10, 5).posting.sent == 3
    assert len(server.letters) == 3


@pytest.mark.parametrize("drop", ["mid-message", "after-data"])
def test_a_server_that_hangs_up_gets_the_mail_again_under_the_same_id(drop: str, tmp_path: Path) -> None:
    server = Server(drop=drop, drops=1)
    with serving(server) as port:
        house = made(tmp_path, port)
        house.tick("3-16", 10, 0)
        house.tick("3-16", 10, 30)
        house.tick("3-17")
    ids = [
        line
        for letter in server.letters
        for line in letter.splitlines()
        if line.lower().startswith(b"message-id")
    ]
    assert len(set(ids)) == 3, "nothing is lost, and what came twice has one id"
    assert len(ids) == (4 if drop == "after-data" else 3)
    assert set(house.states("3-17").values()) == {"sent"}


def test_each_mail_tells_of_its_own_client_however_many_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Histories are read ahead, two at a time here."""
    monkeypatch.setattr("cti.engine.wording._TOGETHER", 2)
    house = House(tmp_path)
    house.only_rule("intake", simple_rule(), call="Bel even")
    for language in ("nl", "en"):
        text = tmp_path / "templates" / "prompts" / "intake" / f"call.{language}.md"
        text.write_text("# Bel\n\nVan {{ worker }} over {{ client }}.\n", encoding="utf-8")
    for number, worker in enumerate(("w1", "w2", "w1", "w2", "w1"), 1):
        house.moves_in("3-2", f"r{number}", "crisis-shelter", client=f"c{number}", worker=worker)
    house.tick("3-16")
    said = {}
    for mail in house.mails():
        body = mail.get_body(("plain",))
        assert body is not None
        said[mail["To"]] = [line for line in body.get_content().splitlines() if line.startswith("Van")]
    assert said == {
        "w1@example.org": [f"Van w1 over c{number}." for number in (1, 3, 5)],
        "w2@example.org": [f"Van w2 over c{number}." for number in (2, 4)],
    }
