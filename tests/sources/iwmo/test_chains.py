"""Chains of messages, and what they come to: stays, moves that are foreseen, guidance, and what is taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cti.core.events import Assignment, Closed, Event, Expected, Fact, Stay
from tests.sources.build import now_says, said
from tests.sources.iwmo.messages import Post, allocated, day, started, stopped


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path / "messages")


def stays(post: Post, **settings: Any) -> list[Stay]:
    """The stays that stand in the end, by their begin."""
    found = [event for event in now_says(post.read(**settings).readings).values() if isinstance(event, Stay)]
    return sorted(found, key=lambda stay: stay.begin)


def part(post: Post, name: str, **settings: Any) -> Event | None:
    """What the only record with this part says in the end."""
    found = [
        event for id, event in now_says(post.read(**settings).readings).items() if id.split(" ")[1] == name
    ]
    assert len(found) <= 1
    return found[0] if found else None


# --- stays ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "situation"),
    [("15", "long-stay"), ("18", "long-stay"), ("16", "crisis-shelter"), ("17", "crisis-shelter")],
)
def test_a_start_is_a_stay_in_the_situation_of_its_category(
    post: Post, category: str, situation: str
) -> None:
    post.send("305", "2026-01-06", started(category, "2026-01-05"))
    assert stays(post) == [Stay(situation, day("1-5"))]


def test_help_in_the_household_is_no_stay_and_guidance_alone_tells_nothing(post: Post) -> None:
    post.send("305", "2026-01-06", started("01", "2026-01-05"), started("02", "2026-01-05", number=2))
    batch = post.read()
    assert now_says(batch.readings) == {}
    assert (batch.counts.read, batch.counts.left_out) == (1, {"products": 1})


def test_a_code_of_the_municipality_can_mean_something_of_its_own(post: Post) -> None:
    post.send("305", "2026-01-06", started("16/OVB", "2026-01-05"), started("16/CO", "2026-01-01", number=2))
    found = stays(post, products={"0363/16/OVB": "long-stay", "16/OVB": ""})
    assert found == [Stay("crisis-shelter", day("1-1")), Stay("long-stay", day("1-5"))]


def test_the_stay_ends_on_the_day_after_the_last_day_of_delivery(post: Post) -> None:
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    post.send("307", "2026-03-12", stopped("15", "2026-01-05", "2026-03-09", "23"))
    assert stays(post) == [Stay("long-stay", day("1-5"), day("3-10"), "own-home")]


def test_a_stop_alone_tells_the_whole_stay(post: Post) -> None:
    post.send("307", "2026-03-12", stopped("15", "2026-01-05", "2026-03-09", "21"))
    assert stays(post) == [Stay("long-stay", day("1-5"), day("3-10"))]


def test_a_late_stop_is_recorded_on_the_day_on_which_it_was_sent(post: Post) -> None:
    post.send("305", "2026-01-06", started("16", "2026-01-05"))
    post.send("307", "2026-03-05", stopped("16", "2026-01-05", "2026-02-01", "22"))
    assert said(post.read(), "0363-1", "stay:2026-01-05") == [
        (Stay("crisis-shelter", day("1-5")), "2026-01-05T23:00:00+00:00"),
        (Stay("crisis-shelter", day("1-5"), day("2-2")), "2026-03-04T23:00:00+00:00"),
    ]


@pytest.mark.parametrize(
    ("reason", "destination"),
    [("19", "own-home"), ("23", "own-home"), ("31", "left"), ("38", "long-stay"), ("39", "long-stay")]
    + [(reason, None) for reason in ("21", "22", "36", "37")],
)
def test_a_reason_tells_where_the_stay_leads(post: Post, reason: str, destination: str | None) -> None:
    post.send("307", "2026-03-12", stopped("16", "2026-01-05", "2026-03-09", reason))
    assert [stay.destination for stay in stays(post)] == [destination]


def test_a_reason_can_lead_elsewhere_for_one_category(post: Post) -> None:
    post.send("307", "2026-03-12", stopped("17", "2026-01-05", "2026-03-09"))
    post.send("307", "2026-03-12", stopped("15", "2026-01-05", "2026-03-09", number=2), client=2)
    found = stays(post, reasons={"17/19": "with-others"})
    assert {stay.situation: stay.destination for stay in found} == {
        "crisis-shelter": "with-others",
        "long-stay": "own-home",
    }


def test_who_goes_on_to_another_place_of_ours_within_a_month_has_not_moved_home(post: Post) -> None:
    post.send("307", "2026-03-02", stopped("16", "2026-01-05", "2026-02-28"))
    assert stays(post)[0].destination == "own-home"
    post.send("305", "2026-03-20", started("15", "2026-03-18", number=2))
    assert stays(post) == [
        Stay("crisis-shelter", day("1-5"), day("3-1")),
        Stay("long-stay", day("3-18")),
    ]


def test_a_place_that_was_allocated_already_keeps_a_stop_from_meaning_home(post: Post) -> None:
    post.send("301", "2026-02-20", allocated("15", "2026-03-10", number=2))
    post.send("307", "2026-03-02", stopped("16", "2026-01-05", "2026-02-28"))
    assert stays(post)[0].destination is None


def test_an_interruption_keeps_the_place_and_what_is_delivered_again_is_the_same_stay(post: Post) -> None:
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    post.send("307", "2026-02-02", stopped("15", "2026-01-05", "2026-02-01", "20"))
    assert stays(post) == [Stay("long-stay", day("1-5"))]
    post.send("305", "2026-02-20", started("15", "2026-02-19"))
    assert stays(post) == [Stay("long-stay", day("1-5"))]
    post.send("307", "2026-04-02", stopped("15", "2026-02-19", "2026-04-01"))
    assert stays(post) == [Stay("long-stay", day("1-5"), day("4-2"), "own-home")]


def test_a_second_delivery_in_one_allocation_is_a_stay_of_its_own(post: Post) -> None:
    post.send("305", "2026-01-06", started("16", "2026-01-05"))
    post.send("307", "2026-02-02", stopped("16", "2026-01-05", "2026-02-01", "21"))
    post.send("305", "2026-03-03", started("16", "2026-03-01"))
    assert stays(post) == [
        Stay("crisis-shelter", day("1-5"), day("2-2")),
        Stay("crisis-shelter", day("3-1")),
    ]


def test_a_stop_that_names_another_begin_stops_the_delivery_that_goes_on(post: Post) -> None:
    post.send("305", "2026-01-06", started("16", "2026-01-05"))
    post.send("307", "2026-03-02", stopped("16", "2026-01-07", "2026-03-01", "21"))
    assert stays(post) == [Stay("crisis-shelter", day("1-5"), day("3-2"))]


def test_death_closes_the_file_on_its_day(post: Post) -> None:
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    post.send("307", "2026-02-02", stopped("15", "2026-01-05", "2026-02-01", "02"))
    assert part(post, "closed") == Closed(day("2-1"), "deceased")
    assert [stay.destination for stay in stays(post)] == [None]


def test_that_a_client_died_is_also_read_where_only_help_in_the_household_is_stopped_for_it(
    post: Post,
) -> None:
    post.send("307", "2026-02-02", stopped("15", "2026-01-05", "2026-01-31"))
    post.send("307", "2026-05-02", stopped("01", "2026-02-05", "2026-05-01", "02", number=2))
    batch = post.read()
    assert part(post, "closed") == Closed(day("5-1"), "deceased")
    assert (batch.counts.read, batch.counts.left_out) == (2, {})


def test_an_allocation_that_ends_by_death_closes_the_file(post: Post) -> None:
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    post.send("301", "2026-02-03", allocated("15", "2026-01-05", "2026-02-01", change="02"))
    assert part(post, "closed") == Closed(day("2-1"), "deceased")


def test_without_a_number_the_client_and_the_product_name_the_allocation(post: Post) -> None:
    start = {name: value for name, value in started("17", "2026-01-05").items() if name != "ToewijzingNummer"}
    stop = {
        name: value
        for name, value in stopped("17", "2026-01-05", "2026-01-20", "21").items()
        if name != "ToewijzingNummer"
    }
    post.send("305", "2026-01-06", start).send("307", "2026-01-21", stop)
    assert stays(post) == [Stay("crisis-shelter", day("1-5"), day("1-21"))]


def test_the_sources_team_is_told(post: Post) -> None:
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    assert part(post, "assignment", team="north") == Assignment(day("1-5"), None, "north")
    assert part(post, "assignment") is None


# --- what is foreseen -------------------------------------------------------------------------------------------------


def test_an_allocation_that_begins_later_foresees_its_stay(post: Post) -> None:
    post.send("305", "2026-01-06", started("16", "2026-01-05"))
    post.send("301", "2026-02-10", allocated("15", "2026-04-01", number=2))
    assert part(post, "expected") == Expected("long-stay", day("4-1"))


def test_an_allocation_that_was_sent_afterwards_foresees_nothing(post: Post) -> None:
    post.send("301", "2026-02-10", allocated("15", "2026-02-10"))
    assert now_says(post.read().readings) == {}


def test_an_allocation_that_carries_on_the_same_place_foresees_nothing(post: Post) -> None:
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    post.send("301", "2026-01-06", allocated("15", "2026-01-05", "2026-12-31"))
    assert part(post, "home") == Expected("own-home", date(2027, 1, 1))
    post.send("301", "2026-11-10", allocated("15", "2027-01-01", "2027-12-31", number=2))
    says = now_says(post.read().readings)
    assert [event for event in says.values() if isinstance(event, Expected)] == []


def test_the_end_of_an_allocation_foresees_a_move_home_once_the_stay_has_begun(post: Post) -> None:
    post.send("301", "2025-12-20", allocated("15", "2026-01-05", "2026-06-30", decided="2025-12-20"))
    assert part(post, "home") is None
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    assert part(post, "home") == Expected("own-home", day("7-1"))
    assert part(post, "home", planned_ends=["16"]) is None


def test_an_end_foresees_no_home_where_another_place_is_allocated_before_it(post: Post) -> None:
    post.send("301", "2026-01-02", allocated("16", "2026-01-05", "2026-06-30", decided="2026-01-02"))
    post.send("305", "2026-01-06", started("16", "2026-01-05"))
    post.send("301", "2026-02-02", allocated("15", "2026-04-01", number=2, decided="2026-02-02"))
    assert part(post, "home") is None


def test_an_end_that_is_moved_moves_what_is_foreseen(post: Post) -> None:
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    post.send("301", "2026-01-02", allocated("15", "2026-01-05", "2026-06-30"))
    post.send("301", "2026-05-02", allocated("15", "2026-01-05", "2026-09-30", change="04"))
    assert part(post, "home") == Expected("own-home", date(2026, 10, 1))


def test_an_end_that_was_set_as_the_client_goes_elsewhere_foresees_no_home(post: Post) -> None:
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    post.send("301", "2026-05-02", allocated("15", "2026-01-05", "2026-06-30", change="09"))
    assert part(post, "home") is None


def test_guidance_that_is_allocated_beforehand_foresees_a_home_for_who_stays_with_us(post: Post) -> None:
    post.send("301", "2026-03-01", allocated("02", "2026-04-15", number=2))
    assert part(post, "expected") is None
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    assert part(post, "expected") == Expected("own-home", day("4-15"))


def test_other_support_foresees_a_home_only_where_the_config_calls_it_guidance(post: Post) -> None:
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    post.send("301", "2026-03-01", allocated("10", "2026-04-15", number=2))
    assert part(post, "expected") is None
    assert part(post, "expected", products={"10": "guidance"}) == Expected("own-home", day("4-15"))


def test_what_was_foreseen_is_over_when_the_client_leaves_for_another_place(post: Post) -> None:
    post.send("301", "2026-01-02", allocated("15", "2026-01-05", "2026-12-31", decided="2026-01-02"))
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    post.send("301", "2026-03-01", allocated("02", "2026-04-15", number=2))
    post.send("307", "2026-03-20", stopped("15", "2026-01-05", "2026-03-18", "21"))
    says = now_says(post.read().readings)
    assert [event for event in says.values() if event == Expected("own-home", day("4-15"))] == []
    assert "0363-1 home" not in says


# --- guidance after a move --------------------------------------------------------------------------------------------


def test_guidance_around_a_move_home_is_told_on_the_day_of_the_move(post: Post) -> None:
    post.send("307", "2026-03-12", stopped("15", "2026-01-05", "2026-03-09"))
    post.send("305", "2026-04-02", started("02", "2026-04-01", number=2))
    assert part(post, "guidance:2026-01-05") == Fact("guidance", "with", day("3-10"))


def test_that_there_is_no_guidance_holds_from_thirty_days_after_the_move(post: Post) -> None:
    post.send("307", "2026-03-12", stopped("15", "2026-01-05", "2026-03-09"))
    assert part(post, "guidance:2026-01-05") == Fact("guidance", "without", day("4-9"))
    post.send("305", "2026-05-02", started("02", "2026-05-01", number=2))
    assert part(post, "guidance:2026-01-05") == Fact("guidance", "without", day("4-9"))


def test_guidance_that_stopped_with_the_stay_is_none_after_it(post: Post) -> None:
    post.send("307", "2026-03-12", stopped("15", "2026-01-05", "2026-03-09"))
    post.send("307", "2026-03-12", stopped("02", "2026-01-05", "2026-03-09", number=2))
    assert part(post, "guidance:2026-01-05") == Fact("guidance", "without", day("4-9"))


def test_facts_that_the_config_leaves_out_are_not_read(post: Post) -> None:
    post.send("301", "2026-01-02", allocated("15", "2026-01-05"), interpreter=True)
    post.send("307", "2026-03-12", stopped("15", "2026-01-05", "2026-03-09"))
    assert part(post, "language-need") == Fact("language-need", True, day("1-5"))
    says = now_says(post.read(facts=[]).readings).values()
    assert [event for event in says if isinstance(event, Fact)] == []


# --- what is taken back -----------------------------------------------------------------------------------------------


def test_a_start_that_is_removed_was_none(post: Post) -> None:
    post.send("305", "2026-01-06", started("16", "2026-01-05"))
    post.send("305", "2026-01-09", started("16", "2026-01-05", status="3"))
    assert stays(post) == []
    assert said(post.read(), "0363-1", "stay:2026-01-05")[-1] == (None, "2026-01-08T23:00:00+00:00")


def test_a_stop_that_is_removed_opens_the_stay_again(post: Post) -> None:
    post.send("305", "2026-01-06", started("16", "2026-01-05"))
    post.send("307", "2026-02-02", stopped("16", "2026-01-05", "2026-02-01"))
    post.send("307", "2026-02-05", stopped("16", "2026-01-05", "2026-02-01", status="3"))
    assert stays(post) == [Stay("crisis-shelter", day("1-5"))]


def test_a_stop_is_corrected_by_removing_it_and_sending_another_in_one_message(post: Post) -> None:
    post.send("305", "2026-01-06", started("16", "2026-01-05"))
    post.send("307", "2026-02-02", stopped("16", "2026-01-05", "2026-02-01", "21"))
    wrong, right = (
        stopped("16", "2026-01-05", "2026-02-01", "21", status="3"),
        stopped("16", "2026-01-05", "2026-01-28", "19"),
    )
    post.send("307", "2026-02-05", wrong, right)
    assert stays(post) == [Stay("crisis-shelter", day("1-5"), day("1-29"), "own-home")]


def test_a_begin_that_is_corrected_moves_the_same_record(post: Post) -> None:
    post.send("305", "2026-03-20", started("16", "2026-03-19"))
    post.send("305", "2026-03-25", started("16", "2026-03-19", status="3"), started("16", "2026-02-01"))
    post.send("305", "2026-03-30", started("16", "2026-02-01", status="3"), started("16", "2026-02-03"))
    assert said(post.read(), "0363-1", "stay:2026-03-19") == [
        (Stay("crisis-shelter", day("3-19")), "2026-03-19T23:00:00+00:00"),
        (Stay("crisis-shelter", day("2-1")), "2026-03-24T23:00:00+00:00"),
        (Stay("crisis-shelter", day("2-3")), "2026-03-29T22:00:00+00:00"),
    ]
    assert stays(post) == [Stay("crisis-shelter", day("2-3"))]


def test_a_start_long_after_another_was_removed_is_another_stay(post: Post) -> None:
    post.send("305", "2026-01-06", started("16", "2026-01-05"))
    post.send("305", "2026-01-09", started("16", "2026-01-05", status="3"))
    post.send("305", "2026-03-06", started("16", "2026-03-05"))
    assert said(post.read(), "0363-1", "stay:2026-03-05")[-1][0] == Stay("crisis-shelter", day("3-5"))


def test_an_allocation_that_is_removed_foresees_nothing_and_leaves_a_stay_that_began(post: Post) -> None:
    post.send("301", "2026-01-02", allocated("15", "2026-02-05", "2026-12-31", decided="2026-01-02"))
    assert part(post, "expected") == Expected("long-stay", day("2-5"))
    removed = allocated("15", "2026-02-05", "2026-02-05", change="13", decided="2026-01-20")
    post.send("301", "2026-01-20", removed)
    assert now_says(post.read().readings) == {}
    post.send("305", "2026-02-06", started("15", "2026-02-05"))
    assert set(now_says(post.read().readings)) == {"0363-1 stay:2026-02-05"}


def test_a_citizen_number_that_is_corrected_takes_the_stay_to_the_right_client(post: Post) -> None:
    post.send("305", "2026-01-06", started("16", "2026-01-05"), client=1)
    (wrong,) = {reading.client for reading in post.read().readings}
    post.send("305", "2026-01-09", started("16", "2026-01-05", status="3"), client=1)
    post.send("305", "2026-01-09", started("16", "2026-01-05"), client=2)
    batch = post.read()
    assert wrong not in {reading.client for reading in batch.readings}
    assert now_says(batch.readings) == {"0363-1 stay:2026-01-05": Stay("crisis-shelter", day("1-5"))}


def test_an_allocation_that_goes_to_another_client_is_told_as_late_as_anything_of_the_one_before(
    post: Post,
) -> None:
    post.send("305", "2026-01-06", started("16", "2026-01-05", number=2), client=1)
    post.send("305", "2026-03-06", started("15", "2026-03-05", number=1), client=1)
    post.send("305", "2026-01-09", started("16", "2026-01-05", number=2, status="3"), client=1)
    post.send("305", "2026-01-09", started("16", "2026-01-05", number=2), client=2)
    last = said(post.read(), "0363-2", "stay:2026-01-05")[-1]
    assert last == (Stay("crisis-shelter", day("1-5")), "2026-03-05T23:00:00+00:00")
