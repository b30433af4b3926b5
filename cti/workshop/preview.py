"""What planning would change now, by some rules, worked out without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cti.core.calendar import Calendar
from cti.core.limits import Held
from cti.core.prompts import Change, Planned
from cti.core.rules import Rulebook
from cti.engine import System
from cti.engine.assigned import teams_of_sources
from cti.engine.gate import failures
from cti.engine.listing import PEOPLE
from cti.engine.outcome import Planning
from cti.engine.planning import PLANNED_WITH, summary
from cti.engine.planning import preview as worked_out
from cti.engine.reading import RETRACTIONS
from cti.engine.working import Basis
from cti.i18n import format_day, say
from cti.problems import Problem
from cti.rulebook.check import Checked
from cti.sentences import reason
from cti.store import held, meta, rulebooks

KINDS = ("created", "moved", "withdrawn", "revived", "readdressed")
"""What can become of a prompt: how scripts call it, in the order of the table."""

_CHANGE = {"created": "create", "moved": "move", "withdrawn": "withdraw", "revived": "revive"}


@dataclass(frozen=True)
class Preview:
    """The changes that anyone would notice, those over a limit among them, each with its kind; by due, then client.

    `new_rules` says that these are other rules than those in force; `refused` why a running service would not take them over.
    `retractions` wait since the last reading.
    """

    now: datetime
    changes: tuple[tuple[str, Change], ...]
    waiting: frozenset[int]
    planning: Planning
    retractions: tuple[Held, ...]
    new_rules: bool
    refused: tuple[Problem, ...]
    rulebook: Rulebook
    calendar: Calendar

    def waits(self, change: Change) -> bool:
        """Whether the change is over a limit."""
        return id(change) in self.waiting

    @property
    def per_rule(self) -> Mapping[str, Counter[str]]:
        """The changes of each rule by kind; those that wait are counted as "waiting" only."""
        counts: dict[str, Counter[str]] = {}
        for kind, change in self.changes:
            of_rule = counts.setdefault(change.plan.rule, Counter())
            of_rule["waiting" if self.waits(change) else kind] += 1
        return dict(sorted(counts.items()))

    def count(self, kind: str) -> int:
        """How many changes of the kind there are, without those that wait."""
        return sum(counts[kind] for counts in self.per_rule.values())

    def why(self, kind: str, change: Change, lang: str) -> str:
        """Why the prompt stands as it would, and what it was before."""
        plan, before = change.plan, change.before
        said = reason(lang, plan, self.rulebook, self.calendar)
        if before is None:
            return said
        if kind == "moved" and before.plan.due is not None:
            day = format_day(lang, self.calendar.day(before.plan.due))
            said = say(lang, "{reason}; was due on {day}", reason=said, day=day)
        elif kind == "readdressed":
            said = say(lang, "{reason}; was for {role}", reason=said, role=before.plan.role)
        return say(lang, "{reason} (someone was told already)", reason=said) if before.told else said

    def data(self, lang: str) -> dict[str, object]:
        """The preview as scripts read it."""
        return {
            "now": self.calendar.local(self.now).isoformat(),
            "new_rules": self.new_rules,
            **{kind: self.count(kind) for kind in KINDS},
            "rules": [
                {"rule": rule, **{kind: counts[kind] for kind in (*KINDS, "waiting")}}
                for rule, counts in self.per_rule.items()
            ],
            "changes": [self._change(kind, change, lang) for kind, change in self.changes],
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
            "refused": [problem.data(lang) for problem in self.refused],
        }

    def _change(self, kind: str, change: Change, lang: str) -> dict[str, object]:
        plan, before = change.plan, change.before
        return {
            "change": _CHANGE.get(kind, "readdress"),
            "waits": self.waits(change),
            "key": plan.key,
            "client": plan.client,
            "rule": plan.rule,
            "step": plan.step,
            "role": plan.role,
            "due": self._time(plan.due),
            "until": self._time(plan.until),
            "reason": reason(lang, plan, self.rulebook, self.calendar),
            "told": before is not None and before.told,
            "was_due": self._time(before.plan.due) if before is not None else None,
            "was_role": before.plan.role if before is not None else None,
        }

    def _time(self, at: datetime | None) -> str | None:
        return self.calendar.local(at).isoformat() if at is not None else None


def preview(
    system: System, rulebook: Rulebook, checked: Checked, now: datetime, tested: bool = False
) -> Preview:
    """What planning by this rulebook, which was read so (`checked`), would change at `now`.

    `tested`: its own tests were run already, so they have no place in `refused`.
    """
    config = system.config
    with system.database.read() as tx:
        standing = rulebooks.in_force(tx)
        everyone = (
            meta.get(tx, PLANNED_WITH) != Basis(rulebook, config.calendar, teams_of_sources(config)).text
        )
        work, result = worked_out(tx, rulebook, config.calendar, config.limits, now, everyone)
        held_back = tuple(
            Held(
                entry.kind,
                entry.of,
                *(int(str(entry.numbers[name])) for name in ("clients", "limit", "open")),
            )
            for entry in held.holding(tx)
            if entry.kind in (RETRACTIONS, PEOPLE)
        )
    kinds = ((noticed(change, now), change) for change in (*result.allowed, *result.waiting))
    changes = sorted(((kind, change) for kind, change in kinds if kind is not None), key=_order)
    new_rules = standing is not None and standing.digest != rulebook.digest
    return Preview(
        now,
        tuple(changes),
        frozenset(id(change) for change in result.waiting),
        summary(work, result),
        held_back,
        new_rules,
        _refused(system, checked) if new_rules and not tested else (),
        rulebook,
        config.calendar,
    )


def noticed(change: Change, now: datetime) -> str | None:
    """What becomes of a prompt, one of KINDS, where anyone would notice: it was or will be current, and waits for an answer."""
    before = change.before
    if before is not None and (before.answer is not None or before.covered_by is not None):
        return None
    was = before is not None and _current(before.plan, now)
    will = change.kind != "drop" and _current(change.plan, now)
    if before is None or not was:
        return ("created" if before is None else "revived") if will else None
    if not will:
        return "withdrawn"
    one, other = before.plan, change.plan
    if (one.due, one.day) != (other.due, other.day):
        return "moved"
    return "readdressed" if (one.role, one.worker) != (other.role, other.worker) and not before.told else None


def _current(plan: Planned, now: datetime) -> bool:
    """Whether the prompt is wanted, and its time not over."""
    return plan.wanted and (plan.until is None or plan.until > now)


def _refused(system: System, checked: Checked) -> tuple[Problem, ...]:
    """Why a running service would not take over the rules, but for limits."""
    errors = tuple(found for found in checked.problems if found.level == "error")
    return errors or failures(checked, system)


def _order(entry: tuple[str, Change]) -> tuple[bool, float, str, str]:
    plan = entry[1].plan
    return plan.due is None, plan.due.timestamp() if plan.due is not None else 0.0, plan.client, plan.key
