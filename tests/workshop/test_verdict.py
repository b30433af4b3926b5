"""The rules' own tests are lived through day by day, and a failure reads as a calendar."""

from __future__ import annotations

from pathlib import Path

from cti.core.prompts import Planned
from cti.rulebook.check import read_with_tests
from cti.workshop.report import outcome_data, report
from tests.faults import write
from tests.rulebook.house import DESKS, FILES, INTAKE, LANGUAGES, REVIEW, TESTS, WHOLE_WAY
from tests.workshop.tested import CHILDREN, MAP, STAY, a_test, passes, run

LONG_AWAY = WHOLE_WAY.replace("until = 2026-03-27", "until = 2026-04-10").replace(
    '2026-04-01, step = "map-network", kind = "reminder", person = "w1"',
    '2026-03-31, step = "map-network", kind = "reminder", person = "w2"',
)
"""w1 stays away until all is told: for whoever comes back, reminders count anew."""


def test_the_tests_of_the_house_pass(tmp_path: Path) -> None:
    assert [outcome.passed for outcome in run(tmp_path, TESTS + LONG_AWAY)] == [True, True, True]


def test_a_prompt_that_nobody_expects_fails_the_test(tmp_path: Path) -> None:
    assert passes(tmp_path, a_test(STAY, expect=MAP, more="until = 2026-04-01"))
    assert not passes(tmp_path, a_test(STAY, expect=""))


def test_without_expect_only_what_must_not_happen_is_looked_at(tmp_path: Path) -> None:
    assert passes(tmp_path, a_test(STAY, absent='{ step = "propose", because = "condition" }'))
    assert not passes(tmp_path, a_test(STAY, absent='{ step = "map-network" }'))


def test_the_reason_of_an_absence_is_compared_where_it_is_given(tmp_path: Path) -> None:
    assert not passes(tmp_path, a_test(STAY, absent='{ step = "propose", because = "moved-on" }'))


def test_role_and_wording_are_compared_where_they_are_given(tmp_path: Path) -> None:
    need = '{ day = 2026-03-03, fact = "language-need", value = true }'
    wording = MAP.replace("}", ', to = "worker", variant = "crisis-intake/map-network-language" }')
    assert passes(tmp_path, a_test(STAY, need, expect=wording))
    assert not passes(tmp_path, a_test(STAY, expect=wording))
    assert not passes(tmp_path, a_test(STAY, expect=MAP.replace("}", ', to = "team" }')))


def test_an_answer_is_an_event_of_its_day(tmp_path: Path) -> None:
    answer = '{ day = 2026-03-18, answer = "mapped.mapped", to = "crisis-intake/map-network" }'
    propose = '{ day = 2026-04-08, step = "propose" }'
    assert passes(tmp_path, a_test(STAY, CHILDREN, answer, expect=f"{MAP}, {propose}"))


def test_an_answer_to_a_prompt_that_was_not_sent_fails_the_test(tmp_path: Path) -> None:
    early = '{ day = 2026-03-09, answer = "mapped.mapped", to = "crisis-intake/map-network" }'
    (outcome,) = run(tmp_path, a_test(STAY, early, expect=MAP))
    assert [line.verdict for line in outcome.lines] == ["no prompt", "as expected"]


def test_an_answer_to_a_prompt_that_was_withdrawn_since_is_none_as_it_is_on_its_page(tmp_path: Path) -> None:
    mistake = STAY.replace("}", ", retracted = 2026-03-18 }")
    answer = '{ day = 2026-03-19, answer = "mapped.mapped", to = "crisis-intake/map-network" }'
    (outcome,) = run(tmp_path, a_test(mistake, answer, expect=MAP))
    assert "no prompt" in [line.verdict for line in outcome.lines]


def test_a_record_typed_in_late_prompts_when_it_is_known(tmp_path: Path) -> None:
    late = STAY.replace("}", ", recorded = 2026-03-25 }")
    assert passes(tmp_path, a_test(late, expect='{ day = 2026-03-25, step = "map-network" }'))


def test_a_record_typed_in_at_the_weekend_prompts_on_the_first_working_day(tmp_path: Path) -> None:
    late = STAY.replace("}", ", recorded = 2026-03-28T10:00:00 }")
    assert passes(tmp_path, a_test(late, expect='{ day = 2026-03-30, step = "map-network" }'))


def test_a_moment_known_very_late_is_asked_about_first(tmp_path: Path) -> None:
    late = STAY.replace("}", ", recorded = 2026-06-01 }")
    ask = '{ day = 2026-06-01, rule = "still-current", step = "ask" }'
    absent = '{ step = "map-network", because = "stale" }'
    assert passes(tmp_path, a_test(late, expect=ask, absent=absent))


def test_a_stay_is_known_to_end_when_it_ends(tmp_path: Path) -> None:
    ended = STAY.replace("}", ', until = 2026-03-10, destination = "own-home" }')
    assert passes(tmp_path, a_test(ended, expect="", absent='{ step = "map-network", because = "moved-on" }'))


def test_the_same_id_again_is_the_same_record(tmp_path: Path) -> None:
    first = STAY.replace("}", ', id = "stay" }')
    moved = '{ day = 2026-03-09, situation = "crisis-shelter", id = "stay", recorded = 2026-03-10 }'
    assert passes(tmp_path, a_test(first, moved, expect='{ day = 2026-03-23, step = "map-network" }'))


def test_a_retracted_record_prompts_nothing(tmp_path: Path) -> None:
    retracted = STAY.replace("}", ", retracted = 2026-03-11 }")
    assert passes(tmp_path, a_test(retracted, expect=""))


