"""What workers said, of several clients at once."""

from __future__ import annotations

from datetime import date

from cti.core.events import Answer, Expected, Fact, Reading, RecordId
from cti.store import clients
from cti.store.answered import Told, answered
from cti.store.database import Database
from tests.store.build import SHELTER, append, at, create, planned, reading


def test_what_stands_of_what_was_said_is_found_by_time_and_client(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2), reading("r2", SHELTER, 2, client="c2"))
    [row] = create(database, planned("a"))
    answer = Answer(row.plan.key, "done", at(5), (), ("a",), "w1")
    trust, size = Fact("trust", "no", date(2026, 3, 6)), Fact("size", 3, date(2026, 3, 7))
    append(
        database,
        Reading(RecordId("cti", row.plan.key, "answer"), "c1", answer, at(5)),
        Reading(RecordId("cti", "2/fact/1", "trust"), "c2", trust, at(6)),
        Reading(RecordId("cti", "2/fact/2", "size"), "c2", size, at(7)),
        Reading(RecordId("cti", "2/expected/1", "expected"), "c2", Expected("own-home"), at(7)),
    )
    append(database, Reading(RecordId("cti", "2/fact/2", "size"), "c2", None, at(8)))
    told = [Told("c1", answer, at(5), row.id, "intake", "map"), Told("c2", trust, at(6))]
    with database.read() as tx:
        [second] = [clients.client_id(tx, "c2")]
        assert list(answered(tx, "cti", at(1), at(9))) == told
        assert list(answered(tx, "cti", at(5), at(6))) == told[:1]
        assert list(answered(tx, "cti", at(1), at(9), [second or 0])) == told[1:]
