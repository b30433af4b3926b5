"""The sample organisation in five dialects, each read by a whole cti of its own: config, source, passes, database."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine
from starlette.testclient import TestClient

from cti.config import load
from cti.core.prompts import Stored, state
from cti.core.spells import spells
from cti.engine import System, tick
from cti.sample.config_text import config_text
from cti.sample.events import write_events
from cti.sample.hmis import write_hmis
from cti.sample.records import Content, Expected, Record, Stay
from cti.sample.rows import SAYS, cells
from cti.sample.snapshots import write_snapshot
from cti.sample.truth import Assignment, Closing, Fact, Truth
from cti.shipped import folder as shipped
from cti.sources.iwmo.message import reference
from cti.store import schema
from cti.store.clients import client_ids
from cti.store.database import open_database
from cti.store.histories import histories
from cti.store.prompts import listing
from cti.web.app import create_app
from tests.sources.hmis_tables import load as load_tables
from tests.sources.iwmo.messages import SECRET, citizen
from tests.sources.iwmo.sample import MEANT, number_of, write_messages
from tests.web.sender import TOKEN, batch

ZONE = ZoneInfo("Europe/Amsterdam")
GAP = 14
KINDS = {
    Stay: "stay",
    Expected: "expected",
    Fact: "fact",
    Assignment: "assignment",
    Closing: "closed",
    type(None): "retracted",
}

_REASONS = ", ".join(f'{code} = "{word}"' for code, word in MEANT.items())
SOURCES = {
    "events": ['type = "csv"', 'path = "export"'],
    "snapshots": ['type = "csv"', 'mode = "snapshots"', 'path = "export"'],
    "hmis": ['type = "hmis-csv"', "facts = []", 'path = "export"'],
    "hmis tables": ['type = "sql"', 'preset = "hmis"', 'url = "sqlite:///hmis.db"'],
    "cloudevents": ['type = "http"', f'token = "{TOKEN}"'],
    "iwmo": [
        'type = "iwmo"',
        "facts = []",
        'path = "export"',
        f'secret = "{SECRET}"',
        f"reasons = {{ {_REASONS} }}",
    ],
}
"""The source of each dialect. Guidance, which HMIS and iWmo work out for themselves, is off: the others were told of it."""


@dataclass
class Told:
    """An organisation that is told these records in a dialect."""

    folder: Path
    dialect: str
    truth: Truth
    records: Sequence[Record]
    system: System = field(init=False)
    known: dict[str, str] = field(init=False)
    """The client of the sample behind each reference."""

    def __post_init__(self) -> None:
        (self.folder / "export").mkdir(parents=True)
        for name in ("rules", "templates"):
            shutil.copytree(shipped(name), self.folder / name)
        shutil.rmtree(self.folder / "rules" / "tests")
        words = self.folder / "rules" / "vocabulary.toml"
        since = f"since = {self.truth.start}"
        words.write_text(
            words.read_text(encoding="utf-8").replace("since = 2026-01-01", since), encoding="utf-8"
        )
        config = self.folder / "config.toml"
        config.write_text(self._config(), encoding="utf-8")
        read = load(config, {})
        self.system = System(read, open_database(read.database))
        schema.ensure(self.system.database)
        self.known = {self._reference(v.client): v.client for one in self.records for v in one.versions}
        if self.dialect == "iwmo":
            write_messages(self.folder / "messages", self.records)
        if self.dialect == "cloudevents":
            self._client = TestClient(
                create_app(self.system, lambda: self._now), base_url="https://x.example.org"
            )

    def _config(self) -> str:
        text = config_text(self.truth, "events", self.truth.end)
        top, _, rest = text.partition("[[sources]]")
        source = ["[[sources]]", 'name = "registration"', 'team = "north"', *SOURCES[self.dialect]]
        return "\n".join([top, *source, "", "[[teams]]" + rest.partition("[[teams]]")[2]])

    def _reference(self, client: str) -> str:
        return reference(SECRET, citizen(number_of(client))) if self.dialect == "iwmo" else client

    def tell(self, after: datetime, until: datetime) -> None:
        """Brings what was typed in after the one moment and by the other, as the dialect does it, and has it read."""
        export, now = self.folder / "export", until.replace(tzinfo=ZONE)
        if self.dialect == "events":
            write_events(export / "events.csv", self.records, until)
        elif self.dialect == "snapshots":
            write_snapshot(export, self.records, until)
        elif self.dialect == "hmis":
            write_hmis(export, self.truth, self.records, 2026, until)
        elif self.dialect == "hmis tables":
            write_hmis(export, self.truth, self.records, 2026, until)
            engine = create_engine(f"sqlite:///{self.folder / 'hmis.db'}")
            with engine.begin() as tx:
                load_tables(tx, export)
            engine.dispose()
        elif self.dialect == "iwmo":
            for file in self.folder.joinpath("messages").iterdir():
                if f"<i:Dagtekening>{until:%Y-%m-%d}<" in file.read_text(encoding="utf-8"):
                    shutil.copy(file, export)
        else:
            self._push(list(_cloud_events(self.records, after, until)), now)
        done = tick(self.system, now)
        [read] = done.sources
        assert (read.problems, read.quarantined, read.held) == ((), 0, None)

    def _push(self, events: list[dict[str, Any]], now: datetime) -> None:
        self._now = now
        if events:
            body, headers = batch(events)
            answer = self._client.post("/events", content=body, headers=headers)
            assert (answer.status_code, answer.json()["new"]) == (202, len(events)), answer.text

    def transitions(self) -> set[tuple[str, str | None, str, date]]:
        """Every step of every line: client, from, to, day."""
        with self.system.database.read() as tx:
            return {
                (self.known[history.client], spell.origin, spell.situation, spell.begin)
                for _, history in histories(tx, client_ids(tx))
                for spell in spells(history.records, GAP)
            }

    def prompts(self, now: datetime, that_count: bool = False) -> Counter[tuple[Any, ...]]:
        """Every prompt by what it is: about whom, of which step and moment, from and until when, its state, and when it was sent.

        Times are told by their days: iWmo knows no others. Records bear other names in each dialect. `that_count`: only
        those that someone was told, or is to be.
        """
        with self.system.database.read() as tx:
            rows = [row for row in listing(tx, now) if not that_count or row.final or row.plan.wanted]
        return Counter(self._prompt(row, now) for row in rows)

    def _prompt(self, row: Stored, now: datetime) -> tuple[Any, ...]:
        plan = row.plan
        times = (plan.due, plan.until, row.sent_at)
        days = tuple(at.astimezone(ZONE).date() if at is not None else None for at in times)
        return (
            self.known[plan.client],
            plan.rule,
            plan.step,
            plan.day,
            plan.role,
            plan.text,
            state(row, now),
            plan.reason.code,
            *days,
        )


def _cloud_events(records: Sequence[Record], after: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    """An event for every version that was typed in after the one moment and by the other."""
    for record in records:
        for number, version in enumerate(record.versions):
            if after < version.recorded <= until:
                yield {
                    "specversion": "1.0",
                    "type": f"cti.{KINDS[type(version.content)]}",
                    "source": "/registration",
                    "id": f"{record.id}-{number}",
                    "subject": version.client,
                    "time": version.recorded.replace(tzinfo=ZONE).isoformat(),
                    "data": {"id": record.id, **_data(version.content)},
                }


def _data(content: Content | None) -> dict[str, str]:
    said = dict(zip(SAYS, cells(content), strict=True)) if content is not None else {}
    return {name: value for name, value in said.items() if value}
