"""Only heads of households by default; a household's records are the head's, whoever that is."""

from datetime import date
from pathlib import Path

import pytest

from cti.core.events import RecordId, Stay
from cti.sources.base import Batch
from tests.sources.build import faults, notes, now_says
from tests.sources.hmis import Hmis

SHELTER = Stay("crisis-shelter", date(2026, 1, 10))


@pytest.fixture
def hmis(tmp_path: Path) -> Hmis:
    return Hmis(tmp_path)


def family(hmis: Hmis, *heads: int, of: int = 3) -> Hmis:
    """A household h1 of enrolments e1 … in a shelter; those numbered in `heads` say that they are its head."""
    for number in range(1, of + 1):
        hmis.enrol(number, 0, HouseholdID="h1", RelationshipToHoH=1 if number in heads else 2)
    return hmis


def whose(batch: Batch) -> dict[str, str]:
    """The client of each record that stands."""
    return {f"{r.id.ref} {r.id.part}": r.client for r in batch.readings if r.event is not None}


def absent(batch: Batch, ref: str) -> bool:
    """Whether a known stay under this reference would be retracted."""
    assert batch.absent is not None
    return batch.absent(RecordId("reg", ref, "stay"), SHELTER) is None


def test_a_family_is_read_once(hmis: Hmis) -> None:
    batch = family(hmis, 1).read()
    assert whose(batch) == {"e1 stay": "c1"}
    assert (batch.counts.read, batch.counts.left_out, batch.counts.rows) == (1, {"heads_only": 2}, 3)


def test_or_every_member_by_a_setting(hmis: Hmis) -> None:
    batch = family(hmis, 1).read(heads_only=False)
    assert whose(batch) == {"e1 stay": "c1", "e2 stay": "c2", "e3 stay": "c3"}
    assert batch.counts.left_out == {}


def test_turning_the_setting_back_takes_the_members_out(hmis: Hmis) -> None:
    batch = family(hmis, 1).read()
    assert [absent(batch, ref) for ref in ("e2", "e3")] == [True, True]


def test_when_another_becomes_the_head_the_records_move_along(hmis: Hmis) -> None:
    assert whose(family(hmis, 3).read()) == {"e1 stay": "c3"}
    hmis.enrolments.clear()
    assert whose(family(hmis, 2).read()) == {"e1 stay": "c2"}


def test_enrolments_are_compared_as_numbers(hmis: Hmis) -> None:
    hmis.enrol(10, 0, HouseholdID="h1").enrol(9, 0, HouseholdID="h1", RelationshipToHoH=2)
    assert list(whose(hmis.read())) == ["e9 stay"]


def test_an_enrolment_id_that_cannot_be_read_names_no_household(hmis: Hmis) -> None:
    hmis.enrol(10, 0, HouseholdID="h1").enrol(9, 0, HouseholdID="h1", RelationshipToHoH=2)
    hmis.enrolments[1]["EnrollmentID"] = "e\x13"
    assert list(whose(hmis.read())) == ["e10 stay"]


def test_several_heads_are_households_of_their_own(hmis: Hmis) -> None:
    batch = family(hmis, 2, 3).read()
    assert whose(batch) == {"e2 stay": "c2", "e3 stay": "c3"}
    assert notes(batch) == ["households with several heads, each of whom counts as a household: 1"]
    assert absent(batch, "e1")


def test_a_household_without_a_head_is_noted(hmis: Hmis) -> None:
    batch = family(hmis).read()
    assert batch.readings == []
    assert notes(batch) == ["households without a head in this export, of which the members are left out: 1"]


def test_a_household_that_was_deleted_as_a_whole_is_not(hmis: Hmis) -> None:
    family(hmis, 1)
    for row in hmis.enrolments:
        row["DateDeleted"] = "2026-02-01 10:00:00"
    assert notes(hmis.read()) == []


def test_who_may_be_the_head_of_a_household_without_one_is_asked_about(hmis: Hmis) -> None:
    family(hmis, of=1)
    hmis.enrol(2, 0, HouseholdID="h1", RelationshipToHoH=99)
    batch = hmis.read()
    assert faults(batch) == [
        "Enrollment.csv:3 e2 RelationshipToHoH=9•: nobody is the head of this household; say in the registration who is "
        "(RelationshipToHoH)"
    ]
    assert (batch.counts.left_out, batch.counts.quarantined, batch.counts.rows) == ({"heads_only": 1}, 1, 2)


def test_who_is_alone_needs_no_household(hmis: Hmis) -> None:
    assert whose(hmis.enrol(1, 0, HouseholdID="").enrol(2, 0, HouseholdID="").read()) == {
        "e1 stay": "c1",
        "e2 stay": "c2",
    }


def test_a_deleted_head_leaves_the_records_to_the_new_one(hmis: Hmis) -> None:
    hmis.enrol(1, 0, HouseholdID="h1", DateDeleted="2026-02-01 10:00:00").enrol(2, 0, HouseholdID="h1")
    batch = hmis.read()
    assert now_says(batch.readings) == {"e1 stay": SHELTER}
    assert whose(batch) == {"e1 stay": "c2"}
    assert batch.counts.read == 2
    assert absent(batch, "e2")


def test_a_member_of_a_family_who_is_left_out_still_counts_as_guidance(hmis: Hmis) -> None:
    hmis.enrol(1, 0).leave(1, destination=410)
    hmis.enrol(2, 6, PersonalID="c1", HouseholdID="h9", RelationshipToHoH=2)
    assert "with" in str(now_says(hmis.read().readings)["e1 guidance-exit"])


def test_a_head_that_cannot_be_read_keeps_the_familys_records(hmis: Hmis) -> None:
    hmis.enrol(1, 0, HouseholdID="h1", RelationshipToHoH=2).enrol(2, 0, "soon", HouseholdID="h1").enrol(3, 0)
    batch = hmis.read()
    assert not absent(batch, "e1")
    assert not absent(batch, "e2")
