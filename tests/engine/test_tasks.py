"""Prompts stand as Tasks on a FHIR server: written there, answered there, and cancelled there when they are over here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.task import Task

from cti.engine.answering import answer
from cti.engine.health import health
from cti.engine.rulebooks import standing
from cti.engine.tasks import Exchanged, exchange
from tests.engine.house import House, simple_rule, when
from tests.sources.fhir.server import Fhir, served

THERE = "https://example.org/client-number"


@pytest.fixture
def fhir() -> Iterator[Fhir]:
    with served(Fhir(page=50)) as server:
        yield server


@pytest.fixture
def house(tmp_path: Path, fhir: Fhir) -> House:
    """Client c1 moved in on 2 March; the prompt to call goes out on 16 March. The registration's FHIR server has Tasks."""
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    house.web = f'[[tasks]]\nname = "ecd"\nurl = "{fhir.url}"\nclient = "{THERE}"\n'
    house.configure()
    house.moves_in("3-2", "s1", "crisis-shelter")
    house.tick("3-3")
    return house


def round_at(house: House, at: datetime) -> Exchanged:
    return exchange(house.system, house.system.config.tasks[0], lambda: at)


def task(fhir: Fhir) -> dict[str, Any]:
    [found] = [one for one in fhir.resources.values() if one["resourceType"] == "Task"]
    Task.model_validate(found)
    return found


def complete(fhir: Fhir, at: str, code: str | None, **more: Any) -> None:
    """Someone there is done with the Task."""
    said = task(fhir) | {"status": "completed"} | more
    if code is not None:
        said["businessStatus"] = {"coding": [{"code": code}]}
    fhir.put(said, at)


def test_a_prompt_that_goes_out_stands_there_as_a_task_for_its_worker(house: House, fhir: Fhir) -> None:
    assert round_at(house, when("3-15")).told.made == 0
    house.tick("3-16")
    assert round_at(house, when("3-16", 11)).told.arrived == 1
    found = task(fhir)
    assert found["status"] == "requested"
    assert found["description"] == "Bel het netwerk"
    assert found["for"] == {"type": "Patient", "identifier": {"system": THERE, "value": "c1"}}
    assert found["owner"] == {"reference": "Practitioner/w1"}
    assert {"type": {"text": "answer"}, "valueCode": "not-relevant"} in found["input"]
    assert round_at(house, when("3-16", 12)).told.arrived == 0


def test_what_is_completed_there_with_an_answer_is_answered_here(house: House, fhir: Fhir) -> None:
    house.tick("3-16")
    round_at(house, when("3-16", 11))
    code = next(one["valueCode"] for one in task(fhir)["input"])
    complete(fhir, "2026-03-16T13:00:00Z", code)
    assert round_at(house, when("3-16", 15)).taken == 1
    [row] = [row for row in house.stored() if row.answer is not None]
    assert (row.answer, row.answered_by) == (code, "w1")
    assert task(fhir)["status"] == "completed"
    for later in (when("3-16", 16), when("3-17", 1)):
        assert (round_at(house, later).taken, round_at(house, later).unclear) == (0, ())
    assert [row.answered_at for row in house.stored() if row.answer] == [when("3-16", 15)]


def test_what_is_given_up_there_is_not_relevant_here(house: House, fhir: Fhir) -> None:
    house.tick("3-16")
    round_at(house, when("3-16", 11))
    complete(fhir, "2026-03-16T13:00:00Z", None, status="rejected")
    assert round_at(house, when("3-16", 15)).taken == 1
    assert [row.answer for row in house.stored() if row.answer] == ["not-relevant"]


def test_what_is_completed_without_an_answer_asks_on_and_is_told(house: House, fhir: Fhir) -> None:
    house.tick("3-16")
    round_at(house, when("3-16", 11))
    complete(fhir, "2026-03-16T13:00:00Z", None)
    found = round_at(house, when("3-16", 15))
    assert (found.taken, len(found.unclear)) == (0, 1)
    assert not any(row.answer for row in house.stored())


def test_what_is_answered_here_is_completed_there_and_stands_over_an_older_word(
    house: House, fhir: Fhir
) -> None:
    house.tick("3-16")
    round_at(house, when("3-16", 11))
    first, second, *_ = (one["valueCode"] for one in task(fhir)["input"])
    rules = standing(house.system)
    assert rules is not None
    complete(fhir, "2026-03-16T11:30:00Z", second)
    [row] = [row for row in house.stored() if row.sent_at is not None]
    answer(house.system, rules.rulebook, str(row.id), first, when("3-16", 14), by="w2")
    assert round_at(house, when("3-16", 15)).taken == 0
    found = task(fhir)
    assert found["status"] == "completed"
    assert found["businessStatus"]["coding"][0]["code"] == first


def test_what_is_withdrawn_here_is_cancelled_there(house: House, fhir: Fhir) -> None:
    house.tick("3-16")
    round_at(house, when("3-16", 11))
    house.retract("3-17", "s1")
    house.tick("3-17")
    round_at(house, when("3-17", 11))
    assert task(fhir)["status"] == "cancelled"
    fhir.put(task(fhir), "2026-03-17T12:00:00Z")
    assert round_at(house, when("3-17", 13)).taken == 0


def test_a_server_that_refuses_or_is_silent_is_tried_again(house: House, fhir: Fhir) -> None:
    house.tick("3-16")
    fhir.refuses = 422
    assert round_at(house, when("3-16", 11)).told.refused == 1
    [standing_there] = health(house.system, when("3-16", 11)).webhooks
    assert (standing_there.name, standing_there.waiting) == ("tasks:ecd", 1)
    fhir.refuses, fhir.sulks = None, [(500, "")]
    assert round_at(house, when("3-17", 11)).told.error == "500"
    assert round_at(house, when("3-17", 12)).told.arrived == 1
