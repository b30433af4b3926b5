"""Lays out what an organisation starts from: the smallest useful config, the shipped rules and texts, and two empty folders."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

from cti.cli.refusal import Refusal
from cti.i18n import mark
from cti.rulebook.folder import read_folder
from cti.shipped import folder as shipped
from cti.workshop.schema import words_of, write_schemas

CONFIG = """\
#:schema ./.schema/config.json
# The config of cti. `cti check` reads it and says everything that is wrong in it; the file config.example.toml of the
# project has every key. Paths start from this file.

database  = "sqlite:///cti.db"            # made at the first pass; or postgresql+psycopg://USER@HOST/NAME
base_url  = "http://localhost:8080"
timezone  = "Europe/Amsterdam"
languages = ["nl", "en"]                  # the first one is for whoever has no language of their own

[mail]
transport = "folder"                      # mails become files in the folder below; nobody is sent anything yet
folder    = "outbox"
# transport = "smtp"                      # to send them: also set these, and the password in a file of its own
# host      = "smtp.example.org"
# sender    = "cti@example.org"

# Where the registration comes from. Put exports in the folder `export`; docs/sources.md of the project says what they look like.
[[sources]]
name = "registration"
type = "csv"                              # or "sql", "fhir", "hmis-csv", "iwmo"
path = "export"
team = "north"                            # whose inbox is prompted where the registration names no worker

[organisation]
name         = "Our shelter"
country      = "NL"                       # whose public holidays are no working days
closing_days = []                         # further days on which nobody works: [2026-12-24, 2026-12-31]
coordinator  = ""                         # how to reach those who organise conferences; stands in the texts

# Who works here. The ids are those by which the registration names workers and teams.
[[teams]]
id    = "north"
inbox = "north@example.org"               # gets what reaches no worker of the team

[[people]]
id      = "lead-north"
name    = "team lead of north"
address = "lead-north@example.org"
role    = "team-lead"
team    = "north"

[[people]]
id      = "w1"
name    = "worker 1"
address = "w1@example.org"
team    = "north"
works   = ["mon", "tue", "thu"]           # left out: the organisation's working days
"""

_SINCE = re.compile(r"^since(\s*)=(\s*)\d{4}-\d{2}-\d{2}", re.MULTILINE)
FOLDERS = ("rules", "templates")
EMPTY = ("export", "outbox")
LANGUAGES = ("nl", "en")
"""Those of the config above."""


def lay_out(place: Path, since: date, config: str = CONFIG, lang: str = "en") -> None:
    """Writes config, rules, texts, and schemas for editors into the folder `place`, which is made where it is not there.

    The vocabulary's `since` becomes the day given. Raises Refusal, having written nothing, where one of them is there already.
    """
    taken = [name for name in ("config.toml", *FOLDERS) if (place / name).exists()]
    if taken:
        raise Refusal(
            mark("{place} has {taken} already; nothing was written. Name another folder, or move that away"),
            place=place.as_posix(),
            taken=taken,
        )
    if place.exists() and not place.is_dir():
        raise Refusal(mark("{place} is a file; name a folder"), place=place.as_posix())
    place.mkdir(parents=True, exist_ok=True)
    for name in FOLDERS:
        shutil.copytree(shipped(name), place / name, ignore=shutil.ignore_patterns("__pycache__"))
    vocabulary = place / "rules" / "vocabulary.toml"
    text = vocabulary.read_text(encoding="utf-8")
    dated, found = _SINCE.subn(rf"since\g<1>=\g<2>{since.isoformat()}", text)
    assert found == 1, "the vocabulary has one since"
    vocabulary.write_text(dated, encoding="utf-8")
    for name in EMPTY:
        (place / name).mkdir(exist_ok=True)
    (place / "config.toml").write_text(config, encoding="utf-8")
    loaded = read_folder(place / "rules", LANGUAGES, place / "templates", ())
    write_schemas(place, words_of(loaded, lang, LANGUAGES, ()))
