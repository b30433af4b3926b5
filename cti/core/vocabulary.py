"""The words that rules, answers and sources share: situations, facts and answer sets, with their limits in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from cti.core.events import Value

Labels = Mapping[str, str]
"""A label per language, keyed "nl", "en", …"""

FactType = Literal["choice", "date", "number", "yes/no"]

UNKNOWN = "unknown"
"""The situation of a client of whom no stay and no destination is registered."""


@dataclass(frozen=True, slots=True)
class FactKind:
    """A fact that may be recorded: its type, the words it may take, and how long it lasts."""

    name: str
    type: FactType
    values: Mapping[str, Labels] = field(default_factory=dict)
    label: Labels = field(default_factory=dict)
    lasts_transition: bool = False
    """It becomes unknown at the client's next transition."""
    many: bool = False
    """Dates of this fact stand beside one another; a later one does not replace an earlier."""


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """One answer of an answer set."""

    name: str
    label: Labels
    records: Mapping[str, Value] = field(default_factory=dict)
    """Facts it records; a date fact may hold "today", the day of the answer."""
    asks: tuple[str, ...] = ()
    """Facts that must be given with it."""
    may: tuple[str, ...] = ()
    """Facts that may be given with it."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`gap` in days joins stays; `stale_days` is the age from which a moment is only asked about; `since` is the first day."""

    situations: Mapping[str, Labels]
    facts: Mapping[str, FactKind]
    answers: Mapping[str, Mapping[str, AnswerKind]]
    gap: int = 14
    stale_days: int = 42
    since: date = date.min
