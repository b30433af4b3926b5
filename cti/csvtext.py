"""Tables to take along: CSV that no spreadsheet takes for anything but text and numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

Cell = str | int | float | date | None

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What makes spreadsheets take a text for a formula: it could fetch, send or run something where the file is opened."""


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> str:
    """The table as CSV (RFC 4180), with lines ended by CR LF. A text that could be a formula gets an apostrophe before it.

    Dutch spreadsheets open a file by a double click with ";" between the cells.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in header])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe(cell: Cell) -> str:
    """A cell as text. Numbers stay numbers, also below nought; None is empty."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" \n").startswith(FORMULA) else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell)
