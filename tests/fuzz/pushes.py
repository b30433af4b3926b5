"""What is fed to the reader of pushed events: requests as a sender's program may make them."""

from __future__ import annotations

import json
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cti.sources import http
from cti.sources.base import Context, Pushed
from cti.sources.http.envelope import BATCH, SINGLE, Delivered, Unusable, delivered
from cti.sources.http.kinds import KINDS
from cti.sources.http.schema import example
from cti.sources.parse import usable_id
from cti.store.codec import dumps, loads
from tests.fuzz.dice import Target, words_of
from tests.fuzz.exports import taken
from tests.fuzz.said import all_said
from tests.rulebook.house import LANGUAGES
from tests.sources.build import HOME, NOW, WORDS

ODD = (b"ce-", b"ce-id: ", b"%00", b"%ff", b'"', b"null", b"[", b"]", b"{}", b"1e999", b"\\ud800", b"\\u0000")


def push_target() -> Target:
    """The reader of pushed events."""
    events = [example(kind) for kind in KINDS]
    requests: list[dict[str, Any]] = [{"type": SINGLE, "body": event} for event in events]
    requests += [{"type": BATCH, "body": events[n : n + 2]} for n in range(len(events))]
    requests += [_binary(event) for event in events]
    seeds = [_written(request) for request in requests]
    words = [*words_of(*(seed.decode() for seed in seeds)), *ODD]
    return Target("http", seeds, words, feed_http, 0, requests, _written)


def _binary(event: dict[str, Any]) -> dict[str, Any]:
    headers = {f"ce-{name}": quote(value, safe=":/+") for name, value in event.items() if name != "data"}
    return {"type": "application/json", "headers": headers, "body": event["data"]}


def _written(request: Any) -> bytes:
    """Headers, an empty line, and the body."""
    parts = request if isinstance(request, dict) else {"body": request}
    more = parts.get("headers")
    headers = {"content-type": parts.get("type"), **(more if isinstance(more, dict) else {})}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    head = "\n".join(" ".join(line.split()) for line in lines).encode("latin-1", errors="replace")
    return head + b"\n\n" + json.dumps(parts.get("body"), default=str).encode()


@cache
def _options() -> http.Options:
    # A sender with words of its own, and one field of another name.
    given = {"fields": {"worker": "who"}, "codes": {"situation": {"CO": "crisis-shelter"}}, "token": "x" * 40}
    return http.Options.model_validate({"name": "ecd", "type": "http", **given})


def feed_http(folder: Path, data: bytes) -> None:
    """A request: what is taken can be kept, and is read."""
    head, _, body = data.partition(b"\n\n")
    lines = (line.partition(":") for line in head.decode("latin-1").split("\n"))
    headers = {name.strip().lower(): value.strip() for name, colon, value in lines if colon}
    try:
        found = delivered(headers, body, _options(), signed=False)
    except Unusable as refused:
        faults = [fault.data(lang) for fault in refused.faults for lang in LANGUAGES]
        all_said(*(str(fault["reason"]) for fault in faults))
        if not json.loads(json.dumps(faults)) or not 400 <= refused.status < 500:
            raise AssertionError("refused without a word") from refused
        return
    numbers = count(1)
    waiting = [_kept(next(numbers), one) for one in found]
    batch = http.read(_options(), {}, Context(WORDS, HOME, NOW, folder, lambda again: waiting))
    taken(batch)
    assert sorted((*batch.taken, *batch.unread)) == [one.number for one in waiting], "some are left"
    json.dumps(batch.state)


def _kept(number: int, one: Delivered) -> Pushed:
    assert one.kind in KINDS and usable_id(one.client) and one.recorded.utcoffset() is not None, one
    return Pushed(number, one.client, one.kind, one.recorded, loads(dumps(dict(one.fields))))
