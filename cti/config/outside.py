"""What a config takes from outside its file: environment variables, and files that hold a secret.

`CTI_MAIL__PASSWORD` is `[mail] password`; `CTI_SOURCES__REGISTRATION__URL` is the `url` of the source called registration.
`password_file = "/run/secrets/mail"` reads the password from there.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cti.config.checks import has_password
from cti.config.mistakes import SECRET_KEYS, Drop, KeyPath, Mistake, lookup, mistake
from cti.config.model import File
from cti.i18n import mark
from cti.problems import closest
from cti.tomlfile import DEEPEST, measure

PREFIX = "CTI_"
PLAIN = ("database", "base_url", "timezone", "languages", "rules", "templates")
SECTIONS = (
    "mail",
    "sources",
    "organisation",
    "desks",
    "teams",
    "people",
    "limits",
    "retention",
    "web",
    "webhooks",
    "tasks",
)
FROM_FILE = (*SECRET_KEYS, "database", "url")
"""A key whose name ends so may be read from a file: its own name with `_file` behind it."""


@dataclass
class Outside:
    """The values of a config with all that came from outside, and where each of those came from."""

    values: dict[str, Any]
    variables: dict[KeyPath, str] = field(default_factory=dict)
    """By path, the environment variable that said it."""
    files: dict[KeyPath, KeyPath] = field(default_factory=dict)
    """By path of a key, the path of the `…_file` key that it was read by."""
    mistakes: list[Mistake] = field(default_factory=list)


def gather(values: Mapping[str, Any], folder: Path, environ: Mapping[str, str]) -> Outside:
    """The plain values of a config file, with the environment laid over them and secrets read from their files.

    `folder` is where relative paths begin. Nothing is raised: what cannot be read is among the mistakes.
    """
    outside = Outside(deepcopy(dict(values)))
    for name in sorted(environ):
        if name.startswith(PREFIX):
            _lay_over(outside, name, environ[name])
    for path in list(_file_keys(outside.values, ())):
        _read(outside, path, folder)
    return outside


def _lay_over(outside: Outside, name: str, text: str) -> None:
    parts = name.removeprefix(PREFIX).lower().split("__")
    if len(parts) == 1:
        # CTI_CONFIG, CTI_LANG and the like are no settings; only what is one is taken.
        if parts[0].removesuffix("_file") in PLAIN:
            _set(outside, (parts[0],), name, text)
        return
    if parts[0] not in SECTIONS:
        guess = closest(parts[0], SECTIONS)
        better = PREFIX + "__".join([guess, *parts[1:]]).upper() if guess else None
        outside.variables[(name,)] = name
        outside.mistakes.append(
            mistake((name,), mark("this environment variable stands for no setting"), guess=better)
        )
        return
    path = _path(outside.values, parts)
    if path is None:
        lack = mark("this environment variable means an entry of [[{table}]] that the config does not have")
        outside.variables[(name,)] = name
        outside.mistakes.append(mistake((name,), lack, table=parts[0]))
        return
    _set(outside, path, name, text)


def _path(values: Mapping[str, Any], parts: list[str]) -> KeyPath | None:
    """The path that the parts of a variable's name mean; of a list, the entry is meant by its name or id."""
    entries = values.get(parts[0])
    if parts[0] not in ("sources", "teams", "people", "webhooks", "tasks"):
        keys = {_plain(key): key for key in (entries if isinstance(entries, dict) else ())}
        return (parts[0], *(keys.get(part, part) for part in parts[1:2]), *parts[2:])
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if (
            isinstance(entry, dict)
            and _plain(str(entry.get("name" if parts[0] in ("sources", "webhooks", "tasks") else "id")))
            == parts[1]
        ):
            return (parts[0], index, *parts[2:])
    return None


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")


def _set(outside: Outside, path: KeyPath, variable: str, text: str) -> None:
    table: Any = outside.values
    for part in path[:-1]:
        if isinstance(part, str):
            table = table.setdefault(part, {})
        else:
            table = table[part]
        if not isinstance(table, dict | list):
            return  # the file has a plain value there, which is told as a mistake of its own
    table[path[-1]] = _value(text)
    outside.variables[path] = variable
    last = str(path[-1])
    if last.endswith("_file"):
        table.pop(last.removesuffix("_file"), None)
    else:
        # What the environment says takes the place of both ways in which the file may say it.
        table.pop(f"{last}_file", None)


