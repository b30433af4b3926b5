"""The sample organisation as an organisation that ticks: its export grows as people type."""

from __future__ import annotations

import csv
import shutil
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cti.config import load
from cti.core.events import History
from cti.core.prompts import Stored
from cti.engine import System, Tick, tick
from cti.sample.organisation import Dialect, Organisation, write
from cti.shipped import folder as shipped
from cti.store import clients, prompts, schema
from cti.store.database import open_database
from cti.store.histories import histories


@dataclass
class Sample:
    """A sample organisation in a folder, with its database."""

    folder: Path
    system: System
    organisation: Organisation

    def tick(self, now: datetime, force: bool = False) -> Tick:
        return tick(self.system, now, force=force)

    def histories(self) -> list[History]:
        with self.system.database.read() as tx:
            return [history for _, history in histories(tx, clients.client_ids(tx))]

    def prompts(self, now: datetime) -> list[Stored]:
        with self.system.database.read() as tx:
            return list(prompts.listing(tx, now))


def sample(
    folder: Path,
    today: date,
    *,
    dialect: Dialect = "events",
    size: int = 500,
    zone: str = "Europe/Amsterdam",
    since: date | None = None,
    until: datetime | None = None,
    settings: str = "",
) -> Sample:
    """Makes the organisation in a folder, with the shipped rules; `since` is the day from which they prompt."""
    made = write(folder, today=today, dialect=dialect, clients=size, until=until)
    for name in ("rules", "templates"):
        shutil.copytree(shipped(name), folder / name)
    vocabulary = folder / "rules" / "vocabulary.toml"
    text = vocabulary.read_text(encoding="utf-8")
    vocabulary.write_text(text.replace("since = 2026-01-01", f"since = {since or today}"), encoding="utf-8")
    config = folder / "config.toml"
    words = config.read_text(encoding="utf-8").replace('"Europe/Amsterdam"', f'"{zone}"')
    config.write_text(words + settings, encoding="utf-8")
    system = System(read := load(config, {}), open_database(read.database))
    schema.ensure(system.database)
    return Sample(folder, system, made)


DAY = timedelta(days=1)


def type_in_day_by_day(
    made: Sample, first: date, last: date, hour: int = 18, *, every: timedelta = DAY, force: bool = True
) -> None:
    """A tick on every evening, when the day's rows have been typed in; or on one evening in so many.

    What was typed in up to the first evening is one file; after that there is a file for each month, which grows.
    """
    export = made.folder / "export" / "events.csv"
    with export.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    recorded = header.index("recorded")
    rows.sort(key=lambda row: row[recorded])
    zone = ZoneInfo(made.system.config.calendar.timezone)
    day, file, begun = first, export, 0
    while day <= last:
        evening = datetime.combine(day, time(hour))
        typed = bisect_right(rows, evening, key=lambda row: datetime.fromisoformat(row[recorded]))
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *rows[begun:typed]])
        made.tick(evening.replace(tzinfo=zone), force=force)
        day += every
        following = export.with_name(f"events-{day:%Y-%m}.csv")
        if following != file:
            file, begun = following, typed
