"""What may be pushed: the types of events, and the fields of the `data` of each, which are columns of `csv` by the same names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PREFIX = "cti."
"""Before the kind of an event, this makes its CloudEvents type."""

Written = Literal["id", "word", "day", "value"]
"""How a field is written: an id, a word or a code of the config, a day in ISO, or the value of a fact."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of `data`; `about` says what it holds."""

    name: str
    written: Written
    about: str
    required: bool = False


ID = Field(
    "id",
    "id",
    "The registration's own, stable number of what is registered: the same in each event that tells it anew.",
    True,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: what it tells, the fields that it may have beside `id`, and an example of them.

    `part` is the part of a record that it tells; "" where it takes all of them back.
    """

    about: str
    part: str
    fields: tuple[Field, ...]
    example: Mapping[str, str]

    @property
    def all_fields(self) -> tuple[Field, ...]:
        return (ID, *self.fields)


KINDS: Mapping[str, Kind] = {
    "stay": Kind(
        "A stay: where a client is, from when, until when, and where to. The same id tells it anew: its end, a correction.",
        "stay",
        (
            Field(
                "situation", "word", "Where: a situation of the vocabulary, or a code of the config.", True
            ),
            Field("begin", "day", "The first day.", True),
            Field(
                "end",
                "day",
                "The day of leaving, which is no day of the stay any more; left out while it lasts.",
            ),
            Field("destination", "word", "Where to: a situation of the vocabulary, or a code of the config."),
        ),
        {"id": "s1", "situation": "crisis-shelter", "begin": "2026-03-02"},
    ),
    "expected": Kind(
        "A situation that is foreseen, such as a move.",
        "expected",
        (
            Field("expected", "word", "Which: a situation of the vocabulary, or a code of the config.", True),
            Field("expected_day", "day", "From which day, where that is known."),
        ),
        {"id": "e1", "expected": "own-home", "expected_day": "2026-05-01"},
    ),
    "fact": Kind(
        "A fact of the vocabulary, and the day from which it holds.",
        "fact",
        (
            Field("fact", "word", "Which: a fact of the vocabulary, or a code of the config.", True),
            Field("value", "value", "Its value: a word, a number, a day, or yes or no.", True),
            Field("day", "day", "From which day; left out, the day on which it was recorded."),
        ),
        {"id": "f1", "fact": "trust", "value": "growing", "day": "2026-03-05"},
    ),
    "assignment": Kind(
        "Who works with the client: a worker, a team, or both.",
        "assignment",
        (
            Field("worker", "word", "The worker's id, or a code of the config."),
            Field("team", "word", "The team's id, or a code of the config."),
            Field("day", "day", "From which day; left out, the day on which it was recorded."),
        ),
        {"id": "a1", "worker": "w1", "day": "2026-03-02"},
    ),
    "closed": Kind(
        "The client's file was closed.",
        "closed",
        (
            Field("closed", "day", "On which day.", True),
            Field(
                "value",
                "word",
                "Why: closed, deceased or opted-out, or a code of the config; left out, closed.",
            ),
            Field("closed_until", "day", "Until which day, where that is known."),
        ),
        {"id": "c1", "closed": "2026-09-01"},
    ),
    "retracted": Kind(
        "What was registered under this id was deleted: whatever was told of it is taken back.",
        "",
        (),
        {"id": "s1"},
    ),
}
"""By the kind of event, what it tells."""

FIELDS = tuple(dict.fromkeys(field.name for kind in KINDS.values() for field in kind.all_fields))
"""All fields that some event has."""


def kind_of(type: str, types: Mapping[str, str]) -> str | None:
    """The kind of event that a CloudEvents type means; `types` are a sender's own, from the config. None: it means none."""
    if type in types:
        return types[type]
    kind = type.removeprefix(PREFIX)
    return kind if kind != type and kind in KINDS else None
