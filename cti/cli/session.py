"""What every command shares: which config, which language, and the system opened and closed again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from cti.cli.dates import read_time
from cti.cli.refusal import Refusal
from cti.config import Config, load
from cti.core.rules import Rulebook
from cti.engine import last_tick
from cti.engine.rulebooks import read
from cti.engine.system import System
from cti.i18n import mark
from cti.problems import Problem, Problems, problem
from cti.rulebook.folder import Loaded, from_files
from cti.store import meta, rulebooks, schema
from cti.store.database import Database, open_database

SETTLING = 2.0
"""Seconds for which a changed rules folder must stay the same before it is read: whoever is saving files is done by then."""

REHEARSED = "rehearsed-at"
"""Where the store remembers the time of the last rehearsal."""


@dataclass
class Session:
    """One run of one command."""

    file: Path
    lang: str

    @cached_property
    def config(self) -> Config:
        """The config. Raises Problems where it cannot be used, and says how to make one where there is none."""
        if not self.file.exists():
            raise Problems([no_config(self.file)])
        return load(self.file, os.environ)

    @contextmanager
    def system(self) -> Iterator[System]:
        """Config and database together; a database that is still empty gets its tables."""
        config = self.config
        database = open_database(config.database)
        try:
            schema.ensure(database)
            yield System(config, database, lambda: time.sleep(SETTLING))
        finally:
            database.close()

    def rulebook(self, system: System) -> Rulebook:
        """The rulebook in force, and before the first pass the folder's. Raises Problems where that is wrong."""
        loaded = self.loaded(system)
        if loaded.rulebook is None:
            raise Problems(loaded.problems)
        return loaded.rulebook

    def loaded(self, system: System) -> Loaded:
        """The files of the rulebook in force as they were read, and before the first pass those of the folder."""
        with system.database.read() as tx:
            standing = rulebooks.in_force(tx)
        if standing is None:
            return read(system)
        return from_files(standing.files, system.config.languages, tuple(system.config.staff.desks))

    def as_of(self, system: System) -> datetime:
        """The time by which states are told: that of the last pass, which after a rehearsal is its own; else now."""
        return last_tick(system) or self.now()

    def clock(self, system: System, at: str | None = None) -> datetime:
        """The time at which something is done, in UTC: the one given for a rehearsal, that of the rehearsal that is on, else now.

        Raises Refusal where a rehearsal is not allowed: a time of one's own choosing could send real mail at the wrong time, or
        lie before what was done already.
        """
        last = last_tick(system)
        if at is None:
            return last if last is not None and self.rehearsing(system) else self.now()
        now = read_time(at, "--now", system.config.calendar.zone).astimezone(UTC)
        if system.config.mail.transport != "folder":
            raise Refusal(mark('--now is for rehearsal: only with [mail] transport = "folder"'), 2)
        if last is not None and now < last:
            text = mark("--now {at} lies before the last pass, which was at {last}")
            raise Refusal(text, 2, at=at, last=system.config.calendar.local(last).isoformat())
        return now

    @staticmethod
    def rehearsing(system: System) -> bool:
        """Whether the last pass was a rehearsal at a time of its own."""
        with system.database.read() as tx:
            at = meta.get(tx, REHEARSED)
        last = last_tick(system)
        return system.config.mail.transport == "folder" and last is not None and at == last.isoformat()

    @staticmethod
    def note_rehearsal(system: System, now: datetime) -> None:
        """Remembers that the pass at `now` was one."""
        with system.database.write() as tx:
            meta.put(tx, REHEARSED, now.isoformat())

    @staticmethod
    def now() -> datetime:
        """The clock, read once where a command begins."""
        return datetime.now(UTC)


def no_config(file: Path) -> Problem:
    """That there is no config, and how to come by one."""
    text = mark(
        "there is no config {path}; make one with: cti init DIR (then cd DIR), or name one with: cti -c FILE"
    )
    return problem(text, path=file.as_posix())


def called(database: Database) -> str:
    """The database as people call it: a file's path, else its address without the password."""
    return database.file.as_posix() if database.file is not None else database.shown
