"""The events that may be pushed, as JSON Schema: one document for each type, for whoever writes the sender."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cti.sources.http.kinds import KINDS, PREFIX, Field, Kind

Schema = dict[str, Any]

_ID: Schema = {"type": "string", "minLength": 1, "maxLength": 200}

WRITTEN: Mapping[str, Schema] = {
    "id": {"anyOf": [_ID, {"type": "integer"}]},
    "word": {"type": "string", "maxLength": 1000},
    # What else the config's `dates` allows is not for everyone to count on.
    "day": {"type": "string", "format": "date"},
    "value": {"type": ["string", "number", "boolean"]},
}
"""How a field is written, by what it holds."""


def example(kind: str) -> Schema:
    """An event of this kind as it may be sent."""
    return {
        "specversion": "1.0",
        "type": f"{PREFIX}{kind}",
        "source": "/registration",
        "id": f"{kind}-1",
        "subject": "1042",
        "time": "2026-03-03T10:15:00+01:00",
        "data": dict(KINDS[kind].example),
    }


def schema(kind: str) -> Schema:
    """The schema of an event of this kind, in structured mode."""
    about = KINDS[kind]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{PREFIX}{kind}",
        "description": about.about,
        "type": "object",
        "required": ["specversion", "type", "source", "id", "subject", "time", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "type": {"const": f"{PREFIX}{kind}"},
            "source": _told(
                "Where the event is from. With the id it tells the event from all others.",
                {"type": "string", "minLength": 1},
            ),
            "id": _told(
                "Names the event. Whoever sends it again uses the same.", {"type": "string", "minLength": 1}
            ),
            "subject": _told("The client, by the registration's own reference; never a citizen number.", _ID),
            "time": _told(
                "When it was recorded, with its offset.", {"type": "string", "format": "date-time"}
            ),
            "datacontenttype": {"const": "application/json"},
            "data": _data(about),
        },
        "examples": [example(kind)],
    }


def text(kind: str) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def _data(about: Kind) -> Schema:
    fields = about.all_fields
    made: Schema = {
        "type": "object",
        "required": [field.name for field in fields if field.required],
        "properties": {field.name: _field(field) for field in fields},
    }
    if about.part == "assignment":
        made["anyOf"] = [{"required": ["worker"]}, {"required": ["team"]}]
    return made


def _field(field: Field) -> Schema:
    return _told(field.about, WRITTEN[field.written])


def _told(about: str, shape: Schema) -> Schema:
    return {"description": about, **shape}
