"""The `fhir` source: a FHIR R4 server, asked for what changed since the last time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from cti.i18n import mark
from cti.problems import Problem, Problems
from cti.sources.base import Batch, Context, Note, Quarantined, State, note, settings_digest
from cti.sources.columns import RowOptions, code_table
from cti.sources.fhir.codes import SITUATIONS
from cti.sources.fhir.options import Options
from cti.sources.fhir.resources import COLUMNS, NotAsR4, NotOurs, row_of
from cti.sources.fhir.server import Server, Unchanged
from cti.sources.files import plain
from cti.sources.parse import FIRST_YEAR, LAST_YEAR, usable_id
from cti.sources.row_readings import row_readings
from cti.sources.rows import Mapper, Row
from cti.sources.snapshots import Read, collect, counts_of

__all__ = ["Options", "read"]

FORM = "1"
"""Raised when this module reads the same resources differently, so that what was read before is read again."""


def read(options: Options, state: State, context: Context) -> Batch:
    """Reads the resources that changed since `state`, with an overlap; at first all of them.

    What a server gave before it fell silent is kept, and the next reading goes on from there. Raises Problems where it gave
    nothing at all, without anything that could be a secret.
    """
    settings = settings_digest(options, context.vocabulary, FORM)
    if state.get("settings") != settings:
        state = {}
    state = {"since": {}, "tags": {}, "seen": {}} | state | {"settings": settings}
    reader = Reader(options, context)
    since, tags, seen = dict(state["since"]), dict(state["tags"]), dict(state["seen"])
    problems: list[Problem] = []
    asked = 0
    with Server(options, context) as server:
        for kind in options.resources:
            pages = server.changed(kind, since.get(kind), tags.get(kind))
            try:
                for page in pages:
                    asked += 1
                    tags[kind] = page.tag if page.first else tags.get(kind)
                    for resource in page.resources:
                        reader.take(kind, resource)
                        since[kind] = _later(since.get(kind), _updated(resource))
            except Unchanged:
                asked += 1
            except Problems as silent:
                problems += silent.problems
                tags.pop(kind, None)
    problems = list(dict.fromkeys(problems))
    if problems and not asked:
        raise Problems(problems)
    changed = {ref: said for ref, said in reader.versions.items() if seen.get(ref) != said}
    # Only what the overlap will bring again needs to be remembered.
    state |= {"since": since, "tags": tags, "seen": _recent(seen | reader.versions, since, options)}
    if not changed and not reader.unread:
        return Batch(state=state, changed=False, problems=tuple(problems))
    found = collect(reader.entries, reader.mapper.parts, reader.rows)
    readings, unsaid = row_readings([(row, found.parts) for row in found.rows], options.name)
    return Batch(
        readings,
        state,
        quarantined=tuple(found.quarantined),
        afresh=frozenset(),
        counts=counts_of(found),
        unsaid=unsaid,
        notes=tuple(_notes(reader, found)),
        problems=tuple(problems),
    )


class Reader:
    """Makes rows of resources. `versions` has of each when it was last changed, as the server says."""

    def __init__(self, options: Options, context: Context) -> None:
        self.options = options
        codes = options.codes | {"situation": {**SITUATIONS, **options.codes.get("situation", {})}}
        self.rows = RowOptions(name=options.name, type=options.type, team=options.team, codes=codes)
        table = code_table(self.rows, context.vocabulary)
        self.known = {name: frozenset(codes) for name, codes in table.items()}
        self.zone = options.zone(context)
        places = {name: place for place, name in enumerate(COLUMNS)}
        self.mapper = Mapper(self.rows, context.vocabulary, table, places, self.zone)
        self.entries: list[Row | Quarantined] = []
        self.versions: dict[str, str] = {}
        self.unread = 0
        self.others = 0

    def take(self, kind: str, resource: Any) -> None:
        """One resource: a row, or what could not be read of it, or nothing of ours."""
        id = resource.get("id") if isinstance(resource, dict) else None
        ref = f"{kind}/{id}" if isinstance(id, str) and usable_id(id) else ""
        try:
            cells = row_of(kind, resource, self.options, self._first_known, self.zone)
        except NotOurs:
            self.others += 1
            return
        except NotAsR4 as wrong:
            self.unread += 1
            reason = mark("not a resource as FHIR R4 has it; the server has to mend it")
            self.entries.append(Quarantined(ref, self.options.name, None, wrong.where, "", reason))
            return
        self.versions[ref] = _updated(resource) or ""
        self.entries.append(self.mapper.read(cells, self.options.name, None))

    def _first_known(self, column: str, codes: Iterable[str]) -> str:
        """Of the codes that a resource bears for one column, the first that stands for something here; else the first."""
        every = list(codes)
        known = self.known.get(column, frozenset())
        return next((code for code in every if plain(code) in known), every[-1] if every else "")


def _updated(resource: Any) -> str | None:
    meta = resource.get("meta") if isinstance(resource, dict) else None
    said = meta.get("lastUpdated") if isinstance(meta, dict) else None
    return said if isinstance(said, str) else None


def _later(one: str | None, other: str | None) -> str | None:
    """The later of two moments as a server writes them; one that no server can mean (year 1, where it knows none) is none."""
    moments = [said for said in (one, other) if said is not None and _moment(said) is not None]
    return max(moments, key=lambda said: _moment(said) or datetime.min.replace(tzinfo=UTC), default=None)


def _moment(said: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _recent(seen: dict[str, str], since: dict[str, str | None], options: Options) -> dict[str, str]:
    recent = {}
    for ref, said in seen.items():
        last, moment = since.get(ref.partition("/")[0]), _moment(said)
        end = _moment(last) if last is not None else None
        if end is not None and moment is not None and moment >= end - options.overlap:
            recent[ref] = said
    return recent


def _notes(reader: Reader, found: Read) -> Iterable[Note]:
    if reader.others:
        yield note(mark("resources about no client, or in a state that says nothing: {n}"), n=reader.others)
