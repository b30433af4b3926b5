"""Since when a snapshot says what it says, where no column has the day: the first snapshot that said it.

A snapshot only has the present. Without a memory a fact would seem to be recorded anew each day, and a worker who took over
would seem to have been there all the time, so that nobody is asked to hand over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from cti.core.events import Assignment, Value


class Since:
    """The memory of one reading: what the last one left, and what this one leaves (`state`, JSON)."""

    def __init__(self, state: dict[str, Any], today: date) -> None:
        self._facts: dict[str, Any] = state.get("facts", {})
        self._workers: dict[str, Any] = state.get("workers", {})
        self.today = today
        self.state: dict[str, dict[str, Any]] = {"facts": {}, "workers": {}}

    def keep(self, ref: str) -> None:
        """Remembers of a row what the last reading left: it could not be read this time, which says nothing about it."""
        if ref in self._workers:
            self.state["workers"][ref] = self._workers[ref]
        for name, seen in self._facts.items():
            if ref in seen:
                self.state["facts"].setdefault(name, {})[ref] = seen[ref]

    def fact(self, ref: str, name: str, value: Value) -> date:
        """The day since which this row says this value."""
        said = value.isoformat() if isinstance(value, date) else value
        before = self._facts.get(name, {}).get(ref)
        day = before[1] if before is not None and before[0] == said else self.today.isoformat()
        self.state["facts"].setdefault(name, {})[ref] = [said, day]
        return date.fromisoformat(day)

    def assignments(
        self, ref: str, worker: str | None, team: str | None, begin: date | None, over: bool
    ) -> Iterator[tuple[str, Assignment]]:
        """The part and the assignment of each worker that this row has named, the present one last.

        `begin` is the day of the first one, where it is stated. A row that is over (its stay ended) is followed no further
        unless it named several: its first worker would else be forgotten for the last.
        """
        said: list[list[Any]] = [list(entry) for entry in self._workers.get(ref, [])]
        if said and said[-1][0] == worker:
            said[-1][1] = team
        else:
            said.append([worker, team, (self.today if said else begin or self.today).isoformat()])
        if not over or len(said) > 1:
            self.state["workers"][ref] = said
        for number, (who, of, day) in enumerate(said, 1):
            part = "assignment" if number == 1 else f"assignment:{number}"
            yield part, Assignment(date.fromisoformat(day), who, of)
