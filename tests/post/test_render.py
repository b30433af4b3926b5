"""What a delivery says once it is worded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.core.messages import Item, Message, MessageKind
from cti.core.prompts import Stored
from cti.post.delivery import Delivery, Entry, Recipient
from cti.post.render import Composed, House, compose, message_id
from cti.post.texts import Text, TextError, Texts
from tests.post.build import CALENDAR, MONDAY, TEMPLATES, at, days, person, prompt, sent

TEXTS = Texts([TEMPLATES], ["nl", "en"])
NONE = House("https://cti.example.org", "cti@example.org")
FULL = replace(NONE, content="full")


def titled(stored: Stored, language: str) -> Text:
    return Text(f"Titel {stored.id}", f"Tekst **{stored.id}** in {language}.")


def delivery(
    *entries: Entry, kind: MessageKind = "digest", language: str | None = "nl", left: int = 0
) -> Delivery:
    return Delivery(kind, Recipient("w1@example.org", person("w1"), language), MONDAY, entries, left=left)


def worded(
    *entries: Entry, house: House = NONE, kind: MessageKind = "digest", language: str = "nl", left: int = 0
) -> Message:
    return compose(
        delivery(*entries, kind=kind, language=language, left=left), TEXTS, house, CALENDAR, titled
    ).message


def new(number: int = 1, client: str = "c1", **more: object) -> Entry:
    return Entry(prompt(number, client, **more), "prompt")  # type: ignore[arg-type]


def test_a_digest_says_how_many_prompts_wait_until_when_and_where() -> None:
    message = worded(new(1, until=at("00:00", days(5))), new(2, until=at("09:00", days(9))))
    assert message.subject == "Er staan 2 herinneringen voor je klaar"
    assert "Voor de eerste heb je tot en met vrijdag 20 maart 2026." in " ".join(message.text.split())
    assert "https://cti.example.org" in message.text
    assert 'href="https://cti.example.org"' in message.html


def test_where_one_prompt_waits_the_link_leads_to_it_and_else_to_all_of_them() -> None:
    off = Entry(sent(2), "notice", 1, turn="withdrawn")
    assert "https://cti.example.org/prompts/7\n" in worded(new(7), off, kind="digest").text
    assert 'href="https://cti.example.org/prompts/7"' in worded(new(7)).html
    for several in ([new(7), new(8)], [off], [new(7), Entry(sent(2), "reminder", 1)]):
        assert "/prompts" not in worded(*several).text


@pytest.mark.parametrize("house", [NONE, FULL])
def test_of_mails_that_read_alike_each_leads_to_its_own_prompt(house: House) -> None:
    for number in (71, 72, 73):
        message = worded(new(number), house=house)
        assert re.findall(r"prompts/(\d+)", message.text) == [str(number)]
        assert set(re.findall(r"prompts/(\d+)", message.html)) == {str(number)}


def test_it_says_so_in_english() -> None:
    message = worded(new(1, until=at("17:00", days(4))), language="en")
    assert message.subject == "1 prompt is waiting for you"
    assert "You have until Friday 20 March 2026, that day included." in " ".join(message.text.split())


def test_someone_without_a_language_is_written_to_in_the_default() -> None:
    composed = compose(delivery(new(), language=None), TEXTS, NONE, CALENDAR, titled)
    assert composed.message.subject == "Er staat 1 herinnering voor je klaar"
    assert 'lang="nl"' in composed.message.html


@pytest.mark.parametrize(
    ("kind", "entry", "subject"),
    [
        (
            "digest",
            Entry(prompt(1), "prompt", urgent=True),
            "Met spoed: er staat 1 herinnering voor je klaar",
        ),
        (
            "urgent",
            Entry(prompt(1), "prompt", urgent=True),
            "Met spoed: er staat 1 herinnering voor je klaar",
        ),
        ("reminder", Entry(sent(1), "reminder", 1), "Er wacht nog 1 herinnering op je antwoord"),
        ("escalation", Entry(sent(1), "escalation", 1), "1 herinnering voor een collega wacht op antwoord"),
        (
            "notice",
            Entry(sent(1), "notice", 1, turn="moved"),
            "Er is iets veranderd bij een eerdere herinnering voor jou",
        ),
    ],
)
def test_each_kind_of_message_has_its_subject(kind: MessageKind, entry: Entry, subject: str) -> None:
    assert worded(entry, kind=kind).subject == subject


def test_the_subject_of_a_daily_message_counts_what_waits_and_not_what_is_off() -> None:
    entries = [new(1), Entry(sent(2), "reminder", 1), Entry(sent(3), "notice", 1, turn="reinstated")]
    off = [Entry(sent(4), "notice", 1, turn="withdrawn"), Entry(sent(5), "notice", 1, turn="moved")]
    message = worded(*entries, *off)
    assert message.subject == "Er staan 3 herinneringen voor je klaar"
    for line in (
        "- 1 eerdere herinnering wacht nog op je antwoord.",
        "- 1 eerdere herinnering is niet meer nodig. Daar hoef je niets meer mee.",
        "- 1 eerdere herinnering heeft een andere dag gekregen.",
        "- 1 eerdere herinnering is toch weer nodig.",
    ):
        assert line in message.text


def test_what_is_covered_left_for_later_or_for_a_colleague_is_counted() -> None:
    entry = Entry(prompt(1), "prompt", covers=(prompt(2), prompt(3)), stands_in_for="w2")
    text = worded(entry, left=4).text
    assert "- 2 stappen die nog openstonden zijn hierin meegenomen." in text
    assert "- 1 ervan is voor een collega die nu niet bereikbaar is." in text
    assert "- Nog 4 bewaren we voor een volgende werkdag." in text


@pytest.mark.parametrize("kind", get_args(MessageKind))
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("house", [NONE, FULL], ids=["none", "full"])
@pytest.mark.parametrize("number", [1, 2])
def test_no_message_shows_its_seams(kind: MessageKind, language: str, house: House, number: int) -> None:
    made = {
        "digest": [new(n) for n in range(number)],
        "urgent": [Entry(prompt(n), "prompt", urgent=True) for n in range(number)],
        "reminder": [Entry(sent(n), "reminder", 1) for n in range(number)],
        "escalation": [Entry(sent(n), "escalation", 1) for n in range(number)],
        "notice": [Entry(sent(n), "notice", 1, turn="withdrawn") for n in range(number)],
    }[kind]
    message = worded(*made, house=house, kind=kind, language=language)
    assert not any(sign in message.text for sign in ("{", "}", "  .", " ,", "**", "None", "\n\n\n"))
    assert message.subject == " ".join(message.subject.split())
    assert message.text.count("https://cti.example.org") == 1
    assert "<img" not in message.html and "<table" not in message.html and "url(" not in message.html
    assert message.html.count("http") == message.html.count("https://cti.example.org") == 2


def test_the_help_of_the_organisation_is_said_as_it_is() -> None:
    message = worded(new(), house=replace(NONE, help="bel *toestel* 12"))
    assert "Lukt het niet, of heb je een vraag? bel *toestel* 12" in message.text


# --- nothing about clients --------------------------------------------------------------------------------------------

words = st.text(st.characters(categories=["L", "N"]), min_size=12, max_size=30)


@given(
    st.lists(words, min_size=8, max_size=8, unique=True),
    st.sampled_from(get_args(MessageKind)),
    st.sampled_from(["nl", "en"]),
)
def test_without_content_a_message_tells_nothing_about_clients(
    secrets: Sequence[str], kind: MessageKind, language: str
) -> None:
    def entries(client: str, rule: str, step: str, name: str, role: str, code: str) -> list[Entry]:
        one = prompt(1, client, rule=rule, step=step, name=name, role=role)
        two = sent(2, client, rule=rule, step=step, name=name, role=role, code=code)
        return [
            Entry(one, "prompt", covers=(prompt(3, client, rule=rule),)),
            Entry(two, "reminder", 1),
            Entry(two, "notice", 1, turn="withdrawn"),
        ]

    told = worded(*entries(*secrets[:6]), kind=kind, language=language)
    same = worded(*entries("c1", "intake", "map", "n1", "worker", "condition"), kind=kind, language=language)
    assert told == same


def test_without_content_the_texts_of_prompts_are_not_even_asked_for() -> None:
    def never(stored: Stored, language: str) -> Text:
        raise AssertionError("asked for a text")

    compose(delivery(new()), TEXTS, NONE, CALENDAR, never)


# --- with content -----------------------------------------------------------------------------------------------------


def full(*entries: Entry, language: str = "nl") -> Composed:
    return compose(delivery(*entries, language=language), TEXTS, FULL, CALENDAR, titled)


def test_with_content_the_texts_stand_by_client_in_order() -> None:
    text = full(new(1, "c1"), new(2, "c2"), new(3, "c1")).message.text
    order = [
        text.index(part)
        for part in ("Cliënt c1", "Titel 1", "Tekst 1 in nl", "Titel 3", "Cliënt c2", "Titel 2")
    ]
    assert order == sorted(order)
    assert text.count("Cliënt c1") == 1


def test_it_names_what_it_covers() -> None:
    message = full(Entry(prompt(1), "prompt", covers=(prompt(2), prompt(3)))).message
    assert "Hierin meegenomen, want daar kwam het niet van: “Titel 2”, “Titel 3”." in " ".join(
        message.text.split()
    )


def test_a_prompt_that_is_off_is_named_without_its_text() -> None:
    text = full(Entry(sent(1), "notice", 1, turn="withdrawn")).message.text
    assert "Titel 1" in text and "Deze herinnering is niet meer nodig." in text and "Tekst" not in text


def test_a_prompt_that_moved_is_named_with_its_day() -> None:
    text = full(Entry(sent(1, day=days(2)), "notice", 1, turn="moved")).message.text
    assert "Deze herinnering heeft een andere dag gekregen: woensdag 18 maart 2026." in " ".join(text.split())


def test_the_subject_tells_nothing_about_clients_even_then() -> None:
    assert full(new(1, "c1")).message.subject == worded(new(1, "c1")).subject


def test_a_reference_cannot_bring_markup_into_the_mail() -> None:
    message = full(new(1, '<script>alert("x")</script> [klik](http://evil.example) {{ link }}')).message
    assert "<script" not in message.html and 'href="http://evil' not in message.html
    assert '<script>alert("x")</script> [klik](http://evil.example) {{ link }}' in " ".join(
        message.text.split()
    )


def test_headings_of_a_prompt_stand_below_that_of_the_mail() -> None:
    def with_heading(stored: Stored, language: str) -> Text:
        return Text("Titel", "## Kop\n\nTekst\n\n- los\n\n> citaat")

    html = compose(delivery(new(1), new(2, "c2")), TEXTS, FULL, CALENDAR, with_heading).message.html
    assert html.count("<h2>") == 2 and html.count("<h3>") == 2 and html.count("<h4>Kop</h4>") == 2


def test_a_prompt_whose_text_cannot_be_made_is_told_all_the_same_and_shown() -> None:
    def broken(stored: Stored, language: str) -> Text:
        if stored.id == 1:
            raise TextError("prompts/intake/map.nl.md", 3, "'clinet' is undefined")
        return titled(stored, language)

    composed = compose(delivery(new(1), new(2)), TEXTS, FULL, CALENDAR, broken)
    assert [str(error) for error in composed.errors] == ["prompts/intake/map.nl.md:3: 'clinet' is undefined"]
    assert composed.message.subject == "Er staan 2 herinneringen voor je klaar"
    assert "De tekst kon niet worden gemaakt." in composed.message.text
    assert "Tekst 2 in nl." in composed.message.text


# --- who and what -----------------------------------------------------------------------------------------------------


def test_a_message_carries_its_items_its_day_and_its_thread() -> None:
    made = delivery(Entry(prompt(1), "prompt", covers=(prompt(2),)))
    made = made._replace(in_reply_to="<a@x>", references=("<a@x>",))
    message = compose(made, TEXTS, NONE, CALENDAR, titled).message
    assert message.items == (Item(1, "prompt", 0), Item(2, "covered", 1))
    assert (message.id, message.person, message.address) == (None, "w1", "w1@example.org")
    assert (message.day, message.in_reply_to, message.references) == (MONDAY, "<a@x>", ("<a@x>",))


def test_the_message_id_is_that_of_what_is_told_to_whom_on_which_day() -> None:
    items = (Item(1, "prompt", 0), Item(2, "reminder", 1))
    same = message_id(items, "w1@example.org", MONDAY, "cti@example.org")
    assert message_id(items[::-1], " W1@Example.org", MONDAY, "other@example.org") == same
    others = {
        message_id(items[:1], "w1@example.org", MONDAY, "cti@example.org"),
        message_id(
            (Item(1, "prompt", 0), Item(2, "reminder", 2)), "w1@example.org", MONDAY, "cti@example.org"
        ),
        message_id(items, "w2@example.org", MONDAY, "cti@example.org"),
        message_id(items, "w1@example.org", days(1), "cti@example.org"),
        message_id(items, "w1@example.org", MONDAY, "cti@example.net"),
    }
    assert len(others | {same}) == 6


def test_the_domain_of_a_message_id_is_ascii() -> None:
    assert message_id((), "w1@example.org", MONDAY, "cti@opvång.example").endswith("@xn--opvng-ora.example>")
    assert message_id((), "w1@example.org", MONDAY, "cti@" + "å" * 80).endswith("@localhost>")


@pytest.mark.parametrize(
    ("until", "last"),
    [
        (at("09:00", days(5)), days(4)),
        (at("00:00", days(5)), days(4)),
        (at("09:01", days(5)), days(5)),
        (at("09:00"), MONDAY),
    ],
)
def test_the_day_that_is_named_is_the_last_on_which_something_can_be_done(
    until: datetime, last: date
) -> None:
    text = worded(new(1, due=at("09:00", days(-9)), until=until)).text
    assert f"{last.day} maart 2026" in " ".join(text.split())
