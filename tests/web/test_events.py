"""Pushing: what is answered with 202 is kept and reaches a worker; all else is refused in words that a sender can go by."""

from __future__ import annotations

import json
import logging
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Client, Response
from sqlalchemy import select

from cti.service.pages import Pages as Served
from cti.sources.http.envelope import BATCH, SINGLE
from cti.store import inbox, quarantine, tables
from cti.web.routes.events import LARGEST, LATER
from tests.engine.house import House, simple_rule, when
from tests.project import ROOT
from tests.web.browser import Browser
from tests.web.sender import LONG_AGO, SHOWN, SOURCE, TOKEN, batch, event, signed

NOW = when("3-3", 12)


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path / "house", lead=SOURCE)
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    return house


@pytest.fixture
def at(house: House) -> Browser:
    return Browser(house, lambda: NOW)


def push(at: Browser, *events: dict[str, Any]) -> Response:
    body, headers = batch(list(events))
    return at.client.post("/events", content=body, headers=headers)


def waiting(house: House, source: str = "ecd") -> list[str]:
    with house.system.database.read() as tx:
        return [one.client for one in inbox.deliveries(tx, source)]


def journal(house: House) -> list[tuple[str, int]]:
    """Each record with how many versions it has."""
    with house.system.database.read() as tx:
        rows = tx.execute(select(tables.record.c.ref, tables.record.c.seq).order_by(tables.record.c.ref))
        return [(ref, seq) for ref, seq in rows]


def unread(house: House) -> list[tuple[str, str, str]]:
    with house.system.database.read() as tx:
        return [(one.ref, one.field, one.value) for one in quarantine.entries(tx)]


def test_what_is_pushed_prompts_the_worker(house: House, at: Browser) -> None:
    answer = push(at, event(1), event(2, "assignment", client="p1", ref="a1", worker="w1", day="2026-03-02"))
    assert (answer.status_code, answer.json()) == (202, {"taken": 2, "new": 2})
    house.ticks("3-3", "3-20")
    assert [row.plan.client for row in house.stored()] == ["p1"]
    assert {mail["to"] for mail in house.mails()} == {"w1@example.org"}
    assert waiting(house) == []


def test_each_mode_is_taken_from_whoever_shows_the_token_or_signs(house: House, at: Browser) -> None:
    one, body = event(1), json.dumps(event(2)).encode()
    attributes = {f"ce-{name}": value for name, value in event(3).items() if name != "data"}
    many = json.dumps([event(4), event(5)]).encode()
    requests: list[tuple[bytes, Any]] = [
        (json.dumps(one).encode(), {**SHOWN, "content-type": SINGLE}),
        (body, signed(body)),
        (json.dumps(event(3)["data"]).encode(), {**SHOWN, **attributes, "content-type": "application/json"}),
        (many, signed(many, media=BATCH)),
    ]
    for content, headers in requests:
        assert at.client.post("/events", content=content, headers=headers).status_code == 202
    assert (waiting(house), waiting(house, "signing")) == (["p1", "p3"], ["p2", "p4", "p5"])


def test_what_is_delivered_again_is_taken_and_adds_nothing(house: House, at: Browser) -> None:
    push(at, event(1))
    assert push(at, event(1), event(2)).json() == {"taken": 2, "new": 1}
    house.tick("3-3", 13)
    assert push(at, event(1), event(2)).json() == {"taken": 2, "new": 0}
    house.tick("3-3", 14)
    assert journal(house) == [("s1", 1), ("s2", 1)]


def test_deliveries_in_any_order_come_to_the_same(house: House, at: Browser) -> None:
    told = [
        event(1, ref="s1", recorded="2026-03-03T08:00:00Z"),
        event(2, ref="s1", recorded="2026-03-03T09:00:00Z", end="2026-03-03", destination="street"),
        event(3, ref="s2", recorded="2026-03-03T08:00:00Z"),
        event(4, "retracted", ref="s2", recorded="2026-03-03T09:00:00Z"),
    ]
    told = [one | {"subject": "p1"} for one in told]
    for hour, one in enumerate(reversed(told), 13):
        assert push(at, one).status_code == 202
        house.tick("3-3", hour)
    with house.system.database.read() as tx:
        rows = tx.execute(select(tables.record.c.ref, tables.record.c.digest, tables.record.c.seq))
        says = {ref: (bool(digest), seq) for ref, digest, seq in rows}
    assert says == {"s1": (True, 1), "s2": (False, 2)}, (
        "the corrected stay holds, and the deleted one does not"
    )


def test_who_is_not_known_is_refused_and_keeps_nothing_here(house: House, at: Browser) -> None:
    body = json.dumps(event(1)).encode()
    old = signed(body, datetime.now(UTC) - LONG_AGO)
    tampered = {**signed(body), "webhook-signature": "v1,AAAA"}
    for headers in (
        {},
        {"authorization": "Bearer other"},
        {"authorization": f"Basic {TOKEN}"},
        old,
        tampered,
        {**SHOWN, "webhook-signature": "nonsense"},
        {**signed(body), "webhook-timestamp": "nan"},
    ):
        answer = at.client.post("/events", content=body, headers={"content-type": SINGLE, **headers})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
    altered = at.client.post("/events", content=body.replace(b"p1", b"p2"), headers=signed(body))
    assert altered.status_code == 401
    assert waiting(house) == waiting(house, "signing") == []


