"""What a prompt's state is called follows from what the planner, the person and the post office say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cti.core.prompts import STANDINGS, Planned, Reason, Stored, state
from tests.core.build import day, local, noon

NOW = local("3-20", 12)
WANTED = Planned(
    rule="r",
    step="s",
    name="s:a:stay:entered",
    names=("s:a:stay:entered",),
    client="c1",
    day=day("3-2"),
    known=noon("3-2"),
    due=local("3-16"),
    wanted_at=local("3-16"),
    until=local("4-13"),
    role="worker",
    text="r/s",
    reason=Reason("wanted"),
)
ROW = Stored(1, WANTED)
SENT = replace(ROW, sent_at=local("3-16", 10))


def standing(row: Stored, code: str) -> Stored:
    return replace(row, plan=row.plan._replace(reason=Reason(code)))


def test_a_wanted_prompt_is_pending_until_it_is_sent() -> None:
    assert state(ROW, NOW) == "pending"
    assert state(ROW, local("3-3")) == "pending"
    assert state(SENT, NOW) == "sent"


def test_a_prompt_that_was_not_sent_within_its_window_is_expired() -> None:
    assert state(ROW, local("4-13")) == "expired"
    assert state(replace(ROW, plan=WANTED._replace(until=None)), local("4-13")) == "pending"
    assert state(SENT, local("4-13")) == "sent"


def test_a_prompt_that_nobody_can_receive_is_unroutable_while_its_window_lasts() -> None:
    assert state(replace(ROW, unroutable=True), NOW) == "unroutable"
    assert state(replace(ROW, unroutable=True), local("4-13")) == "expired"


def test_an_answer_outweighs_everything_and_being_covered_all_but_an_answer() -> None:
    answered = replace(SENT, answer="done", answered_at=NOW)
    assert state(answered, NOW) == "answered"
    assert state(standing(answered, "gone"), NOW) == "answered"
    assert state(replace(ROW, covered_by=2), NOW) == "covered"
    assert state(standing(replace(ROW, covered_by=2), "closed"), NOW) == "covered"
    assert state(replace(ROW, covered_by=2, answer="done"), NOW) == "answered"


@pytest.mark.parametrize("code", [code for code in STANDINGS if code not in ("wanted", "gone")])
def test_a_sent_prompt_that_facts_made_unnecessary_is_settled(code: str) -> None:
    assert state(standing(SENT, code), NOW) == "settled"


def test_a_sent_prompt_whose_record_is_gone_is_withdrawn() -> None:
    assert state(standing(SENT, "gone"), NOW) == "withdrawn"


@pytest.mark.parametrize(
    ("code", "called"),
    [
        ("waiting", "pending"),
        ("too-late", "expired"),
        ("skipped", "skipped"),
        ("stale", "skipped"),
        ("condition", "skipped"),
        ("asked", "skipped"),
        ("before-since", "skipped"),
        ("moved-on", "withdrawn"),
        ("fulfilled", "withdrawn"),
        ("lapsed", "withdrawn"),
        ("closed", "withdrawn"),
        ("gone", "withdrawn"),
    ],
)
def test_an_unsent_prompt_that_is_not_wanted_is_called_by_its_reason(code: str, called: str) -> None:
    assert state(standing(ROW, code), NOW) == called


def test_what_waits_longer_than_its_moment_lasts_is_withdrawn() -> None:
    waiting = replace(ROW, plan=WANTED._replace(due=None, reason=Reason("waiting")))
    assert state(waiting, local("4-12")) == "pending"
    assert state(waiting, local("4-13")) == "withdrawn"


def test_what_a_person_or_the_post_office_decided_is_final() -> None:
    assert not ROW.final
    assert not replace(ROW, snoozed_until=NOW, unroutable=True).final
    assert SENT.final and replace(ROW, answer="done").final and replace(ROW, covered_by=2).final


def test_what_is_on_its_way_is_told_but_not_final() -> None:
    queued = replace(ROW, told_standing="wanted", told_due=day("3-16"))
    assert queued.told and not queued.final
    assert SENT.told and not ROW.told


def test_a_prompt_says_which_other_puts_its_question() -> None:
    other = WANTED._replace(rule="q")
    asked = WANTED._replace(reason=other.asks_for())
    assert asked.asked_by == other.key == "q/s/s:a:stay:entered"
    assert WANTED.asked_by is None
