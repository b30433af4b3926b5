"""The process of the passes, begun by a process of the pages."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from cti.engine import last_tick
from cti.problems import problem
from cti.service.apart import taken
from cti.service.beside import PUSHED, Beside, Order
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


def test_an_order_is_taken_whole_however_long_it_is_and_nothing_of_what_follows(house: House) -> None:
    long = replace(house.system.config, warnings=tuple(problem(f"{number:01000}") for number in range(300)))
    reads, writes = os.pipe()

    def write() -> None:
        with open(writes, "wb") as said:
            pickle.dump(Order(long, timedelta(), 20), said)
            said.write(PUSHED)

    writer = threading.Thread(target=write)
    writer.start()
    with open(reads, "rb", buffering=0) as said:
        assert taken(said).config.warnings == long.warnings
        assert said.read(1) == PUSHED
    writer.join()
