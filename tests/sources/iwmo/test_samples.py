"""The example messages of the standard, which nobody here wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.core.events import Stay
from tests.sources.build import faults, notes, now_says, read
from tests.sources.iwmo.messages import SECRET


@pytest.fixture(scope="module")
def messages(samples: Path) -> Path:
    folder = samples / "iwmo-3.2" / "berichten"
    if not folder.is_dir():
        pytest.skip("there are no iWmo messages among the samples")
    return folder


def test_three_are_read_and_four_are_passed_over_each_by_its_name(messages: Path) -> None:
    batch = read(messages, "iwmo", path=".", secret=SECRET, products={"01": "crisis-shelter"})
    assert faults(batch) == []
    assert batch.counts.read == 5
    assert batch.counts.left_out == dict.fromkeys(("WMO315", "WMO317", "WMO319", "WMO323"), 1)
    assert notes(batch) == [
        "messages read: 1 × WMO301, 1 × WMO305, 1 × WMO307",
        "messages passed over, as they begin and end no stay: 1 × WMO315, 1 × WMO317, 1 × WMO319, 1 × WMO323",
    ]
    stays = [event for event in now_says(batch.readings).values() if isinstance(event, Stay)]
    assert len(stays) == 2


def test_household_help_is_left_out_by_default_and_every_product_is_accounted_for(messages: Path) -> None:
    batch = read(messages, "iwmo", path=".", secret=SECRET)
    assert now_says(batch.readings) == {}
    assert batch.counts.left_out["products"] == 5
    assert batch.counts.rows == 9


def test_nothing_of_a_person_leaves_the_parser(messages: Path) -> None:
    batch = read(messages, "iwmo", path=".", secret=SECRET, products={"01": "crisis-shelter"})
    told = repr((batch.readings, batch.quarantined, batch.notes, batch.state))
    for private in ("999900006", "Wit", "Vries", "1967", "9999XX", "Deens"):
        assert private not in told
