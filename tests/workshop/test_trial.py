"""A test goes the whole way where it says who works there: working days, absences, cap, reminders, notices, the text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from cti.workshop.report import outcome_data, report
from tests.rulebook.house import CALENDAR, INTAKE, REVIEW
from tests.workshop.tested import CHILDREN, MAP, STAY, a_test, passes, run, run_by, sent

W1 = '{ day = 2026-03-02, worker = "w1" }'
ALONE = 'people = [{ id = "w1" }]'
WITH_LEAD = 'people = [{ id = "w1" }, { id = "lead", role = "team-lead" }]'
CALM = REVIEW.replace("urgent   = true\n", "")
"""The rule of the review date, with a prompt that may wait for the day's message."""


def people(w1: str) -> str:
    """A test's people: w1 with these keys, and w2."""
    return f'people = [{{ id = "w1"{w1} }}, {{ id = "w2" }}]'


def of_person(entry: str, who: str) -> str:
    return entry.replace("}", f', person = "{who}" }}')


AWAY = ', away = [{ from = 2026-03-09, until = 2026-03-20, deputy = "w2" }]'


# --- working days and absences ----------------------------------------------------------------------------------------


def test_while_a_worker_is_away_the_deputy_is_prompted(tmp_path: Path) -> None:
    expect = of_person(MAP, "w2")
    assert passes(tmp_path, a_test(STAY, W1, expect=expect, more=people(AWAY)))
    assert not passes(tmp_path, a_test(STAY, W1, expect=of_person(MAP, "w1"), more=people(AWAY)))


def test_whoever_is_back_hears_that_the_prompt_is_theirs_and_is_reminded_counted_from_then(
    tmp_path: Path,
) -> None:
    story = a_test(STAY, W1, expect="", more=f"{people(AWAY)}\nuntil = 2026-03-31")
    assert sent(tmp_path, story) == ["03-16 prompt w2", "03-30 escalation team", "03-30 reminder w1"]


def test_without_a_deputy_the_teams_inbox_is_prompted(tmp_path: Path) -> None:
    away = AWAY.replace(', deputy = "w2"', "")
    assert passes(tmp_path, a_test(STAY, W1, expect=of_person(MAP, "team"), more=people(away)))
    north = away + ', team = "north"'
    assert passes(tmp_path, a_test(STAY, W1, expect=of_person(MAP, "north"), more=people(north)))


def test_a_prompt_waits_for_a_day_on_which_its_worker_works(tmp_path: Path) -> None:
    wednesday = MAP.replace("03-16", "03-18")
    assert passes(tmp_path, a_test(STAY, W1, expect=wednesday, more=people(', works = ["wed", "thu"]')))


def test_a_closing_day_moves_what_is_due_on_it(tmp_path: Path) -> None:
    tuesday = MAP.replace("03-16", "03-17")
    assert passes(tmp_path, a_test(STAY, expect=tuesday, more="closing_days = [2026-03-16]"))


def test_the_organisations_own_closing_days_stay_out_of_its_tests(tmp_path: Path) -> None:
    closed = replace(CALENDAR, closing_days=frozenset({date(2026, 3, 16)}))
    (outcome,) = run_by(closed, tmp_path, a_test(STAY, expect=MAP))
    assert outcome.passed


def test_a_prompt_that_nobody_can_receive_says_so(tmp_path: Path) -> None:
    two_teams = 'people = [{ id = "w1", team = "north" }, { id = "w2", team = "south" }]'
    test = a_test(STAY, expect="", absent='{ step = "map-network", because = "unroutable" }', more=two_teams)
    assert passes(tmp_path, test)
    (outcome,) = run(tmp_path, a_test(STAY, expect=MAP, more=two_teams))
    assert report(outcome, "en").endswith(
        "–  (unroutable): there was nobody to send it to".replace("–  ", "– ")
    )


def test_what_nobody_could_receive_goes_as_soon_as_someone_can(tmp_path: Path) -> None:
    two_teams = 'people = [{ id = "w1", team = "north" }, { id = "w2", team = "south" }]'
    late = '{ day = 2026-03-19, worker = "w2" }'
    assert sent(tmp_path, a_test(STAY, late, expect="", more=f"{two_teams}\nuntil = 2026-03-20")) == [
        "03-19 prompt w2"
    ]


# --- one message a day, and its cap -----------------------------------------------------------------------------------

REVIEW_DATE = '{ day = 2026-03-02, fact = "review-date", value = 2026-03-23 }'
BOTH = '{ day = 2026-03-16, step = "map-network" }, { day = DAY, step = "review-date/ahead" }'


def both(day: str) -> str:
    """The map on Monday 16 March, and the review's prompt on that day."""
    return BOTH.replace("DAY", day)


def of_all_rules(test: str) -> str:
    return test.replace('rule = "crisis-intake"\n', "").replace('step = "map', 'step = "crisis-intake/map')


