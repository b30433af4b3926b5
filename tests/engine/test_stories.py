"""Clients' stories, from the row that someone types in to the mail that a worker reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.engine.answering import answer
from cti.engine.rulebooks import in_force
from tests.engine.house import House, simple_rule, when


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.only_rule("intake", simple_rule(), call="Bel even")
    return made


def subjects(house: House) -> list[str]:
    return [str(mail["Subject"]) for mail in house.mails()]


def receivers(house: House) -> list[str]:
    return [str(mail["To"]) for mail in house.mails()]


def test_two_weeks_after_an_intake_the_worker_is_prompted_once(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.ticks("3-2", "4-10")
    (mail,) = house.mails()
    assert mail["To"] == "w1@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Bel even" in body.get_content()
    assert house.states("4-10") == {"intake/call": "sent"}


def test_an_unchanged_second_tick_changes_nothing_and_sends_nothing(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    first = house.tick("3-16")
    assert (first.planning.created, first.posting.messages, first.posting.sent) == (1, 1, 1)
    again = house.tick("3-16", 11)
    assert (again.planning.clients, again.planning.created, again.posting.messages) == (0, 0, 0)
    assert len(house.mails()) == 1


def test_a_restart_between_two_ticks_sends_nothing_again(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-16")
    house.configure()
    house.tick("3-17")
    assert len(house.mails()) == 1


def test_a_corrected_date_sends_nothing_a_second_time_but_is_told_of(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-16")
    house.moves_in("3-17", "a", "crisis-shelter", begin="3-9")
    house.ticks("3-17", "4-20")
    first, notice = house.mails()
    assert notice["In-Reply-To"] == first["Message-ID"]
    assert house.states("4-20") == {"intake/call": "sent"}


def test_a_retracted_intake_is_told_of_and_stays_quiet_when_it_was_only_retyped(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-16")
    house.retract("3-17", "a")
    house.moves_in("3-17", "b", "crisis-shelter", begin="3-2")
    house.ticks("3-17", "4-20")
    assert len(house.mails()) == 1
    assert house.states("4-20") == {"intake/call": "sent"}


def test_a_withdrawn_intake_withdraws_the_prompt_and_says_so_once(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-16")
    house.retract("3-17", "a")
    house.ticks("3-17", "4-20")
    assert len(house.mails()) == 2
    assert house.states("4-20") == {"intake/call": "withdrawn"}


def test_a_rule_renamed_with_was_sends_nothing_again(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-16")
    house.only_rule("arrival", simple_rule(id="arrival", more='was = ["intake"]'), call="Bel nu")
    assert house.rulebook_problems() == []
    house.ticks("3-17", "4-20")
    assert len(house.mails()) == 1


def test_a_rule_added_with_since_today_sends_nothing_about_the_past(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-20")
    house.write_rule(
        "second", simple_rule(id="second", due="1 week", more="since = 2026-03-21"), call="Nog iets"
    )
    house.ticks("3-21", "4-20")
    assert len(house.mails()) == 1
    assert house.states("4-20") == {"intake/call": "sent"}


def test_a_broken_rule_leaves_the_last_good_rulebook_in_force(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-3")
    house.only_rule("intake", simple_rule(due="2 weks"), call="Bel even")
    broken = house.tick("3-16")
    assert [problem.level for problem in broken.problems] == ["error"]
    assert len(house.mails()) == 1


def test_a_rule_that_would_prompt_for_more_than_the_limit_waits_and_the_rest_goes_on(tmp_path: Path) -> None:
    house = House(tmp_path, floor=3)
    house.only_rule("intake", simple_rule(), call="Bel even")
    for number in range(5):
        house.moves_in("1-5", f"old{number}", "street", client=f"s{number}")
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-3")
    house.write_rule("outreach", simple_rule(id="outreach", enters="street", due="9 weeks"), call="Ga langs")
    done = house.tick("3-16")
    (held,) = done.held
    assert (held.what, held.of, held.clients, held.limit) == ("due", "outreach", 5, 3)
    assert [str(mail["To"]) for mail in house.mails()] == ["w1@example.org"], "the intake was told of"
    house.tick("3-17")
    assert len(house.mails()) == 1, "what waits goes on waiting"
    forced = house.tick("3-18", force=True)
    assert forced.held == ()
    assert forced.planning.created == 5


def test_a_source_that_loses_its_records_is_not_believed(tmp_path: Path) -> None:
    house = House(tmp_path, floor=3)
    house.only_rule("intake", simple_rule(), call="Bel even")
    for number in range(6):
        house.moves_in("3-2", f"a{number}", "crisis-shelter", client=f"c{number}")
    house.tick("3-3")
    for number in range(6):
        house.retract("3-4", f"a{number}", client=f"c{number}")
    lost = house.tick("3-4")
    assert [(held.what, held.clients) for held in lost.held] == [("retractions", 6)]
    assert set(house.states("3-4").values()) == {"pending"}
    forced = house.tick("3-5", force=True)
    assert forced.planning.withdrawn == 6


def test_closing_a_file_withdraws_what_is_open(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-3")
    house.type_in("3-10", "x", closed="2026-03-10")
    house.ticks("3-10", "4-10")
    assert house.mails() == []
    assert house.states("4-10") == {"intake/call": "withdrawn"}


def test_an_answer_settles_the_prompt_and_starts_the_step_behind_it(tmp_path: Path) -> None:
    house = House(tmp_path)
    two = (
        simple_rule()
        + '\n[[steps]]\nid = "ask"\ndue = "1 week"\nafter = "call"\nto = "worker"\nexpires = "4 weeks"\nanswers = "done"\n'
    )
    house.only_rule("intake", two, call="Bel even", ask="Vraag door")
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-16")
    prompt = next(row for row in house.stored() if row.plan.step == "call")
    rulebook = in_force(house.system, when("3-18"), "test").rulebook
    answer(house.system, rulebook, str(prompt.id), "done", when("3-18", 14))
    house.ticks("3-19", "4-10")
    assert house.states("3-26")["intake/call"] == "answered"
    assert [row.sent_at == when("3-25", 10) for row in house.stored() if row.plan.step == "ask"] == [True]


def test_who_is_away_has_a_deputy_and_without_one_the_team_is_told(tmp_path: Path) -> None:
    house = House(tmp_path, w1='away = [{ from = 2026-03-09, until = 2026-03-20, deputy = "w2" }]')
    house.only_rule("intake", simple_rule(), call="Bel even")
    house.moves_in("3-2", "a", "crisis-shelter")
    house.moves_in("3-2", "b", "crisis-shelter", client="c2", worker="nobody")
    house.tick("3-16")
    assert sorted(receivers(house)) == ["north@example.org", "w2@example.org"] or receivers(house) == [
        "w2@example.org"
    ]


def test_a_worker_gets_at_most_three_new_prompts_a_day_and_the_rest_the_next(house: House) -> None:
    for number in range(5):
        house.moves_in("3-2", f"a{number}", "crisis-shelter", client=f"c{number}")
    house.tick("3-16")
    assert sorted(house.states_by_client("3-16").values()).count("sent") == 3
    house.tick("3-17")
    assert sorted(house.states_by_client("3-17").values()).count("sent") == 5
    assert len(house.mails()) == 2


def test_a_worker_who_works_on_two_days_is_told_on_those(tmp_path: Path) -> None:
    house = House(tmp_path, w1='works = ["tue", "thu"]')
    house.only_rule("intake", simple_rule(), call="Bel even")
    house.moves_in("3-2", "a", "crisis-shelter")
    house.ticks("3-16", "3-20")
    assert [row.sent_at for row in house.stored()] == [when("3-17", 10)]


def test_reminders_and_an_escalation_follow_until_someone_answers(tmp_path: Path) -> None:
    house = House(tmp_path)
    keys = 'remind = { every = "5 working days", times = 2 }\nescalate = { after = "8 working days", to = "team-lead" }'
    house.only_rule("intake", simple_rule(keys=keys), call="Bel even")
    house.moves_in("3-2", "a", "crisis-shelter")
    house.ticks("3-16", "4-30")
    told = [(str(mail["To"]), str(mail["Date"])[:11]) for mail in house.mails()]
    assert [to for to, _ in told] == [
        "w1@example.org",
        "w1@example.org",
        "lead@example.org",
        "w1@example.org",
    ]


def test_a_prompt_whose_window_closed_by_a_mistake_is_reminded_of_again(tmp_path: Path) -> None:
    """Somebody typed in that the client had left, and took it back when the day of the reminder was past."""
    house = House(tmp_path)
    keys = 'remind = { every = "5 working days", times = 1 }'
    house.only_rule("intake", simple_rule(keys=keys), call="Bel even")
    house.moves_in("3-2", "a", "crisis-shelter")
    house.ticks("3-16", "3-17")
    house.moves_in("3-18", "b", "own-home", begin="3-18")
    house.ticks("3-18", "3-25")
    assert len(house.mails()) == 1
    house.retract("3-25", "b")
    house.ticks("3-26", "4-10")
    assert len(house.mails()) == 2


def test_a_closed_mail_tells_nothing_about_whom_or_what(tmp_path: Path) -> None:
    house = House(tmp_path)
    text = (tmp_path / "config.toml").read_text()
    (tmp_path / "config.toml").write_text(text.replace('content = "full"', 'content = "none"'))
    house.only_rule("intake", simple_rule(), call="Bel even")
    house.moves_in("3-2", "a", "crisis-shelter", client="client-4711")
    house.reopen()
    house.tick("3-16")
    (mail,) = house.mails()
    whole = mail.as_string()
    for secret in ("4711", "crisis", "Bel even", "opvang"):
        assert secret not in whole
    assert "https://prompts.example.org" in whole


def test_deleting_all_unsent_prompts_and_ticking_again_gives_them_back_to_the_row(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.moves_in("3-10", "b", "crisis-shelter", client="c2")
    house.tick("3-16")
    before = house.unsent()
    assert before
    house.forget_unsent()
    assert house.unsent() == []
    house.tick("3-16", 12)
    assert house.unsent() == before


def test_one_bad_row_never_stops_the_rest(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.moves_in("3-2", "b", "crisis-sheltr", client="c2")
    done = house.tick("3-16")
    assert (done.data()["read"], done.data()["quarantined"]) == (1, 1)
    assert len(house.mails()) == 1
