"""From a folder, a file or an address to a source that might fit, tried out on what is there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url

from cti.core.events import Assignment, Expected, Fact, Stay
from cti.core.vocabulary import Vocabulary
from cti.i18n import mark
from cti.probe.guess import Guess, guess
from cti.probe.people import people_in
from cti.probe.tables import Sample, of_database, of_file
from cti.problems import Problem, Problems, problem
from cti.sources import LISTS, TYPES, source_module
from cti.sources.base import Batch, Context, Note
from cti.sources.presets import presets

NAME = "registration"

HMIS_FILES = ("export.csv", "client.csv", "enrollment.csv")


@dataclass(frozen=True, slots=True)
class Found:
    """A source to start from: its kind and settings, the guess behind it where it is a table's, other tables that might be meant,
    and what a reading by it gives (None, with the problems, where nothing could be read)."""

    kind: str
    settings: Mapping[str, Any]
    guess: Guess | None = None
    others: tuple[str, ...] = ()
    read: Recognised | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a reading recognised: rows, clients, workers, stays by situation, what is foreseen, facts by name; and what it did
    not, by why."""

    rows: int
    clients: int
    workers: int
    stays: Mapping[str, int]
    expected: Mapping[str, int]
    facts: Mapping[str, int]
    left_out: int
    unread: Mapping[tuple[str, str], int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def look(what: str, context: Context, lang: str = "en") -> Found:
    """What this seems to be; why rows cannot be read is said in this language.

    Raises Problems where nothing is there, or nothing in it looks like a registration."""
    if re.match(r"https?://", what):
        return _tried("fhir", {"url": what}, context, lang)
    if re.match(r"[a-z0-9]+(\+[a-z0-9]+)?://", what):
        return _database(what, context, lang)
    path = context.folder / what
    if not path.exists():
        text = mark(
            "there is no file or folder {path}; a database is named by its address, such as sqlite:///file.db"
        )
        raise Problems([problem(text, path=what)])
    if path.suffix.lower() == ".zip" or _holds(path, HMIS_FILES):
        return _tried("hmis-csv", {"path": what}, context, lang)
    if path.suffix.lower() in (".db", ".sqlite", ".sqlite3"):
        return _database(f"sqlite:///{what}", context, lang)
    if "iwmo" in TYPES and any(_is_message(file) for file in _files(path, ".xml")[:20]):
        return _tried("iwmo", {"path": what}, context, lang)
    return _tables(what, path, context, lang)


def _holds(path: Path, names: Iterable[str]) -> bool:
    there = {file.name.lower() for file in path.iterdir()} if path.is_dir() else set()
    return all(name in there for name in names)


def _files(path: Path, suffix: str) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(file for file in path.iterdir() if file.is_file() and file.suffix.lower() == suffix)


def _is_message(file: Path) -> bool:
    with file.open("rb") as stream:
        return b"istandaarden.nl/iwmo" in stream.read(2_000)


def _tables(what: str, path: Path, context: Context, lang: str) -> Found:
    files = _files(path, ".csv")
    samples = [sample for file in files if (sample := of_file(file)) is not None]
    if (listed := _people(samples, context.vocabulary)) is not None:
        place = what if len(files) == 1 else f"{what}/{listed.sample.name}"
        return _tried("people-csv", {"path": place} | _mapping(listed), context, lang, listed)
    best, others = _best(samples, context.vocabulary)
    alike = [sample for sample in samples if sample.header == best.sample.header]
    snapshots = _are_snapshots(best, alike)
    settings: dict[str, Any] = {"path": what if len(files) == len(alike) else f"{what}/{best.sample.name}"}
    if snapshots:
        settings["mode"] = "snapshots"
    return _tried("csv", settings | _mapping(best), context, lang, best, others)


def _are_snapshots(best: Guess, alike: Sequence[Sample]) -> bool:
    """Whether each file is a complete state: a row for each id, the same ids again in the next; or one file that says nowhere
    when a row was recorded."""
    place = best.places.get("id")
    if place is None:
        return False
    ids = [sample.column(place) for sample in alike]
    if any(len(set(said)) < len(said) for said in ids):
        return False
    if len(ids) == 1:
        return "recorded" not in best.places
    return any(set(one) & set(other) for one, other in pairwise(ids))


def _database(url: str, context: Context, lang: str) -> Found:
    samples = list(of_database(url, context.folder))
    tables = {sample.name: sample.header for sample in samples}
    known = next((preset.name for preset in presets().values() if preset.fits(tables)), None)
    if known is not None:
        return _tried("sql", {"url": url, "preset": known}, context, lang)
    if (listed := _people(samples, context.vocabulary)) is not None:
        named = {"url": url, "query": f"SELECT * FROM {_quoted(listed.sample.name)}"}
        return _tried("people-sql", named | _mapping(listed), context, lang, listed)
    best, others = _best(samples, context.vocabulary)
    settings: dict[str, Any] = {"url": url, "query": f"SELECT * FROM {_quoted(best.sample.name)}"}
    recorded = best.places.get("recorded")
    if recorded is not None and all(
        re.match(r"\d{4}-\d\d-\d\d", text) for text in best.sample.column(recorded)
    ):
        # Texts in another order do not grow with time.
        settings["cursor"] = best.sample.header[recorded]
    return _tried("sql", settings | _mapping(best), context, lang, best, others)


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else '"' + name.replace('"', '""') + '"'


def _people(samples: Sequence[Sample], vocabulary: Vocabulary) -> Guess | None:
    """The list of people that is there, if nothing is there of which clients are told."""
    if any(guess(sample, vocabulary).weight for sample in samples):
        return None
    return next((found for sample in samples if (found := people_in(sample)) is not None), None)


def _best(samples: Sequence[Sample], vocabulary: Vocabulary) -> tuple[Guess, tuple[str, ...]]:
    """The table that looks most like a registration, and the names of others that do."""
    guesses = sorted(
        (found for sample in samples if (found := guess(sample, vocabulary)).weight),
        key=lambda found: (-found.weight, found.sample.name),
    )
    if not guesses:
        text = mark(
            "nothing here looks like a registration: no table has a column of clients and one of where they are. Seen: {seen}"
        )
        seen = [f"{sample.name} ({', '.join(sample.header[:12])})" for sample in samples[:8]]
        raise Problems([problem(text, seen="; ".join(seen) or "–")])
    others = (found.sample for found in guesses if found.sample.header != guesses[0].sample.header)
    return guesses[0], tuple(sample.name for sample in others)[:5]


def _mapping(found: Guess) -> dict[str, Any]:
    """The mapping as the settings of a source have it; what is called as cti calls it needs none."""
    header = found.sample.header
    settings: dict[str, Any] = {}
    if found.dates != "yyyy-mm-dd":
        settings["dates"] = found.dates
    columns = {
        name: header[place]
        for name, place in found.places.items()
        if header[place].strip().casefold() != name
    }
    if columns:
        settings["columns"] = columns
    if found.codes:
        settings["codes"] = {name: dict(sorted(codes.items())) for name, codes in found.codes.items()}
    if found.facts:
        settings["facts"] = {name: header[place] for name, place in found.facts.items()}
    return settings


def _tried(
    kind: str,
    settings: Mapping[str, Any],
    context: Context,
    lang: str,
    found: Guess | None = None,
    others: tuple[str, ...] = (),
) -> Found:
    """The source, and what a reading by it gives."""
    module = source_module(kind)
    try:
        batch = module.read(module.Options(name=name_of(kind), type=kind, **settings), {}, context)
    except Problems as unread:
        return Found(kind, settings, found, others, None, unread.problems)
    read = _recognised(batch, lang) if batch.counts.rows or not batch.problems else None
    return Found(kind, settings, found, others, read, batch.problems)


def _recognised(batch: Batch, lang: str) -> Recognised:
    clients: set[str] = set()
    workers: set[str] = set()
    counts: dict[type, Counter[str]] = {Stay: Counter(), Expected: Counter(), Fact: Counter()}
    last = {reading.id: reading for reading in _readings(batch)}
    for reading in last.values():
        clients.add(reading.client)
        match reading.event:
            case Stay(situation=word) | Expected(situation=word):
                counts[type(reading.event)][word] += 1
            case Fact(name=word):
                counts[Fact][word] += 1
            case Assignment(worker=who) if who is not None:
                workers.add(who)
    if batch.people is not None:
        workers |= {person.id for person in batch.people.people}
    unread = Counter((entry.field, entry.sentence(lang)) for entry in batch.quarantined)
    return Recognised(
        batch.counts.rows,
        len(clients),
        len(workers),
        dict(counts[Stay].most_common()),
        dict(counts[Expected].most_common()),
        dict(counts[Fact].most_common()),
        sum(batch.counts.left_out.values()),
        dict(unread.most_common()),
        batch.notes,
    )


def _readings(batch: Batch) -> Iterable[Any]:
    if batch.pieces is None:
        yield from batch.readings
        return
    for readings, _ in batch.pieces():
        yield from readings


def name_of(kind: str) -> str:
    """What a source of this kind is called to start with."""
    return "staff" if kind in LISTS else NAME


def shown_url(settings: Mapping[str, Any]) -> str | None:
    """The address among the settings without its password; None where there is none in it."""
    url = settings.get("url")
    if url is None or urlsplit(url).password is None:
        return None
    return make_url(url).render_as_string(hide_password=True)