def _value(text: str) -> Any:
    """Lists and tables are written as in the file; all else is a text, and becomes a number where one is wanted."""
    if text.startswith(("[", "{")):
        try:
            value = tomllib.loads(f"value = {text}")["value"]
            measure(value, DEEPEST)
            return value
        except (tomllib.TOMLDecodeError, RecursionError):
            return text
    return text


def _file_keys(values: Any, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(values, dict):
        for key, value in values.items():
            if key.endswith("_file") and key.removesuffix("_file").endswith(FROM_FILE):
                yield (*path, key)
            elif len(path) < 3:
                yield from _file_keys(value, (*path, key))
    elif isinstance(values, list):
        for index, value in enumerate(values):
            yield from _file_keys(value, (*path, index))


def _read(outside: Outside, path: KeyPath, folder: Path) -> None:
    table = lookup(outside.values, path[:-1]) if path[:-1] else outside.values
    key = str(path[-1]).removesuffix("_file")
    own = (*path[:-1], key)
    if key in table:
        text = mark("{section} has both {name} and {name}_file: keep one of them")
        if len(path) == 1:
            text = mark("there are both {name} and {name}_file: keep one of them")
        outside.mistakes.append(mistake(own, text, Drop(), name=key))
        del table[f"{key}_file"]
        return
    written = table.pop(f"{key}_file")
    outside.files[own] = path
    content, lack = _content(folder, written)
    if lack is not None:
        outside.mistakes.append(mistake(path, lack))
    # Something must stand there, else the key would be called missing as well.
    table[key] = content


def _content(folder: Path, written: object) -> tuple[str, str | None]:
    if not isinstance(written, str):
        return "-", mark("{key} = {value}: a text is wanted, between quotes")
    file = folder / written
    try:
        content = file.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        return "-", mark("{key} = {value}: this file is not UTF-8 text")
    except (FileNotFoundError, ValueError):  # the latter of a name that no file can have
        return "-", mark("{key} = {value}: there is no such file")
    except OSError:
        return "-", mark("{key} = {value}: this file cannot be read; may the account that runs cti read it?")
    if not content:
        return "-", mark("{key} = {value}: this file is empty")
    return content, None


def secrets_for_all(path: Path, written: Mapping[str, Any], outside: Outside) -> Iterator[Mistake]:
    """Warnings for passwords in files that everyone on this machine may read: the config itself, or one that it names."""
    if open_to_all(path):
        for secret in _secrets(written, ()):
            text = mark(
                "the password stands in a file that everyone on this machine may read: "
                "run chmod 640 {file}, or put it in a file of its own and name that as {name}_file"
            )
            yield mistake(secret, text, level="warning", file=path.name, name=secret[-1])
    for key in outside.files.values():
        file = path.parent / str(lookup(written, key))
        if lookup(written, key) is not None and open_to_all(file):
            text = mark("{key} = {value}: everyone on this machine may read this file; run chmod 640 {file}")
            yield mistake(key, text, level="warning", file=file.name)


def _secrets(values: Any, path: KeyPath) -> Iterator[KeyPath]:
    """Where a password stands in the file's own text."""
    if isinstance(values, list):
        for index, value in enumerate(values):
            yield from _secrets(value, (*path, index))
    if not isinstance(values, dict):
        return
    for key, value in values.items():
        if isinstance(value, str):
            if key.endswith(SECRET_KEYS) or (key in ("database", "url") and has_password(value)):
                yield (*path, key)
        elif len(path) < 3:
            yield from _secrets(value, (*path, key))


def open_to_all(file: Path) -> bool:
    """Whether everyone on this machine may read the file. Systems without such permissions: never."""
    if os.name != "posix":
        return False
    try:
        return bool(file.stat().st_mode & 0o004)
    except (OSError, ValueError):
        return False


assert set(PLAIN) | set(SECTIONS) == set(File.model_fields)
