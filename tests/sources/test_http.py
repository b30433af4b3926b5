"""What is pushed, read: each type of event, in the order in which it was recorded, however it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cti.core.events import Assignment, Closed, Event, Expected, Fact, Stay
from cti.sources import http
from cti.sources.base import Batch, Context, Pushed, State
from tests.sources.build import HOME, NOW, WORDS, faults, now_says, read

STAY = {"id": "s1", "situation": "crisis-shelter", "begin": "2026-03-02"}


def pushed(
    hour: int, kind: str, fields: dict[str, str], client: str = "c1", number: int | None = None
) -> Pushed:
    """An event that was recorded at this hour of 3 March; unless it says another, the hour is its number too."""
    return Pushed(number or hour, client, kind, datetime(2026, 3, 3, hour, tzinfo=UTC), fields)


def taken(inbox: Sequence[Pushed], state: State | None = None, now: datetime = NOW, **settings: Any) -> Batch:
    """What a reading makes of an inbox, of which what could not be read before is number 100 and on."""

    def waits(again: bool) -> list[Pushed]:
        return [one for one in inbox if again or one.number < 100]

    options = http.Options.model_validate({"name": "ecd", "type": "http", "token": "x" * 40, **settings})
    return http.read(options, state or {}, Context(WORDS, HOME, now, Path(), waits))


def told(fields: dict[str, str], kind: str, **settings: Any) -> dict[str, Event]:
    batch = taken([pushed(9, kind, fields)], **settings)
    assert faults(batch) == []
    return now_says(batch.readings)


def test_each_type_tells_its_part_of_a_record() -> None:
    begin = date(2026, 3, 2)
    assert told(STAY, "stay") == {"s1 stay": Stay("crisis-shelter", begin)}
    left = STAY | {"end": "2026-03-09", "destination": "own-home"}
    assert told(left, "stay") == {"s1 stay": Stay("crisis-shelter", begin, date(2026, 3, 9), "own-home")}
    move = {"id": "e1", "expected": "own-home", "expected_day": "2026-05-01"}
    assert told(move, "expected") == {"e1 expected": Expected("own-home", date(2026, 5, 1))}
    fact = {"id": "f1", "fact": "trust", "value": "growing"}
    assert told(fact, "fact") == {"f1 fact": Fact("trust", "growing", date(2026, 3, 3))}
    assert told({"id": "a1", "worker": "w1", "day": "2026-03-02"}, "assignment") == {
        "a1 assignment": Assignment(begin, "w1")
    }
    assert told({"id": "c1", "closed": "2026-03-02", "value": "deceased"}, "closed") == {
        "c1 closed": Closed(begin, "deceased")
    }


def test_an_event_says_the_same_as_a_row_with_the_same_words(tmp_path: Path) -> None:
    row = STAY | {"end": "2026-03-09", "destination": "own-home"}
    head, cells = (
        ",".join(("client", "recorded", *row)),
        ",".join(("c1", "2026-03-03T09:00:00Z", *row.values())),
    )
    (tmp_path / "export.csv").write_text(f"{head}\n{cells}\n")
    of_row = read(tmp_path, "csv", path=".").readings
    of_event = taken([pushed(9, "stay", row)]).readings
    assert [one.id.source for one in of_event] == ["ecd"]
    assert [(one.event, one.client, one.recorded) for one in of_event] == [
        (one.event, one.client, one.recorded) for one in of_row
    ]


def test_where_no_worker_is_named_the_sources_team_is_asked() -> None:
    assert told(STAY, "stay", team="north")["s1 assignment"] == Assignment(date(2026, 3, 2), None, "north")


def test_codes_and_the_senders_own_words_are_mapped() -> None:
    mapping = {"codes": {"situation": {"CO": "crisis-shelter"}}}
    assert told(STAY | {"situation": "co"}, "stay", **mapping)["s1 stay"] == Stay(
        "crisis-shelter", date(2026, 3, 2)
    )


def test_events_count_in_the_order_in_which_they_were_recorded() -> None:
    inbox = [pushed(11, "stay", STAY | {"end": "2026-03-09"}, number=1), pushed(9, "stay", STAY, number=2)]
    assert [one.event for one in taken(inbox).readings] == [
        Stay("crisis-shelter", date(2026, 3, 2)),
        Stay("crisis-shelter", date(2026, 3, 2), date(2026, 3, 9)),
    ]


def test_a_deletion_takes_back_all_that_was_told_under_its_id() -> None:
    inbox = [pushed(9, "stay", STAY), pushed(10, "fact", {"id": "s1", "fact": "trust", "value": "no"})]
    batch = taken([*inbox, pushed(11, "retracted", {"id": "s1"})])
    assert {reading.id.part: reading.event for reading in batch.readings} == {"stay": None, "fact": None}
    assert batch.taken == (9, 10, 11)


def test_a_deletion_that_overtook_what_it_deletes_still_deletes_it() -> None:
    first = taken([pushed(11, "retracted", {"id": "s1"})])
    second = taken([pushed(9, "stay", STAY)], first.state)
    assert [reading.event for reading in second.readings] == [Stay("crisis-shelter", date(2026, 3, 2)), None]
    third = taken([pushed(12, "stay", STAY)], first.state)
    assert third.readings[-1].event == Stay("crisis-shelter", date(2026, 3, 2)), "typed in again after it"


def test_a_deletion_is_remembered_for_a_month() -> None:
    first = taken([pushed(11, "retracted", {"id": "s1"})])
    assert taken([], first.state, NOW).state["gone"] == first.state["gone"]
    assert taken([], first.state, NOW.replace(month=5)).state["gone"] == {}


def test_what_cannot_be_read_is_told_kept_and_read_once_its_code_is_mapped() -> None:
    unmapped = pushed(9, "stay", STAY | {"situation": "CO"}, number=7)
    first = taken([unmapped, pushed(10, "stay", STAY | {"id": "s2"})])
    reason = "a code that the config does not map; add it under [sources.codes.situation]"
    assert faults(first) == [f"ecd:7 s1 situation=C•: {reason}"]
    assert (first.taken, first.unread) == ((10,), (7,))
    assert (first.counts.read, first.counts.quarantined) == (1, 1)
    aside = pushed(9, "stay", STAY | {"situation": "CO"}, number=107)
    assert taken([aside], first.state).changed is False, "nothing is new"
    mended = taken([aside], first.state, codes={"situation": {"CO": "crisis-shelter"}})
    assert (mended.taken, mended.unread, mended.afresh) == ((107,), (), None)


def test_an_event_without_what_it_is_about_is_no_deletion() -> None:
    for kind in ("stay", "expected", "fact", "assignment", "closed"):
        batch = taken([pushed(9, kind, {"id": "s1"})])
        assert (batch.taken, batch.unread, list(batch.readings)) == ((), (9,), []), kind


def test_where_nothing_came_nothing_is_said() -> None:
    batch = taken([])
    assert (batch.changed, list(batch.readings), batch.absent) == (False, [], None)
