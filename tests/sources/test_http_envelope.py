"""CloudEvents as they come: each mode, and for each mistake the field and what to send instead."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from cti.sources.http import Options
from cti.sources.http.envelope import BATCH, LONGEST, MOST_FAULTS, SINGLE, Delivered, Unusable, delivered
from cti.sources.http.kinds import KINDS
from cti.sources.http.schema import example

EVENT = example("stay")
BINARY = {f"ce-{name}": value for name, value in EVENT.items() if name != "data"}


def read(headers: Mapping[str, str], body: object, signed: bool = False, **settings: Any) -> list[Delivered]:
    options = Options.model_validate({"name": "ecd", "type": "http", "token": "x" * 40, **settings})
    return delivered(headers, body if isinstance(body, bytes) else json.dumps(body).encode(), options, signed)


def one(event: Mapping[str, Any], **settings: Any) -> Delivered:
    [found] = read({"content-type": SINGLE}, event, **settings)
    return found


def refused(headers: Mapping[str, str], body: object, lang: str = "en", **settings: Any) -> list[str]:
    """What is said of each fault: "place field: reason"."""
    with pytest.raises(Unusable) as raised:
        read(headers, body, **settings)
    told = [fault.data(lang) for fault in raised.value.faults]
    return [f"{fault['event']} {fault['field']}: {fault['reason']}" for fault in told]


def wrong(lang: str = "en", **changes: Any) -> list[str]:
    return refused({"content-type": SINGLE}, EVENT | changes, lang)


def test_each_mode_says_the_same() -> None:
    [structured] = read({"content-type": f"{SINGLE}; charset=UTF-8"}, EVENT)
    assert structured == Delivered(
        structured.key, "1042", "stay", datetime(2026, 3, 3, 9, 15, tzinfo=UTC), KINDS["stay"].example
    )
    assert read({"content-type": BATCH}, [EVENT, EVENT]) == [structured, structured]
    assert read({**BINARY, "content-type": "application/json"}, EVENT["data"]) == [structured]
    assert read({"content-type": BATCH}, []) == []


def test_binary_attributes_are_percent_encoded_and_may_stand_between_quotes() -> None:
    headers = {**BINARY, "content-type": "application/json", "ce-subject": "cli%C3%ABnt%201"}
    assert [found.client for found in read(headers, EVENT["data"])] == ["cliënt 1"]
    assert [found.client for found in read({**headers, "ce-subject": '"a \\"b\\""'}, EVENT["data"])] == [
        'a "b"'
    ]


def test_an_event_is_named_by_source_and_id_together() -> None:
    names = {
        one(EVENT | {"source": source, "id": id}).key for source, id in (("a", "bc"), ("ab", "c"), ("a", "c"))
    }
    assert len(names) == 3
    assert one(EVENT | {"subject": "other"}).key == one(EVENT).key


def test_only_fields_of_its_type_are_kept() -> None:
    data = EVENT["data"] | {"name": "somebody", "worker": "w1", "end": None, "bsn": "123456782"}
    assert one(EVENT | {"data": data}).fields == EVENT["data"]


def test_the_senders_own_types_and_fields_are_mapped() -> None:
    data = {"placement": 17, "facility": "CO", "begin": "2026-03-02"}
    event = EVENT | {"type": "org.example.placed", "data": data}
    found = one(
        event, types={"org.example.placed": "stay"}, fields={"id": "placement", "situation": "facility"}
    )
    assert (found.kind, found.fields) == ("stay", {"id": "17", "situation": "CO", "begin": "2026-03-02"})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"specversion": "0.3"}, 'specversion: this is CloudEvents "1.0"'),
        ({"id": ""}, "id: names the event, another in each; send it again with the same"),
        ({"id": 7}, "id: names the event, another in each; send it again with the same"),
        ({"source": None}, "source: names where the event is from; with the id it tells the event from all others"),
        ({"subject": None}, "subject: names the client by the registration's own reference, never by a citizen number"),
        ({"subject": "a\nb"}, "subject: names the client by the registration's own reference, never by a citizen number"),
        ({"time": None}, 'time: is when it was recorded, with its offset: "2026-03-02T10:15:00+01:00"'),
        ({"time": "2026-03-02T10:15:00"}, 'time: is when it was recorded, with its offset: "2026-03-02T10:15:00+01:00"'),
        ({"time": "0001-01-01T00:00:00Z"}, 'time: is when it was recorded, with its offset: "2026-03-02T10:15:00+01:00"'),
        ({"datacontenttype": "text/xml"}, "datacontenttype: data is JSON"),
        ({"data": "x"}, "data: is a JSON object with what the event tells"),
        ({"data": {}}, "data.id: is the registration's own, stable number of what is registered"),
        ({"data": {"id": "x" * 201}}, "data.id: is the registration's own, stable number of what is registered"),
        ({"data": {"id": "s1", "situation": ["x"]}}, "data.situation: is a text, a number, true or false"),
        ({"data": {"id": "s1", "end": "x" * (LONGEST + 1)}}, "data.end: is a text, a number, true or false"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_field(changes: Mapping[str, Any], said: str) -> None:
    assert wrong(**changes) == [f"0 {said}"]


def test_a_type_that_is_not_known_is_told_with_what_was_meant() -> None:
    types = "cti.stay, cti.expected, cti.fact, cti.assignment, cti.closed, cti.retracted"
    assert wrong(type="cti.stays") == [f'0 type: is one of {types}; did you mean "cti.stay"?']
    assert wrong(lang="nl", type="xyz") == [f"0 type: is een van {types}"]
    assert wrong(type="stay") != [], "the kind alone is no type"


def test_of_a_batch_each_wrong_event_is_named_and_nothing_is_taken() -> None:
    batch = [EVENT, EVENT | {"time": "yesterday"}, 7, EVENT | {"subject": "", "source": ""}]
    assert [line.split(":")[0] for line in refused({"content-type": BATCH}, batch)] == [
        "1 time", "2 ", "3 source", "3 subject",
    ]  # fmt: skip
    assert len(refused({"content-type": BATCH}, [7] * 1000)) == MOST_FAULTS


def test_what_is_no_event_at_all_is_refused_in_words() -> None:
    assert refused({"content-type": SINGLE}, b"{") == ["None : the body is not JSON"]
    assert refused({"content-type": SINGLE}, b"[" * 100_000) == ["None : the body is not JSON"]
    assert refused({"content-type": SINGLE}, b"\xff\xfe\xfa") == ["None : the body is not JSON"]
    assert refused({"content-type": BATCH}, EVENT) == ["None : a batch is a JSON array of events"]
    assert refused({"content-type": SINGLE}, [EVENT]) == ["0 : an event is a JSON object"]
    for media in ("text/plain", "application/json", ""):
        with pytest.raises(Unusable) as raised:
            read({"content-type": media}, EVENT)
        assert raised.value.status == 415


def test_a_signature_is_no_use_to_headers_that_it_does_not_cover() -> None:
    headers = {**BINARY, "content-type": "application/json"}
    [said] = refused(headers, EVENT["data"], signed=True)
    assert said.startswith("None ce-specversion: a signature does not cover ce- headers")
