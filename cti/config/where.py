"""Where in the config a finding belongs that was made elsewhere, by a source or a mail server."""

from __future__ import annotations

from dataclasses import replace

from cti.config.mistakes import KeyPath, lookup
from cti.problems import Problem
from cti.tomlfile import TomlFile, literal


def located(found: Problem, file: TomlFile, path: KeyPath) -> Problem:
    """The problem with the config's file and line, and, where it says what was meant, with that as its suggestion."""
    guess = found.params.get("guess")
    suggestion = None
    if isinstance(guess, str) and lookup(file.values, path) is not None:
        # codes.situation.CO stands for a wrong word; codes.situaton and facts.trsut are wrong words themselves.
        keyed = path[:1] == ("sources",) and len(path) == 4
        suggestion = file.replace_key(path, guess) if keyed else file.replace_value(path, literal(guess))
    field = ".".join(str(part) for part in path)
    return replace(found, file=file.name, line=file.line(path), field=field, suggestion=suggestion)


def source_path(file: TomlFile, name: str, field: str | None) -> KeyPath:
    """The path of a source's setting: of the source with that name, and its setting `field` ("codes.situation.CO")."""
    entries = file.values.get("sources", [])
    numbers = [
        index for index, entry in enumerate(entries) if isinstance(entry, dict) and entry.get("name") == name
    ]
    start: KeyPath = ("sources", *numbers[:1])
    return (*start, *field.split(".")) if field and numbers else start
