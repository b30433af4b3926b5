"""Clients and the conference, by the shipped rules through real passes: from the proposal to the last review, and after a no."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from cti.core import paths
from cti.core.prompts import Stored
from cti.core.rules import Rulebook
from cti.engine.answering import answer
from cti.engine.at_once import replan_now
from cti.engine.pathway import paths_of, say_on_path
from cti.engine.recording import Recorded, record_facts
from cti.engine.rulebooks import standing
from cti.problems import Problems
from cti.store import clients
from tests.engine.house import House, when

NOT_MORE = 12
"""Days between two passes: a machine that stands still for two weeks asks for a look first."""


class Worker:
    """w1, who works with one client, reads the mail, and says things on the pages."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.client = 0
        self.today = when("3-2")

    def go_on(self, day: str) -> None:
        """Passes until the morning of that day, as many as it takes."""
        end = when(day, 10)
        while self.today < end:
            self.today = min(self.today + timedelta(days=NOT_MORE), end)
            self.house.tick(f"{self.today:%Y-%m-%d}")
        with self.house.system.database.read() as tx:
            self.client = clients.client_id(tx, "c1") or 0

    @property
    def rulebook(self) -> Rulebook:
        rules = standing(self.house.system)
        assert rules is not None
        return rules.rulebook

    def waiting(self) -> list[str]:
        """The steps that were told, are open and have no answer."""
        return sorted(f"{row.plan.rule}/{row.plan.step}" for row in self._open())

    def _open(self) -> list[Stored]:
        now = self.today
        rows = (row for row in self.house.stored() if row.sent_at is not None and row.answer is None)
        return [row for row in rows if row.plan.wanted and (row.plan.until is None or row.plan.until > now)]

    def to_come(self, rule: str) -> dict[str, str]:
        """When the steps of a rule that are not told yet are due."""
        rows = [
            row for row in self.house.stored() if row.plan.rule == rule and row.plan.wanted and not row.final
        ]
        zone = self.house.system.config.calendar.zone
        return {row.plan.step: f"{row.plan.due.astimezone(zone):%-m-%-d}" for row in rows if row.plan.due}

    def answers(self, step: str, word: str, **facts: str) -> None:
        """Answers a prompt that waits."""
        [row] = [row for row in self._open() if f"{row.plan.rule}/{row.plan.step}" == step]
        given = {name.replace("_", "-"): value for name, value in facts.items()}
        answer(self.house.system, self.rulebook, str(row.id), word, self._now(), given, by="w1")
        replan_now(self.house.system, self.client, self._now())

    def says(self, answers: str, word: str, **facts: str) -> Recorded:
        """Says something on the client's page, without a prompt."""
        given = {name.replace("_", "-"): value for name, value in facts.items()}
        now, day = self._now(), self.today.date()
        done = say_on_path(
            self.house.system, self.rulebook, self.client, answers, word, given, day, now, "w1"
        )
        replan_now(self.house.system, self.client, now)
        return done

    def path(self) -> paths.Path:
        with self.house.system.database.read() as tx:
            [found] = paths_of(tx, self.rulebook, self.house.system.config.calendar, self.client, self._now())
        return found

    def stands(self) -> tuple[object, str]:
        """What was said to the question, and the leg on which the path stands."""
        path = self.path()
        return path.said, path.legs[-1].rule if path.legs else ""

    def may_say(self) -> set[str]:
        return {f"{choice.set}.{choice.kind.name}" for choice in self.path().choices}

    def told(self, rule: str = "") -> list[str]:
        """The steps that were ever told, of rules that begin so, in order."""
        rows = [
            row for row in self.house.stored() if row.sent_at is not None and row.plan.rule.startswith(rule)
        ]
        rows.sort(key=lambda row: (row.sent_at or self.today, row.id))
        return [f"{row.plan.rule}/{row.plan.step}" for row in rows]

    def _now(self) -> datetime:
        return self.today + timedelta(hours=4)


@pytest.fixture
def w1(tmp_path: Path) -> Worker:
    house = House(tmp_path)
    house.moves_in("3-2", "a", "crisis-shelter")
    return Worker(house)


PROPOSAL = {
    "conference.agreed",
    "conference.declined",
    "conference.not-now",
    "conference.repair-first",
    "conference.not-fitting",
    "conference.has-plan",
}


