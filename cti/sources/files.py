"""Files of exports: found, looked at, decoded, and cut into records, however they were written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from itertools import islice
from pathlib import Path

from cti.sources.parse import make_day

DELIMITERS = ",;\t|"
MAX_BYTES = 4 * 1024**3
"""No export is larger; a larger one is a mistake or an attack on the memory."""

REREAD = 10
"""So often is a file read over again for quotes that are opened and not closed."""

_DAY_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")


class UnknownEncoding(Exception):
    """The bytes are no text in the encoding that they should have."""


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
    if path.is_dir():
        found = _matching(path, pattern)
    elif any(char in path.name for char in "*?[") and path.parent.is_dir():
        found = _matching(path.parent, path.name)
    else:
        return [path] if path.is_file() else []
    return sorted(file for file in found if file.is_file() and file.name[0] not in ".~")


def _matching(folder: Path, pattern: str) -> list[Path]:
    # By hand, as glob's sense of case depends on the system, and exports are called EXPORT.CSV as well.
    expression = re.compile(
        "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern), re.IGNORECASE
    )
    return [file for file in folder.iterdir() if expression.fullmatch(file.name)]


def decode(data: bytes, encoding: str = "auto") -> str:
    """The text of a file. "auto": by its byte order mark, else UTF-8, else Windows-1252.

    Raises `UnknownEncoding`, for an encoding that was asked for by name only.
    """
    if encoding == "auto":
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            encoding = "utf-16"
        elif len(data) > 3 and data[1:2] == data[3:4] == b"\0":
            encoding = "utf-16-le"
        else:
            try:
                return data.decode("utf-8-sig")
            except UnicodeDecodeError:
                # Bytes that Windows-1252 does not know become a sign that no reference may hold (`usable_id`).
                return data.decode("cp1252", errors="replace")
        return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError as error:
        raise UnknownEncoding(encoding) from error


@lru_cache(maxsize=10_000)
def plain(header: str) -> str:
    """A column's name, or a code, without case and without spaces around or doubled in it."""
    return " ".join(header.replace("\ufeff", "").casefold().split())


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV text cut up: its header, its lines, and from which one the records stand."""

    header: list[str]
    lines: list[str]
    first: int
    delimiter: str

    @property
    def cut_off(self) -> bool:
        """Whether the last line has no end, so that it may have been written in part."""
        return bool(self.lines) and not self.lines[-1].endswith(("\n", "\r"))


def sheet(text: str, known: Sequence[str] = (), delimiter: str | None = None) -> Sheet | None:
    """The text cut up; None where it has no header. The delimiter is the one that finds most of the `known` columns."""
    # readlines() cuts at line ends only; str.splitlines() would also cut at signs that may stand within a value.
    lines = io.StringIO(text, newline="").readlines()
    first = next((index for index, line in enumerate(lines) if line.strip("\ufeff \t\r\n")), None)
    if first is None:
        return None
    if (said := re.fullmatch(r'"?sep=(.)"?\s*', lines[first].strip("\ufeff"))) is not None:
        # A line that some spreadsheets write above the header.
        delimiter = said[1]
        first += 1
        if first >= len(lines):
            return None
    wanted = {plain(name) for name in known}
    choices = [delimiter] if delimiter else list(DELIMITERS)
    headers = [(choice, *_header(lines, first, choice)) for choice in choices]
    best, header, used = max(headers, key=lambda h: (sum(plain(name) in wanted for name in h[1]), len(h[1])))
    return Sheet(header, lines, first + used, best)


def _header(lines: list[str], first: int, delimiter: str) -> tuple[list[str], int]:
    reader = csv.reader(islice(lines, first, None), delimiter=delimiter, skipinitialspace=True)
    try:
        cells = next(reader)
    except (csv.Error, StopIteration):
        return [], 1
    return [cell.replace("\ufeff", "").strip() for cell in cells], reader.line_num


def records(sheet: Sheet) -> Iterator[tuple[int, list[str] | None]]:
    """The records with the number of their first line; None for one that cannot be cut into the header's columns.

    A short record is one whose last cells are empty. A quote that is opened and not closed costs its own line only: what
    follows it is read again from the next line. In a file that is full of them, the rest is cut line by line in the end: it
    would be read again and again.
    """
    at, width = sheet.first, len(sheet.header)
    patience = max(REREAD * len(sheet.lines), 100_000)
    while at < len(sheet.lines):
        if patience < 0:
            yield from _line_by_line(sheet, at)
            return
        reader = csv.reader(islice(sheet.lines, at, None), delimiter=sheet.delimiter, skipinitialspace=True)
        used, again = 0, None
        try:
            for cells in reader:
                begin, used = used, reader.line_num
                if not any(cells):
                    continue
                too_long = len(cells) > width and any(cells[width:])
                if used - begin > 1 and (too_long or len(cells) < width):
                    yield at + begin + 1, None
                    again = at + begin + 1
                    break
                yield at + begin + 1, None if too_long else cells
        except csv.Error:
            yield at + used + 1, None
            again = at + used + 1
        if again is None:
            return
        patience -= reader.line_num - (again - at) + 1
        at = again


def _line_by_line(sheet: Sheet, at: int) -> Iterator[tuple[int, list[str] | None]]:
    width = len(sheet.header)
    for number, line in enumerate(sheet.lines[at:], at + 1):
        try:
            cells = next(
                csv.reader([line], delimiter=sheet.delimiter, skipinitialspace=True, strict=True), []
            )
        except csv.Error:
            yield number, None
            continue
        if any(cells):
            yield number, None if any(cells[width:]) else cells
