"""What planning would change now, worked out without writing anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cti.core.calendar import Calendar
from cti.core.limits import Held
from cti.core.prompts import Change
from cti.core.rules import Rulebook
from cti.engine import System
from cti.engine.outcome import Planning
from cti.engine.planning import PLANNED_WITH, summary
from cti.engine.planning import preview as worked_out
from cti.engine.reading import RETRACTIONS
from cti.engine.rulebooks import read
from cti.problems import Problems
from cti.sentences import reason
from cti.store import held, meta, rulebooks


@dataclass(frozen=True)
class Preview:
    """The changes that anyone would notice, those over a limit among them; by due, then client.

    `new_rules` says that the folder holds other rules than those in force. `retractions` wait since the last reading.
    """

    now: datetime
    changes: tuple[Change, ...]
    waiting: frozenset[int]
    planning: Planning
    retractions: tuple[Held, ...]
    new_rules: bool
    rulebook: Rulebook
    calendar: Calendar

    def waits(self, change: Change) -> bool:
        """Whether the change is over a limit."""
        return id(change) in self.waiting

    def data(self, lang: str) -> dict[str, object]:
        """The preview as scripts read it."""
        return {
            "now": self.calendar.local(self.now).isoformat(),
            "new_rules": self.new_rules,
            "created": self.planning.created,
            "moved": self.planning.moved,
            "withdrawn": self.planning.withdrawn,
            "revived": self.planning.revived,
            "changes": [self._change(change, lang) for change in self.changes],
            "waiting": [
                {
                    "kind": over.what,
                    "of": over.of,
                    "clients": over.clients,
                    "limit": over.limit,
                    "open": over.open_clients,
                }
                for over in (*self.planning.held, *self.retractions)
            ],
        }

    def _change(self, change: Change, lang: str) -> dict[str, object]:
        plan = change.plan
        return {
            "change": "withdraw" if change.kind == "drop" else change.kind,
            "waits": self.waits(change),
            "key": plan.key,
            "client": plan.client,
            "rule": plan.rule,
            "step": plan.step,
            "role": plan.role,
            "due": self.calendar.local(plan.due).isoformat() if plan.due else None,
            "until": self.calendar.local(plan.until).isoformat() if plan.until else None,
            "reason": reason(lang, plan, self.rulebook, self.calendar),
        }


def preview(system: System, now: datetime) -> Preview:
    """What planning by the folder's rules would change at `now`. Raises Problems where they cannot be used."""
    loaded = read(system)
    if loaded.rulebook is None:
        raise Problems(loaded.problems)
    config, rulebook = system.config, loaded.rulebook
    with system.database.read() as tx:
        standing = rulebooks.in_force(tx)
        everyone = meta.get(tx, PLANNED_WITH) != f"{rulebook.digest}|{config.calendar.digest}"
        work, result = worked_out(tx, rulebook, config.calendar, config.limits, now, everyone)
        held_back = tuple(
            Held(
                entry.kind,
                entry.of,
                *(int(str(entry.numbers[name])) for name in ("clients", "limit", "open")),
            )
            for entry in held.holding(tx)
            if entry.kind == RETRACTIONS
        )
    changes = sorted((c for c in (*result.allowed, *result.waiting) if noticeable(c)), key=_order)
    return Preview(
        now,
        tuple(changes),
        frozenset(id(change) for change in result.waiting),
        summary(work, result),
        held_back,
        standing is not None and standing.digest != rulebook.digest,
        rulebook,
        config.calendar,
    )


def noticeable(change: Change) -> bool:
    """Whether anyone would notice: a prompt that is wanted comes, goes, moves or comes back."""
    if change.kind == "create":
        return change.plan.wanted
    if change.kind in ("drop", "withdraw"):
        return change.before is not None and change.before.plan.wanted
    return change.kind in ("move", "revive")


def _order(change: Change) -> tuple[bool, float, str, str]:
    due = change.plan.due
    return due is None, due.timestamp() if due is not None else 0.0, change.plan.client, change.plan.key
