"""What the registration says of a client, version by version: the rows of an event file and of the answers, as plain values.

A row is a version of the records that stand in it: a stay, an expectation, a fact, a responsible worker, a closing.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.second.line import Told

Value = object
"""A word, yes or no, a number or a day."""


@dataclass(frozen=True)
class Said:
    """One version of one record: about whom, since when it was known, since when we had read it, and what it says.

    `says` is None where the record was deleted, else what `kind` tells: a stay, ("expected": situation, day), ("fact": the
    pairs that it says, its day or moment), ("assignment": day, worker, team), ("closed": day, reason, until).
    """

    client: str
    known: datetime
    read: datetime
    kind: str
    says: object


@dataclass
class Journal:
    """All records by their id, each with its versions in order; and when passes were made, in order."""

    zone: ZoneInfo
    passes: list[datetime]
    records: dict[str, list[Said]] = field(default_factory=dict)
    about: dict[str, dict[str, None]] = field(default_factory=dict)
    """The records that were ever about a client, by client."""

    def midnight(self, day: date) -> datetime:
        """When a day begins."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone)

    def read_at(self, known: datetime) -> datetime:
        """The first pass at or after a moment; what was recorded later than the last one was never read."""
        return next((one for one in self.passes if one >= known), datetime.max.replace(tzinfo=self.zone))

    def by(self, client: str, at: datetime) -> dict[str, list[Said]]:
        """The client's records as they were known at that moment; before the first pass by when they were recorded."""
        found = {}
        for record in self.about.get(client, ()):
            versions = self.records.get(record, ())
            then = [one for one in versions if (one.read if at >= self.passes[0] else one.known) <= at]
            if then and then[-1].client == client:
                found[record] = then
        return found

    def add(self, record: str, said: Said) -> None:
        """Another version, unless it says the same of the same client."""
        before = self.records.setdefault(record, [])
        if not before and said.says is None:
            del self.records[record]
        elif not before or (before[-1].says, before[-1].client) != (said.says, said.client):
            before.append(said)
            self.about.setdefault(said.client, {})[record] = None


def read_events(journal: Journal, path: Path, facts: Mapping[str, str]) -> None:
    """Adds the rows of an event file. `facts` are the types of the vocabulary's facts."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: row["recorded"])
    for row in rows:
        known = datetime.fromisoformat(row["recorded"]).replace(tzinfo=journal.zone)
        read = journal.read_at(known)
        says = {} if row["retracted"] else dict(_says(row, journal, facts))
        for kind in ("stay", "expected", "fact", "assignment", "closed"):
            record = f"registration:{row['id']}:{kind}"
            journal.add(record, Said(row["client"], known, read, kind, says.get(kind)))


def _says(row: Mapping[str, str], journal: Journal, facts: Mapping[str, str]) -> Iterable[tuple[str, object]]:
    if row["situation"]:
        end = date.fromisoformat(row["end"]) if row["end"] else None
        id = f"registration:{row['id']}:stay"
        yield (
            "stay",
            Told(id, date.fromisoformat(row["begin"]), end, row["situation"], row["destination"] or None),
        )
    if row["expected"]:
        day = date.fromisoformat(row["expected_day"]) if row["expected_day"] else None
        yield "expected", (row["expected"], day)
    if row["fact"]:
        fact_day = date.fromisoformat(row["day"])
        value = typed(row["value"], facts[row["fact"]])
        yield "fact", (((row["fact"], value),), journal.midnight(fact_day), fact_day)
    if row["worker"]:
        yield "assignment", (date.fromisoformat(row["day"]), row["worker"], row["team"] or None)
    if row["closed"]:
        until = date.fromisoformat(row["closed_until"]) if row["closed_until"] else None
        yield "closed", (date.fromisoformat(row["closed"]), row["value"] or "closed", until)


def typed(text: str, kind: str) -> Value:
    """A cell as the value of a fact of that type."""
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "yes/no":
        return text == "yes"
    return float(text) if kind == "number" else text


@dataclass(frozen=True)
class Answer:
    """What a worker said to a prompt: to which, when, and the names that the prompt answered to."""

    rule: str
    step: str
    name: str
    names: frozenset[str]
    at: datetime


Answers = dict[str, list[tuple[datetime, Answer]]]
"""The answers of each client, each with when we had it."""


def read_tables(journal: Journal, database: Path, only: str | None = None) -> Answers:
    """Adds what the tables hold of a source (None: of all); gives the answers that are among it."""
    found: Answers = {}
    asked = """SELECT record.source, record.ref, record.part, client.ref, version.event, version.known, version.learned
        FROM version JOIN record ON record.id = version.record_id JOIN client ON client.id = version.client_id
        ORDER BY record.id, version.seq"""
    with sqlite3.connect(database) as tables:
        for source, ref, part, client, event, known_text, learned_text in tables.execute(asked):
            if only is not None and source != only:
                continue
            record, (known, learned) = f"{source}:{ref}:{part}", (_utc(known_text), _utc(learned_text))
            kind, says = _event(json.loads(event), record, journal) if event else (part, None)
            journal.add(record, Said(client, known, learned, kind, says))
            if kind == "answered":
                _, prompt, _, at, _, names, *_ = json.loads(event)
                rule, step, name = prompt.split("/", 2)
                said = Answer(rule, step, name, frozenset(names), datetime.fromisoformat(at))
                found.setdefault(client, []).append((learned, said))
    return found


def _event(event: list[Any], record: str, journal: Journal) -> tuple[str, object]:
    """What a version says, and of which kind it is."""
    match event:
        case ["stay", situation, begin, end, destination]:
            first, last = date.fromisoformat(begin), _day(end)
            return "stay", Told(record, first, max(last, first) if last else None, situation, destination)
        case ["expected", situation, day]:
            return "expected", (situation, _day(day))
        case ["fact", name, value, day]:
            on = date.fromisoformat(day)
            return "fact", (((name, _value(value)),), journal.midnight(on), on)
        case ["assignment", day, worker, team]:
            return "assignment", (_day(day), worker, team)
        case ["closed", day, reason, until]:
            return "closed", (_day(day), reason, _day(until))
        case ["answer", _, _, at_text, facts, *_]:
            at = datetime.fromisoformat(at_text)
            pairs = tuple((name, _value(value)) for name, value in facts)
            return "answered", (pairs, at, at.astimezone(journal.zone).date())
    raise ValueError(f"nothing is known of {event[0]}")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def _value(value: object) -> Value:
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value
