"""A sign of life while a command has said nothing yet: on standard error, in a terminal only.

Loading what a command needs may take longer than people wait without wondering, on a machine that is busy or scans every file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer

PATIENCE = 0.8
"""Seconds that a command may be silent."""


class _Sign:
    """A text that is shown after a while, and wiped out when the command begins to speak."""

    def __init__(self, text: Callable[[], str], after: float) -> None:
        self._text = text
        self._lock = Lock()
        self._width: int | None = 0  # of what is shown; None once it is over
        self._timer = Timer(after, self._show)
        self._timer.daemon = True
        self._timer.start()

    def _show(self) -> None:
        text = self._text()
        with self._lock:
            if self._width is not None:
                self._width = len(text)
                sys.stderr.write(f"{text}\r")
                sys.stderr.flush()

    def over(self) -> None:
        self._timer.cancel()
        with self._lock:
            if self._width:
                sys.stderr.write(f"{' ' * self._width}\r")
                sys.stderr.flush()
            self._width = None


_signs: list[_Sign] = []


@contextmanager
def waiting(text: Callable[[], str], after: float = PATIENCE) -> Iterator[None]:
    """Shows the text if nothing was said `after` so many seconds; `text` is asked for only then."""
    if sys.stderr.isatty():
        _signs.append(_Sign(text, after))
    try:
        yield
    finally:
        speak()


def speak() -> None:
    """What is said comes now: the sign is gone, and does not come again."""
    while _signs:
        _signs.pop().over()
