"""What other tools are told of prompts: once, in order, and without keeping anyone waiting."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cti.channels.webhook import Address, Outcome, post
from cti.config.model import Webhook
from cti.engine.answering import answer, take_back
from cti.engine.health import health
from cti.engine.housekeeping import keep_house
from cti.engine.rulebooks import standing
from cti.engine.webhooks import Told, tell
from cti.store import webhooks
from cti.store.erasure import erase
from cti.web.views.figures import figures
from cti.web.views.state import state_of
from tests.channels.receiver import SECRET, Receiver, receiver
from tests.engine.house import House, simple_rule, when


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


@pytest.fixture
def house(tmp_path: Path, there: Receiver) -> House:
    """Client c1 moved in on 2 March; the prompt to call goes out on 16 March. A registration listens."""
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    listens(house, there.address)
    house.moves_in("3-2", "s1", "crisis-shelter")
    house.tick("3-3")
    return house


def listens(house: House, url: str, more: str = "") -> None:
    house.web = f'[[webhooks]]\nname = "registration"\nurl = "{url}"\nsecret = "{SECRET}"\n{more}'
    house.configure()


def hook(house: House) -> Webhook:
    return house.system.config.webhooks[0]


def send(address: Address, id: str, body: str, now: datetime) -> Outcome:
    """Posts now, whatever time the story is at: the library wants signatures of the last minutes."""
    return post(address, id, body, datetime.now(UTC), patience=60)


def told(house: House, at: datetime) -> Told:
    return tell(house.system, hook(house), lambda: at, send=send)


def said(house: House, at: datetime, answered: str = "done") -> None:
    rules = standing(house.system)
    assert rules is not None
    answer(house.system, rules.rulebook, "1", answered, at, by="w1")


def test_a_registration_is_told_that_a_prompt_was_sent_answered_and_withdrawn(
    house: House, there: Receiver
) -> None:
    assert told(house, when("3-3")) == Told()
    house.tick("3-16")
    assert told(house, when("3-16", 11)) == Told(made=1, arrived=1)
    said(house, when("3-16", 12))
    told(house, when("3-16", 12))
    take_back(house.system, 1, when("3-16", 12, 10), "w1")
    told(house, when("3-16", 12, 10))
    house.retract("3-17", "s1")
    house.tick("3-17", 13)
    told(house, when("3-17", 14))
    told(house, when("3-18", 14))
    assert there.said == [
        ("prompt.created", 1),
        ("prompt.answered", 1),
        ("prompt.created", 1),
        ("prompt.withdrawn", 1),
    ]
    assert [said["data"]["state"] for _, said in there.heard] == ["sent", "answered", "sent", "withdrawn"]
    assert len({id for id, _ in there.heard}) == 4


def test_without_content_only_our_number_goes_out(house: House, there: Receiver) -> None:
    house.tick("3-16")
    said(house, when("3-16", 12))
    told(house, when("3-16", 12))
    [(_, heard)] = there.heard
    assert heard == {
        "type": "prompt.answered",
        "timestamp": when("3-16", 12).isoformat(),
        "data": {"prompt": 1, "state": "answered", "url": "https://prompts.example.org/prompts/1"},
    }


def test_with_content_a_registration_can_show_the_task_and_keep_the_answer(
    house: House, there: Receiver
) -> None:
    listens(house, there.address, 'content = "full"')
    house.tick("3-16")
    told(house, when("3-16", 11))
    said(house, when("3-16", 12))
    told(house, when("3-16", 12))
    (_, created), (_, answered) = there.heard
    task = created["data"]
    assert (task["client"], task["rule"], task["step"], task["title"], task["person"]) == (
        "c1", "intake", "call", "Bel het netwerk", "w1",
    )  # fmt: skip
    assert datetime.fromisoformat(task["due"]) == when("3-16")
    assert "answer" not in task
    assert answered["data"]["answer"] == {
        "answer": "done",
        "at": when("3-16", 12).astimezone(UTC).isoformat(),
        "by": "w1",
        "facts": {},
        "note": None,
    }


def test_only_what_is_asked_for_is_told(house: House, there: Receiver) -> None:
    listens(house, there.address, 'events = ["prompt.answered"]')
    house.tick("3-16")
    told(house, when("3-16", 11))
    said(house, when("3-16", 12))
    told(house, when("3-16", 12))
    assert there.said == [("prompt.answered", 1)]


def test_a_new_webhook_is_told_of_what_is_open_and_not_of_what_was_over(
    house: House, there: Receiver
) -> None:
    house.moves_in("3-2", "s2", "crisis-shelter", client="c2")
    house.tick("3-3")
    house.tick("3-16")
    said(house, when("3-16", 11))
    told(house, when("3-16", 12))
    assert there.said == [("prompt.created", 2)]


def test_a_prompt_whose_time_is_over_is_withdrawn_without_a_pass(house: House, there: Receiver) -> None:
    house.tick("3-16")
    told(house, when("3-16", 11))
    told(house, when("5-12", 11))
    assert there.said == [("prompt.created", 1), ("prompt.withdrawn", 1)]
    assert there.heard[1][1]["data"]["state"] == "expired"


def test_down_for_an_hour_and_back_nothing_is_missing_and_nothing_is_out_of_order(
    house: House, there: Receiver
) -> None:
    house.tick("3-16")
    there.answers = [500, 503, 500, 500, 500]
    at, end = when("3-16", 11), when("3-16", 12)
    said_at = at + timedelta(minutes=20)
    while at <= end:
        if at == said_at:
            said(house, at)
        told(house, at)
        at += timedelta(minutes=1)
    # At once, and after 1, 5 and 15 minutes: nobody is asked each minute, whatever comes in meanwhile.
    assert there.asked == 4
    assert health(house.system, end).webhooks[0].waiting == 2
    told(house, when("3-16", 12, 21))
    assert there.asked == 5
    told(house, when("3-16", 13, 21))
    assert there.said[-2:] == [("prompt.created", 1), ("prompt.answered", 1)]
    ids = [id for id, said in there.heard if said["type"] == "prompt.created"]
    assert len(ids) == 6 and len(set(ids)) == 1, "the id stays the same over all tries"
    assert len(set(there.bodies[:6])) == 1
    assert health(house.system, when("3-16", 13, 22)).webhooks == (webhooks.Standing("registration"),)


def test_an_event_that_is_refused_keeps_no_other_waiting(house: House, there: Receiver) -> None:
    house.moves_in("3-2", "s2", "crisis-shelter", client="c2")
    house.tick("3-3")
    house.tick("3-16")
    there.answers = [422]
    assert told(house, when("3-16", 11)) == Told(made=2, arrived=1, refused=1)
    assert told(house, when("3-16", 11, 1)) == Told(arrived=1)
    assert there.said == [("prompt.created", 1), ("prompt.created", 2), ("prompt.created", 1)]


def test_what_nobody_takes_for_two_weeks_is_given_up_and_shown(house: House, there: Receiver) -> None:
    house.tick("3-16")
    there.answers = [500, 422, 500]
    told(house, when("3-16", 11))
    assert health(house.system, when("3-16", 11, 30)).webhooks[0].error == "500"
    told(house, when("3-16", 11, 2))
    told(house, when("3-31", 11))
    [stands] = health(house.system, when("3-31", 12)).webhooks
    assert (stands.waiting, stands.failed) == (0, 1)
    assert health(house.system, when("3-31", 12)).unheard(stands)
    told(house, when("4-1", 11))
    assert there.asked == 3, "what was given up is not tried again"
    keep_house(house.system, when("4-8", 12))
    assert health(house.system, when("4-8", 12)).webhooks[0].failed == 0


def test_a_kill_between_the_post_and_the_note_repeats_the_event_with_its_id(
    house: House, there: Receiver
) -> None:
    house.tick("3-16")

    class Killed(BaseException):
        pass

    def posts_and_dies(*sent: object) -> Outcome:
        send(*sent)  # type: ignore[arg-type]
        raise Killed

    with pytest.raises(Killed):
        tell(house.system, hook(house), lambda: when("3-16", 11), send=posts_and_dies)
    assert told(house, when("3-16", 11, 1)) == Told(), "the claim of the dead still holds"
    assert told(house, when("3-16", 11, 31)) == Told(arrived=1)
    (one, _), (other, _) = there.heard
    assert one == other
    assert told(house, when("3-16", 12)) == Told()


def test_an_address_that_hangs_keeps_no_pass_waiting(house: House, there: Receiver) -> None:
    house.tick("3-16")
    there.answers = [0]
    begun, done = threading.Event(), threading.Event()

    def hangs(*sent: object) -> Outcome:
        begun.set()
        try:
            return send(*sent)  # type: ignore[arg-type]
        finally:
            done.set()

    thread = threading.Thread(
        target=tell, args=(house.system, hook(house), lambda: when("3-16", 11)), kwargs={"send": hangs}
    )
    thread.start()
    assert begun.wait(30)
    house.moves_in("3-16", "s2", "crisis-shelter", client="c2")
    house.tick("3-17")
    said(house, when("3-17", 12))
    assert not done.is_set()
    assert "c2" in {row.plan.client for row in house.stored()}
    there.over.set()
    thread.join(30)
    assert not thread.is_alive()


def test_stopping_leaves_the_rest_for_later(house: House, there: Receiver) -> None:
    house.tick("3-16")
    assert tell(house.system, hook(house), lambda: when("3-16", 11), lambda: True, send) == Told(made=1)
    assert there.heard == []
    assert told(house, when("3-16", 11, 1)) == Told(arrived=1)


def test_two_services_at_once_tell_it_once(house: House, there: Receiver) -> None:
    house.tick("3-16")
    threads = [threading.Thread(target=told, args=(house, when("3-16", 11))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert there.said == [("prompt.created", 1)]


def test_a_webhook_that_the_config_no_longer_has_is_forgotten(house: House, there: Receiver) -> None:
    house.tick("3-16")
    there.answers = [500]
    told(house, when("3-16", 11))
    url = there.address
    house.web = ""
    house.configure()
    keep_house(house.system, when("3-17", 3))
    listens(house, url)
    assert told(house, when("3-17", 11)) == Told(made=1, arrived=1)
    first, second = (id for id, _ in there.heard)
    assert first != second


def test_of_an_erased_client_nothing_waits_to_be_told(house: House, there: Receiver) -> None:
    listens(house, there.address, 'content = "full"')
    house.tick("3-16")
    there.answers = [500]
    told(house, when("3-16", 11))
    with house.system.database.write() as tx:
        erase(tx, "c1")
    assert told(house, when("3-17", 11)) == Told()
    with house.system.database.read() as tx:
        left = [
            tx.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()
            for name in ("webhook_event", "webhook_told")
        ]
    assert left == [0, 0]
    assert json.loads(there.bodies[0])["data"]["client"] == "c1"


def test_what_waits_is_shown_to_the_administrator_and_to_monitoring(house: House, there: Receiver) -> None:
    house.tick("3-16")
    there.answers = [503]
    told(house, when("3-16", 11))
    found = health(house.system, when("3-16", 11, 30))
    lines = state_of("nl", found, [], [], house.system.config.calendar).lines
    [line] = [one for one in lines if one.name == "webhook registration"]
    assert line.says == "1 melding wacht. Sinds maandag 16 maart 2026, 11:00 komt er niets aan: 503"
    assert line.tone == "good", "for an hour nobody is alarmed"
    text = figures(found).decode()
    assert 'cti_webhook_waiting{webhook="registration"} 1.0' in text
    assert 'cti_webhook_unheard_seconds{webhook="registration"} 1800.0' in text
    house.tick("3-16", 12, 1)
    assert health(house.system, when("3-16", 12, 2)).status == "look"
