"""A real SMTP server that refuses, delays, hangs up or is away: each ends as it should, with nothing lost."""

from __future__ import annotations

import asyncio
import email
import email.policy
import time
from datetime import timedelta

import pytest
from aiosmtpd.smtp import Envelope

from cti.channels.email import channel
from cti.post.outbox import LEASE, Retry, Tally, send_out
from tests.channels.build import NOW, many, message, shelf
from tests.channels.sending import MINUTE, options, refusing, run
from tests.channels.server import Server, serving


def test_a_greylisted_mail_is_tried_again_and_then_accepted() -> None:
    seen: set[str] = set()

    def greylist(server: Server, envelope: Envelope) -> str | None:
        address = envelope.rcpt_tos[-1]
        if address in seen:
            return None
        seen.add(address)
        return "451 4.7.1 Greylisted, please try again later"

    house, full = Server(at_rcpt=greylist), many(4)
    with serving(house) as port:
        first = run(full, port)
        assert (first.sent, first.retried, first.error) == (0, 4, None)
        assert full.outcomes[1] == [Retry(NOW + MINUTE, "451 4.7.1 Greylisted, please try again later")]
        assert run(full, port, NOW + MINUTE / 2) == Tally()
        assert run(full, port, NOW + MINUTE).sent == 4
    assert len(house.letters) == 4


def test_a_refused_recipient_is_final_and_the_others_get_theirs() -> None:
    house, full = refusing("w2@example.org", "550 5.1.1 No such user"), many(3)
    with serving(house) as port:
        tally = run(full, port)
    assert (tally.sent, tally.failed, tally.error) == (2, 1, None)
    assert full.failed == {2: "550 5.1.1 No such user"}
    assert [to for _, to in house.envelopes] == ["w1@example.org", "w3@example.org"]


def test_a_refused_message_is_final_and_the_others_go() -> None:
    def spam(server: Server, envelope: Envelope) -> str | None:
        return "554 5.7.1 Looks like spam" if envelope.rcpt_tos[0] == "w1@example.org" else None

    house, full = Server(at_data=spam), many(3)
    with serving(house) as port:
        assert run(full, port).sent == 2
    assert full.failed == {1: "554 5.7.1 Looks like spam"}


def test_a_message_refused_for_now_is_tried_again() -> None:
    def busy(server: Server, envelope: Envelope) -> str | None:
        return "452 4.3.1 Out of space" if len(server.greeted) == 1 else None

    house, full = Server(at_data=busy), many(2)
    with serving(house) as port:
        assert run(full, port).retried == 2
        assert run(full, port, NOW + MINUTE).sent == 2


def test_a_refused_sender_is_not_the_messages_fault() -> None:
    house, full = Server(at_mail="550 5.7.1 Sender not allowed"), many(3)
    with serving(house) as port:
        tally = run(full, port)
    assert (tally.retried, tally.failed, tally.error) == (3, 0, "550 5.7.1 Sender not allowed")
    assert [len(outcomes) for outcomes in full.outcomes.values()] == [1, 1, 1]


def test_a_server_that_will_not_relay_is_not_the_messages_fault() -> None:
    def no_relay(server: Server, envelope: Envelope) -> str:
        return "554 5.7.1 Relay access denied"

    full = many(5)
    with serving(Server(at_rcpt=no_relay)) as port:
        tally = run(full, port)
    assert (tally.retried, tally.failed, tally.error) == (5, 0, "554 5.7.1 Relay access denied")


def test_one_recipient_beyond_the_servers_reach_does_not_hold_up_the_others() -> None:
    house, full = refusing("w2@example.org", "550 Relaying denied"), many(4)
    with serving(house) as port:
        tally = run(full, port)
    assert (tally.sent, tally.retried, tally.error) == (3, 1, None)


def test_what_is_no_address_is_final() -> None:
    full = shelf(
        message(1, address="w1"), message(2), message(3, address="w3@example.org>\r\nRCPT TO:<x@example.org")
    )
    house = Server()
    with serving(house) as port:
        assert run(full, port).sent == 1
    assert full.failed == {1: "not a mail address", 3: "not a mail address"}


def test_a_server_that_hangs_up_mid_message_gets_it_again_and_once() -> None:
    house, full = Server(drop="mid-message", drops=1), many(3)
    with serving(house) as port:
        tally = run(full, port)
        assert (tally.sent, tally.retried) == (2, 1)
        assert isinstance(full.outcomes[1][0], Retry)
        assert run(full, port, NOW + MINUTE).sent == 1
    assert sorted(to for _, to in house.envelopes) == [f"w{n}@example.org" for n in (1, 2, 3)]


