"""A webhook against a real server that verifies it with the library of the standard."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from cti.channels.webhook import Address, Arrived, Refused, Unheard, post
from tests.channels.receiver import SECRET, Receiver, receiver


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def now() -> datetime:
    return datetime.now(UTC)


def body(text: str = "ja") -> str:
    return f'{{"type": "prompt.created", "data": {{"prompt": 1, "text": "{text}"}}}}'


def test_what_is_posted_verifies_to_the_byte(there: Receiver) -> None:
    amsterdam = now().astimezone(tz=datetime.now().astimezone().tzinfo)
    for at in (now(), amsterdam):
        assert post(Address(there.address, SECRET), "msg_1", body("cliënt ☃"), at) == Arrived()
    assert there.bodies == [body("cliënt ☃").encode()] * 2
    assert [id for id, _ in there.heard] == ["msg_1"] * 2


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Arrived()),
        (204, Arrived()),
        (400, Refused("400")),
        (422, Refused("422")),
        (302, Unheard("302")),
        (401, Unheard("401")),
        (404, Unheard("404")),
        (429, Unheard("429")),
        (500, Unheard("500")),
        (503, Unheard("503")),
    ],
)
def test_what_an_answer_means(there: Receiver, status: int, outcome: object) -> None:
    there.answers = [status]
    assert post(Address(there.address, SECRET), "msg_1", body(), now()) == outcome
    assert there.asked == 1, "nobody else is asked, whatever the answer says"


def test_an_address_that_hangs_is_left_after_its_time(there: Receiver) -> None:
    there.answers = [0]
    began = time.monotonic()
    assert post(Address(there.address, SECRET), "msg_1", body(), now(), patience=0.2) == Unheard(
        "TimeoutError"
    )
    assert time.monotonic() - began < 20


def test_nobody_there_is_told_without_the_address(closed_port: int) -> None:
    address = Address(f"http://127.0.0.1:{closed_port}/a-secret-path", SECRET)
    assert post(address, "msg_1", body(), now()) == Unheard("ConnectError")
    assert post(Address("http://no-such-host.invalid/", SECRET), "msg_1", body(), now()) == Unheard(
        "ConnectError"
    )
