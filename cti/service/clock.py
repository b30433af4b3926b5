"""The one clock of the service. A demonstration runs ahead of it, or behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def clock() -> datetime:
    """The time it is."""
    return datetime.now(UTC)


def clock_at(ahead: timedelta) -> Clock:
    """A clock that is so far ahead of the real one."""
    return lambda: clock() + ahead
