"""A small organisation in a folder: a registration that people type into, rules, workers, and mail as .eml files."""

from __future__ import annotations

import email
import email.policy
import shutil
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from cti.config import load
from cti.core.prompts import Planned, Stored, state
from cti.engine import System, Tick, tick
from cti.engine.rulebooks import in_force
from cti.shipped import folder
from cti.store import clients, plans, prompts, schema
from cti.store.database import open_database

ZONE = ZoneInfo("Europe/Amsterdam")
COLUMNS = [
    "id",
    "client",
    "recorded",
    "retracted",
    "situation",
    "begin",
    "end",
    "destination",
    "expected",
    "expected_day",
    "fact",
    "value",
    "day",
    "worker",
    "team",
    "closed",
    "closed_until",
]

CONFIG = """
database = "{database}"
base_url = "{base_url}"

[mail]
content = "{content}"
{mail}

[web]
port = {port}
{web}

[organisation]
name = "Onderdak"
coordinator = "regio@example.org"
{counts}
{organisation}

[[sources]]
name = "registration"
type = "csv"
path = "export"

[[teams]]
id = "north"
inbox = "north@example.org"

[[people]]
id = "w1"
name = "w1"
address = "w1@example.org"
team = "north"
{w1}

[[people]]
id = "w2"
name = "w2"
address = "w2@example.org"
team = "north"

[[people]]
id = "lead"
name = "lead"
address = "lead@example.org"
role = "team-lead"
team = "north"
{lead}

[limits]
share = 0.1
floor = {floor}
"""


def when(text: str, hour: int = 9, minute: int = 0) -> datetime:
    """ "3-16" is 16 March 2026 at that hour in Amsterdam."""
    parts = [int(part) for part in text.split("-")]
    year, month, day = parts if len(parts) == 3 else (2026, *parts)
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


