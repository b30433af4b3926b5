"""Absences that were entered on the pages."""

from datetime import date

from cti.store import absences
from cti.store.absences import Absence
from cti.store.database import Database
from tests.store.build import at


def test_an_absence_is_kept_until_it_is_taken_out_or_long_over(database: Database) -> None:
    spring, summer = (date(2026, 3, 2), date(2026, 3, 6)), (date(2026, 7, 6), date(2026, 7, 24))
    with database.write() as tx:
        one = absences.add(tx, "w1", *spring, None, "lead", at(1))
        two = absences.add(tx, "w1", *summer, "w2", "w1", at(2))
        other = absences.add(tx, "w2", *summer, None, "w2", at(3))
    assert one == Absence(one.id, "w1", *spring, None, "lead", at(1))
    with database.write() as tx:
        assert absences.listing(tx, "w1") == [one, two]
        assert absences.by_id(tx, two.id) == two
        assert absences.forget_before(tx, date(2026, 3, 6)) == 0
        assert absences.forget_before(tx, date(2026, 3, 7)) == 1
        absences.remove(tx, other.id)
        assert absences.by_id(tx, other.id) is None
        assert absences.listing(tx) == [two]
