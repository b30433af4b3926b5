"""A table of a TOML file on its way to a value: hands out its keys one by one, and notes what is wrong with its place.

Nothing here raises for what a manager wrote; a key that cannot be read is noted and read as None, so that one pass finds all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Any, TypeVar

from cti.i18n import mark
from cti.problems import Level, Problem
from cti.rulebook.words import Toml, Wrong, listed, nearest
from cti.tomlfile import TomlFile, literal, literal_key
from cti.tomlspots import KeyPath

T = TypeVar("T")


@dataclass(frozen=True)
class Table:
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

    @classmethod
    def top(cls, file: TomlFile, found: list[Problem], rule: str | None = None) -> Table:
        """The whole file as a table."""
        return cls(file, (), file.values, found, rule)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def called(self, key: str | None = None) -> str:
        """The name of a key in messages: "due", "later.by"."""
        return ".".join(part for part in (self.field, key) if part)

    def path_to(self, key: str, *at: str | int) -> KeyPath:
        """Where a key stands in the file, or what `at` leads to in its value."""
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
        self.note(wrong.text, params, level=level, key=key, at=at, suggestion=suggestion)

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

    # --- taking keys --------------------------------------------------------------------------------------------------

    def take(self, key: str, read: Callable[[object], T]) -> T | None:
        """What `read` makes of the key; None where it is missing or cannot be read."""
        if key not in self.values:
            return None
        return self.read(key, self.values[key], read)

    def read(self, key: str, value: object, read: Callable[[object], T], at: KeyPath = ()) -> T | None:
        """What `read` makes of a value that stands under the key; None, and a note, where it cannot be read."""
        try:
            return read(value)
        except Wrong as wrong:
            self.note_value(wrong, key, value, at)
            return None

    def need(self, key: str, read: Callable[[object], T], example: object = None) -> T | None:
        """As `take`, and the key must be there."""
        if key not in self.values:
            self.note_missing(mark("{name} is missing"), key, example)
            return None
        return self.take(key, read)

    def take_or(self, key: str, read: Callable[[object], T], default: T) -> T:
        """As `take`, with a default."""
        taken = self.take(key, read)
        return default if taken is None else taken

    def items(self, key: str, read: Callable[[object], T], *, single: bool = False) -> tuple[T, ...] | None:
        """What `read` makes of each item of a list; with `single`, one value may stand without brackets."""
        if key not in self.values:
            return None
        return self.read_items(key, self.values[key], read, single=single)

    def read_items(
        self, key: str, value: object, read: Callable[[object], T], at: KeyPath = (), *, single: bool = False
    ) -> tuple[T, ...] | None:
        """As `items`, for a list that stands further down. None where one of the items cannot be read."""
        if not isinstance(value, list):
            if single:
                one = self.read(key, value, read, at)
                return None if one is None else (one,)
            better = None if isinstance(value, dict) else [value]
            self.note_value(
                Wrong(mark("{field} = {value}: a list is expected"), better=better), key, value, at
            )
            return None
        if not value:
            self.note(
                mark("{field} is an empty list"),
                key=key,
                at=at,
                suggestion=removal(self.file, self.path_to(key, *at)),
            )
            return None
        read_one = [self.read(key, item, read, (*at, index)) for index, item in enumerate(value)]
        good = tuple(item for item in read_one if item is not None)
        return good if len(good) == len(read_one) else None

    def table(self, key: str, example: object = None) -> Table | None:
        """The table under a key; None, and a note, where something else stands there. `example` is what was meant."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, dict):
            return self._inside(self.path_to(key), value, key)
        self.note_value(
            Wrong(mark("{field} = {value}: a table in braces is expected"), better=example), key, value
        )
        return None

    def _inside(self, path: KeyPath, values: Mapping[str, Any], key: str) -> Table:
        return replace(self, path=path, values=values, field=self.called(key), written={})

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of a list of tables; notes what is none."""
        value = self.values.get(key)
        if value is None:
            return
        if isinstance(value, dict):
            header = self.file.line_text(self.file.line(self.path_to(key)))
            double = header.replace("[", "[[").replace("]", "]]") if header.lstrip().startswith("[") else None
            self.note(
                mark("[{field}] must be written [[{field}]]: there may be several"),
                key=key,
                suggestion=double,
            )
            yield self._inside(self.path_to(key), value, key)
            return
        if not isinstance(value, list):
            self.note_value(Wrong(mark("{field} = {value}: a list of tables is expected")), key, value)
            return
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield self._inside(self.path_to(key, index), item, key)
            else:
                wrong = Wrong(mark("{field} = {value}: a table in braces is expected"))
                self.note_value(wrong, key, item, (index,))

    # --- keys that should not be there --------------------------------------------------------------------------------

    def only(
        self,
        known: Iterable[str],
        *,
        meant: Mapping[str, str] | None = None,
        elsewhere: Mapping[str, str] | None = None,
    ) -> Table:
        """Notes each key that is not known here; the table that comes back has the misspelt ones as what was meant.

        `meant` gives what people write in place of a known key. `elsewhere` has a message for keys that belong to another
        table: in TOML a key belongs to the last header above it, which is easily forgotten.
        """
        known = tuple(known)
        values, written = dict(self.values), dict(self.written)
        for key, value in self.values.items():
            if key in known:
                continue
            if elsewhere is not None and key in elsewhere:
                self.note(elsewhere[key], {"name": key, "above": self._first_header()}, key=key)
                continue
            # A name that is taken already can only have been meant where two tables make one.
            free = [
                name
                for name in known
                if name not in values or (isinstance(values[name], dict) and isinstance(value, dict))
            ]
            guess = nearest(key, free, meant=meant)
            if guess is None:
                text = mark('"{name}" is not known here; possible are {known}')
                self.note_wrong_key(text, key, None, {"known": listed(known)})
            else:
                self.note_wrong_key(mark('"{name}" is not known here'), key, guess)
                if guess in values:
                    values[guess] = {**values[guess], **value}
                else:
                    values[guess], written[guess] = value, key
                del values[key]
        return replace(self, values=values, written=written)

    def renamed(self, key: str, better: str) -> Table:
        """The table with a key under another name."""
        values = {better if name == key else name: value for name, value in self.values.items()}
        return replace(self, values=values, written={**self.written, better: self.written.get(key, key)})

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


def removal(file: TomlFile, path: KeyPath) -> str | None:
    """The line of a key, made a comment; or that of the table in braces around it, without the key."""
    key, outer = path[-1], path[:-1]
    if not isinstance(key, str):
        return None
    line = file.line_text(file.line(path))
    alone = re.match(rf"(\s*)(?={re.escape(literal_key(key))}\s*=)", line)
    if alone is not None and file.replace_value(path, "") is not None:
        return f"{alone[1]}# {line[alone.end() :]}"
    if file.replace_value(outer, "") is None:
        return None
    rest: Any = file.values
    for part in outer:
        rest = rest[part]
    rest = {name: value for name, value in rest.items() if name != key}
    # An empty pair of braces says nothing, so what was to hold it goes as well.
    return file.replace_value(outer, literal(rest)) if rest else removal(file, outer)
