"""Years of an organisation, evening by evening: people type, correct, answer and go on leave, rules change, the service restarts.

In the end stands what the journal alone gives, in as much memory as in the first years, and the database holds no more than what
must be kept. `DECADE=years.json` writes down what each year took.
"""

from __future__ import annotations

import csv
import gc
import json
import os
import shutil
from collections import defaultdict
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from cti.config import load
from cti.core.prompts import Stored
from cti.core.spells import spells
from cti.engine import System, tick
from cti.engine.absence import set_absence
from cti.engine.answering import answer, answers_for
from cti.engine.housekeeping import keep_house, whose_time_is_over
from cti.engine.rulebooks import standing
from cti.problems import Problems
from cti.sample.config_text import config_text
from cti.sample.events import write_events
from cti.sample.make import make_truth
from cti.sample.organisation import Organisation
from cti.sample.register import register
from cti.shipped import folder as shipped
from cti.store import clients, plans, prompts, schema
from cti.store.database import open_database
from cti.store.histories import histories
from cti.store.tables import metadata, prompt

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)
EDITED = ("crisis-intake.toml", "2 working days", "3 working days")
"""A rule file, and a delay in it that somebody cannot make up their mind about."""


@dataclass
class Year:
    """How it stood at the end of a year: resident memory in MB, the database's in MB, rows by table."""

    ends: date
    memory: float
    database: float
    rows: dict[str, int] = field(default_factory=dict)


class Decade:
    """An organisation that grows older."""

    def __init__(self, folder: Path, first: date, days: int, size: int, edit_every: int) -> None:
        self.folder, self.dice, self.edit_every = folder, Random(size), edit_every
        self.first, self.last = first, first + days * DAY
        truth = make_truth(1, first, self.last, size)
        made = Organisation(truth, register(truth), self.last)
        (folder / "export").mkdir(parents=True)
        for name in ("rules", "templates"):
            shutil.copytree(shipped(name), folder / name)
        shutil.rmtree(folder / "rules" / "tests")
        vocabulary = folder / "rules" / "vocabulary.toml"
        words = vocabulary.read_text(encoding="utf-8")
        vocabulary.write_text(words.replace("since = 2026-01-01", f"since = {first}"), encoding="utf-8")
        (folder / "config.toml").write_text(config_text(truth, "events", first), encoding="utf-8")
        write_events(folder / "all.csv", made.records, datetime.combine(self.last, time(18)))
        with (folder / "all.csv").open(encoding="utf-8", newline="") as stream:
            self.header, *rows = list(csv.reader(stream))
        self.typed: dict[date, list[list[str]]] = defaultdict(list)
        for row in rows:
            at = datetime.fromisoformat(row[self.header.index("recorded")]) + timedelta(hours=6)
            self.typed[at.date()].append(row)  # what is typed in after six waits for the next evening
        self.years: list[Year] = []
        self.said = self.edited = 0
        self.system = self._opened()

    def _opened(self) -> System:
        read = load(self.folder / "config.toml", {})
        system = System(read, open_database(read.database))
        schema.ensure(system.database)
        return system

    def restart(self) -> None:
        self.system.database.close()
        self.system = self._opened()

    def live(self) -> None:
        """Evening after evening, to the last."""
        for number in range((self.last - self.first).days + 1):
            today = self.first + number * DAY
            now = datetime.combine(today, time(18), ZONE)
            self._type(today)
            if number % self.edit_every == self.edit_every - 1:
                self._change_a_rule()
            if number % 30 == 29:
                self.restart()
            tick(self.system, now, force=True)
            if today.weekday() == 2:
                self._answer(now)
            if today.weekday() == 6:
                self._go_on_leave(now)
                keep_house(self.system, now)
            if number % 365 == 364 or today == self.last:
                self.years.append(self._year(today))

    def _type(self, today: date) -> None:
        if not self.typed[today]:
            return
        file = self.folder / "export" / f"events-{today:%Y-%m}.csv"
        new = not file.exists()
        with file.open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([self.header, *self.typed[today]] if new else self.typed[today])

    def _change_a_rule(self) -> None:
        name, one, other = EDITED
        file = self.folder / "rules" / name
        said = file.read_text(encoding="utf-8")
        assert one in said or other in said
        changed = said.replace(one, other) if one in said else said.replace(other, one)
        file.write_text(changed, encoding="utf-8")
        self.edited += 1

    def _answer(self, now: datetime) -> None:
        """Most prompts of the last three weeks are answered, somehow."""
        since = now.astimezone(UTC) - timedelta(days=21)
        with self.system.database.read() as tx:
            asked = select(prompt.c.key).where(prompt.c.sent_at > since, prompt.c.answer.is_(None))
            rows = [row for key in tx.scalars(asked).all() if (row := prompts.by_key(tx, key)) is not None]
        rules = standing(self.system)
        assert rules is not None
        for row in rows:
            takes = list(answers_for(rules.rulebook, row).values())
            kind = self.dice.choice(takes)
            if self.dice.random() < 0.7 and not kind.asks:
                answer(self.system, rules.rulebook, row.plan.key, kind.name, now, by=row.plan.worker)
                self.said += 1

    def _go_on_leave(self, now: datetime) -> None:
        worker = self.dice.choice(
            [one for one in self.system.config.staff.people.values() if one.role == "worker"]
        )
        first = now.date() + self.dice.randrange(1, 20) * DAY
        last = first + self.dice.randrange(21) * DAY
        with suppress(Problems):  # who is away then already
            set_absence(self.system, worker.id, first, last, None, now, worker.id)

    def _year(self, ends: date) -> Year:
        gc.collect()
        pages = (
            int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
        )
        size = sum(file.stat().st_size for file in self.folder.glob("*.db*"))
        year = Year(ends, pages * os.sysconf("SC_PAGE_SIZE") / 1e6, size / 1e6)
        with self.system.database.read() as tx:
            for name in sorted(metadata.tables):
                year.rows[name] = tx.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
        return year

    @property
    def now(self) -> datetime:
        return datetime.combine(self.last, time(18), ZONE)

    def transitions(self) -> set[tuple[str, str, date]]:
        with self.system.database.read() as tx:
            return {
                (history.client, spell.situation, spell.begin)
                for _, history in histories(tx, clients.client_ids(tx))
                for spell in spells(history.records, 14)
            }

    def prompts(self) -> list[Stored]:
        with self.system.database.read() as tx:
            return list(prompts.listing(tx, self.now))

    def unsent(self) -> dict[str, object]:
        return {row.plan.key: row.plan for row in self.prompts() if not row.final}


