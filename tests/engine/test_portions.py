"""Very many new prompts are told in portions, while those that are made are sent: each once, and each as it stands then."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from cti.engine import post
from cti.engine.outcome import Posting
from cti.engine.posting import Portions, begin_messages
from cti.engine.rulebooks import standing
from cti.store import clients, outbox, prompts
from tests.channels.server import Server, serving
from tests.engine.house import House, simple_rule, when

PEOPLE = 7
DUE = when("3-16", 10)
REMIND = 'remind = { every = "5 working days", times = 1 }'
SMTP = 'transport = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "cti@example.org"'


@pytest.fixture(autouse=True)
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cti.engine.posting.PORTION", 2)


def house(folder: Path, mail: str = 'transport = "folder"') -> House:
    """Seven clients came in on one day, each with a worker of its own, and all are planned."""
    people = "".join(
        f'\n[[people]]\nid = "p{n}"\nname = "p{n}"\naddress = "p{n}@example.org"\nteam = "north"\n'
        for n in range(PEOPLE)
    )
    made = House(folder, lead=people, mail=mail)
    made.only_rule("intake", simple_rule(keys=REMIND), call="Bel even")
    for n in range(PEOPLE):
        made.moves_in("3-2", f"r{n}", "crisis-shelter", client=f"c{n}", worker=f"p{n}")
    made.tick("3-2", 13)
    return made


def begun(made: House, now: datetime = DUE, planning: bool = False) -> tuple[Posting, Portions]:
    """The first messages of a pass are made; the portions of the others are not."""
    rules = standing(made.system)
    assert rules is not None
    return begin_messages(made.system, rules, now, planning=planning)


def everybody(but: int | None = None) -> list[str]:
    return [f"p{n}@example.org" for n in range(PEOPLE) if n != but]


def told(made: House) -> list[str]:
    """Who has mail, and as often as they have it."""
    return sorted(str(mail["To"]) for mail in made.mails())


def test_everybody_is_told_once(tmp_path: Path) -> None:
    made = house(tmp_path)
    done = post(made.system, DUE)
    post(made.system, DUE)
    assert (done.messages, done.sent) == (PEOPLE, PEOPLE)
    assert told(made) == everybody()
    assert set(made.states("3-16").values()) == {"sent"}


def test_they_are_made_while_those_before_them_are_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti.channels.run._AT_ONCE", 1)
    server, waiting = Server(), set[int]()
    with serving(server) as port:
        made = house(tmp_path, SMTP.format(port=port))

        def at_rcpt(*_: object) -> None:
            with made.system.database.read() as tx:
                waiting.add(len(outbox.waiting(tx)))

        server.at_rcpt = at_rcpt
        done = post(made.system, DUE)
    assert (done.messages, done.sent) == (PEOPLE, PEOPLE)
    assert max(waiting) < PEOPLE


def test_who_is_answered_in_between_is_not_told(tmp_path: Path) -> None:
    made = house(tmp_path)
    _, rest = begun(made)
    with made.system.database.write() as tx:
        prompts.record_answer(tx, made.stored()[PEOPLE - 1].id, "done", DUE)
    assert [portion().messages for portion in rest] == [2, 2, 0]
    post(made.system, DUE)
    assert told(made) == everybody(but=PEOPLE - 1)


def test_who_is_handed_over_in_between_is_told_with_the_next_pass_to_whoever_has_it(tmp_path: Path) -> None:
    made = house(tmp_path)
    _, rest = begun(made)
    with made.system.database.write() as tx:
        prompts.hand(tx, made.stored()[PEOPLE - 1].id, "w1", "p6", DUE)
    assert [portion().messages for portion in rest] == [2, 2, 0]
    post(made.system, DUE)
    assert told(made) == [*everybody(but=PEOPLE - 1), "w1@example.org"]


def test_a_client_whose_history_changes_in_between_waits_until_it_is_planned(tmp_path: Path) -> None:
    made = house(tmp_path)
    _, rest = begun(made, planning=True)
    with made.system.database.write() as tx:
        clients.mark_dirty(tx, [PEOPLE])
    assert [portion().messages for portion in rest] == [2, 2, 0]


def test_two_who_make_the_same_tell_nobody_twice(tmp_path: Path) -> None:
    made = house(tmp_path)
    _, rest = begun(made)
    _, again = begun(made)
    assert [portion().messages for portion in again] == [2, 1]
    assert [portion().messages for portion in rest] == [0, 0, 0]
    post(made.system, DUE)
    assert told(made) == everybody()


def test_where_no_mail_goes_all_of_them_wait_in_the_outbox(tmp_path: Path, closed_port: int) -> None:
    made = house(tmp_path, SMTP.format(port=closed_port))
    done = post(made.system, DUE)
    assert done.error is not None
    assert (done.messages, done.sent) == (PEOPLE, 0)
    with made.system.database.read() as tx:
        assert len(outbox.waiting(tx)) == PEOPLE


def test_a_service_that_stops_in_the_midst_tells_the_others_when_it_is_back(tmp_path: Path) -> None:
    made = house(tmp_path)
    asked = iter((False, False, True))
    stopped = post(made.system, DUE, lambda: next(asked, True))
    assert stopped.messages < PEOPLE
    made.configure()
    post(made.system, when("3-16", 11))
    assert told(made) == everybody()


def test_what_was_told_before_is_followed_up_at_once(tmp_path: Path) -> None:
    made = house(tmp_path)
    post(made.system, DUE)
    reminded, rest = begun(made, when("3-25", 10))
    assert (reminded.messages, len(rest)) == (PEOPLE, 0)