@dataclass
class House:
    """Type events in, tick, and see what lies in the mailboxes."""

    folder: Path
    database: str = "sqlite:///cti.db"
    w1: str = ""
    lead: str = ""
    organisation: str = ""
    counts: str = 'counts = "off"'  # of what the months bring the team lead, only its own stories tell
    mail: str = 'transport = "folder"'
    content: str = "full"
    floor: int = 20
    web: str = ""
    base_url: str = "https://prompts.example.org"
    port: int = 0
    since: str = "2026-01-01"
    rows: list[Mapping[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "export").mkdir(parents=True)
        for name in ("rules", "templates"):
            shutil.copytree(folder(name), self.folder / name)
        shutil.rmtree(self.folder / "rules" / "tests", ignore_errors=True)
        vocabulary = self.folder / "rules" / "vocabulary.toml"
        text = vocabulary.read_text(encoding="utf-8")
        vocabulary.write_text(text.replace("since = 2026-01-01", f"since = {self.since}"), encoding="utf-8")
        self.configure()

    def configure(self) -> None:
        """Writes the config anew and opens everything as a restarted service would."""
        names = (
            "database",
            "w1",
            "lead",
            "organisation",
            "counts",
            "mail",
            "content",
            "floor",
            "web",
            "base_url",
            "port",
        )
        values = {name: getattr(self, name) for name in names}
        (self.folder / "config.toml").write_text(CONFIG.format(**values), encoding="utf-8")
        self.system = System(load(self.folder / "config.toml", {}), open_database(self._database_url()))
        schema.ensure(self.system.database)

    def copied(self, folder: Path) -> House:
        """The same house in another folder, with a life of its own from here on."""
        shutil.copytree(self.folder, folder)
        other = copy(self)
        other.folder, other.rows = folder, list(self.rows)
        other.configure()
        return other

    def reopen(self) -> None:
        """Reads the config file as it stands."""
        self.system = System(load(self.folder / "config.toml", {}), self.system.database)

    def _database_url(self) -> str:
        return self.database.replace("sqlite:///", f"sqlite:///{self.folder}/")

    def type_in(self, recorded: str, id: str, client: str = "c1", **cells: str) -> None:
        """A row of the event file, as a colleague types it in at noon of that day."""
        row = {"id": id, "client": client, "recorded": f"{when(recorded, 12):%Y-%m-%dT%H:%M:%S}", **cells}
        self.rows.append(row)
        lines = [",".join(COLUMNS)]
        lines += [",".join(entry.get(column, "") for column in COLUMNS) for entry in self.rows]
        (self.folder / "export" / "events.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def moves_in(
        self,
        recorded: str,
        id: str,
        situation: str,
        begin: str | None = None,
        client: str = "c1",
        **cells: str,
    ) -> None:
        """A stay, with its worker."""
        day = f"{when(begin or recorded):%Y-%m-%d}"
        if "end" in cells:
            cells["end"] = f"{when(cells['end']):%Y-%m-%d}"
        self.type_in(
            recorded, id, client, situation=situation, begin=day, worker=cells.pop("worker", "w1"), **cells
        )

    def retract(self, recorded: str, id: str, client: str = "c1") -> None:
        self.type_in(recorded, id, client, retracted="yes")

    def tick(self, day: str, hour: int = 10, minute: int = 0, force: bool = False) -> Tick:
        return tick(self.system, when(day, hour, minute), force=force)

    def ticks(self, first: str, last: str, hour: int = 10, every: int = 1) -> None:
        """A tick on every day, or on one in so many."""
        now, end = when(first, hour), when(last, hour)
        while now <= end:
            tick(self.system, now)
            now = (now.replace(tzinfo=None) + timedelta(days=every)).replace(tzinfo=ZONE)

    def write_rule(self, name: str, text: str, **texts: str) -> None:
        """A rule file with one-line texts for its steps, in both languages."""
        (self.folder / "rules" / f"{name}.toml").write_text(text, encoding="utf-8")
        place = self.folder / "templates" / "prompts" / name
        place.mkdir(parents=True, exist_ok=True)
        for step, words in texts.items():
            for language in ("nl", "en"):
                (place / f"{step}.{language}.md").write_text(f"# {words}\n\n{words}.\n", encoding="utf-8")

    def only_rule(self, name: str, text: str, **texts: str) -> None:
        """This rule instead of the shipped ones."""
        for file in (self.folder / "rules").glob("*.toml"):
            if file.name != "vocabulary.toml":
                file.unlink()
        self.write_rule(name, text, **texts)

    def mails(self) -> list[EmailMessage]:
        """What was delivered, in order."""
        found = []
        for file in sorted((self.folder / "outbox").glob("*.eml")):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            found.append(message)
        return found

    def stored(self) -> list[Stored]:
        with self.system.database.read() as tx:
            return list(prompts.listing(tx, when("1-1")))

    def states(self, day: str) -> dict[str, str]:
        """The state of each prompt by rule and step, at noon of that day."""
        return {f"{row.plan.rule}/{row.plan.step}": state(row, when(day, 12)) for row in self.stored()}

    def states_by_client(self, day: str) -> dict[str, str]:
        """The state of each prompt by client, at noon of that day."""
        return {row.plan.client: state(row, when(day, 12)) for row in self.stored()}

    def unsent(self) -> list[tuple[Planned, str]]:
        """Every unsent prompt, whole but for its number."""
        return sorted(
            ((row.plan, row.rulebook) for row in self.stored() if not row.final), key=lambda pair: pair[0].key
        )

    def forget_unsent(self) -> None:
        """Deletes all unsent prompts and asks for all clients to be planned again."""
        with self.system.database.write() as tx:
            plans.delete_unsent(tx)
            clients.mark_all_dirty(tx)

    def rulebook_problems(self) -> list[str]:
        return [problem.sentence("en") for problem in in_force(self.system, when("1-1"), "test").problems]


RULE = """
id = "{id}"
title = {{ nl = "Titel", en = "Title" }}
why = {{ nl = "Daarom", en = "Because" }}
{more}
[on]
enters = "{enters}"

[[steps]]
id = "{step}"
due = "{due}"
to = "worker"
expires = "8 weeks"
answers = "done"
{keys}
"""


def simple_rule(
    id: str = "intake",
    step: str = "call",
    due: str = "2 weeks",
    enters: str = "crisis-shelter",
    more: str = "",
    keys: str = "",
) -> str:
    """A rule with one step."""
    return RULE.format(id=id, step=step, due=due, enters=enters, more=more, keys=keys)
