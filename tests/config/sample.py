"""A config in which nothing is wrong, and mistakes to make in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

RIGHT = """\
database = "sqlite:///cti.db"
base_url = "https://cti.example.org"
timezone = "Europe/Amsterdam"
languages = ["nl", "en"]
rules = "rules"
templates = "templates"

[mail]
transport = "smtp"
host = "smtp.example.org"
sender = "cti@example.org"

[organisation]
country = "NL"
opens = 09:00:00
closes = 17:00:00
closing_days = [2026-12-24]
cap = 3

[desks]
intake = "intake@example.org"

[[teams]]
id = "north"
inbox = "north@example.org"

[[people]]
id = "lead-north"
name = "lead of north"
address = "lead-north@example.org"
role = "team-lead"
team = "north"

[[people]]
id = "w1"
name = "worker 1"
address = "w1@example.org"
team = "north"
works = ["mon", "tue"]
away = [{ from = 2026-07-06, until = 2026-07-24, deputy = "w2" }]

[[people]]
id = "w2"
name = "worker 2"
language = "en"
address = "w2@example.org"
team = "north"

[limits]
share = 0.1
"""


@dataclass(frozen=True)
class Fault:
    """A mistake: what is written in place of what is right, and what must be said of it in both languages.

    `line` is where it is found, None where it stands in no file. `mended` says whether a suggestion must come with it.
    `files` are further files, `environ` the environment.
    """

    id: str
    right: str
    wrong: str
    line: int | None
    english: str
    dutch: str
    mended: bool = True
    warning: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The config with the mistake in it."""
        assert RIGHT.count(self.right) >= 1, self.right
        return RIGHT.replace(self.right, self.wrong, 1)


def lay_out(folder: Path, text: str, files: Mapping[str, bytes] | None = None) -> Path:
    """A config with the folders that it names; nobody else may read it."""
    for name in ("rules", "templates"):
        (folder / name).mkdir(exist_ok=True)
    for name, content in (files or {}).items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
    file = folder / "config.toml"
    file.write_text(text)
    file.chmod(0o600)
    return file
