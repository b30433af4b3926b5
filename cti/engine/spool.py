"""What was found of all clients, kept in a file without a name until it is applied: it is gone with the process."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType

from cti.engine.surveying import Found

AS_IT_IS = 25
"""So many batches are kept as they are, a megabyte or two each: few passes have more, and packing costs a tenth of a plan."""

IN_MEMORY = 8_000_000
"""Bytes of what is packed that are kept in memory; what is more goes into the file."""


class Spool:
    """Keeps what was found, in order. `folder` is where the file is made: beside the database, where its data may be."""

    def __init__(self, folder: Path | None) -> None:
        self._first: deque[Found] = deque()
        self._file = SpooledTemporaryFile(IN_MEMORY, dir=str(folder) if folder is not None else None)  # noqa: SIM115
        self._count = 0

    def put(self, found: Found) -> None:
        """Keeps what was found of some clients."""
        if len(self._first) < AS_IT_IS:
            self._first.append(found)
            return
        pickle.dump(found.packed(), self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def __iter__(self) -> Iterator[Found]:
        """All that was kept, once."""
        while self._first:
            yield self._first.popleft()
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
