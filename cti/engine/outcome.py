"""What a tick did, as values: for the terminal, the log, and scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from cti.core.limits import Held
from cti.problems import Problem
from cti.sources.base import Note


@dataclass(frozen=True, slots=True)
class SourceRead:
    """How reading one source went. Each row was read, left out by a setting, or quarantined.

    `versions` is what it added to the journal; `people`, of a list of people, how many stand in it now. `problems` say why it
    could not be read, or what in it.
    """

    source: str
    read: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    quarantined: int = 0
    versions: int = 0
    changed: bool = False
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    held: Held | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Planning:
    """What planning changed. `clients` is how many were planned, `broken` how many could not be."""

    clients: int = 0
    broken: int = 0
    transitions: int = 0
    created: int = 0
    moved: int = 0
    withdrawn: int = 0
    revived: int = 0
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Posting:
    """What was told: `messages` made, `sent`, tried in vain (`retried`), refused for good (`failed`); prompts that nobody can
    receive (`unroutable`). `error` says what is wrong with the way out itself. `copy_of`: the database was put back from a copy
    of then, and no mail goes until someone says what was sent since (`cti.engine.copied`)."""

    messages: int = 0
    sent: int = 0
    retried: int = 0
    failed: int = 0
    unroutable: int = 0
    error: str | None = None
    problems: tuple[Problem, ...] = ()
    copy_of: datetime | None = None

    def and_then(self, more: Posting) -> Posting:
        """This, and the messages of another portion."""
        problems = tuple(dict.fromkeys((*self.problems, *more.problems)))
        return replace(self, messages=self.messages + more.messages, problems=problems)


@dataclass(frozen=True, slots=True)
class Tick:
    """One pass of the picture. `problems` say why a changed rules folder was refused, `refused` what of it is over a limit.

    `adopted` is the digest of a rulebook that came into force, `tested` how many tests of its folder had passed before.
    """

    now: datetime
    sources: tuple[SourceRead, ...] = ()
    planning: Planning = Planning()
    posting: Posting = Posting()
    problems: tuple[Problem, ...] = ()
    adopted: str | None = None
    tested: int = 0
    refused: tuple[Held, ...] = ()

    @property
    def held(self) -> tuple[Held, ...]:
        """Everything that waits because it is over a limit."""
        retractions = (source.held for source in self.sources if source.held is not None)
        return (*self.refused, *retractions, *self.planning.held)

    def data(self) -> dict[str, object]:
        """The tick as scripts read it."""
        left_out: dict[str, int] = {}
        for source in self.sources:
            for setting, count in source.left_out.items():
                left_out[setting] = left_out.get(setting, 0) + count
        return {
            "now": self.now.isoformat(),
            "read": sum(source.read for source in self.sources),
            "left_out": sum(left_out.values()),
            "quarantined": sum(source.quarantined for source in self.sources),
            "transitions": self.planning.transitions,
            "created": self.planning.created,
            "moved": self.planning.moved,
            "withdrawn": self.planning.withdrawn,
            "revived": self.planning.revived,
            "messages": self.posting.messages,
            "sent": self.posting.sent,
            "failed": self.posting.failed,
        }
