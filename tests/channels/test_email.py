"""Mail goes through a real SMTP server on loopback: what is due arrives, whole and once."""

from __future__ import annotations

import email
import email.policy

from cti.channels.email import probe
from cti.post.outbox import Failed, Retry, Sent, Tally
from tests.channels.build import NOW, many, message, shelf
from tests.channels.sending import options, run
from tests.channels.server import Server, serving


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