def test_the_cap_lets_the_oldest_through_and_moves_the_rest_to_the_next_day(tmp_path: Path) -> None:
    story = of_all_rules(a_test(STAY, W1, REVIEW_DATE, expect=both("2026-03-17"), more="cap = 1"))
    assert passes(tmp_path, story, review_date=CALM)
    without = of_all_rules(a_test(STAY, W1, REVIEW_DATE, expect=both("2026-03-16")))
    assert passes(tmp_path, without, review_date=CALM)


def test_the_calendar_says_that_a_prompt_waited_for_the_cap(tmp_path: Path) -> None:
    story = of_all_rules(a_test(STAY, W1, REVIEW_DATE, expect=both("2026-03-16"), more="cap = 1"))
    (outcome,) = run(tmp_path, story, review_date=CALM)
    (missing,) = [line for line in report(outcome, "en").splitlines() if "(cap)" in line]
    assert "Tue 17 Mar 2026" in missing
    assert missing.endswith(" (cap): its recipient had that day's fill of prompts")


def test_an_urgent_prompt_stands_outside_the_cap(tmp_path: Path) -> None:
    story = of_all_rules(a_test(STAY, W1, REVIEW_DATE, expect=both("2026-03-16"), more="cap = 1"))
    assert passes(tmp_path, story)


LATE = '{ day = 2026-03-16, fact = "review-date", value = 2026-03-20, recorded = 2026-03-16T14:00:00 }'


def test_what_becomes_known_after_the_days_message_waits_for_the_next(tmp_path: Path) -> None:
    calm = CALM.replace('late     = "skip"\n', "")
    story = of_all_rules(a_test(STAY, W1, LATE, expect=both("2026-03-17"), more=ALONE))
    assert passes(tmp_path, story, review_date=calm)
    whole_days = of_all_rules(a_test(STAY, W1, LATE, expect=both("2026-03-16")))
    assert passes(tmp_path, whole_days, review_date=calm)


def test_an_urgent_prompt_goes_at_once_and_after_hours_the_next_morning(tmp_path: Path) -> None:
    urgent = REVIEW.replace('late     = "skip"\n', "")
    at_once = of_all_rules(a_test(STAY, W1, LATE, expect=both("2026-03-16"), more=ALONE))
    assert passes(tmp_path, at_once, review_date=urgent)
    evening = of_all_rules(
        a_test(STAY, W1, LATE.replace("T14", "T20"), expect=both("2026-03-17"), more=ALONE)
    )
    assert passes(tmp_path, evening, review_date=urgent)


# --- reminders, escalations, notices ----------------------------------------------------------------------------------

REMINDER = '{ day = 2026-03-23, step = "map-network", kind = "reminder" }'
SECOND = REMINDER.replace("03-23", "03-30")
ESCALATION = '{ day = 2026-03-30, step = "map-network", kind = "escalation", to = "team-lead" }'


def test_reminders_and_escalations_are_compared_where_the_test_expects_one(tmp_path: Path) -> None:
    assert passes(tmp_path, a_test(STAY, W1, expect=MAP, more=WITH_LEAD))
    assert not passes(tmp_path, a_test(STAY, W1, expect=f"{MAP}, {REMINDER}", more=WITH_LEAD))
    assert passes(tmp_path, a_test(STAY, W1, expect=f"{MAP}, {REMINDER}, {SECOND}", more=WITH_LEAD))
    assert passes(tmp_path, a_test(STAY, W1, expect=f"{MAP}, {ESCALATION}", more=WITH_LEAD))


def test_reminders_need_no_people_in_the_test(tmp_path: Path) -> None:
    assert passes(tmp_path, a_test(STAY, expect=f"{MAP}, {REMINDER}, {SECOND}"))


def test_an_escalation_goes_to_the_team_lead_and_else_to_the_teams_inbox(tmp_path: Path) -> None:
    to_lead, to_inbox = of_person(ESCALATION, "lead"), of_person(ESCALATION, "team")
    assert passes(tmp_path, a_test(STAY, W1, expect=f"{MAP}, {to_lead}", more=WITH_LEAD))
    assert passes(tmp_path, a_test(STAY, W1, expect=f"{MAP}, {to_inbox}", more=ALONE))


ANSWER = '{ day = 2026-03-24, answer = "mapped.mapped", to = "crisis-intake/map-network" }'


def test_an_answer_ends_reminders_and_keeps_the_escalation_away(tmp_path: Path) -> None:
    none = '{ step = "map-network", kind = "escalation" }'
    story = a_test(STAY, W1, ANSWER, expect=f"{MAP}, {REMINDER}", absent=none, more=WITH_LEAD)
    assert passes(tmp_path, story)
    unanswered = a_test(STAY, W1, absent=none, more=WITH_LEAD)
    assert not passes(tmp_path, unanswered)