def test_of_steps_that_are_due_together_only_the_latest_is_sent(tmp_path: Path) -> None:
    ahead = INTAKE.replace('after   = "map-network"\n', "")
    late = STAY.replace("}", ", recorded = 2026-03-25 }")
    expect = '{ day = 2026-03-25, step = "propose" }'
    absent = '{ step = "map-network", because = "covered" }'
    test = a_test(late, CHILDREN, expect=expect, absent=absent)
    (outcome,) = run(tmp_path, test, crisis_intake=ahead)
    assert outcome.passed
    assert outcome.course.sent[0].covers == ("map-network",)


def test_a_rule_that_is_off_is_tested_as_if_it_were_on(tmp_path: Path) -> None:
    assert passes(
        tmp_path, a_test(STAY, expect=MAP), crisis_intake=INTAKE.replace("[on]", "off = true\n\n[on]")
    )


def test_the_vocabularys_since_holds_in_a_test_only_where_the_test_says_so(tmp_path: Path) -> None:
    past = STAY.replace("2026", "2025")
    intake = INTAKE.replace("since = 2026-01-01\n", "")
    expect = '{ day = 2025-03-17, step = "map-network" }'
    assert passes(tmp_path, a_test(past, expect=expect), crisis_intake=intake)
    assert passes(tmp_path, a_test(past, expect="", more="since = 2026-01-01"), crisis_intake=intake)


def test_a_date_that_is_recorded_prompts_ahead_of_it(tmp_path: Path) -> None:
    test = a_test('{ day = 2026-03-02, fact = "review-date", value = 2026-05-01 }', expect="")
    test = test.replace("expect = []", 'expect = [{ day = 2026-04-24, step = "ahead" }]')
    assert passes(tmp_path, test.replace('rule = "crisis-intake"', 'rule = "review-date"'))


def test_closing_ends_what_was_to_come(tmp_path: Path) -> None:
    closed = '{ day = 2026-03-10, closed = "closed" }'
    assert passes(tmp_path, a_test(STAY, closed, expect=""))


def test_an_expectation_and_a_worker_may_stand_in_a_test(tmp_path: Path) -> None:
    review = REVIEW.replace('records = "review-date"', 'expects = "own-home"')
    expected = '{ day = 2026-03-01, expected = "own-home", on = 2026-05-01 }'
    worker = '{ day = 2026-03-01, worker = "w1", team = "north" }'
    test = a_test(expected, worker, expect='{ day = 2026-04-24, step = "ahead" }')
    assert passes(
        tmp_path, test.replace('rule = "crisis-intake"', 'rule = "review-date"'), review_date=review
    )


def test_a_failure_reads_as_a_calendar(tmp_path: Path) -> None:
    wrong = '{ day = 2026-03-17, step = "map-network" }, { day = 2026-04-07, step = "propose" }'
    (outcome,) = run(
        tmp_path, a_test(STAY, expect=wrong, absent='{ step = "map-network", because = "closed" }')
    )
    assert report(outcome, "en").splitlines() == [
        "✗ rules/tests/crisis-intake.toml:1: a test",
        "    expected                           happened",
        "  ✗ map-network not prompted (closed)  Mon 16 Mar 2026  map-network → worker [crisis-intake/map-network]",
        "  ✗ Tue 17 Mar 2026  map-network       Mon 16 Mar 2026  map-network",
        "  ✗ Tue  7 Apr 2026  propose           – (condition)",
    ]


def test_a_failure_gives_the_plans_reason_where_someone_can_word_it(tmp_path: Path) -> None:
    (outcome,) = run(tmp_path, a_test(STAY, expect=f'{MAP}, {{ day = 2026-04-27, step = "propose" }}'))

    def why(planned: Planned) -> str:
        return f"{planned.step} is not for now"

    assert "– (condition): propose is not for now" in report(outcome, "en", why)


def test_an_outcome_reads_in_dutch_and_as_data(tmp_path: Path) -> None:
    (outcome,) = run(tmp_path, a_test(STAY, expect='{ day = 2026-03-17, step = "map-network" }'))
    assert "di 17 mrt 2026  map-network" in report(outcome, "nl")
    data = outcome_data(outcome, "en")
    assert (data["passed"], data["name"], data["rule"], data["line"]) == (False, "a test", "crisis-intake", 1)
    assert [line["verdict"] for line in data["lines"]] == ["other day"]


def test_what_came_on_another_day_stands_beside_the_day_on_which_it_was_expected(tmp_path: Path) -> None:
    to_team = '{ day = 2026-03-17, step = "map-network", to = "team" }'
    (outcome,) = run(
        tmp_path, a_test(STAY, expect=f'{to_team}, {{ day = 2026-03-18, step = "map-network" }}')
    )
    assert [(line.verdict, line.sent is not None) for line in outcome.lines] == [
        ("other", True),
        ("missing", False),
    ]


def test_a_test_that_passed_is_one_line(tmp_path: Path) -> None:
    (outcome,) = run(tmp_path, a_test(STAY, expect=MAP))
    assert report(outcome, "en") == "✓ rules/tests/crisis-intake.toml:1: a test"


def test_tests_that_cannot_be_read_are_left_out_and_the_others_run(tmp_path: Path) -> None:
    tests = TESTS + a_test(STAY, expect=MAP).replace("map-network", "map-netwrk")
    write(tmp_path, {**FILES, "rules/tests/crisis-intake.toml": tests})
    checked = read_with_tests(tmp_path / "rules", LANGUAGES, tmp_path / "templates", DESKS)
    assert len(checked.tests) == 3
    assert checked.loaded.rulebook is not None
    assert len(checked.problems) == 1
