"""Files of exports: found, looked at, decoded, and cut into records, however they were written and however long they are.

A file is gone through from its beginning to its end; of its lines those of one record are kept.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from os.path import isdir, isfile
from pathlib import Path
from typing import BinaryIO

from cti.sources.parse import make_day

DELIMITERS = ",;\t|"
MAX_BYTES = 4 * 1024**3
"""No export is larger; a larger one is a mistake or an attack on the memory."""

REREAD, PATIENCE = 10, 1_000_000
"""So many lines are read over again for quotes that are opened and not closed: so often the file so far, and this many."""

LONGEST_LINE, LONGEST_RECORD = 2**20, 2**24
"""In letters. What is longer was not written by a registration."""

SCANNED = 2**20

_DAY_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Look:
    """How a file stood when it was looked at."""

    size: int
    changed: int
    """Its time of change in nanoseconds."""

    def as_state(self) -> list[int]:
        return [self.size, self.changed]


def look(path: Path) -> Look:
    """Size and time of change."""
    stat = path.stat()
    return Look(stat.st_size, stat.st_mtime_ns)


def day_in_name(name: str) -> date | None:
    """The day in a file's name, as 2026-03-01 or 20260301."""
    match = _DAY_IN_NAME.search(name)
    return make_day(int(match[1]), int(match[2]), int(match[3])) if match else None


def day_of(path: Path, zone: tzinfo) -> date:
    """The day that a file is about: the one in its name, else that of its last change."""
    return day_in_name(path.name) or datetime.fromtimestamp(path.stat().st_mtime, zone).date()


def find(path: Path, pattern: str = "*.csv") -> list[Path]:
    """The files that a path means: the file itself, those of a folder, or those of a pattern (`exports/*.csv`).

    Hidden files and those that a program is still writing under another name are not among them.
    """
    if isdir(path):
        found = _matching(path, pattern)
    elif any(char in path.name for char in "*?[") and isdir(path.parent):
        found = _matching(path.parent, path.name)
    else:
        return [path] if isfile(path) else []
    return sorted(file for file in found if isfile(file) and file.name[0] not in ".~")


def _matching(folder: Path, pattern: str) -> list[Path]:
    # By hand, as glob's sense of case depends on the system, and exports are called EXPORT.CSV as well.
    expression = re.compile(
        "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern), re.IGNORECASE
    )
    return [file for file in folder.iterdir() if expression.fullmatch(file.name)]


@lru_cache(maxsize=10_000)
def plain(header: str) -> str:
    """A column's name, or a code, without case and without spaces around or doubled in it."""
    return " ".join(header.replace("\ufeff", "").casefold().split())


@dataclass(frozen=True, slots=True)
class Scan:
    """What a file is, without what is in it: the encoding to read it in (None: it is not in the one that it should have), and a
    fingerprint of its bytes."""

    encoding: str | None
    fingerprint: str


def scan(file: BinaryIO, encoding: str = "auto") -> Scan:
    """Goes through a file. "auto": its encoding is told by its byte order mark, else UTF-8, else Windows-1252."""
    fingerprint = hashlib.sha256()
    piece = file.read(SCANNED)
    wanted, right = _wanted(piece, encoding), True
    decoder = codecs.getincrementaldecoder(wanted)()
    while piece:
        fingerprint.update(piece)
        following = file.read(SCANNED)
        try:
            if right:
                decoder.decode(piece, not following)
        except UnicodeError:
            right = False
        piece = following
    found: str | None = wanted
    if not right:
        # Bytes that Windows-1252 does not know become a sign that no reference may hold (`usable_id`).
        fallback = "cp1252" if wanted == "utf-8-sig" else wanted
        found = fallback if encoding == "auto" else None
    return Scan(found, fingerprint.hexdigest()[:24])


def _wanted(head: bytes, encoding: str) -> str:
    """The codec in which a file that begins so should be."""
    marked = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if encoding == "utf-16" or (encoding == "auto" and marked):
        return "utf-16" if marked else "utf-16-le"
    if encoding == "auto" and len(head) > 3 and head[1:2] == head[3:4] == b"\0":
        return "utf-16-le"
    return "utf-8-sig" if encoding in ("auto", "utf-8") else encoding