def stands_as_the_journal_has_it(made: Decade) -> None:
    """Planned anew from the journal, nothing changes; nor does it when all that is unsent is thrown away before."""
    before = made.unsent()
    for number, throw in enumerate((False, True), 1):
        with made.system.database.write() as tx:
            assert not throw or plans.delete_unsent(tx) > 0
            clients.mark_all_dirty(tx)
        tick(made.system, made.now + timedelta(minutes=number), force=True)
        assert made.unsent() == before


def stands_as_the_export_has_it(made: Decade, folder: Path) -> None:
    """Of those whose time is not over, the journal holds what one reading of the whole export gives."""
    fresh = folder / "once"
    shutil.copytree(made.folder, fresh, ignore=shutil.ignore_patterns("*.db*", "outbox"))
    read = load(fresh / "config.toml", {})
    once = System(read, open_database(read.database))
    schema.ensure(once.database)
    tick(once, made.now, force=True)
    mine = made.transitions()
    alive = {client for client, _, _ in mine}
    with once.database.read() as tx:
        theirs = {
            (history.client, spell.situation, spell.begin)
            for _, history in histories(tx, clients.client_ids(tx))
            for spell in spells(history.records, 14)
            if history.client in alive
        }
    once.database.close()
    assert mine == theirs


def nobody_was_told_twice(made: Decade) -> None:
    seen: set[tuple[str, str, str]] = set()
    for row in made.prompts():
        if row.sent_at is not None and row.plan.wanted:
            assert (row.plan.rule, row.plan.step, row.plan.name) not in seen
            seen.add((row.plan.rule, row.plan.step, row.plan.name))
    assert len(seen) > 10 and made.said > 10


def nothing_is_kept_too_long(made: Decade) -> None:
    keep_house(made.system, made.now + timedelta(minutes=5))
    with made.system.database.read() as tx:
        assert list(whose_time_is_over(tx, made.system, made.last)) == []


def lived(folder: Path, days: int, size: int, edit_every: int) -> Decade:
    made = Decade(folder / "years", date(2016, 1, 4), days, size, edit_every)
    try:
        made.live()
        if (into := os.environ.get("DECADE")) is not None:
            Path(into).write_text(json.dumps([asdict(year) for year in made.years], default=str, indent=1))
        nobody_was_told_twice(made)
        nothing_is_kept_too_long(made)
        stands_as_the_journal_has_it(made)
        stands_as_the_export_has_it(made, folder)
    finally:
        made.system.database.close()
    return made


def test_a_season_of_few_ends_as_the_journal_has_it(tmp_path: Path) -> None:
    lived(tmp_path, 100, 16, edit_every=60)


@pytest.mark.long
def test_ten_years_end_as_the_journal_has_it_in_the_same_memory_and_room(tmp_path: Path) -> None:
    made = lived(tmp_path, 3653, 500, edit_every=183)
    settled, last = made.years[4], made.years[-1]
    assert last.memory < 1.15 * settled.memory
    assert last.rows["rulebook"] == made.edited + 1
    for name in settled.rows.keys() - GROWING:
        assert last.rows[name] <= 1.3 * settled.rows[name] + 20, name


GROWING = {"erased", "rulebook"}
"""The hashes that keep from coming back what was erased, and each rulebook that was ever in force. All else is of clients whose
time is not over; from the fifth year on as many come as go."""
