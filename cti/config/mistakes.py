"""Mistakes in a config: where, what, and how to mend them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cti.problems import Level, Problem
from cti.tomlfile import TomlFile, literal, literal_key

KeyPath = tuple[str | int, ...]

SECRET_KEYS = ("password", "secret", "token", "key")
"""A key whose name ends so is never shown with its value."""


@dataclass(frozen=True)
class Put:
    """Another value for the key."""

    value: object


@dataclass(frozen=True)
class Call:
    """Another name for the key."""

    key: str


@dataclass(frozen=True)
class Add:
    """A key that is missing in the table."""

    key: str
    value: object


@dataclass(frozen=True)
class Drop:
    """The line is better left out."""


@dataclass(frozen=True)
class Mistake:
    """Something wrong at `path`. The text may use {key}, {value} and {section} beside its params."""

    path: KeyPath
    text: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    mend: Put | Call | Add | Drop | None = None
    level: Level = "error"


def mistake(
    path: Iterable[str | int],
    text: str,
    mend: Put | Call | Add | Drop | None = None,
    level: Level = "error",
    **params: object,
) -> Mistake:
    """A Mistake with the rest of the keywords as the params of its text."""
    return Mistake(tuple(path), text, params, mend, level)


# --- to problems ------------------------------------------------------------------------------------------------------


def problem_at(
    found: Mistake,
    file: TomlFile,
    values: Mapping[str, Any],
    variables: Mapping[KeyPath, str],
    files: Mapping[KeyPath, KeyPath],
) -> Problem:
    """The mistake as people read it: with the line of the file, or the environment variable that said it.

    `values` are the config's with all that came from outside, `variables` and `files` say what came from where.
    """
    path = found.path
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    read = lookup(values, path)
    value = shown(path, read if read is not None else lookup(file.values, path))
    mend = found.mend
    if path in files:  # what the file holds is never shown; the line is that of the key that names it
        path, mend = files[path], None
        name, value = str(path[-1]), literal(lookup(file.values, path))
    params: dict[str, object] = {
        "key": literal_key(name),
        "value": value,
        "section": section(path if isinstance(mend, Add) else path[:-1], values),
        **found.params,
    }
    if path != found.path or reveals(str(params.get("guess"))):
        params.pop("guess", None)
    dotted = ".".join(str(part) for part in path) or None
    origin = next((variables[part] for part in _prefixes(path) if part in variables), None)
    if origin is not None:
        return Problem(found.level, found.text, params, origin, None, field=dotted)
    line, suggestion = _mended(replace(found, path=path, mend=mend), file)
    if suggestion is not None and reveals(suggestion):
        suggestion = None
    return Problem(found.level, found.text, params, file.name, line, field=dotted, suggestion=suggestion)


def _prefixes(path: KeyPath) -> list[KeyPath]:
    return [path[:length] for length in range(len(path), 0, -1)]


def _mended(found: Mistake, file: TomlFile) -> tuple[int, str | None]:
    path = found.path
    match found.mend:
        case Put(value):
            return file.value_line(path), file.replace_value(path, literal(value))
        case Call(key):
            return file.line(path), file.replace_key(path, key)
        case Add(key, value) if lookup(file.values, (*path, key)) is not None:  # there, but empty
            return file.value_line((*path, key)), file.replace_value((*path, key), literal(value))
        case Add(key, value):
            return file.insert_after(path, f"{literal_key(key)} = {literal(value)}")
        case Drop():
            return file.line(path), ""
    return file.value_line(path), None


def section(path: KeyPath, values: Mapping[str, Any]) -> str:
    """What a table is called in messages: "[mail]", "[[people]] w1"; empty for the top of the file."""
    names = [str(part) for part in path if isinstance(part, str)]
    if not names:
        return ""
    if len(path) > 1 and isinstance(path[1], int):
        entry = lookup(values, path[:2])
        own = entry.get("id", entry.get("name")) if isinstance(entry, dict) else None
        head = f"[[{names[0]}]]" + (f" {own}" if isinstance(own, str) else "")
        return " ".join([head, *names[1:]])
    return f"[{'.'.join(names)}]"


def shown(path: KeyPath, value: object) -> str:
    """A value as it stands in the file, shortened; a secret as dots."""
    names = [part for part in path if isinstance(part, str)]
    if names and names[-1].lower().endswith(SECRET_KEYS):
        return '"…"'
    text = _IN_URL.sub(r"\1…@", literal(value).replace("\n", " "))
    return text if len(text) <= 60 else text[:57] + "…" + ('"' if text.endswith('"') else "")


# Up to the last @: one in the password may stand there as it is, which is why the address cannot be taken apart.
_IN_URL = re.compile(r"(://[^:/@\s]*:)[^\"']+@")
_SET = re.compile(rf"(?:{'|'.join(SECRET_KEYS)})[\"']?\s*=\s*\S", re.IGNORECASE)


def reveals(text: str) -> bool:
    """Whether a line holds a password: messages go to screens and logs that others see."""
    return _IN_URL.search(text) is not None or _SET.search(text) is not None


def lookup(values: object, path: KeyPath) -> Any:
    """What stands at a path of plain values, or None."""
    for part in path:
        try:
            values = values[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return values