def test_a_conference_goes_from_the_proposal_to_its_review_after_nine_months(w1: Worker) -> None:
    w1.go_on("3-16")
    w1.answers("crisis-intake/map-network", "mapped")
    w1.go_on("4-7")
    assert "crisis-intake/propose-conference" in w1.waiting()
    assert (w1.stands(), w1.may_say()) == ((None, ""), PROPOSAL)

    w1.answers("crisis-intake/propose-conference", "agreed", requested_by="client")
    assert w1.stands() == ("agreed", "conference-requested")
    assert w1.may_say() == {"requested.day-known", "requested.stopped"}
    w1.go_on("4-21")
    assert "conference-requested/two-weeks" in w1.waiting()

    # The worker hears the day, and then another one, without a prompt.
    w1.says("requested", "day-known", conference_date="2026-06-08")
    assert w1.stands() == ("agreed", "conference-planned")
    assert w1.to_come("conference-planned") == {
        "prepare": "5-22",
        "last-days": "6-5",
        "held": "6-11",
        "held-again": "8-20",
    }
    w1.go_on("4-28")
    w1.says("planned", "moved", conference_date="2026-06-15")
    assert w1.to_come("conference-planned")["prepare"] == "6-1"
    assert w1.to_come("conference-planned")["held"] == "6-18"
    w1.go_on("6-1")
    w1.answers("conference-planned/prepare", "ready")
    w1.go_on("6-15")
    assert "held.plan" in w1.may_say()

    w1.go_on("6-18")
    w1.answers("conference-planned/held", "plan", review_date="2026-09-14")
    assert w1.stands()[0] == "held"
    assert w1.to_come("conference-held")["four-weeks"] == "7-16"
    assert w1.to_come("conference-held")["nine-months"] == "3-18"
    assert w1.to_come("review-date") == {"before": "9-7", "after": "9-17"}

    # A move asks the question anew, and lets the plan go on.
    w1.go_on("7-16")
    w1.answers("conference-held/four-weeks", "runs")
    w1.house.moves_in("7-20", "b", "long-stay")
    w1.go_on("7-21")
    assert w1.stands()[0] is None
    assert w1.may_say() >= PROPOSAL | {"plan.runs", "plan.ended"}
    w1.go_on("2027-3-18")
    assert [step for step in w1.told("conference-held") if not step.endswith("four-weeks")] == [
        "conference-held/three-months",
        "conference-held/six-months",
        "conference-held/nine-months",
    ]
    w1.answers("conference-held/nine-months", "ended")
    w1.go_on("2027-4-30")
    assert w1.waiting() == []


def test_a_no_said_without_a_prompt_is_respected_until_the_next_transition(w1: Worker) -> None:
    w1.go_on("3-9")
    w1.says("conference", "declined", declined_because="not-needed")
    assert (w1.stands(), w1.may_say()) == (("declined", ""), PROPOSAL), "a client may think it over"
    w1.go_on("6-30")
    asked = [step for step in w1.told() if "conference" in step]
    assert asked == []
    w1.house.moves_in("7-1", "b", "long-stay")
    w1.go_on("8-12")
    assert w1.stands() == (None, "")
    assert [step for step in w1.told() if "conference" in step] == ["long-stay/propose-conference"]


def test_a_no_to_a_prompt_ends_it_and_a_client_who_thinks_it_over_goes_on_from_there(w1: Worker) -> None:
    w1.go_on("4-7")
    w1.answers("crisis-intake/propose-conference", "declined", declined_because="too-much")
    w1.go_on("5-12")
    assert [step for step in w1.told() if "conference" in step] == ["crisis-intake/propose-conference"]
    w1.says("conference", "agreed", requested_by="client", conference_date="2026-07-06")
    assert w1.stands() == ("agreed", "conference-planned")
    w1.go_on("6-22")
    assert "conference-planned/prepare" in w1.waiting()


def test_not_now_with_a_day_asks_once_more_on_that_day(w1: Worker) -> None:
    w1.go_on("4-7")
    w1.answers("crisis-intake/propose-conference", "not-now", ask_again="2026-05-18")
    assert w1.stands() == ("not-now", "conference-later")
    w1.go_on("5-18")
    assert w1.waiting() == ["conference-later/ask-again"]
    w1.answers("conference-later/ask-again", "declined", declined_because="not-needed")
    w1.go_on("7-31")
    assert [step for step in w1.told() if "conference" in step] == [
        "crisis-intake/propose-conference",
        "conference-later/ask-again",
    ]


def test_a_client_who_no_longer_wants_it_ends_all_that_was_to_come(w1: Worker) -> None:
    w1.go_on("3-9")
    w1.says("conference", "agreed", requested_by="worker", conference_date="2026-06-08")
    assert w1.to_come("conference-planned")
    w1.go_on("3-18")
    w1.says("planned", "called-off")
    assert (w1.stands(), w1.to_come("conference-planned")) == (("cancelled", ""), {})
    w1.go_on("7-31")
    assert [step for step in w1.told() if "conference" in step] == []


def test_saying_the_same_twice_changes_nothing_and_what_does_not_fit_is_refused(w1: Worker) -> None:
    w1.go_on("3-9")
    first = w1.says("conference", "agreed", requested_by="client")
    assert w1.says("conference", "agreed", requested_by="client") == Recorded("already", first.refs)
    with pytest.raises(Problems, match="this can no longer be said here: look again where it stands"):
        w1.says("held", "plan")
    with pytest.raises(Problems, match="this can no longer be said here"):
        w1.says("held", "plann")
    with pytest.raises(Problems, match="this answer needs the fact conference-date as well"):
        w1.says("requested", "day-known")


def test_a_change_of_worker_prompts_the_handover_and_passes_on_what_is_open(w1: Worker) -> None:
    w1.go_on("4-7")
    now = when("4-7", 14)
    facts = {"network-mapped": "2026-03-20"}
    record_facts(w1.house.system, w1.rulebook, w1.client, facts, date(2026, 4, 7), now, "w1")
    assert w1.waiting() == ["crisis-intake/propose-conference"]
    w1.house.type_in("4-8", "x", worker="w2", day="2026-04-08")
    for day in ("4-8", "4-9", "4-10", "4-15"):
        w1.house.tick(day)
    mails = [(str(mail["To"]).split("@")[0], str(mail["Date"])[5:11]) for mail in w1.house.mails()]
    assert mails[-3:] == [("w2", "08 Apr"), ("w1", "09 Apr"), ("w2", "15 Apr")]
    assert w1.told("worker-change") == ["worker-change/hand-over", "worker-change/take-over"]
