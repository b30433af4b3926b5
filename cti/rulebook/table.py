"""A table of a TOML file on its way to a value: hands out its keys one by one, and notes what is wrong with each.

Nothing here raises for what a manager wrote; a key that cannot be read is noted and read as None, so that one pass finds all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from cti.i18n import mark
from cti.problems import Problem
from cti.rulebook.place import Place, removal
from cti.rulebook.words import Wrong, listed, nearest
from cti.tomlfile import TomlFile, literal
from cti.tomlspots import KeyPath

T = TypeVar("T")


def _meant(value: object, read: Callable[[object], object]) -> object:
    """What stands in brackets that should not be there: as it is written where it can be read, else what was meant by it."""
    try:
        read(value)
    except Wrong as wrong:
        return wrong.better
    return value


def _are_tables(value: object) -> bool:
    return isinstance(value, list) and value != [] and all(isinstance(item, dict) for item in value)


@dataclass(frozen=True)
class Table(Place):
    """A table whose keys are taken one by one."""

    @classmethod
    def top(cls, file: TomlFile, found: list[Problem], rule: str | None = None) -> Table:
        """The whole file as a table."""
        return cls(file, (), file.values, found, rule)

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
            if wrong.better is None and isinstance(value, list) and len(value) == 1:
                better = _meant(value[0], read)
                text = mark("{field} = {value}: only one can stand here, without brackets")
                wrong = Wrong(text, better=better) if better is not None else wrong
            if value == "" and not at and (not self.path or self.headed()):
                # An empty value is none. Within a condition it is left alone: without it, others would be prompted about.
                self.note_needless(mark("{field} is empty"), key)
            else:
                self.note_value(wrong, key, value, at)
            return None

    def need(self, key: str, read: Callable[[object], T], example: object = None) -> T | None:
        """As `take`, and the key must be there."""
        if key not in self.values:
            self.note_missing(mark("{name} is missing"), key, example)
            return None
        if self.values[key] == "" and example is not None:
            suggestion = self.file.replace_value(self.path_to(key), literal(example))
            self.note(mark("{field} is empty"), key=key, suggestion=suggestion)
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
            several = [part.strip() for part in value.split(",")] if isinstance(value, str) else [value]
            better = None if isinstance(value, dict) else [part for part in several if part != ""]
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
        if self._headers(key) != [()]:
            header = self.file.line_text(self.file.line(self.path_to(key)))
            single = header.replace("[[", "[").replace("]]", "]")
            self.note(
                mark("[[{field}]] must be written [{field}]: there is only one"), key=key, suggestion=single
            )
            return None
        self.note_value(
            Wrong(mark("{field} = {value}: a table in braces is expected"), better=example), key, value
        )
        return None

    def _inside(self, path: KeyPath, values: Mapping[str, Any], key: str) -> Table:
        # Not by `replace`, which takes a third of the time that reading a folder takes.
        return Table(self.file, path, values, self.found, self.rule, self.step, self.called(key))

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of a list of tables; notes what is none."""
        value = self.values.get(key)
        if value is None:
            return
        if isinstance(value, dict) and value and all(isinstance(item, dict) for item in value.values()):
            yield from self._named_tables(key, value)
            return
        if isinstance(value, dict):
            header = self.file.line_text(self.file.line(self.path_to(key)))
            if header.lstrip().startswith("["):
                double = header.replace("[", "[[").replace("]", "]]")
                text = mark("[{field}] must be written [[{field}]]: there may be several")
                self.note(text, key=key, suggestion=double)
            else:
                wrong = Wrong(mark("{field} = {value}: a list of tables is expected"), better=[value])
                self.note_value(wrong, key, value)
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

    def _named_tables(self, key: str, value: Mapping[str, Any]) -> Iterator[Table]:
        """Tables under [steps.this] and [steps.that], which are meant to be a list of tables with an id each."""
        text = mark('[{field}.{name}] must be written [[{field}]] with id = "{name}" below it')
        for name, item in value.items():
            path = self.path_to(key, name)
            plain = self.file.line_text(self.file.line(path)).strip() == f"[{'.'.join(map(str, path))}]"
            suggestion = f"[[{key}]]" if "id" in item else f"[[{key}]]\nid = {literal(name)}"
            self.note(text, {"name": name}, key=key, at=(name,), suggestion=suggestion if plain else None)
            yield self._inside(path, {"id": name, **item}, key)

    def entries(self, key: str) -> list[KeyPath]:
        """The paths of the tables in a list of tables."""
        value = self.values.get(key)
        items = enumerate(value) if isinstance(value, list) else ()
        return [self.path_to(key, index) for index, item in items if isinstance(item, dict)]

    # --- keys that should not be there --------------------------------------------------------------------------------

    def only(
        self,
        known: Iterable[str],
        *,
        meant: Mapping[str, str] | None = None,
        elsewhere: Mapping[str, str] | None = None,
        homes: Sequence[KeyPath] = (),
    ) -> Table:
        """Notes each key that is not known here; the table that comes back has the misspelt ones as what was meant.

        `meant` gives what people write in place of a known key. `elsewhere` has a message for keys that belong to another
        table: in TOML a key belongs to the last header above it, which is easily forgotten. `homes` are the tables that such a
        key can go to, the likeliest first.
        """
        known = tuple(known)
        if self.values.keys() <= set(known):
            return self
        values, written, strays = dict(self.values), dict(self.written), dict(self.strays)
        for key, value in self.values.items():
            if key in known:
                continue
            if elsewhere is not None and key in elsewhere:
                self.note_stray(elsewhere[key], key, homes)
                continue
            # A name that is taken already can only have been meant where two tables make one.
            free = [
                name
                for name in known
                if name not in values
                or (isinstance(values[name], dict) and isinstance(value, dict))
                or (_are_tables(values[name]) and _are_tables(value))
            ]
            guess = nearest(key, free, meant=meant)
            if guess is None:
                text = mark('"{name}" is not known here; possible are {known}')
                self.note_wrong_key(text, key, None, {"known": listed(known)})
            else:
                self.note_wrong_key(mark('"{name}" is not known here'), key, guess)
                if _are_tables(values.get(guess)):
                    first = len(values[guess])
                    strays |= {(guess, first + index): (key, index) for index in range(len(value))}
                    values[guess] = [*values[guess], *value]
                elif guess in values:
                    values[guess] = {**values[guess], **value}
                else:
                    values[guess], written[guess] = value, key
                del values[key]
        return replace(self, values=values, written=written, strays=strays)

    def renamed(self, key: str, better: str) -> Table:
        """The table with a key under another name."""
        values = {better if name == key else name: value for name, value in self.values.items()}
        return replace(self, values=values, written={**self.written, better: self.written.get(key, key)})
