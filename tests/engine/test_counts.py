"""What a team lead hears of a month: from the rows that people type in to the mail of the first working day after it."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from cti.engine.answering import answer
from cti.engine.rulebooks import in_force
from tests.engine.house import House, simple_rule, when

REMIND = 'remind = { every = "5 working days", times = 3 }\nescalate = { after = "8 working days", to = "team-lead" }'


def made(folder: Path, lead: str = "", keys: str = "", counts: str = "") -> House:
    house = House(folder, lead=lead, counts=counts)
    house.only_rule("intake", simple_rule(keys=keys), call="Bel even")
    return house


def come_in(house: House, number: int, day: str = "3-2", **cells: str) -> None:
    """So many clients, each to be called two weeks later."""
    for each in range(number):
        name = f"{day}-{each}{cells.get('worker', '')}"
        house.moves_in(day, name, "crisis-shelter", client=f"c{name}", **cells)


def march(house: House) -> None:
    """The Mondays of March, on one of which falls what is due two weeks after its first, and its last day."""
    house.ticks("3-2", "3-30", every=7)
    house.tick("3-31")


def counts(house: House) -> list[EmailMessage]:
    """The mails about a month."""
    return [mail for mail in house.mails() if "in aantallen" in str(mail["Subject"])]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def day(mail: EmailMessage) -> str:
    return str(mail["Date"])[:11]


def test_a_team_lead_hears_once_how_the_months_before_went(tmp_path: Path) -> None:
    house = made(tmp_path)
    come_in(house, 7)
    come_in(house, 1, "3-30", worker="w2")
    for each in ("3-2", "3-16", "3-20"):
        house.tick(each)
    rulebook = in_force(house.system, when("3-20"), "test").rulebook
    for row in [row for row in house.stored() if row.sent_at][:6]:
        answer(house.system, rulebook, str(row.id), "done", when("3-20", 14))
    for each in ("3-30", "3-31", "4-1", "4-2", "4-13", "4-27", "4-30", "5-1", "5-4", "5-18", "6-1", "6-2"):
        house.tick(each)
    march, april = counts(house)
    assert (march["To"], day(march)) == ("lead@example.org", "Wed, 01 Apr")
    assert "verstuurd: 7 - beantwoord: 6 - wacht nog op antwoord: minder dan vijf - tijd voorbij" in text(
        march
    )
    assert "bij niemand aankwam: 0" in text(march)
    assert (april["To"], day(april)) == ("lead@example.org", "Fri, 01 May")
    assert "verstuurd: minder dan vijf - beantwoord: 0 - wacht nog op antwoord: minder dan vijf" in text(
        april
    )
    assert "intervisie" in text(april) and "genoeg tijd" in text(april)
    whole = march.as_string() + april.as_string()
    for secret in ("c3-2", "Bel even", "crisis", "opvang", "w1", "w2", "north"):
        assert secret not in whole


def test_nothing_is_sent_twice_by_a_second_tick_a_restart_or_a_forgotten_note(tmp_path: Path) -> None:
    house = made(tmp_path)
    come_in(house, 1)
    march(house)
    first = house.tick("4-1")
    assert (first.posting.messages, first.posting.sent) == (1, 1)
    house.tick("4-1", 11)
    house.configure()
    house.tick("4-2")
    with house.system.database.write() as tx:
        tx.exec_driver_sql("DELETE FROM meta WHERE key = 'counted'")
    again = house.tick("4-3")
    assert (again.posting.messages, again.posting.sent) == (0, 0)
    assert len(counts(house)) == 1


def test_before_the_hour_of_the_digest_nobody_is_told(tmp_path: Path) -> None:
    house = made(tmp_path)
    come_in(house, 1)
    march(house)
    assert house.tick("4-1", 8).posting.messages == 0
    assert house.tick("4-1", 16).posting.messages == 1


def test_a_team_lead_who_works_on_thursdays_hears_on_the_first_thursday(tmp_path: Path) -> None:
    house = made(tmp_path, lead='works = ["thu"]')
    come_in(house, 1)
    march(house)
    house.ticks("4-1", "4-3")
    house.ticks("4-9", "4-16", every=7)
    [mail] = counts(house)
    assert day(mail) == "Thu, 02 Apr"


def test_what_an_outage_kept_back_comes_later_in_the_month_and_not_after_it(tmp_path: Path) -> None:
    house = made(tmp_path)
    come_in(house, 1)
    march(house)
    house.tick("4-14")
    [mail] = counts(house)
    assert (day(mail), "maart" in str(mail["Subject"])) == ("Tue, 14 Apr", True)
    late = made(tmp_path / "late")
    come_in(late, 1)
    march(late)
    late.tick("5-4", force=True)
    assert counts(late) == []


def test_of_a_month_in_which_nothing_was_told_nobody_hears(tmp_path: Path) -> None:
    house = made(tmp_path)
    come_in(house, 1, "3-30")
    march(house)
    house.ticks("4-1", "4-3")
    assert house.mails() == []


def test_with_counts_off_nobody_hears(tmp_path: Path) -> None:
    house = made(tmp_path, counts='counts = "off"')
    come_in(house, 1)
    march(house)
    house.ticks("4-1", "4-3")
    assert [str(mail["To"]) for mail in house.mails()] == ["w1@example.org"]


def test_the_counts_do_not_take_the_place_of_what_the_day_brings(tmp_path: Path) -> None:
    """The lead's escalation falls on the first of the month, and both come; also when it is known an hour after the counts."""
    house = made(tmp_path, keys=REMIND)
    come_in(house, 1, "3-6")
    house.ticks("3-6", "3-27", every=7)
    house.ticks("3-31", "4-1")
    subjects = [str(mail["Subject"]) for mail in house.mails() if mail["To"] == "lead@example.org"]
    assert sorted(subjects) == [
        "1 herinnering voor een collega wacht op antwoord",
        "De herinneringen van maart 2026, in aantallen",
    ]
    later = made(tmp_path / "later")
    come_in(later, 1)
    march(later)
    later.tick("4-1")
    come_in(later, 1, "3-18", worker="lead")
    later.tick("4-1", 11)
    assert [str(mail["To"]) for mail in later.mails()] == [
        "w1@example.org",
        "lead@example.org",
        "lead@example.org",
    ]


