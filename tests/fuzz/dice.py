"""Inputs that are nearly right: what a target begins with, changed in a few places by dice of which the seed is known."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

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
