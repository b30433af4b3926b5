"""An organisation that reads an HMIS export with the commands that a person would type: laid out, its source set, ticked."""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cti.cli.layout import lay_out
from cti.cli.main import run_command
from cti.config import load
from cti.core.prompts import Stored
from cti.store import prompts
from cti.store.database import open_database

ZONE = ZoneInfo("Europe/Amsterdam")

Step = tuple[str, str | None, str, date]
"""Client, from, to, day."""


@dataclass(frozen=True)
class Place:
    """A folder as `cti init` lays it out, of which the source is an export."""

    folder: Path

    def run(self, *words: str) -> tuple[str, str]:
        """What a command says on standard output and on standard error; it must end well."""
        printed, said = io.StringIO(), io.StringIO()
        with redirect_stdout(printed), redirect_stderr(said):
            code = run_command(["-c", str(self.folder / "config.toml"), "--lang", "en", *words])
        assert code == 0, printed.getvalue() + said.getvalue()
        return printed.getvalue(), said.getvalue()

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json")[0])

    def tick(self, now: str) -> Any:
        return self.json("tick", "--now", now)

    def transitions(self) -> list[Step]:
        """Every step that was recognised."""
        found = self.json("transitions")
        return [(row["client"], row["from"], row["to"], date.fromisoformat(row["day"])) for row in found]

    def prompts(self) -> list[Stored]:
        """The prompts with all that is known of them; `cti prompts` shows a part."""
        database = open_database(load(self.folder / "config.toml", {}).database)
        try:
            with database.read() as tx:
                return list(prompts.listing(tx, datetime.max.replace(tzinfo=UTC)))
        finally:
            database.close()

    def mails(self) -> list[EmailMessage]:
        """What lies in the outbox, in order."""
        found = []
        for file in sorted((self.folder / "outbox").glob("*.eml")):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            found.append(message)
        return found

    def copied(self, folder: Path) -> Place:
        """The same organisation in another folder, with a life of its own from here on."""
        shutil.copytree(self.folder, folder)
        return Place(folder)

    def set(self, pattern: str, line: str, file: str = "config.toml") -> None:
        """Puts other words in the place of the one spot in a file that has this pattern, as its owner would."""
        path = self.folder / file
        text, count = re.subn(pattern, lambda _: line, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert count == 1, pattern
        path.write_text(text, encoding="utf-8")


def place(folder: Path, export: Path, since: date, settings: str = "", more: str = "") -> Place:
    """Lays out what `cti init` does and points the source to the export. `settings` are further lines of the source, `more`
    further lines of the config."""
    lay_out(folder, since)
    made = Place(folder)
    made.set(r'^type = "csv".*\npath = "export".*', f"type = \"hmis-csv\"\npath = '{export}'\n{settings}")
    with (folder / "config.toml").open("a", encoding="utf-8") as stream:
        stream.write(more)
    return made


def at(text: str) -> datetime:
    """ "2022-09-30 12:00" in the organisation's time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