class Lines:
    """The lines of a file, one after another. Those taken since the last `done` can be given back and read once more."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        # Cut at line ends only; str.splitlines() would also cut at signs that may stand within a value.
        self._text = io.TextIOWrapper(file, encoding, "replace", newline="")
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._letters = 0
        self.number = 0
        """How many lines were taken and not given back."""
        self.last = ""

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.detach()  # the file is its opener's to close

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._next()
        self.number += 1
        self._taken.append(line)
        self._letters += len(line)
        if self._letters > LONGEST_RECORD and len(self._taken) > 1:
            raise csv.Error("the record does not end")
        return line

    def done(self) -> None:
        """What was taken is not needed any more."""
        self._taken.clear()
        self._letters = 0

    def back(self, but: int = 0) -> int:
        """Gives back what was taken since `done`, all but the first so many lines; says how many these are."""
        given = self._taken[but:]
        self._again.extendleft(reversed(given))
        self.number -= len(given)
        self.done()
        return len(given)

    def _next(self) -> str:
        line = self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) == LONGEST_LINE and line[-1] not in "\r\n":
            # Nobody writes such a line; what is beyond is left out, and what is kept is too long for a cell.
            while (more := self._text.readline(LONGEST_LINE)) and more[-1] not in "\r\n":
                pass
            line += more[-1:]
        self.last = line
        return line


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV text cut up: its header, and the lines of its records."""

    header: list[str]
    lines: Lines
    delimiter: str

    @property
    def cut_off(self) -> bool:
        """Whether the last line has no end, so that it may have been written in part. Known when all was read."""
        return bool(self.lines.last) and not self.lines.last.endswith(("\n", "\r"))


def sheet(lines: Lines, known: Sequence[str] = (), delimiter: str | None = None) -> Sheet | None:
    """The text cut up; None where it has no header. The delimiter is the one that finds most of the `known` columns."""
    first = _first_said(lines)
    if first is not None and (said := re.fullmatch(r'"?sep=(.)"?\s*', first.strip("\ufeff"))) is not None:
        # A line that some spreadsheets write above the header.
        delimiter = said[1]
        lines.done()
        first = next(lines, None)
    if first is None:
        return None
    lines.back()
    wanted = {plain(name) for name in known}
    choices = [delimiter] if delimiter else list(DELIMITERS)
    headers = [(choice, *_header(lines, choice)) for choice in choices]
    best, header, used = max(headers, key=lambda h: (sum(plain(name) in wanted for name in h[1]), len(h[1])))
    for _ in range(used):
        next(lines)
    lines.done()
    return Sheet(header, lines, best)


def _first_said(lines: Lines) -> str | None:
    """The first line in which something stands."""
    for line in lines:
        if line.strip("\ufeff \t\r\n"):
            return line
        lines.done()
    return None


def _header(lines: Lines, delimiter: str) -> tuple[list[str], int]:
    """The header if this is the delimiter, and how many lines it takes; the lines are given back."""
    try:
        cells = next(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
    except (csv.Error, StopIteration):
        lines.back()
        return [], 1
    return [cell.replace("\ufeff", "").strip() for cell in cells], lines.back()


def records(sheet: Sheet) -> Iterator[tuple[int, list[str] | None]]:
    """The records with the number of their first line; None for one that cannot be cut into the header's columns.

    A short record is one whose last cells are empty. A quote that is opened and not closed costs its own line only: what
    follows it is read again from the next line. In a file that is full of them, the rest is cut line by line in the end: it
    would be read again and again.
    """
    lines, width, reread = sheet.lines, len(sheet.header), 0
    while True:
        begin, torn = lines.number, False
        try:
            for cells in csv.reader(lines, delimiter=sheet.delimiter, skipinitialspace=True):
                if any(cells):
                    too_long = len(cells) > width and any(cells[width:])
                    if lines.number - begin > 1 and (too_long or len(cells) < width):
                        torn = True
                        break
                    lines.done()
                    yield begin + 1, None if too_long else cells
                else:
                    lines.done()
                begin = lines.number
        except csv.Error:
            torn = True
        if not torn:
            return
        reread += lines.back(1)
        yield begin + 1, None
        if reread > PATIENCE + REREAD * lines.number:
            yield from _line_by_line(sheet)
            return


def _line_by_line(sheet: Sheet) -> Iterator[tuple[int, list[str] | None]]:
    width = len(sheet.header)
    for line in sheet.lines:
        sheet.lines.done()
        number = sheet.lines.number
        try:
            cells = next(
                csv.reader([line], delimiter=sheet.delimiter, skipinitialspace=True, strict=True), []
            )
        except csv.Error:
            yield number, None
            continue
        if any(cells):
            yield number, None if any(cells[width:]) else cells
