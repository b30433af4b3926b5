"""A second reading of the design, section 4: a client's life as it was known at a moment; situations, facts, workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tests.second import facts as second_facts
from tests.second.line import Edge, Shut, Step, Told, all_steps, edges, shut
from tests.second.records import Journal, Said


@dataclass(frozen=True)
class Fact:
    """What is recorded of a fact: those recordings that stand, and those that were taken back, with when that was known."""

    live: tuple[second_facts.Said, ...]
    gone: tuple[tuple[second_facts.Said, datetime], ...]


class Life:
    """One client's life by these records."""

    def __init__(
        self,
        journal: Journal,
        records: Mapping[str, Sequence[Said]],
        kinds: Mapping[str, Mapping[str, object]],
        gap: int,
    ) -> None:
        self.journal, self.records, self.kinds, self.gap = journal, records, kinds, gap
        self.stays = [one.says for one in self._last("stay") if isinstance(one.says, Told)]
        closings = [one.says for one in self._last("closed") if isinstance(one.says, tuple)]
        self.shut: list[Shut] = shut(self.stays, closings, gap)
        every = all_steps(self.stays, closings, gap)
        self.steps: list[Step] = [step for step, seen in every if seen]
        self.unseen = [step for step, seen in every if not seen]
        self.edges: list[Edge] = edges(
            (record, [(v.known, v.says if isinstance(v.says, Told) else None) for v in versions])
            for record, versions in records.items()
            if versions[0].kind == "stay"
        )
        self.facts: dict[str, Fact] = self._read_facts()

    def _last(self, kind: str) -> list[Said]:
        return [versions[-1] for versions in self.records.values() if versions[-1].kind == kind]

    def midnight(self, day: date) -> datetime:
        return self.journal.midnight(day)

    def situation(self, day: date) -> str:
        """Where the client stands on that day."""
        return next((step.situation for step in reversed(self.steps) if step.day <= day), "unknown")

    def value(self, fact: str, at: datetime) -> object:
        """What is known of a fact at that moment; None: nothing."""
        said = self.facts[fact].live if fact in self.facts else ()
        return second_facts.holds(said, at, self.turns, self.gap, self.lasts(fact))

    @property
    def turns(self) -> list[datetime]:
        """The steps from one situation to another."""
        return [self.midnight(step.day) for step in self.steps[1:]]

    def lasts(self, fact: str) -> bool:
        return self.kinds.get(fact, {}).get("lasts") == "transition"

    def _read_facts(self) -> dict[str, Fact]:
        live: dict[str, list[second_facts.Said]] = {}
        gone: dict[str, list[tuple[second_facts.Said, datetime]]] = {}
        for record, versions in self.records.items():
            if versions[0].kind not in ("fact", "answered"):
                continue
            known: dict[tuple[str, object], datetime] = {}
            for number, one in enumerate(versions):
                if not isinstance(one.says, tuple):
                    continue
                pairs, at, _ = one.says
                answered = one.kind == "answered"
                for name, value in pairs:
                    known.setdefault((name, value), one.known)
                    said = second_facts.Said(value, at, known[name, value], f"{record}:{name}", answered)
                    after = [later for later in versions[number + 1 :] if not _still(later, name, value)]
                    if number == len(versions) - 1:
                        live.setdefault(name, []).append(said)
                    elif after and not any(_still(later, name, value) for later in versions[number + 1 :]):
                        gone.setdefault(name, []).append((said, after[0].known))
        return {
            name: Fact(
                tuple(sorted(live.get(name, ()), key=lambda one: (one.at, one.known, one.name))),
                tuple(gone.get(name, ())),
            )
            for name in live.keys() | gone.keys()
        }

    def around(self, at: datetime) -> tuple[datetime | None, str]:
        """The client's next transition, and the one before it."""
        following = next(
            (self.midnight(step.day) for step in self.steps if self.midnight(step.day) > at), None
        )
        return following, next((s.name for s in reversed(self.steps) if self.midnight(s.day) <= at), "")

    def assigned(self, day: date) -> tuple[str | None, str | None]:
        """The worker and the team that were named last by that day."""
        worker = team = None
        for one in self.worked():
            if one.live and one.day <= day:
                worker, team = one.worker or worker, one.team or team
        return worker, team

    def worked(self) -> list[Worked]:
        found = []
        for record, versions in self.records.items():
            if versions[0].kind != "assignment":
                continue
            known: dict[object, datetime] = {}
            days: dict[object, date] = {}
            for one in versions:
                if isinstance(one.says, tuple):
                    known.setdefault(one.says[1:], one.known)
                    days[one.says[1:]] = one.says[0]
            last = versions[-1].says
            for pair, day in days.items():
                worker, team = pair if isinstance(pair, tuple) else (None, None)
                live = isinstance(last, tuple) and last[1:] == pair
                found.append(Worked(day, known[pair], f"{record}:assigned", worker, team, live))
        return sorted(found, key=lambda one: (one.day, one.known, one.name))


@dataclass(frozen=True)
class Worked:
    day: date
    known: datetime
    name: str
    worker: str | None
    team: str | None
    live: bool


def _still(one: Said, name: str, value: object) -> bool:
    return isinstance(one.says, tuple) and (name, value) in one.says[0]
