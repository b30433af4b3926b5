"""The plan beside what was told: which row each planned step has, now or as it was on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from cti.core.events import Answer
from cti.core.prompts import WANTED, Planned, Stored
from cti.core.reconcile import diff, renamed_steps
from cti.core.rules import Rulebook
from cti.store.told import Telling

Place = tuple[str, str, str]
"""Rule id, step id and the name of a moment."""


def beside(
    planned: Sequence[Planned], rows: Iterable[Stored], rulebook: Rulebook
) -> tuple[dict[Place, Stored], list[Stored]]:
    """The row of each planned step as it stands beside what was told, and the told rows that no moment answers to any more.

    The number of a row is 0 where none is stored. It is what the next pass would make of it: a question that was put stands, and
    a moment is not told of twice.
    """
    by_number = {row.id: row for row in rows}
    fresh: dict[Place, Stored] = {}
    unsent = {row.plan.key: row for row in by_number.values() if not row.told}
    for change in diff(planned, [row for row in by_number.values() if row.told], rulebook):
        if change.before is None:
            stored = unsent.get(change.plan.key, Stored(0, change.plan))
            fresh[place_of(change.plan)] = replace(stored, plan=change.plan)
        else:
            by_number[change.before.id] = replace(change.before, plan=change.plan)
    told = [row for row in by_number.values() if row.told]
    current = renamed_steps(rulebook)
    answering: dict[Place, Stored] = {}
    for row in told:
        key = row.plan.rule, row.plan.step
        if row.plan.reason.code != "gone":
            for name in (row.plan.name, *row.plan.names):
                answering.setdefault((*current.get(key, key), name), row)
    found = {p: fresh.get(p) or answering.get(p) for p in map(place_of, planned)}
    by_place = {place_of(plan): Stored(0, plan) for plan in planned}
    return {place: row or by_place[place] for place, row in found.items()}, [
        row for row in told if row.plan.reason.code == "gone"
    ]


def as_stood(row: Stored, tellings: Sequence[Telling], answer: Answer | None, at: datetime) -> Stored:
    """The row as it was at that moment, when no more than this was said about it. Of a snooze nobody knows when it began."""
    first = next((one for one in tellings if one.kind == "prompt"), None)
    handed = row.handed_at is not None and row.handed_at <= at
    return replace(
        row,
        answer=answer.answer if answer else None,
        answered_at=answer.at if answer else None,
        answered_by=answer.by if answer else None,
        handed_to=row.handed_to if handed else None,
        sent_at=first.made_at if first else None,
        covered_by=next((one.number for one in tellings if one.kind == "covered"), None),
        told_standing=WANTED if tellings else None,
    )


def waiting(planned: Iterable[Planned], rows: Iterable[Stored]) -> set[str]:
    """The keys of what is wanted and no pass has carried out yet: after an answer of a minute ago, or over a limit."""
    stored = {row.plan.key: row.plan for row in rows}
    return {plan.key for plan in planned if plan.wanted and not _same(plan, stored.get(plan.key))}


def place_of(plan: Planned) -> Place:
    return plan.rule, plan.step, plan.name


def _same(plan: Planned, stored: Planned | None) -> bool:
    if stored is None:
        return False
    return (plan.reason.code, plan.due, plan.until) == (stored.reason.code, stored.due, stored.until)
