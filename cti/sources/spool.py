"""Rows by the million: those that memory has no room for wait in a file of the system's, sorted by record."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from weakref import finalize

from cti.i18n import mark
from cti.problems import Problems, problem
from cti.sources.rows import Row

RowOf = tuple[Row, tuple[str, ...]]
"""A row, and the parts that rows of its file may have."""

Mark = tuple[int, bool]

IN_MEMORY = 200_000
"""So many rows, some 200 MB, are kept in memory."""

AT_ONCE = 20_000
"""So many rows are given at once, and those of the last record among them."""

_MAKE = "CREATE TABLE rows (number INTEGER PRIMARY KEY, ref TEXT, recorded INTEGER, row BLOB)"
_PUT = "INSERT INTO rows (number, ref, recorded, row) VALUES (?, ?, ?, ?)"


class Spool:
    """Takes rows in the order in which they stand, and gives them back in pieces, each record's within one.

    The versions of a record come oldest first, whatever the order of files and rows; where times are not stated, as they stand.
    What is in the file vanishes with the process: it has no name.
    """

    def __init__(self) -> None:
        self._rows: list[RowOf] = []
        self._dated = True
        self._down = 0
        self._file: sqlite3.Connection | None = None

    @property
    def in_memory(self) -> bool:
        return self._file is None

    def add(self, row: Row, parts: tuple[str, ...]) -> None:
        """Takes one more."""
        self._dated = self._dated and row.recorded is not None
        self._rows.append((row, parts))
        if len(self._rows) >= (IN_MEMORY if self.in_memory else AT_ONCE):
            self._put_down()

    def mark(self) -> Mark:
        """How far it is; for `back`."""
        return self._down + len(self._rows), self._dated

    def back(self, mark: Mark) -> None:
        """Lets go of what was taken since then."""
        size, self._dated = mark
        if self._file is not None and size < self._down:
            self._file.execute("DELETE FROM rows WHERE number > ?", (size,))
            self._down = size
        del self._rows[size - self._down :]

    def pieces(self) -> Iterator[list[RowOf]]:
        """The rows, from the beginning each time this is asked."""
        if self._file is None:
            rows = self._rows
            if self._dated:
                rows = sorted(rows, key=lambda entry: _moment(entry[0]))
            yield rows
            return
        self._put_down()
        order = "ref, recorded, number" if self._dated else "ref, number"
        with closing(self._file.execute(f"SELECT ref, row FROM rows ORDER BY {order}")) as found:
            piece: list[RowOf] = []
            for _, of_one in groupby(found, key=lambda entry: entry[0]):
                for _, row in of_one:
                    piece.append(pickle.loads(row))
                    if len(piece) >= IN_MEMORY:  # one record with more versions than memory has room for
                        yield piece
                        piece = []
                if len(piece) >= AT_ONCE:
                    yield piece
                    piece = []
            if piece:
                yield piece

    def _put_down(self) -> None:
        try:
            if self._file is None:
                self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
                finalize(self, self._file.close)
                for said in ("PRAGMA journal_mode = OFF", "PRAGMA cache_size = -16384", _MAKE, "BEGIN"):
                    self._file.execute(said)
            self._file.executemany(
                _PUT,
                (
                    (number, entry[0].ref, _moment(entry[0]), pickle.dumps(entry, 5))
                    for number, entry in enumerate(self._rows, self._down + 1)
                ),
            )
        except sqlite3.OperationalError as full:
            text = mark("there is no room on the disk to sort so many rows: {why}")
            raise Problems([problem(text, why=str(full))]) from full
        self._down += len(self._rows)
        self._rows.clear()


def _moment(row: Row) -> int:
    """The time of its recording in millionths of a second; earlier than all where it is not stated."""
    if row.recorded is None:
        return -(2**62)
    return int(row.recorded.timestamp()) * 1_000_000 + row.recorded.microsecond
