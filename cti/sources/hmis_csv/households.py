"""Whose a household's records are, and what they are called.

With heads of households only, the records of a household are the head's. They bear the name of the household's first
enrolment (the lowest EnrollmentID), not of the head's, so that they move along when another member becomes the head and
nobody is prompted twice about one family.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from cti.sources.hmis_csv.codes import HEAD, code
from cti.sources.hmis_csv.tables import EnrollmentRow
from cti.sources.parse import usable_id


class Households:
    """The households of an export. `deleted` tells of a row whether it was deleted."""

    def __init__(self, rows: Iterable[EnrollmentRow], deleted: frozenset[int]) -> None:
        self._heads: Counter[str] = Counter()
        self._first: dict[str, str] = {}
        members: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if row.HouseholdID:
                if usable_id(row.EnrollmentID):
                    members[row.HouseholdID].append(row.EnrollmentID)
                if row.line not in deleted:
                    self._heads[row.HouseholdID] += is_head(row)
        for household, ids in members.items():
            # Numbers of different lengths are compared as numbers: 999 comes before 1000.
            self._first[household] = min(ids, key=lambda ref: (len(ref), ref))

    def ref(self, row: EnrollmentRow) -> str:
        """The reference of a head's records: the household's, unless it has several heads."""
        return self._first[row.HouseholdID] if self.heads(row) == 1 else row.EnrollmentID

    def refs(self, row: EnrollmentRow) -> set[str]:
        """Every reference under which the records of this row may stand, now or by an earlier reading."""
        return {row.EnrollmentID, self._first.get(row.HouseholdID, row.EnrollmentID)}

    def heads(self, row: EnrollmentRow) -> int:
        """How many heads the row's household has."""
        return self._heads[row.HouseholdID] if row.HouseholdID else 0

    @property
    def with_several_heads(self) -> int:
        """How many households have more than one head."""
        return sum(heads > 1 for heads in self._heads.values())

    @property
    def without_head(self) -> int:
        """How many households have members, and none of them is the head."""
        return sum(heads == 0 for heads in self._heads.values())


def is_head(row: EnrollmentRow) -> bool:
    return code(row.RelationshipToHoH) == HEAD