def test_without_a_sender_in_the_config_there_is_nothing(tmp_path: Path) -> None:
    assert push(Browser(House(tmp_path / "house"), lambda: NOW), event(1)).status_code == 404


def test_of_a_batch_with_one_wrong_event_nothing_is_taken(house: House, at: Browser) -> None:
    body, headers = batch([event(1), event(2) | {"time": "yesterday"}])
    answer = at.client.post("/events", content=body, headers={**headers, "accept-language": "nl"})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("Er is niets aangenomen.")
    assert answer.json()["errors"] == [
        {
            "event": 1,
            "id": "2",
            "field": "time",
            "reason": 'is wanneer het is vastgelegd, met tijdzone: "2026-03-02T10:15:00+01:00"',
        }
    ]
    assert waiting(house) == []


def test_an_event_that_cannot_be_read_is_kept_until_its_code_is_mapped(house: House, at: Browser) -> None:
    assert push(at, event(1, situation="CO"), event(2)).status_code == 202
    house.tick("3-3", 13)
    assert journal(house) == [("s2", 1)]
    assert unread(house) == [("s1", "situation", "C•")]
    config = house.folder / "config.toml"
    mapped = f'token = "{TOKEN}"\ncodes = {{ situation = {{ CO = "crisis-shelter" }} }}'
    config.write_text(config.read_text().replace(f'token = "{TOKEN}"', mapped))
    house.reopen()
    house.tick("3-3", 14)
    assert journal(house) == [("s1", 1), ("s2", 1)]
    assert unread(house) == []


def test_deletions_over_a_limit_wait_and_so_does_what_was_pushed(tmp_path: Path) -> None:
    house = House(tmp_path / "house", lead=SOURCE, floor=1)
    at = Browser(house, lambda: NOW)
    push(at, event(1), event(2), event(3))
    house.tick("3-3", 13)
    late = "2026-03-03T11:00:00Z"
    push(at, *(event(10 + n, "retracted", late, client=f"p{n}", ref=f"s{n}") for n in (1, 2)))
    house.tick("3-3", 14)
    assert (journal(house), waiting(house)) == ([("s1", 1), ("s2", 1), ("s3", 1)], ["p1", "p2"])
    house.tick("3-3", 15, force=True)
    assert (journal(house), waiting(house)) == ([("s1", 2), ("s2", 2), ("s3", 1)], [])


def test_where_too_much_waits_the_sender_keeps_the_rest(house: House, at: Browser) -> None:
    at.site.desk.most = 3
    assert push(at, event(1), event(2)).status_code == 202
    full = push(at, event(3), event(4))
    assert (full.status_code, full.headers["retry-after"]) == (503, str(LATER))
    assert waiting(house) == ["p1", "p2"], "of what there is no room for, nothing is taken"
    house.tick("3-3", 13)
    assert push(at, event(3), event(4)).status_code == 202


def test_a_database_that_cannot_be_written_is_no_loss(house: House, at: Browser) -> None:
    with house.system.database.write() as tx:
        tx.exec_driver_sql("ALTER TABLE delivery RENAME TO gone")
    assert push(at, event(1)).status_code == 503
    with house.system.database.write() as tx:
        tx.exec_driver_sql("ALTER TABLE gone RENAME TO delivery")
    assert push(at, event(1)).json() == {"taken": 1, "new": 1}


def test_too_much_at_once_is_refused_in_words(at: Browser) -> None:
    answer = at.client.post("/events", content=b" " * (LARGEST + 1), headers={**SHOWN, "content-type": BATCH})
    assert (answer.status_code, answer.json()["status"]) == (413, 413)
    assert str(LARGEST) in answer.json()["detail"]
    large = [event(n, note="x" * 1000) for n in range(100)]
    assert push(at, *large).status_code == 202, "more than a form is no trouble"


def test_many_at_once_are_each_answered_and_none_twice(house: House, served: int) -> None:
    (house.folder / "push-token").write_text(f"{TOKEN}\n")
    with ThreadPoolExecutor(8) as senders, Client(base_url=f"http://127.0.0.1:{served}") as client:

        def pushed(n: int) -> int:
            body, headers = batch([event(n % 20), event(100 + n)])
            return client.post("/events", content=body, headers=headers).status_code

        answers = list(senders.map(pushed, range(40)))
    assert answers == [202] * 40
    assert sorted(waiting(house)) == sorted(
        {f"p{n % 20}" for n in range(40)} | {f"p{100 + n}" for n in range(40)}
    )


def test_the_log_tells_nothing_of_what_was_pushed(at: Browser, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "cti"):
        push(at, event(4711))
        push(at, event(4711) | {"time": "x"})
    assert "4711" not in caplog.text


@pytest.fixture
def served(house: House) -> Iterator[int]:
    pages = Served(house.system)
    pages.start()
    yield pages.port
    pages.stop()


def test_the_example_of_the_document_works(house: House, served: int) -> None:
    document = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    [command] = re.findall(r"^```sh\n(curl .*?)^```", document, re.MULTILINE | re.DOTALL)
    (house.folder / "push-token").write_text(f"{TOKEN}\n")
    command = command.replace("localhost:8080", f"127.0.0.1:{served}")
    done = subprocess.run(
        ["sh", "-c", command], cwd=house.folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, '{"taken":1,"new":1}'), done.stderr
    assert f"It answers `{done.stdout}`." in document
    assert waiting(house) == ["1042"]
