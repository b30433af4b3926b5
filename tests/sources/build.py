"""What the tests of sources share: words, a context, and short ways to write exports and to read what came out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cti.core.events import Event, Reading
from cti.core.vocabulary import FactKind, Vocabulary
from cti.problems import Problems
from cti.sources import source_module
from cti.sources.base import Batch, Context, State

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
HOME = ZoneInfo("Europe/Amsterdam")
SITUATIONS = (
    "at-risk",
    "kept-home",
    "street",
    "crisis-shelter",
    "long-stay",
    "own-home",
    "with-others",
    "institution",
    "left",
    "unknown",
)
WORDS = Vocabulary(
    situations={name: {} for name in SITUATIONS},
    facts={
        "trust": FactKind("trust", "choice", {"growing": {}, "yes": {}, "no": {}}),
        "guidance": FactKind("guidance", "choice", {"with": {}, "without": {}}),
        "language-need": FactKind("language-need", "yes/no"),
        "review-date": FactKind("review-date", "date"),
        "children": FactKind("children", "number"),
    },
    answers={},
)


def context(folder: Path, words: Vocabulary = WORDS, now: datetime = NOW) -> Context:
    return Context(words, HOME, now, folder)


def read(folder: Path, kind: str, state: State | None = None, now: datetime = NOW, **settings: Any) -> Batch:
    """One reading of a source called "reg" by these settings."""
    module = source_module(kind)
    options = module.Options(name="reg", type=kind, **settings)
    return module.read(options, state or {}, context(folder, now=now))


def problems_of(folder: Path, kind: str, **settings: Any) -> list[str]:
    """What a reading that is impossible says."""
    try:
        read(folder, kind, **settings)
    except Problems as error:
        return [problem.sentence("en") for problem in error.problems]
    raise AssertionError("it can be read")


def write(file: Path, text: str, day: str | None = None, encoding: str = "utf-8") -> Path:
    """Writes a file; `day` is that of its last change."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode(encoding))
    if day is not None:
        touch(file, day)
    return file


def touch(file: Path, day: str) -> None:
    """Sets the day of a file's last change."""
    at = datetime.fromisoformat(day).replace(tzinfo=HOME).timestamp()
    os.utime(file, (at, at))


def now_says(readings: Sequence[Reading]) -> dict[str, Event]:
    """What stands in the end: "ref part" → event, taking readings as the journal does, retracted ones left out."""
    last: dict[str, Event | None] = {}
    for reading in readings:
        last[f"{reading.id.ref} {reading.id.part}"] = reading.event
    return {name: event for name, event in last.items() if event is not None}


def said(batch: Batch, ref: str, part: str) -> list[tuple[Event | None, str | None]]:
    """All that a batch says of one record, in order, each with its time of recording in ISO."""
    return [
        (reading.event, reading.recorded.isoformat() if reading.recorded else None)
        for reading in batch.readings
        if (reading.id.ref, reading.id.part) == (ref, part)
    ]


def faults(batch: Batch) -> list[str]:
    """What stands in quarantine, one line each."""
    return [
        f"{entry.file}:{entry.line} {entry.ref} {entry.field}={entry.value}: {entry.sentence('en')}"
        for entry in batch.quarantined
    ]


def notes(batch: Batch) -> list[str]:
    return [note.sentence("en") for note in batch.notes]


def table(header: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    """CSV of rows given as mappings; what a row lacks is empty."""
    lines = [",".join(header), *(",".join(str(row.get(name, "")) for name in header) for row in rows)]
    return "\n".join(lines) + "\n"
