"""What was found when a draft was looked through, kept in the database: in words, for each language, and without any client.

So it is there for whoever asks, whichever process did the work, and a restart costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection

from cti.store import meta

KEY = "draft"
LOST = timedelta(minutes=20)
"""After so long a work that has not ended is taken for lost, with the process that did it."""

Stage = Literal["checking", "checked", "simulating", "simulated", "failed"]


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is wrong or most likely not meant: a sentence with its place, and what to write instead."""

    level: str
    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """All of it in one language. `failing` are the tests that fail, each as a calendar; `changes` are those of the plan by rule,
    counted by kind as counts may be shown; `over` says what is over a limit; `simulation` is the body of a page."""

    lacks: tuple[Lack, ...] = ()
    failing: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    changes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    over: tuple[str, ...] = ()
    simulation: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in the draft that had this digest. `since` is when someone (`by`) had it looked through.

    `done`: how much of the work that is under way is done, of 100.
    """

    digest: str
    since: datetime
    by: str
    stage: Stage = "checking"
    done: int = 0
    usable: bool = False
    """It has no errors."""
    same: bool = False
    """It means what the rules in force mean."""
    standing: str = ""
    """The digest of the rulebook that was in force meanwhile, with which it was compared."""
    rulebook: str = ""
    """The digest of the draft's rulebook, where it is usable."""
    changed: Sequence[str] = ()
    """The rules that differ from those in force in a file or a text; "vocabulary" where that does."""
    tests: int = 0
    failed: int = 0
    said: Mapping[str, Said] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        """Whether it may come into force, limits apart."""
        return self.usable and not self.failed and not self.same

    def under_way(self, now: datetime) -> bool:
        """Whether someone works on it still."""
        return self.stage in ("checking", "simulating") and now - self.since < LOST


def found(tx: Connection) -> Findings | None:
    """What was found last; None where no draft was looked through yet."""
    kept = meta.get(tx, KEY)
    if kept is None:
        return None
    said = {lang: _said(one) for lang, one in kept["said"].items()}
    return Findings(**(kept | {"said": said, "since": datetime.fromisoformat(kept["since"])}))


def keep(tx: Connection, findings: Findings) -> None:
    """Keeps what was found, in place of what was found before."""
    meta.put(tx, KEY, asdict(findings) | {"since": findings.since.isoformat()})


def begin(tx: Connection, new: Findings) -> bool:
    """Notes that a work begins; False, and nothing is noted, while another one is under way."""
    before = found(tx)
    if before is not None and before.under_way(new.since):
        return False
    keep(tx, new)
    return True


def again(findings: Findings, stage: Stage, since: datetime, by: str) -> Findings:
    """A further work on the same draft, which keeps what was found."""
    return replace(findings, stage=stage, since=since, by=by, done=0)


def go_on(tx: Connection, findings: Findings, **other: Any) -> Findings:
    """The findings with something else about them, kept."""
    findings = replace(findings, **other)
    keep(tx, findings)
    return findings


def _said(kept: Mapping[str, Any]) -> Said:
    return Said(
        tuple(Lack(**lack) for lack in kept["lacks"]),
        tuple(kept["failing"]),
        tuple(kept["kinds"]),
        tuple((rule, tuple(counts)) for rule, counts in kept["changes"]),
        tuple(kept["over"]),
        kept["simulation"],
    )
