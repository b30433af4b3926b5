"""Two rulebooks at once find what each finds alone, whatever becomes of the process beside."""

from __future__ import annotations

from dataclasses import replace
from multiprocessing import Pipe

from cti.core.events import History
from cti.workshop.both import WORTH_IT, Past, _Other, replay_both
from cti.workshop.replay import daily, replay
from tests.core.build import CALENDAR, book, history, stay, step, worker
from tests.workshop.test_compare import FIRST, HOUSE, LAST, TODAY

PASSES = daily(CALENDAR, HOUSE.habits, FIRST, LAST)
BEFORE = book(TODAY)
AFTER = book(replace(TODAY, steps=(step("call", 10), step("ask", 28))))


def past(count: int) -> Past:
    return Past(clients(count), HOUSE, PASSES, {})


def clients(count: int) -> list[History]:
    return [
        history(
            stay(f"s{number}", "crisis-shelter", f"3-{2 + number % 20}"),
            worker(f"w{number}", f"w{1 + number % 2}", "3-1"),
            client=f"c{number}",
        )
        for number in range(count)
    ]


def test_a_process_beside_finds_what_one_alone_finds() -> None:
    many = clients(WORTH_IT)
    heard: list[tuple[int, int]] = []
    both = replay_both(past(WORTH_IT), BEFORE, AFTER, lambda done, of: heard.append((done, of)))
    assert both == (replay(many, BEFORE, HOUSE, PASSES), replay(many, AFTER, HOUSE, PASSES))
    assert len(both[0].told) > 500
    assert heard == sorted(heard)
    assert heard[-1] == (2 * len(PASSES), 2 * len(PASSES))


def test_a_few_clients_are_replayed_here_one_rulebook_after_the_other() -> None:
    few = clients(3)
    heard: list[tuple[int, int]] = []
    both = replay_both(past(3), BEFORE, AFTER, lambda done, of: heard.append((done, of)))
    assert both == (replay(few, BEFORE, HOUSE, PASSES), replay(few, AFTER, HOUSE, PASSES))
    assert heard == [(done + 1, 2 * len(PASSES)) for done in range(2 * len(PASSES))]


def test_one_rulebook_is_replayed_once() -> None:
    heard: list[int] = []
    before, after = replay_both(past(3), BEFORE, BEFORE, lambda done, of: heard.append(of))
    assert before is after
    assert heard == [len(PASSES)] * len(PASSES)


def test_a_process_beside_that_dies_leaves_no_result_and_nobody_waiting() -> None:
    ours, theirs = Pipe(duplex=False)
    other = _Other(ours)
    theirs.send(7)
    theirs.close()
    assert other.done() == 7
    assert other.result(lambda done: None) is None
