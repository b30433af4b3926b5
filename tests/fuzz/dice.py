"""Inputs that are nearly right: what a target begins with, changed in a few places by dice of which the seed is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

ODD = (
    b"\0",
    b"\xff",
    b"\xfe\xff",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\x1a",
    b"\xed\xa0\x80",
    "\u2028".encode(),
    "\u202e".encode(),
    "é".encode("cp1252"),
    b'"',
    b"'''",
    b'"""',
    b"-1",
    b"0",
    b"1e999",
    b"99999999999999999999",
    b"2026-02-30",
    b"0000-00-00",
    b"9999-12-31",
    b"=cmd()",
    b"${x}",
    b"%s%n",
    b"../../x",
    b"<script>alert(1)</script>",
    b"a" * 2000,
)
"""What tends to break readers, wherever it stands."""


ODD_VALUES: tuple[Any, ...] = (
    "",
    " ",
    "\0",
    "\ud800",
    "\u2028",
    "\u202e",
    "\r\n",
    "é",
    "-1",
    "1e999",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "99999999999999999999 days",
    "=cmd()",
    "{{ client }}",
    "{% if",
    "x" * 2000,
    "- " * 30,
    0,
    -1,
    3,
    2**63,
    10**30,
    0.5,
    float("inf"),
    float("nan"),
    True,
    False,
    [],
    {},
    [[]],
    [{}],
    {"": ""},
    date(1, 1, 1),
    date(2026, 3, 29),
    date(9999, 12, 31),
    datetime(2026, 3, 29, 2, 30, tzinfo=UTC),
    time(2, 30),
)
"""The same, where an input is made of values: what tends to break readers of values."""


@dataclass(frozen=True)
class Target:
    """`feed` takes one input, in a folder that stays from one to the next, and raises where something is wrong.

    Inputs are made of the `seeds`; `words` are what they may hold. Most inputs keep the first `head` lines of a seed: with
    another header nothing further is read. Where there are `shapes`, three in four inputs are one of these values (of lists and
    dicts), changed in a few places and then `written`: nearly all of those can be read as such, so that what follows is tried.
    """

    name: str
    seeds: Sequence[bytes]
    words: Sequence[bytes]
    feed: Callable[[Path, bytes], None]
    head: int = 0
    shapes: Sequence[Any] = ()
    written: Callable[[Any], bytes] = str.encode

    def rolled(self, dice: Random) -> bytes:
        """One input."""
        if self.shapes and dice.randrange(4):
            return self.written(reshaped(self.shapes, *self._parts, dice))
        return rolled(self.seeds, self.words, dice, self.head)

    @cached_property
    def _parts(self) -> tuple[Sequence[Any], Sequence[str]]:
        """All values within the shapes, and all names in them."""
        values = [one for shape in self.shapes for one in _within(shape)]
        names = dict.fromkeys(name for one in values if isinstance(one, dict) for name in one)
        return values, [*names]


def _within(value: Any) -> Iterator[Any]:
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _within(one)


def reshaped(shapes: Sequence[Any], parts: Sequence[Any], names: Sequence[str], dice: Random) -> Any:
    """One of the shapes, changed in one to five places: by odd values, by parts and names of the others, by what is lacking."""
    value = dice.choice(shapes)
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5))):
        value = _bent(value, parts, names, dice)
    return value


def _bent(value: Any, parts: Sequence[Any], names: Sequence[str], dice: Random) -> Any:
    if not isinstance(value, dict | list) or not value:
        return dice.choice(ODD_VALUES if dice.randrange(2) else parts)
    places = [*value] if isinstance(value, dict) else range(len(value))
    place = dice.choice(places)
    changed: Any = value.copy()
    if dice.randrange(5):
        changed[place] = _bent(value[place], parts, names, dice)
        return changed
    match dice.randrange(6):
        case 0:
            del changed[place]
        case 1:
            changed[place] = dice.choice(parts)
        case 2:
            changed[place] = [value[place]]
        case 3:
            changed[place] = {dice.choice(names): value[place]}
        case 4 if isinstance(value, dict):
            changed[dice.choice(names)] = changed.pop(place)
        case 4:
            changed.insert(place, value[place])
        case _ if isinstance(value, dict):
            changed[dice.choice(names)] = dice.choice(parts)
        case _:
            changed.append(dice.choice(parts))
    return changed


def rolled(seeds: Sequence[bytes], words: Sequence[bytes], dice: Random, head: int = 0) -> bytes:
    """One of the seeds, changed in one to five places: by odd bytes, by words of the target, by parts of itself or another. Of
    seven in eight the first `head` lines stay."""
    data = dice.choice(seeds)
    kept = 0
    for _ in range(head if head and dice.randrange(8) else 0):
        kept = data.find(b"\n", kept) + 1
    first, data = data[:kept], data[kept:]
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5))):
        data = _changed(data, seeds, words, dice)
    return first + data


def _changed(data: bytes, seeds: Sequence[bytes], words: Sequence[bytes], dice: Random) -> bytes:
    size = len(data)
    at = dice.randint(0, size)
    until = min(size, at + dice.choice((1, 1, 2, 4, 8, 30, 200)))
    match dice.randrange(9):
        case 0 if size:
            flipped = data[at - 1] ^ 1 << dice.randrange(8)
            return data[: at - 1] + bytes([flipped]) + data[at or size :]
        case 1:
            return data[:at] + dice.choice(ODD) + data[at:]
        case 2:
            return data[:at] + dice.choice(words) + data[until:]
        case 3:
            return data[:at] + data[until:]
        case 4:
            return data[:until] + data[at:until] * dice.choice((1, 2, 50)) + data[until:]
        case 5:
            other = dice.choice(seeds)
            return data[:at] + other[dice.randint(0, len(other)) :]
        case 6:
            return data[:at]
        case 7:
            lines = data.splitlines(keepends=True)
            dice.shuffle(lines)
            return b"".join(lines)
        case _:
            word, other = dice.choice(words), dice.choice(words)
            return data.replace(word, other, dice.choice((-1, 1)))


def words_of(*texts: str) -> list[bytes]:
    """What stands in the texts between spaces and commas, each once."""
    found = dict.fromkeys(
        word for text in texts for line in text.splitlines() for word in line.replace(",", " ").split()
    )
    return [word.encode() for word in found]