def test_a_prompt_that_is_off_is_told_of_in_the_next_message(tmp_path: Path) -> None:
    retracted = STAY.replace("}", ", retracted = 2026-03-18 }")
    notice = '{ day = 2026-03-18, step = "map-network", kind = "notice", person = "w1" }'
    story = a_test(retracted, W1, expect=f"{MAP}, {notice}", more=ALONE)
    (outcome,) = run(tmp_path, story)
    assert outcome.passed
    assert [one.turn for one in outcome.course.sent] == [None, "withdrawn"]


def test_a_prompt_that_moves_to_another_day_is_told_of_too(tmp_path: Path) -> None:
    first = STAY.replace("}", ', id = "s" }')
    again = '{ day = 2026-03-09, situation = "crisis-shelter", id = "s", recorded = 2026-03-17 }'
    story = a_test(first, again, W1, absent='{ step = "map-network", kind = "notice" }', more=ALONE)
    (outcome,) = run(tmp_path, story)
    assert "Tue 17 Mar 2026  map-network: notice of another day → worker w1" in report(outcome, "en")


def test_a_step_without_reminders_never_brings_one_and_the_calendar_says_so(tmp_path: Path) -> None:
    plain = INTAKE.replace('remind   = { every = "5 working days", times = 2 }\n', "")
    (outcome,) = run(tmp_path, a_test(STAY, expect=f"{MAP}, {REMINDER}"), crisis_intake=plain)
    assert report(outcome, "en").endswith("– (no-remind): this step has no remind")


# --- the text ---------------------------------------------------------------------------------------------------------


def with_words(entry: str, words: str) -> str:
    return entry.replace("}", f", {words} }}")


def test_the_rendered_text_must_hold_the_words(tmp_path: Path) -> None:
    def holds(words: str) -> bool:
        return passes(tmp_path, a_test(STAY, expect=with_words(MAP, words)))

    assert holds('text = "is er sinds maandag 2 maart 2026"')
    assert holds('text = ["MAP-network", "client is\\n er sinds"]')
    assert holds('text-en = "Monday 2 March 2026"')
    assert not holds('text = "Monday 2 March 2026"')
    assert not holds('text = ["map-network", "iets anders"]')


def test_the_calendar_says_which_words_the_text_lacks(tmp_path: Path) -> None:
    (outcome,) = run(tmp_path, a_test(STAY, expect=with_words(MAP, 'text = ["is er sinds", "iets anders"]')))
    (line,) = report(outcome, "en").splitlines()[2:]
    assert line.endswith("[crisis-intake/map-network]; its text lacks “iets anders”")


# --- how it reads -----------------------------------------------------------------------------------------------------


def test_a_failure_reads_as_a_calendar_of_kinds_and_persons(tmp_path: Path) -> None:
    wrong = f"{of_person(MAP, 'w1')}, {of_person(SECOND, 'w1')}"
    (outcome,) = run(tmp_path, a_test(STAY, W1, expect=wrong, more=people(AWAY)))
    assert report(outcome, "en").splitlines()[1:] == [
        "    expected                                     happened",
        "  ✗ Mon 16 Mar 2026  map-network → w1            "
        "Mon 16 Mar 2026  map-network → worker w2 (in place of w1) [crisis-intake/map-network]",
        "  ✓ Mon 30 Mar 2026  map-network: reminder → w1  Mon 30 Mar 2026  map-network: reminder → w1",
        "  ✗ –                                            Wed  8 Apr 2026  map-network: reminder → worker w1",
    ]
    assert "ma 30 mrt 2026  map-network: nog eens herinnerd → w1" in report(outcome, "nl")


def test_an_outcome_as_data_names_kind_and_person(tmp_path: Path) -> None:
    (outcome,) = run(tmp_path, a_test(STAY, W1, expect=f"{MAP}, {SECOND}", more=people(AWAY)))
    lines = [(line["kind"], line["person"], line["verdict"]) for line in outcome_data(outcome, "en")["lines"]]
    assert lines == [
        ("prompt", "w2", "as expected"),
        ("reminder", "w1", "as expected"),
        ("reminder", "w1", "unexpected"),
    ]


# --- what a record says later -----------------------------------------------------------------------------------------


def test_what_is_told_of_a_record_again_is_told_as_it_stands(tmp_path: Path) -> None:
    """The end of a stay is known when it ends; told again, it may be known ahead."""
    first = STAY.replace("}", ', id = "s" }')
    ahead = '{ day = 2026-03-02, situation = "crisis-shelter", until = 2026-03-12, id = "s", recorded = 2026-03-04 }'
    absent = '{ step = "map-network", because = "moved-on" }'
    assert passes(tmp_path, a_test(first, ahead, expect="", absent=absent))


def test_an_end_that_was_to_come_is_overtaken_by_what_is_told_before_it(tmp_path: Path) -> None:
    first = STAY.replace("}", ', id = "s", until = 2026-03-12 }')
    longer = '{ day = 2026-03-02, situation = "crisis-shelter", id = "s", recorded = 2026-03-10 }'
    assert passes(tmp_path, a_test(first, longer, CHILDREN, expect=MAP, more="until = 2026-03-31"))