def test_a_server_that_hangs_up_after_the_message_gets_it_again_under_the_same_id() -> None:
    house, full = Server(drop="after-data", drops=1), shelf(message(1))
    with serving(house) as port:
        assert run(full, port).retried == 1
        assert run(full, port, NOW + MINUTE).sent == 1
    ids = [email.message_from_bytes(letter)["Message-ID"] for letter in house.letters]
    assert len(ids) == 2 and len(set(ids)) == 1


def test_a_server_that_keeps_hanging_up_is_left_alone_for_now() -> None:
    house, full = Server(drop="mid-message"), many(30)
    with serving(house) as port:
        tally = run(full, port)
    assert (tally.sent, tally.retried) == (0, 30)
    assert tally.error is not None
    assert house.connections == 3


def test_a_server_that_closes_at_once_is_tried_again_later() -> None:
    house, full = Server(drop="at-mail", drops=1), many(2)
    with serving(house) as port:
        run(full, port)
        run(full, port, NOW + MINUTE)
    assert full.sent == [1, 2]


def test_a_server_that_is_down_for_an_hour_delays_and_loses_nothing(closed_port: int) -> None:
    full, now, tries = many(3), NOW, 0
    while now < NOW + timedelta(hours=1):
        tally = run(full, closed_port, now)
        tries += tally.retried > 0
        assert tally.sent == tally.failed == 0
        assert tally.retried == 0 or (tally.error is not None and "127.0.0.1" in tally.error)
        now += MINUTE
    assert tries == 4  # at once, after 1, 5 and 15 minutes; the next after an hour
    house = Server()
    with serving(house) as port:
        for _ in range(60):
            run(full, port, now)
            now += MINUTE
    assert full.sent == [1, 2, 3]
    assert len(house.letters) == 3


def test_a_slow_server_delays_and_drops_nothing() -> None:
    async def slow(server: Server, envelope: Envelope) -> str:
        await asyncio.sleep(0.3)
        return "250 OK, at last"

    house, full = Server(at_data=slow), many(3)
    with serving(house) as port:
        assert run(full, port, timeout=0.2, data_timeout=5).sent == 3


def test_a_server_that_does_not_answer_is_given_up_for_now() -> None:
    async def never(server: Server, envelope: Envelope) -> str:
        await asyncio.sleep(3)
        return "250 OK"

    full = shelf(message(1))
    with serving(Server(at_rcpt=never)) as port:
        tally = run(full, port, timeout=0.2)
    assert (tally.retried, tally.failed) == (1, 0)
    assert isinstance(full.outcomes[1][0], Retry) and "no answer in time" in full.outcomes[1][0].error


def test_a_claim_that_is_about_to_lapse_is_let_go_unsent() -> None:
    async def slow(server: Server, envelope: Envelope) -> str:
        await asyncio.sleep(0.2)
        return "250 OK"

    house, full = Server(at_data=slow), many(10)
    with serving(house) as port:
        outbox = full.outbox(NOW, lease=timedelta(seconds=0.9))
        tally = send_out(outbox, channel(options(port)), NOW)
    assert 1 <= tally.sent < 10
    assert len(house.letters) == tally.sent
    assert len(full.claimed) == 10 - tally.sent, "they come back when the claim lapses"


def test_a_claim_that_lapsed_while_the_machine_was_suspended_is_let_go_unsent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asleep, since_boot = [0.0], time.clock_gettime

    def clock_gettime(clock: int) -> float:
        return since_boot(clock) + (asleep[0] if clock == time.CLOCK_BOOTTIME else 0)

    async def suspended(server: Server, envelope: Envelope) -> str:
        asleep[0] = LEASE.total_seconds()
        return "250 OK"

    monkeypatch.setattr(time, "clock_gettime", clock_gettime)
    house, full = Server(at_data=suspended), many(10)
    with serving(house) as port:
        tally = run(full, port)
    assert tally.sent == len(house.letters) == 1
    assert len(full.claimed) == 9, "they come back when somebody sees that the claim lapsed"


def test_a_service_that_is_stopped_ends_after_the_message_in_hand() -> None:
    house, full = Server(), many(10)
    with serving(house) as port:
        tally = send_out(full.outbox(NOW, stop_after=4), channel(options(port)), NOW)
        assert tally.sent == len(house.letters) == 4
        assert full.claimed == set()
        run(full, port)
    assert full.sent == list(range(1, 11)) and len(house.letters) == 10


def test_what_cannot_be_written_down_stops_the_sending() -> None:
    house, full = Server(), many(120)
    outbox = full.outbox(NOW)
    broken = type(outbox)(outbox.claim, lambda ended: (_ for _ in ()).throw(OSError("disk full")))
    with serving(house) as port, pytest.raises(OSError, match="disk full"):
        send_out(broken, channel(options(port, connections=4)), NOW)
    assert len(house.letters) <= 48, "no more than may wait to be written down"
