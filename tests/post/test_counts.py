"""Who is told the counts of a month on which day, and what the mail says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.core.messages import Counts, Message
from cti.core.people import Away, Person, Staff
from cti.post.counts import Month, Reader, letter, readers, shown
from cti.post.delivery import Habits, Recipient
from cti.post.texts import Texts
from tests.post.build import CALENDAR, TEMPLATES, at, person, staff

TEXTS = Texts([TEMPLATES], ["nl", "en"])
APRIL_1 = date(2026, 4, 1)
MARCH = Month(date(2026, 3, 1), date(2026, 3, 31))
SENDER = "cti@example.org"


def lead(who: str = "l1", team: str | None = "north", **more: object) -> Person:
    return person(who, team, role="team-lead", **more)


def whom(people: Staff, day: date = APRIL_1, clock: str = "09:00", habits: Habits | None = None) -> list[str]:
    """The addresses that may be told at that time."""
    return [reader.to.address for reader in readers(people, CALENDAR, habits or Habits(), at(clock, day))]


def reader(language: str | None = "nl", teams: Sequence[str] = ("north",), today: date = APRIL_1) -> Reader:
    to = Recipient("l1@example.org", lead(), language)
    return Reader(to, frozenset(teams), Month.before(today), today)


def mail(counts: Counts, language: str = "nl", teams: Sequence[str] = ("north",)) -> Message:
    made = letter(reader(language, teams), counts, TEXTS, SENDER)
    assert made is not None
    return made


def lines(text: str) -> str:
    return " ".join(text.split())


def test_on_a_working_day_from_the_hour_of_the_digest_on_the_team_lead_is_told() -> None:
    assert whom(staff(), clock="08:59") == []
    assert whom(staff()) == ["l1@example.org"]
    assert whom(staff(), clock="22:00") == ["l1@example.org"]
    late = Habits(digest_at=time(11))
    assert whom(staff(), clock="10:00", habits=late) == []
    assert whom(staff(), clock="11:00", habits=late) == ["l1@example.org"]


def test_nobody_is_told_on_a_day_off_of_the_organisation_or_their_own() -> None:
    assert whom(staff(), date(2026, 1, 1)) == []
    assert whom(staff(), date(2026, 8, 1)) == [], "a Saturday"
    on_fridays = staff(lead(works=frozenset({4})))
    assert whom(on_fridays) == [], "a Wednesday"
    assert whom(on_fridays, date(2026, 4, 10)) == ["l1@example.org"]


def test_a_team_lead_who_is_away_is_told_when_they_are_back_and_nobody_in_their_place() -> None:
    away = staff(lead(away=(Away(date(2026, 3, 30), date(2026, 4, 2), "w1"),)))
    assert whom(away) == []
    assert whom(away, date(2026, 4, 7)) == ["l1@example.org"]


@pytest.mark.parametrize(
    "nobody",
    [lead(team=None), lead(address=None), lead(address=" "), person("l1"), person("l1", role="manager")],
)
def test_only_team_leads_with_a_team_and_an_address_are_told(nobody: Person) -> None:
    assert whom(staff(nobody)) == []


def test_two_leads_of_a_team_are_each_told() -> None:
    found = readers(staff(lead("l2")), CALENDAR, Habits(), at("09:00", APRIL_1))
    assert [(one.to.address, one.teams) for one in found] == [
        ("l1@example.org", frozenset({"north"})),
        ("l2@example.org", frozenset({"north"})),
    ]


def test_who_leads_two_teams_from_one_mailbox_is_told_of_both_at_once() -> None:
    same = lead("l2", "south", address="L1@example.org", works=frozenset({0}))
    [found] = readers(staff(same), CALENDAR, Habits(), at("09:00", APRIL_1))
    assert (found.to.address, found.teams) == ("l1@example.org", frozenset({"north", "south"}))


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 1, 2), date(2025, 12, 1), date(2025, 12, 31)),
        (date(2028, 3, 1), date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 4, 30), date(2026, 3, 1), date(2026, 3, 31)),
    ],
)
def test_they_are_told_of_the_month_before(today: date, first: date, last: date) -> None:
    assert Month.before(today) == Month(first, last)


def test_a_month_lasts_from_midnight_to_midnight_where_the_organisation_is() -> None:
    assert MARCH.span(CALENDAR) == (
        datetime.fromisoformat("2026-02-28T23:00Z"),
        datetime.fromisoformat("2026-03-31T22:00Z"),
    )


def test_the_mail_gives_the_counts_and_asks_for_time_and_training() -> None:
    message = mail(Counts(told=23, answered=12, waiting=6, passed=5, nobody=7))
    assert message.subject == "De herinneringen van maart 2026, in aantallen"
    text = lines(message.text)
    assert "Zoveel herinneringen kreeg je team in maart 2026" in text
    assert (
        "- verstuurd: 23 - beantwoord: 12 - wacht nog op antwoord: 6 - tijd voorbij zonder antwoord: 5"
        in text
    )
    assert "Daarnaast het aantal dat bij niemand aankwam: 7" in text
    assert "De andere" not in text
    for word in ("genoeg tijd voor elke cliënt", "intervisie", "training"):
        assert word in text
    assert (message.kind, message.person, message.address) == ("counts", "l1", "l1@example.org")
    assert (message.items, message.in_reply_to, message.day) == ((), None, APRIL_1)


def test_it_says_so_in_english() -> None:
    message = mail(Counts(told=23, answered=12, waiting=2, passed=0), "en", ("north", "south"))
    assert message.subject == "The prompts of March 2026, in numbers"
    text = lines(message.text)
    assert "how many prompts your teams got in March 2026" in text
    assert (
        "- sent: 23 - answered: 12 - still waiting for an answer: fewer than five "
        "- time passed without an answer: 0" in text
    )
    assert "The others were no longer needed" in text
    assert "enough time for each client" in text and "peer consultation" in text


@given(st.builds(Counts, *[st.integers(0, 30)] * 5), st.sampled_from(["nl", "en"]))
def test_no_small_count_is_told_exactly(counts: Counts, language: str) -> None:
    counts = replace(counts, told=counts.told + 1)
    numbers = {int(found) for found in re.findall(r"\d+", mail(counts, language).text)} - {2026}
    told = {counts.told, counts.answered, counts.waiting, counts.passed, counts.nobody}
    assert numbers == {number for number in told if number == 0 or number >= 5}


def test_from_five_on_a_count_is_told() -> None:
    assert [shown("nl", number) for number in (0, 1, 4, 5)] == [
        "0",
        "minder dan vijf",
        "minder dan vijf",
        "5",
    ]


def test_of_a_month_in_which_nothing_was_told_there_is_no_mail() -> None:
    assert letter(reader(), Counts(nobody=9), TEXTS, SENDER) is None


def test_a_mailbox_and_a_month_have_one_message_id() -> None:
    name = reader().message_id(SENDER)
    shouted = reader().to._replace(address="L1@Example.org")
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", name)
    assert reader(today=date(2026, 4, 30), language="en", teams=("south",)).message_id(SENDER) == name
    assert replace(reader(), to=shouted).message_id(SENDER) == name
    assert reader(today=date(2026, 5, 1)).message_id(SENDER) != name
    assert reader(today=date(2027, 4, 1)).message_id(SENDER) != name
    assert mail(Counts(told=9)).message_id == name


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("counts", [Counts(told=1), Counts(9, 9), Counts(40, 10, 10, 10, 10)])
def test_the_mail_shows_no_seams_and_names_nobody(language: str, counts: Counts) -> None:
    message = mail(counts, language)
    for part in (message.subject, message.text):
        assert not re.search(r"[{}<>\\]|None|%", part)
    whole = message.subject + message.text + message.html
    assert not re.search(r"\b(l1|w1|north)\b", whole)
    assert "https" not in message.text
    assert f'lang="{language}"' in message.html
