"""CloudEvents 1.0 as they come over HTTP: structured, in batches, and binary (`ce-` headers), as JSON.

What cannot be taken is said event by event and field by field, with what to send instead; nothing is guessed. (The SDK of the
specification makes up an id and a time where they are missing, and knows no batches: decision 55.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from cti.i18n import mark, say
from cti.problems import closest
from cti.sources.http import Options
from cti.sources.http.kinds import FIELDS, KINDS, PREFIX, kind_of
from cti.sources.parse import FIRST_YEAR, LAST_YEAR, text_of, usable_id

SINGLE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
MOST_FAULTS = 100
"""So many are told; who sends a thousand wrong events has one mistake."""

LONGEST = 1000
"""Characters of a field of `data`; no field of any event is nearly so long."""

_JSON = re.compile(r"(?:application|text)/(?:[a-z0-9.-]+\+)?json")


@dataclass(frozen=True, slots=True)
class Delivered:
    """An event that can be kept, as `cti.store.inbox.Delivery` has it."""

    key: bytes
    client: str
    kind: str
    recorded: datetime
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field of an event, and what to send instead; `event` is its place in the batch."""

    event: int | None
    id: str | None
    field: str
    text: str
    params: tuple[tuple[str, object], ...] = ()

    def data(self, lang: str) -> dict[str, object]:
        """The fault as the sender reads it."""
        reason = say(lang, self.text, **dict(self.params))
        return {"event": self.event, "id": self.id, "field": self.field, "reason": reason}


class Unusable(Exception):
    """Nothing of what was sent is taken, for these faults; `status` is the answer's."""

    def __init__(self, faults: list[Fault], status: int = 400) -> None:
        super().__init__(len(faults))
        self.faults, self.status = faults, status


def delivered(headers: Mapping[str, str], body: bytes, options: Options, signed: bool) -> list[Delivered]:
    """The events of one request; `headers` have small letters. Raises Unusable where there is anything wrong with any of them."""
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == BATCH:
        events = _json(body)
        if not isinstance(events, list):
            raise _unusable("", mark("a batch is a JSON array of events"))
    elif media == SINGLE:
        events = [_json(body)]
    elif "ce-specversion" in headers and (not media or _JSON.fullmatch(media)):
        if signed:
            # The signature covers the body alone: whoever overheard a request could write another client into its headers.
            text = mark("a signature does not cover ce- headers: sign events of {type}, or show a token")
            raise _unusable("ce-specversion", text, type=SINGLE)
        events = [{**_attributes(headers), "data": _json(body)}]
    else:
        text = mark("send {one}, {more}, or ce- headers with a body of application/json")
        raise _unusable("content-type", text, 415, one=SINGLE, more=BATCH)
    found: list[Delivered] = []
    faults: list[Fault] = []
    for place, event in enumerate(events):
        of_this = list(_faults(place, event, options))
        faults += of_this
        if len(faults) >= MOST_FAULTS:
            break
        if not of_this:
            found.append(_delivered(event, options))
    if faults:
        raise Unusable(faults[:MOST_FAULTS])
    return found


def _unusable(field: str, text: str, status: int = 400, **params: object) -> Unusable:
    return Unusable([Fault(None, None, field, text, tuple(params.items()))], status)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise _unusable("", mark("the body is not JSON")) from None


def _attributes(headers: Mapping[str, str]) -> dict[str, str]:
    """The attributes in `ce-` headers: percent-encoded UTF-8, perhaps between quotes."""
    found = {}
    for name, value in headers.items():
        if name.startswith("ce-"):
            if len(value) > 1 and value[0] == value[-1] == '"':
                value = re.sub(r"\\(.)", r"\1", value[1:-1])
            found[name.removeprefix("ce-")] = unquote(value)
    return found


def _faults(place: int, event: Any, options: Options) -> Iterator[Fault]:
    if not isinstance(event, dict):
        yield Fault(place, None, "", mark("an event is a JSON object"))
        return
    known = event.get("id")
    name = known if isinstance(known, str) and known else None

    def fault(field: str, text: str, **params: object) -> Fault:
        return Fault(place, name, field, text, tuple(params.items()))

    if event.get("specversion") != "1.0":
        yield fault("specversion", mark('this is CloudEvents "1.0"'))
    if name is None:
        yield fault("id", mark("names the event, another in each; send it again with the same"))
    if not isinstance(event.get("source"), str) or not event["source"]:
        yield fault(
            "source", mark("names where the event is from; with the id it tells the event from all others")
        )
    kind = event.get("type")
    if not isinstance(kind, str) or kind_of(kind, options.types) is None:
        types = [*options.types, *(f"{PREFIX}{one}" for one in KINDS)]
        guess = closest(kind, types) if isinstance(kind, str) else None
        text = mark("is one of {types}")
        if guess is not None:
            text = mark('is one of {types}; did you mean "{guess}"?')
        yield fault("type", text, types=types, guess=guess)
    subject = event.get("subject")
    if not isinstance(subject, str) or not usable_id(subject.strip()):
        yield fault(
            "subject", mark("names the client by the registration's own reference, never by a citizen number")
        )
    if _moment(event.get("time")) is None:
        yield fault("time", mark('is when it was recorded, with its offset: "2026-03-02T10:15:00+01:00"'))
    media = event.get("datacontenttype", "application/json")
    if not isinstance(media, str) or not _JSON.fullmatch(media.partition(";")[0].strip().lower()):
        yield fault("datacontenttype", mark("data is JSON"))
    data = event.get("data")
    if not isinstance(data, dict):
        yield fault("data", mark("is a JSON object with what the event tells"))
        return
    for field, value in _mapped(data, options):
        called = options.fields.get(field, field)
        if isinstance(value, dict | list) or len(text_of(value)) > LONGEST:
            yield fault(f"data.{called}", mark("is a text, a number, true or false"))
        elif field == "id" and not usable_id(text_of(value)):
            yield fault(
                f"data.{called}", mark("is the registration's own, stable number of what is registered")
            )


def _mapped(data: Mapping[str, Any], options: Options) -> Iterator[tuple[str, Any]]:
    """Each field that some event has and this one may hold, with its value; nothing else of an event is kept."""
    for field in FIELDS:
        called = options.fields.get(field, field)
        if called in data or field == "id":
            yield field, data.get(called)


def _delivered(event: Mapping[str, Any], options: Options) -> Delivered:
    kind, recorded = kind_of(event["type"], options.types), _moment(event["time"])
    assert kind is not None and recorded is not None, "an event without faults"
    wanted = {field.name for field in KINDS[kind].all_fields}
    fields = {
        field: text
        for field, value in _mapped(event["data"], options)
        if field in wanted and (text := text_of(value))
    }
    named = json.dumps([event["source"], event["id"]]).encode()
    return Delivered(sha256(named).digest(), event["subject"].strip(), kind, recorded, fields)


def _moment(written: object) -> datetime | None:
    """A time with its offset, in UTC; None for what is none, or none that a registration can mean."""
    if not isinstance(written, str) or len(written) > 64:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    return found.astimezone(UTC)
