"""A whole sample organisation on disk: the export of its registration, and the config that reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from cti.sample.config_text import config_text
from cti.sample.events import write_events
from cti.sample.hmis import write_hmis
from cti.sample.make import make_truth
from cti.sample.records import Record, end_of
from cti.sample.register import register
from cti.sample.snapshots import write_snapshot
from cti.sample.truth import Truth

Dialect = Literal["events", "snapshots", "hmis-2024", "hmis-2026"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)

YEARS = 3
AHEAD = timedelta(days=90)
"""The story goes on so long after today, so that there are moves to expect, and a next day to run."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """The truth and its registration, to be written as known at any moment."""

    truth: Truth
    records: tuple[Record, ...]
    today: date


def make(seed: int, today: date, clients: int = 500) -> Organisation:
    """The organisation with the three years up to `today`, and some weeks more."""
    truth = make_truth(seed, _years_before(today), today + AHEAD, clients)
    return Organisation(truth, register(truth), today)


def write(
    folder: Path,
    seed: int = 1,
    *,
    today: date,
    dialect: Dialect = "events",
    clients: int = 500,
    until: datetime | None = None,
) -> Organisation:
    """Makes the organisation and writes `config.toml` and `export/` into the folder, which is made where it is not there.

    The export holds what was typed in by `until` (without a zone: local time), by default the end of `today`. The config names
    the folders `rules` and `templates` beside it, which are not written here. An unknown dialect is a ValueError.
    """
    organisation = make(seed, today, clients)
    write_export(folder / "export", organisation, dialect, until)
    (folder / "config.toml").write_text(
        config_text(organisation.truth, dialect, today), encoding="utf-8", newline="\n"
    )
    return organisation


def write_export(
    folder: Path, organisation: Organisation, dialect: Dialect, until: datetime | None = None
) -> None:
    """Writes the export alone, as known at `until`. Of snapshots earlier files stay; all else is replaced."""
    if dialect not in DIALECTS:
        raise ValueError(f'no dialect "{dialect}"; there are {", ".join(DIALECTS)}')
    folder.mkdir(parents=True, exist_ok=True)
    moment = until if until is not None else end_of(organisation.today)
    if dialect == "events":
        write_events(folder / "events.csv", organisation.records, moment)
    elif dialect == "snapshots":
        write_snapshot(folder, organisation.records, moment)
    else:
        write_hmis(
            folder, organisation.truth, organisation.records, 2024 if dialect == "hmis-2024" else 2026, moment
        )


def _years_before(today: date) -> date:
    # The 29th of February has no day of its own in most years.
    return today.replace(year=today.year - YEARS, day=min(today.day, 28))
