"""Mail goes through a real SMTP server on loopback, well-behaved and not."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import trustme
from aiosmtpd.smtp import Envelope
from pydantic import SecretStr

from cti.channels.email import Options, channel, probe
from cti.post.outbox import Failed, Retry, Sent, Tally, send_out
from tests.channels.build import NOW, Shelf, many, message, shelf
from tests.channels.server import PASSWORD, USER, Server, serving

MINUTE = timedelta(minutes=1)


def options(port: int, **more: object) -> Options:
    plain = {"transport": "smtp", "host": "127.0.0.1", "port": port, "security": "none"}
    return Options.model_validate(
        {**plain, "sender": "cti@example.org", "timeout": 5, "data_timeout": 5, **more}
    )


def run(full: Shelf, port: int, now: datetime = NOW, **more: object) -> Tally:
    return send_out(full.outbox(now), channel(options(port, **more)), now)


def refusing(address: str, reply: str) -> Server:
    def at_rcpt(server: Server, envelope: Envelope) -> str | None:
        return reply if envelope.rcpt_tos[-1] == address else None

    return Server(at_rcpt=at_rcpt)


# --- how it should go -------------------------------------------------------------------------------------------------


def test_what_is_due_arrives_each_at_its_mailbox_over_one_connection() -> None:
    house, full = Server(), many(20)
    with serving(house) as port:
        tally = run(full, port)
    assert (tally.sent, tally.retried, tally.failed, tally.error) == (20, 0, 0, None)
    assert sorted(house.envelopes) == sorted(("cti@example.org", f"w{n}@example.org") for n in range(1, 21))
    assert house.connections == 1
    assert full.sent == list(range(1, 21)) and not full.waiting


def test_what_arrives_is_what_was_sent() -> None:
    house = Server()
    text = "Hallo é,\n\n.punt\n..twee\nFrom hier\n" + "lang " * 300 + "\n"
    with serving(house) as port:
        run(shelf(message(1, text=text, subject="Één – “twee”")), port, sender_name="Team Één")
    got = email.message_from_bytes(house.letters[0], policy=email.policy.default)
    assert (got["Subject"], got["From"], got["To"]) == (
        "Één – “twee”",
        "Team Één <cti@example.org>",
        "w1@example.org",
    )
    body = got.get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == text.split()
    assert "\n.punt\n..twee\nFrom hier\n" in body.get_content().replace("\r\n", "\n")


def test_with_much_to_send_there_are_several_connections() -> None:
    house, full = Server(), many(120)
    with serving(house) as port:
        tally = run(full, port, connections=3)
    assert tally.sent == 120 and len(house.letters) == 120
    assert house.connections == 3


def test_a_server_that_allows_fewer_connections_gets_fewer() -> None:
    house, full = Server(refuse_beyond=1), many(60)
    with serving(house) as port:
        tally = run(full, port, connections=4)
    assert (tally.sent, tally.error) == (60, None)


def test_nothing_due_opens_no_connection() -> None:
    house = Server()
    with serving(house) as port:
        assert run(shelf(), port) == Tally()
    assert house.connections == 0


def test_a_server_that_ends_a_connection_after_some_messages_gets_the_rest_over_another() -> None:
    house, full = Server(per_connection=7), many(20)
    with serving(house) as port:
        tally = run(full, port)
    assert (tally.sent, tally.retried, tally.error) == (20, 0, None)
    assert house.connections == 3 and len(house.letters) == 20


# --- TLS and login ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> str:
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return str(file)


@pytest.fixture
def certificate(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_mail_goes_over_starttls_with_login(certificate: ssl.SSLContext, trusted: str) -> None:
    house, full = Server(), many(3)
    with serving(house, starttls=certificate, login=True) as port:
        assert (
            run(
                full, port, security="starttls", ca_file=trusted, user=USER, password=SecretStr(PASSWORD)
            ).sent
            == 3
        )
    assert len(house.logins) == 1


# aiosmtpd takes notice of STARTTLS only, and warns of a login in the clear.
in_the_clear = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@in_the_clear
def test_mail_goes_over_tls_with_login(certificate: ssl.SSLContext, trusted: str) -> None:
    house, full = Server(), many(3)
    with serving(house, tls=certificate, login=True) as port:
        assert (
            run(full, port, security="tls", ca_file=trusted, user=USER, password=SecretStr(PASSWORD)).sent
            == 3
        )


def test_a_certificate_that_is_not_trusted_stops_the_mail_and_loses_nothing(
    certificate: ssl.SSLContext,
) -> None:
    for security in ("tls", "starttls"):
        house, full = Server(), many(2)
        at_once = security == "tls"
        with serving(
            house, tls=certificate if at_once else None, starttls=None if at_once else certificate
        ) as port:
            tally = run(full, port, security=security)
        assert (tally.sent, tally.retried, tally.failed) == (0, 2, 0)
        assert tally.error is not None and "certificate" in tally.error.lower()
        assert house.letters == []


def test_a_server_that_offers_no_encryption_gets_no_mail() -> None:
    house, full = Server(), many(2)
    with serving(house) as port:
        tally = run(full, port, security="starttls")
    assert (tally.retried, house.letters) == (2, [])
    assert tally.error is not None and "STARTTLS" in tally.error


def test_a_wrong_password_is_not_the_messages_fault(certificate: ssl.SSLContext, trusted: str) -> None:
    house, full = Server(), many(3)
    with serving(house, starttls=certificate, login=True) as port:
        tally = run(full, port, security="starttls", ca_file=trusted, user=USER, password=SecretStr("wrong"))
        assert (tally.sent, tally.retried, tally.failed) == (0, 3, 0)
        assert tally.error is not None and tally.error.startswith("535")
        assert "wrong" not in tally.error
        later = run(
            full,
            port,
            NOW + MINUTE,
            security="starttls",
            ca_file=trusted,
            user=USER,
            password=SecretStr(PASSWORD),
        )
    assert later.sent == 3


@in_the_clear
def test_a_server_that_wants_a_login_refuses_without_one() -> None:
    house, full = Server(), many(3)
    with serving(house, login=True) as port:
        tally = run(full, port)
    assert (tally.retried, tally.failed, house.letters) == (3, 0, [])
    assert tally.error is not None and tally.error.startswith("530")


def test_a_file_of_certificates_that_is_not_there_is_said() -> None:
    full = many(1)
    assert (
        run(full, 1, security="tls", ca_file="/no/such.pem").error
        == "/no/such.pem: No such file or directory"
    )
    assert list(full.waiting) == [1]


# --- refused and delayed ----------------------------------------------------------------------------------------------


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


# --- broken connections -----------------------------------------------------------------------------------------------


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


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


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
    assert isinstance(full.outcomes[1][0], Retry) and "Timed out" in full.outcomes[1][0].error


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
    broken = type(outbox)(outbox.claim, lambda one, outcome: (_ for _ in ()).throw(OSError("disk full")))
    with serving(house) as port, pytest.raises(OSError, match="disk full"):
        send_out(broken, channel(options(port, connections=4)), NOW)
    assert len(house.letters) <= 4


# --- names and addresses ----------------------------------------------------------------------------------------------


def test_an_international_address_goes_where_the_server_takes_it() -> None:
    full = shelf(message(1, address="zoë@opvång.example"))
    house = Server()
    with serving(house) as port:
        assert run(full, port).sent == 1
    assert house.envelopes == [("cti@example.org", "zoë@xn--opvng-ora.example")]


def test_where_it_does_not_that_is_final_and_said() -> None:
    full = shelf(message(1, address="zoë@example.org"), message(2))
    with serving(Server(utf8=False)) as port:
        assert run(full, port).sent == 1
    assert "SMTPUTF8" in full.failed[1]


def test_an_international_domain_needs_nothing_special() -> None:
    house, full = Server(utf8=False), shelf(message(1, address="w1@opvång.example"))
    with serving(house) as port:
        assert run(full, port).sent == 1
    assert house.envelopes == [("cti@example.org", "w1@xn--opvng-ora.example")]


# --- asking whether the server lets us in -----------------------------------------------------------------------------


def test_the_server_can_be_tried_without_sending(closed_port: int) -> None:
    house = Server()
    with serving(house) as port:
        assert probe(options(port)) is None
    down = probe(options(closed_port))
    assert down is not None and "127.0.0.1" in down
    assert house.letters == []
    assert probe(options(1, security="tls", ca_file="/no/such.pem")) == "[Errno 2] No such file or directory"


def test_outcomes_are_values() -> None:
    assert Sent() == Sent() and Failed("x") == Failed("x") and Retry(NOW, "x") == Retry(NOW, "x")
