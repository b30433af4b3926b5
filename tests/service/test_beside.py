"""The process of the passes, begun by a process of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cti.engine import last_tick
from cti.service.beside import Beside
from cti.service.clock import clock
from tests.engine.house import House
from tests.service.waiting import wait_for

AHEAD = timedelta(days=3)


@pytest.fixture
def beside(house: House) -> Iterator[Beside]:
    beside = Beside(house.system.config, AHEAD)
    beside.start()
    yield beside
    beside.finish()
    beside.wait()


def test_it_makes_a_pass_at_its_beginning_and_one_when_asked_by_the_clock_it_was_given(
    house: House, beside: Beside
) -> None:
    wait_for(lambda: last_tick(house.system) is not None)
    first = last_tick(house.system)
    assert first is not None and first > clock() + AHEAD / 2
    house.moves_in("3-2", "s2", "crisis-shelter", client="c2")
    beside.hurry()
    wait_for(lambda: len(house.stored()) == 2)
    assert beside.died() == 0


def test_asking_for_a_pass_before_there_is_a_process_does_nothing(house: House) -> None:
    Beside(house.system.config).hurry()
