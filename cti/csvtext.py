"""Tables to take along: CSV that no spreadsheet takes for anything but text and numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

Cell = str | int | float | date | None

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What makes spreadsheets take a text for a formula: it could fetch, send or run something where the file is opened."""


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> str:
    """The table as CSV (RFC 4180), with lines ended by CR LF. A text that could be a formula gets an apostrophe before it.

    Dutch spreadsheets open a file by a double click with ";" between the cells.
    """
    return "".join(csv_lines(header, rows, delimiter))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> Iterator[str]:
    """The same line by line, for tables that are too long to be held at once."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in chain([header], rows):
        writer.writerow([safe(cell) for cell in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def safe(cell: Cell) -> str:
    """A cell as text. Numbers stay numbers, also below nought; None is empty."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" \n").startswith(FORMULA) else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell)
