"""A place in a TOML file, and how to note what is wrong there: with its line, and with the line as it should be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from cti.problems import Edit, Level, Problem
from cti.rulebook.words import Toml, Wrong
from cti.tomlfile import TomlFile, literal, literal_key
from cti.tomlspots import KeyPath


@dataclass(frozen=True)
class Place:
    """The table at `path` of `file`. `found` collects the problems; `field` is how its keys are called in messages.

    `written` has the keys that stand in the file under another name: a misspelt key is noted, and read as what was meant.
    """

    file: TomlFile
    path: KeyPath
    values: Mapping[str, Any]
    found: list[Problem]
    rule: str | None = None
    step: str | None = None
    field: str = ""
    written: Mapping[str, str] = dataclass_field(default_factory=dict)
    strays: Mapping[tuple[str, int], tuple[str, int]] = dataclass_field(default_factory=dict)
    """Tables of a list that stand in the file as those of a misspelt one: the place in the list, and in the file."""

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def called(self, key: str | None = None) -> str:
        """The name of a key in messages: "due", "later.by"."""
        return ".".join(part for part in (self.field, key) if part)

    def path_to(self, key: str, *at: str | int) -> KeyPath:
        """Where a key stands in the file, or what `at` leads to in its value."""
        if at and isinstance(at[0], int) and (key, at[0]) in self.strays:
            return (*self.path, *self.strays[key, at[0]], *at[1:])
        return (*self.path, self.written.get(key, key), *at)

    # --- noting what is wrong -----------------------------------------------------------------------------------------

    def note(
        self,
        text: str,
        params: Mapping[str, object] | None = None,
        *,
        level: Level = "error",
        key: str | None = None,
        at: KeyPath = (),
        line: int | None = None,
        suggestion: str | None = None,
        further: tuple[Edit, ...] = (),
    ) -> None:
        """Notes a problem with a key of this table (`at` leads further down from it), or with the table itself."""
        path = self.path if key is None else self.path_to(key, *at)
        self.found.append(
            Problem(
                level,
                text,
                params or {},
                self.file.name,
                line if line is not None else self._line(path),
                self.rule,
                self.step,
                self.called(key) or None,
                suggestion,
                further,
            )
        )

    def _line(self, path: KeyPath) -> int:
        """The line of a key, or of an item of an array where that stands lower."""
        return self.file.value_line(path) if path and isinstance(path[-1], int) else self.file.line(path)

    def note_value(
        self, wrong: Wrong, key: str, value: object, at: KeyPath = (), level: Level = "error"
    ) -> None:
        """Notes that the value of a key (or what `at` leads to in it) cannot be read, with the line as it was meant."""
        suggestion = None
        if wrong.better is not None:
            suggestion = self.file.replace_value(self.path_to(key, *at), literal(wrong.better))
        guess = None if wrong.better is None else Toml(wrong.better)
        params = {"value": shown(value), "guess": guess, **wrong.params}
        self.note(
            wrong.text, params, level=level, key=key, at=at, suggestion=suggestion, further=wrong.further
        )

    def note_stray(self, text: str, key: str, homes: Sequence[KeyPath]) -> None:
        """Notes that a key (`{name}`) belongs to another table: one of `homes`, of which the first that lacks it gets it."""
        suggestion, further = self._moved(key, homes)
        params = {"name": key, "above": self._first_header()}
        self.note(text, params, key=key, suggestion=suggestion, further=further)

    def _moved(self, key: str, homes: Sequence[KeyPath]) -> tuple[str | None, tuple[Edit, ...]]:
        """The line of a key taken away, and the key written in another table where no such key stands yet."""
        path, value = self.path_to(key), self.values[key]
        line = self.file.line_text(self.file.line(path))
        alone = re.match(rf"\s*{re.escape(literal_key(key))}\s*=", line)
        if alone is None or self.file.replace_value(path, "") is None:
            return None, ()
        free = next((home for home in homes if key not in self._table_at(home)), None)
        if free is not None:
            return "", (self.file.addition(free, line.strip()),)
        said = any(self._table_at(home).get(key) == value for home in homes)
        return ("" if said else None), ()

    def _table_at(self, path: KeyPath) -> Mapping[str, Any]:
        values = _at(self.file, path)
        return values if isinstance(values, dict) else {}

    def note_missing(
        self,
        text: str,
        key: str,
        example: object = None,
        level: Level = "error",
        params: Mapping[str, object] | None = None,
    ) -> None:
        """Notes that a key (`{name}`) is missing; `example` is a value that could stand there."""
        line, suggestion = None, None
        if example is not None:
            line, suggestion = self.file.insert_after(self.path, f"{literal_key(key)} = {literal(example)}")
        params = {"name": self.called(key), **(params or {})}
        self.note(text, params, level=level, line=line, suggestion=suggestion)

    def note_needless(self, text: str, key: str, params: Mapping[str, object] | None = None) -> None:
        """Notes that a key must go; the suggestion is the line with the key out of effect."""
        self.note(text, params, key=key, suggestion=self.without(key))

    def append(
        self, text: str, header: str, values: Mapping[str, object], params: Mapping[str, object]
    ) -> None:
        """Notes that a table is missing, which could stand at the end of the file."""
        lines = self.file.text.rstrip("\n").split("\n")
        pairs = (f"{literal_key(key)} = {literal(value)}" for key, value in values.items())
        suggestion = "\n".join([lines[-1], "", header, *pairs])
        self.note(text, params, line=len(lines), suggestion=suggestion)

    def headed(self) -> bool:
        """Whether this table stands under a header, [such.as.this], and not in braces."""
        return self.file.line_text(self.file.line(self.path)).lstrip().startswith("[")

    def without(self, key: str) -> str | None:
        """The line of a key with the key out of effect; None where it takes several lines."""
        return removal(self.file, self.path_to(key))

    def _first_header(self) -> int:
        """The line of the first table that has a header: above it stands what belongs to the whole file."""
        lines = self.file.text.split("\n")
        return next((number for number, line in enumerate(lines, 1) if line.lstrip().startswith("[")), 1)

    def note_wrong_key(
        self, text: str, key: str, better: str | None, params: Mapping[str, object] | None = None
    ) -> None:
        """Notes that a key (`{name}`) should have another name, or go where `better` is None."""
        for at in self._headers(key):
            suggestion = (
                self.file.replace_key(self.path_to(key, *at), better) if better else self.without(key)
            )
            guess = {"guess": better} if better else {}
            self.note(text, {"name": key, **guess, **(params or {})}, key=key, at=at, suggestion=suggestion)

    def _headers(self, key: str) -> list[KeyPath]:
        """Of an array of tables each header stands for itself: all of them must be mended."""
        value, path = self.values[key], self.path_to(key)
        if isinstance(value, list) and self.file.replace_key((*path, 0), key) is not None:
            return [(index,) for index in range(len(value))]
        return [()]


def shown(value: object) -> str:
    """A value as it is written, cut off where it would fill the screen."""
    text = literal(value)
    return text if len(text) <= 70 else f"{text[:67]}…"


def _at(file: TomlFile, path: KeyPath) -> Any:
    values: Any = file.values
    for part in path:
        values = values[part]
    return values


def removal(file: TomlFile, path: KeyPath) -> str | None:
    """The line of a key, made a comment; or that of the table in braces around it, without the key."""
    key, outer = path[-1], path[:-1]
    line = file.line_text(file.value_line(path) if isinstance(key, int) else file.line(path))
    if not isinstance(key, str):
        # An item of a list goes where it has a line for itself, and others are left.
        rest_of_line = file.replace_value(path, "")
        bare = rest_of_line is not None and rest_of_line.split("#")[0].strip() in (",", "")
        return "" if bare and len(_at(file, outer)) > 1 else None
    alone = re.match(rf"(\s*)(?={re.escape(literal_key(key))}\s*=)", line)
    if alone is not None and file.replace_value(path, "") is not None:
        return f"{alone[1]}# {line[alone.end() :]}"
    if file.replace_value(outer, "") is None:
        return None
    rest = {name: value for name, value in _at(file, outer).items() if name != key}
    # An empty pair of braces says nothing, so what was to hold it goes as well.
    return file.replace_value(outer, literal(rest)) if rest else removal(file, outer)