def test_what_reached_nobody_is_counted_for_the_team_of_the_client(tmp_path: Path) -> None:
    house = made(tmp_path)
    config = (tmp_path / "config.toml").read_text()
    alone = config.replace('inbox = "north@example.org"\n', "").replace('address = "w2@example.org"\n', "")
    (tmp_path / "config.toml").write_text(alone)
    house.reopen()
    come_in(house, 1)
    come_in(house, 6, worker="w2")
    come_in(house, 2, worker="stranger")
    march(house)
    house.tick("4-1")
    [mail] = counts(house)
    assert "verstuurd: minder dan vijf" in text(mail)
    assert "bij niemand aankwam: 6" in text(mail)


def test_a_broken_text_keeps_nothing_else_back_and_the_counts_come_once_it_is_mended(tmp_path: Path) -> None:
    house = made(tmp_path)
    broken = tmp_path / "templates" / "mail" / "counts.nl.md"
    right = broken.read_text(encoding="utf-8")
    broken.write_text("# {{ monht }}\n", encoding="utf-8")
    come_in(house, 1)
    march(house)
    come_in(house, 1, "3-18")
    done = house.tick("4-1")
    [problem] = done.posting.problems
    assert problem.file == "templates/mail/counts.nl.md"
    assert [str(mail["To"]) for mail in house.mails()] == ["w1@example.org", "w1@example.org"]
    broken.write_text(right, encoding="utf-8")
    house.tick("4-1", 11)
    assert len(counts(house)) == 1


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_team_lead_hears_in_their_own_language(tmp_path: Path, language: str) -> None:
    house = made(tmp_path, lead=f'language = "{language}"')
    come_in(house, 1)
    march(house)
    house.tick("4-1")
    subject = {
        "nl": "De herinneringen van maart 2026, in aantallen",
        "en": "The prompts of March 2026, in numbers",
    }
    assert str(house.mails()[-1]["Subject"]) == subject[language]
