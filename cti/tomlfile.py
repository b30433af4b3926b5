"""A TOML text with the place of every key and value in it, so that a finding names its line and shows it
corrected.

`tomllib` gives the values and decides what is TOML; the positions come from a syntax tree, which is built
only when someone asks for a place. What is wrong with a broken text says `cti.tomlmend`.
"""

import json
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from cti.problems import Edit, Problems, corrected
from cti.tomlmend import decoded, findings, too_deep
from cti.tomlspots import KeyPath, Spot, spots

DEEPEST = 50
"""So deep tables and lists may stand within one another; people write five."""


@dataclass(frozen=True)
class TomlFile:
    """A TOML text that could be read: its name for messages, the text, and the plain values in it.

    A path such as `("steps", 0, "due")` names a key, a table (`("on",)`), a table of an array (`("steps",
    0)`) or an item of an array (`("from", 1)`). Lines count from 1. What the file does not hold has the
    place of the nearest thing around it that it does hold, so every finding has a line.
    """

    name: str
    text: str
    values: dict[str, Any]

    @classmethod
    def read(cls, path: Path, name: str | None = None) -> "TomlFile":
        """The file at `path`, called `name` in messages. Raises Problems where it is no UTF-8 or no TOML."""
        name = name if name is not None else path.as_posix()
        return cls.parse(decoded(path.read_bytes(), name), name)

    @classmethod
    def parse(cls, text: str, name: str) -> "TomlFile":
        """A text with any line ends and perhaps a byte order mark. Raises Problems where it is no TOML."""
        return _parsed(text, name)

    def line(self, path: KeyPath) -> int:
        """The line of a key, a table's header or an array's item; 1 for the whole file."""
        spot = self._nearest(path)
        return spot.line if spot else 1

    def value_line(self, path: KeyPath) -> int:
        """The line on which a value begins."""
        spot = self._spots.get(path)
        return self._line_at(spot.value[0]) if spot and spot.value else self.line(path)

    def line_text(self, line: int) -> str:
        """The text of a line, without its end; empty past the last one."""
        lines = self.text.split("\n")
        return lines[line - 1] if 0 < line <= len(lines) else ""

    def replace_value(self, path: KeyPath, literal: str) -> str | None:
        """The line of a value with `literal` in its place; None where it takes several lines or is absent."""
        spot = self._spots.get(path)
        return self._replaced(spot.value, literal) if spot and spot.value else None

    def replace_key(self, path: KeyPath, key: str) -> str | None:
        """The line of a key, or of a table's header, with `key` in its place; None where there is none.

        Of an array of tables each header is a key of its own: `("steps", 2)` is the third `[[steps]]`.
        """
        spot = self._spots.get(path)
        return self._replaced(spot.key, literal_key(key)) if spot and spot.key else None

    def insert_after(self, path: KeyPath, pair: str) -> tuple[int, str]:
        """Where the table at `path` gets a missing `key = value`: a line, and the lines to put in its place.

        After a table's header, or after the key that the path names; at the end of a table in braces; at the
        top of the file for the path `()`; under a header of its own, at the end of the file, where the table
        is missing altogether.
        """
        if not path:
            return self._insert_at_top(pair)
        spot = self._spots.get(path)
        written = ".".join(literal_key(key) for key in path if isinstance(key, str))
        if spot is None and any(isinstance(key, int) for key in path):
            # A header at the end of the file would belong to the last table of the array.
            return self.insert_after(path[:-1], f"{literal_key(str(path[-1]))} = {{ {pair} }}")
        if spot is None:
            last = len(self.text.rstrip().split("\n"))
            return last, f"{self.line_text(last)}\n\n[{written}]\n{pair}".lstrip("\n")
        if spot.kind == "braces" and spot.value:
            end = spot.value[1]
            start = spot.value[0] + len(self._data[spot.value[0] : end - 1].rstrip())
            empty = self._data[start - 1 : start] == b"{"
            grown = self._replaced((start, end), f" {pair} }}" if empty else f", {pair} }}")
            line = self._line_at(end)
            return line, grown or self.line_text(line)
        if spot.kind == "super":  # only [on.more] stands there; [on] may be written before it
            return spot.line, f"[{written}]\n{pair}\n\n{self.line_text(spot.line)}"
        if spot.kind == "dotted":  # on.enters = "…" makes the table, and another dotted key adds to it
            return self.insert_after(path[:-1], f"{literal_key(str(path[-1]))}.{pair}")
        line = self._line_at(spot.value[1]) if spot.value else spot.line
        return line, f"{self.line_text(line)}\n{pair}"

    def addition(self, path: KeyPath, pair: str) -> Edit:
        """A missing `key = value` of the table at `path`, as an edit of this file; it goes where `insert_after` says."""
        line, text = self.insert_after(path, pair)
        before, _, rest = text.partition("\n")
        if rest and before == self.line_text(line):
            return Edit("below", self.name, rest, line)
        return Edit("instead", self.name, text, line)

    def appended(self, path: KeyPath, item: str) -> Edit | None:
        """One more item of the list at `path`, as an edit of this file; None where it does not fit in as the list is written."""
        spot = self._spots.get(path)
        if spot is None or spot.value is None or self._data[spot.value[0] : spot.value[0] + 1] != b"[":
            return None
        end = spot.value[1] - 1
        start = spot.value[0] + len(self._data[spot.value[0] : end].rstrip())
        sign = {b"[": "", b",": " "}.get(self._data[start - 1 : start], ", ")
        line = self._line_at(start)
        text = self._replaced((start, start), f"{sign}{item}")
        try:
            tomllib.loads(corrected(self.text, line, text or ""))
        except tomllib.TOMLDecodeError:
            return None  # a remark stands behind the last item
        return Edit("instead", self.name, text or "", line)

    def last_line(self, path: KeyPath) -> int:
        """The last line of what stands in the table at `path`."""
        inside = [spot for place, spot in self._spots.items() if place[: len(path)] == path]
        ends = (self._line_at(spot.value[1]) if spot.value else spot.line for spot in inside)
        return max(ends, default=self.line(path))

    def _insert_at_top(self, pair: str) -> tuple[int, str]:
        """After the first one-line key that stands before all headers, else before whatever stands first."""
        tops = [spot for path, spot in self._spots.items() if len(path) == 1]
        for spot in tops:
            if spot.value and self._line_at(spot.value[1]) == spot.line:
                return spot.line, f"{self.line_text(spot.line)}\n{pair}"
        line = min((spot.line for spot in tops), default=1)
        return line, f"{pair}\n{self.line_text(line)}".rstrip("\n")

    @cached_property
    def _data(self) -> bytes:
        return self.text.encode()

    @cached_property
    def _spots(self) -> dict[KeyPath, Spot]:
        return spots(self._data)

    def _nearest(self, path: KeyPath) -> Spot | None:
        for length in range(len(path), 0, -1):
            spot = self._spots.get(path[:length])
            if spot is not None:
                return spot
        return None

    def _line_at(self, byte: int) -> int:
        return self._data.count(b"\n", 0, byte) + 1

    def _replaced(self, span: tuple[int, int], text: str) -> str | None:
        start, end = span
        if b"\n" in self._data[start:end]:
            return None
        begin = self._data.rfind(b"\n", 0, start) + 1
        stop = self._data.find(b"\n", end)
        after = self._data[end : stop if stop >= 0 else len(self._data)]
        return self._data[begin:start].decode() + text + after.decode()


@lru_cache(maxsize=128)
def _parsed(text: str, name: str) -> TomlFile:
    """The same files are read again and again, at each look at the rules and in each of their versions."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            raise Problems(findings(text, name)) from None
        measure(values, DEEPEST)
    except RecursionError:
        raise Problems([too_deep(text, name)]) from None
    return TomlFile(name, text, values)


def measure(value: object, left: int) -> None:
    """Raises RecursionError for what nests deeper than this: whoever goes through the values later would do so somewhere."""
    if not left:
        raise RecursionError
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inside:
        measure(part, left - 1)


def literal(value: object) -> str:
    """A value as it is written in TOML: `"text"`, `true`, `2026-03-01`, `["a", "b"]`, `{ not = "a" }`."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date() | time():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(literal(item) for item in value)}]"
        case dict():
            pairs = ", ".join(f"{literal_key(key)} = {literal(item)}" for key, item in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case int() | float():
            return str(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def literal_key(key: str) -> str:
    """A key as it is written in TOML: bare where it can be, else between quotes."""
    bare = key.replace("-", "").replace("_", "")
    return key if bare.isalnum() and bare.isascii() else literal(key)
