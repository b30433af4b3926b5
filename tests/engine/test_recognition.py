"""How well the four transitions are recognised, against the hidden truth of the sample organisation.

Each mechanism is also switched off, one at a time: then a figure must fall, or these tests could not fail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cti.core import spells as spells_module
from cti.core.events import History, Record, RecordId, Stay
from cti.core.line import ENDED, ENTERED, Segment, edge_name
from cti.core.spells import spells
from cti.core.vocabulary import UNKNOWN
from cti.engine.reading import read_sources
from cti.engine.rulebooks import in_force
from cti.sample.organisation import DIALECTS, Dialect
from tests.engine.sample import Sample, sample

TODAY = date(2026, 1, 15)
AFTERWARDS = datetime(2027, 1, 1, tzinfo=ZoneInfo("Europe/Amsterdam"))
KINDS = ("at-risk", "crisis-shelter", "long-stay", "own-home")

Found = set[tuple[str, str | None, str, date]]


@pytest.fixture(scope="module", params=DIALECTS)
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample in one dialect, in the journal."""
    dialect: Dialect = request.param
    return in_journal(tmp_path_factory.mktemp(dialect), dialect)


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return in_journal(tmp_path_factory.mktemp("events"), "events")


def in_journal(folder: Path, dialect: Dialect) -> Sample:
    made = sample(folder / "x", TODAY, dialect=dialect, until=AFTERWARDS.replace(tzinfo=None))
    vocabulary = in_force(made.system, AFTERWARDS, "test").rulebook.vocabulary
    (done,) = read_sources(made.system, vocabulary, AFTERWARDS, None, force=False)
    assert (done.problems, done.quarantined) == ((), 0)
    return made


def found(histories: Iterable[History], gap: int = 14) -> Found:
    """Every step of every line."""
    return {
        (history.client, spell.origin, spell.situation, spell.begin)
        for history in histories
        for spell in spells(history.records, gap)
    }


def truth(made: Sample) -> Found:
    """Every true step; of someone who died the line has no step any more."""
    told = made.organisation.truth
    clients = {client.id: client for client in told.clients}
    return {
        (t.client, t.from_situation, t.to, t.day)
        for t in told.transitions()
        if not clients[t.client].closed_on(t.day)
    }


def worst(seen: Found, true: Found) -> float:
    """The lowest of precision and recall over the four transitions."""
    figures = []
    for kind in KINDS:
        ours, theirs = {t for t in seen if t[2] == kind}, {t for t in true if t[2] == kind}
        assert len(theirs) >= 100
        both = len(ours & theirs)
        figures += [both / max(1, len(ours)), both / len(theirs)]
    return min(figures)


def test_each_of_the_four_is_recognised(read: Sample) -> None:
    assert worst(found(read.histories()), truth(read)) >= 0.99


def test_every_step_of_every_line_is_recognised_so_the_dialects_agree(read: Sample) -> None:
    assert found(read.histories()) == truth(read)


def test_without_merging_a_figure_falls(read: Sample) -> None:
    assert worst(found(read.histories(), gap=-1), truth(read)) < 0.95


def test_without_overlaps_a_figure_falls(read: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spells_module, "line", careless_line)
    assert worst(found(read.histories()), truth(read)) < 0.95


def test_without_corrections_a_figure_falls(events: Sample) -> None:
    """Only event rows hold what was typed in first; an export of what holds now has no earlier versions in it."""
    uncorrected = [
        History(history.client, tuple(_first_version(record) for record in history.records))
        for history in events.histories()
    ]
    assert worst(found(uncorrected), truth(events)) < 0.95


def _first_version(record: Record) -> Record:
    """The record as it was first typed in, with its end as soon as it had one: what nobody corrected."""
    first = record.versions[0]
    ended = next((v for v in record.versions if isinstance(v.event, Stay) and v.event.end is not None), None)
    if ended is not None and isinstance(first.event, Stay) and isinstance(ended.event, Stay):
        stay = replace(first.event, end=ended.event.end, destination=ended.event.destination)
        return Record(record.id, (replace(first, event=stay),))
    return Record(record.id, (first,))


def careless_line(stays: Iterable[tuple[RecordId, Stay]]) -> tuple[Segment, ...]:
    """Every begin and every end of a stay taken for a step, as if stays never overlapped."""
    steps: list[Segment] = []
    for record, stay in stays:
        steps.append(Segment(stay.begin, stay.situation, True, edge_name(record, ENTERED), record))
        if stay.end is not None:
            to = stay.destination or UNKNOWN
            steps.append(Segment(stay.end, to, False, edge_name(record, ENDED), record))
    return tuple(sorted(steps, key=lambda step: (step.begin, step.stay)))
