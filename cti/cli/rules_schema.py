"""`cti rules schema`: JSON Schemas for editors, printed or written to where the files look for them."""

from __future__ import annotations

import sys
from pathlib import Path

from cti.cli.output import err, line, out
from cti.cli.rules import place_of
from cti.cli.session import Session
from cti.cli.waiting import speak
from cti.i18n import say
from cti.rulebook.folder import read_folder, shown
from cti.workshop.schema import SCHEMAS, Words, schema_text, words_of, write_schemas


def show_schema(asked: Session, kind: str, folder: Path | None) -> None:
    """Prints one schema, with the words of the rules folder that is at hand."""
    speak()
    sys.stdout.write(schema_text(kind, _words(asked, folder)))


def renew_schemas(asked: Session, folder: Path | None) -> None:
    """Writes them all: those of rules beside the rules folder, that of the config beside the config, where there is one."""
    words = _words(asked, folder)
    place = place_of(asked, folder)
    of_rules = tuple(kind for kind in SCHEMAS if kind != "config")
    files = [*write_schemas(place.folder.parent, words, of_rules)]
    if asked.file.exists():
        files += write_schemas(asked.file.parent, words, ("config",))
    for file in files:
        line(out(), shown(file.absolute(), Path.cwd()))


def _words(asked: Session, folder: Path | None) -> Words:
    """What is known of the words; where nothing is at hand any will do, and so where the vocabulary cannot be read."""
    if folder is None and not asked.file.exists():
        return Words(asked.lang)
    place = place_of(asked, folder)
    loaded = read_folder(place.folder, place.languages, place.templates, place.desks, place.base)
    words = words_of(loaded, asked.lang, place.languages, place.desks)
    if words.vocabulary is None:
        line(err(), say(asked.lang, "The vocabulary cannot be read, so the schema takes any word."), "yellow")
    return words
