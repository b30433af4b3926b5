"""A message as bytes: read back by the standard library, it says what it said, and nothing else."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.channels.mime import Unsendable, encoded, mail, wire_address
from cti.channels.options import Options
from cti.core.messages import Message
from tests.channels.build import NOW, message

OPTIONS = Options(sender="cti@example.org", sender_name="Prompts north")
GOLDEN = Path(__file__).parent / "golden"
LINES = st.text(st.characters(exclude_categories=["Cs"]))
SURROGATES_TOO = st.text()


def read(one: Message, options: Options = OPTIONS) -> EmailMessage:
    return email.message_from_bytes(mail(one, options, NOW).data, policy=email.policy.default)


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def one_line(text: str) -> str:
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


def test_a_mail_looks_like_this() -> None:
    one = message(
        1,
        subject="Er staan 2 herinneringen voor je klaar – één met spoed",
        text="Hallo,\n\nEr staan er 2 voor je klaar.\nBekijken: https://cti.example.org\n",
        html='<!doctype html>\n<html lang="nl">\n<p>Hallo, één</p>\n</html>\n',
        in_reply_to="<a@example.org>",
        references=("<b@example.org>", "<a@example.org>"),
    )
    options = OPTIONS.model_copy(
        update={"sender_name": "Herinneringen Zuid-Één", "reply_to": "desk@example.org"}
    )
    assert mail(one, options, NOW).data == (GOLDEN / "digest.eml").read_bytes()


def test_it_reads_back_as_it_was_meant() -> None:
    letter = email.message_from_bytes((GOLDEN / "digest.eml").read_bytes(), policy=email.policy.default)
    assert letter.defects == []
    assert letter["Subject"] == "Er staan 2 herinneringen voor je klaar – één met spoed"
    assert letter["From"] == "Herinneringen Zuid-Één <cti@example.org>"
    assert letter["To"].addresses[0].addr_spec == "w1@example.org"
    assert letter["Reply-To"].addresses[0].addr_spec == "desk@example.org"
    assert letter["Date"].datetime == NOW
    assert letter["Message-ID"] == "<00000000000000000000000000000001@example.org>"
    assert letter["In-Reply-To"] == "<a@example.org>"
    assert str(letter["References"]).split() == ["<b@example.org>", "<a@example.org>"]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["X-Auto-Response-Suppress"] == "OOF, AutoReply, DR, RN, NRN"
    assert letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert (
        body(letter, "plain") == "Hallo,\n\nEr staan er 2 voor je klaar.\nBekijken: https://cti.example.org\n"
    )
    assert body(letter, "html") == '<!doctype html>\n<html lang="nl">\n<p>Hallo, één</p>\n</html>\n'


def test_a_mail_about_nothing_earlier_answers_nothing() -> None:
    letter = read(message(1))
    assert letter["In-Reply-To"] is None and letter["References"] is None and letter["Reply-To"] is None


def test_the_same_message_at_the_same_time_makes_the_same_bytes() -> None:
    assert mail(message(1), OPTIONS, NOW) == mail(message(1), OPTIONS, NOW)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "North",
        'Team "North", shelter',
        "Zoë Müller-Łukasz 山田",
        "=?utf-8?q?x?=",
        "Ünterwegs " * 12,
        "North\r\nBcc: x@example.org",
    ],
)
def test_a_senders_name_is_just_a_name(name: str) -> None:
    letter = read(message(1), OPTIONS.model_copy(update={"sender_name": name}))
    assert letter["From"].addresses[0].addr_spec == "cti@example.org"
    # The standard library shows a space where a long name goes on in another encoded word; mail programs do not.
    assert letter["From"].addresses[0].display_name.replace(" ", "") == name.replace(" ", "").replace(
        "\r\n", ""
    )
    assert len(letter["From"].addresses) == 1
    assert letter["Bcc"] is None


@given(SURROGATES_TOO, LINES, LINES)
def test_no_text_can_become_a_header_or_end_the_mail(subject: str, text: str, html: str) -> None:
    one = message(1, subject=subject, text=text, html=html)
    data = mail(one, OPTIONS, NOW).data
    data.decode("ascii")
    assert all(len(line) <= 78 for line in data.split(b"\r\n"))
    assert b"\r" not in data.replace(b"\r\n", b"") and b"\n" not in data.replace(b"\r\n", b"")
    letter = email.message_from_bytes(data, policy=email.policy.default)
    assert letter.defects == []
    assert sorted(letter.keys()) == sorted(read(message(1)).keys())
    assert body(letter, "plain").split() == text.split()
    assert body(letter, "html").split() == html.split()


@given(LINES)
def test_a_subject_arrives_as_one_line_whatever_it_holds(subject: str) -> None:
    letter = read(message(1, subject=subject))
    expected = one_line(subject)
    if len(expected) > 200:
        expected = expected[:199] + "…"
    assert letter["Subject"] == expected.strip() or letter["Subject"] == expected


@pytest.mark.parametrize(
    "injection",
    [
        "Hi\r\nBcc: x@example.org",
        "Hi\nBcc: x@example.org",
        "Hi\r\n\r\n<html>",
        "Hi\x0bBcc: x",
        "Hi\u2028Bcc: x@example.org",
    ],
)
def test_a_new_line_in_a_subject_is_a_space(injection: str) -> None:
    letter = read(message(1, subject=injection))
    assert letter["Bcc"] is None
    assert letter["Subject"] == " ".join(injection.split())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "w1",
        "w1@",
        "@example.org",
        "w1@example.org, x@example.org",
        "w1@example.org\r\nBcc: x@example.org",
        "w1@example.org\nRCPT TO:<x@example.org>",
        "w 1@example.org",
        "<w1@example.org>",
        "Worker <w1@example.org>",
        "w1@exa\x00mple.org",
        "w1@example..org",
        "w1@" + "e" * 300 + ".org",
    ],
)
def test_what_is_no_address_cannot_be_sent_to(address: str) -> None:
    with pytest.raises(Unsendable):
        mail(message(1, address=address), OPTIONS, NOW)


def test_an_international_domain_travels_in_ascii() -> None:
    assert wire_address(" w1@opvång.example ") == "w1@xn--opvng-ora.example"
    assert not mail(message(1, address="w1@opvång.example"), OPTIONS, NOW).utf8


def test_an_international_mailbox_needs_a_server_that_knows_them() -> None:
    made = mail(message(1, address="zoë@example.org"), OPTIONS, NOW)
    assert made.utf8
    assert "To: <zoë@example.org>" in made.data.decode()


def test_a_domain_that_is_none_cannot_be_sent_to() -> None:
    with pytest.raises(Unsendable):
        wire_address("w1@" + "é" * 70 + ".example")


def test_a_broken_reference_is_left_out_and_a_broken_identity_is_refused() -> None:
    letter = read(
        message(1, references=("<a@x>", "b", "<c@x>\r\nBcc: x@example.org", "<d@x>"), in_reply_to="nonsense")
    )
    assert str(letter["References"]).split() == ["<a@x>", "<d@x>"]
    assert letter["In-Reply-To"] is None
    with pytest.raises(Unsendable):
        mail(message(1, message_id="<a@x>\r\nBcc: x@example.org"), OPTIONS, NOW)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])))
def test_encoded_words_are_short_and_cut_no_character_in_two(text: str) -> None:
    value = encoded(text, always=True)
    for word in value.split("\r\n "):
        assert len(word) <= 75
        assert re.fullmatch(r"=\?utf-8\?b\?[A-Za-z0-9+/]*=*\?=", word)
        assert (
            email.message_from_bytes(f"Subject: {word}\r\n\r\n".encode(), policy=email.policy.default).defects
            == []
        )
