"""A client's story as a FHIR server tells it: an intake that prompts, and turns out to have been a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.house import House, simple_rule
from tests.sources.fhir.server import Fhir, served


@pytest.fixture
def fhir() -> Iterator[Fhir]:
    with served(Fhir()) as server:
        yield server


def episode(status: str, code: str, **more: Any) -> dict[str, Any]:
    said = {
        "resourceType": "EpisodeOfCare",
        "id": "7",
        "status": status,
        "type": [{"coding": [{"code": code}]}],
    }
    return said | {"patient": {"reference": "Patient/1042"}, "period": {"start": "2026-03-02"}} | more


def test_an_intake_prompts_its_worker_and_one_that_was_a_mistake_takes_the_prompt_back(
    fhir: Fhir, tmp_path: Path
) -> None:
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    house.web = f'[[sources]]\nname = "ecd"\ntype = "fhir"\nurl = "{fhir.url}"\n'
    house.configure()
    house.tick("3-1")
    fhir.put(
        episode("active", "CS", careManager={"reference": "Practitioner/w1"}), "2026-03-02T10:00:00+01:00"
    )
    house.tick("3-3")
    [prompt] = house.stored()
    assert prompt.plan.client == "1042"
    house.tick("3-16")
    [mail] = house.mails()
    assert mail["to"] == "w1@example.org"
    fhir.put(episode("entered-in-error", "CS"), "2026-03-17T10:00:00+01:00")
    house.tick("3-17")
    [prompt] = house.stored()
    assert not prompt.plan.wanted
