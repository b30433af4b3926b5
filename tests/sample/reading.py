"""A reading of the sample's exports that was written apart from the engine, day by day and by the letter of the design.

It is slow and plain on purpose. Each of its four skills (overlaps, gaps, corrections, deletions) can be switched off, to see that
the sample needs it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from cti.sample.truth import Transition

GAP = 14


@dataclass(frozen=True)
class Read:
    """A stay as an export has it."""

    id: str
    client: str
    situation: str
    begin: date
    end: date | None = None
    destination: str | None = None


# --- the line ---------------------------------------------------------------------------------------------------------


def transitions(
    stays: Iterable[Read], *, overlaps: bool = True, gap: int = GAP, until: date | None = None
) -> set[Transition]:
    """Every step of every client's line, before `until` if that is given."""
    by_client: dict[str, list[Read]] = defaultdict(list)
    for stay in stays:
        by_client[stay.client].append(stay)
    found: set[Transition] = set()
    for client, own in by_client.items():
        line = _joined(_absorbed(_line(own) if overlaps else _edges(own), gap))
        before: str | None = None
        for day, situation, _ in line:
            if until is None or day < until:
                found.add(Transition(client, before, situation, day))
            before = situation
    return found


Step = tuple[date, str, bool]
"""From this day on this situation; whether by a registered stay."""


def _line(stays: list[Read]) -> list[Step]:
    steps: list[Step] = []
    for day in sorted({s.begin for s in stays} | {s.end for s in stays if s.end is not None}):
        holds = [s for s in stays if s.begin <= day and (s.end is None or day < s.end)]
        over = [s for s in stays if s.end is not None and s.end <= day]
        if holds:
            steps.append((day, max(holds, key=lambda s: (s.begin, s.id)).situation, True))
        elif over:
            last = max(over, key=lambda s: (s.end or s.begin, s.begin, s.id))
            steps.append((day, last.destination or "unknown", False))
    return steps


def _edges(stays: list[Read]) -> list[Step]:
    """Without a thought for overlaps: every begin and every end is a change."""
    steps: list[tuple[date, int, Step]] = []
    for stay in stays:
        steps.append((stay.begin, 1, (stay.begin, stay.situation, True)))
        if stay.end is not None:
            steps.append((stay.end, 0, (stay.end, stay.destination or "unknown", False)))
    return [step for _, _, step in sorted(steps)]


def _absorbed(steps: list[Step], gap: int) -> list[Step]:
    kept: list[Step] = []
    for step in steps:
        if step[2]:
            gaps = 0
            while gaps < len(kept) and not kept[-1 - gaps][2]:
                gaps += 1
            if 0 < gaps < len(kept) and kept[-1 - gaps][1] == step[1]:
                first = kept[-gaps][0]
                if step[0] - first <= timedelta(days=gap):
                    del kept[-gaps:]
        kept.append(step)
    return kept


def _joined(steps: list[Step]) -> list[Step]:
    return [step for index, step in enumerate(steps) if index == 0 or steps[index - 1][1] != step[1]]


# --- event rows and snapshots -----------------------------------------------------------------------------------------


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def stays_of_events(path: Path, *, versions: str = "last", deletions: bool = True) -> list[Read]:
    """`versions`: "last", "first" (what was typed in once, for ever) or "stated" (each field as it was first filled in)."""
    by_id: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in table(path):
        if row["situation"] and (deletions or not row["retracted"]):
            by_id[row["id"]].append(row)
    found: list[Read] = []
    for rows in by_id.values():
        if versions == "last" and rows[-1]["retracted"]:
            continue
        if versions == "stated":
            fields = {name: next((r[name] for r in rows if r[name]), "") for name in rows[0]}
            if rows[-1]["retracted"]:
                continue
            found.append(_stay(fields))
        else:
            found.append(_stay(rows[-1] if versions == "last" else rows[0]))
    return found


def stays_of_snapshot(path: Path) -> list[Read]:
    return [_stay(row) for row in table(path) if row["situation"]]


def _stay(row: Mapping[str, str]) -> Read:
    return Read(
        row["id"],
        row["client"],
        row["situation"],
        date.fromisoformat(row["begin"]),
        date.fromisoformat(row["end"]) if row["end"] else None,
        row["destination"] or None,
    )


# --- HMIS, by the default reading of the design -------------------------------------------------------------------------

BY_TYPE = {
    **{"0": "crisis-shelter", "1": "crisis-shelter", "8": "crisis-shelter"},
    **{"4": "street", "2": "long-stay", "12": "at-risk"},
    **{"3": "own-home", "9": "own-home", "10": "own-home", "13": "own-home"},
}
BY_DESTINATION = {
    **dict.fromkeys(("101", "118"), "crisis-shelter"),
    "116": "street",
    **dict.fromkeys(("204", "205", "215", "225", "302", "327", "329", "332"), "long-stay"),
    **dict.fromkeys(("206", "207"), "institution"),
    **dict.fromkeys(("410", "411", "421", "426", "435"), "own-home"),
    **dict.fromkeys(("312", "313", "422", "423"), "with-others"),
}


def stays_of_hmis(folder: Path, *, deletions: bool = True, heads: bool = True) -> list[Read]:
    def live(name: str) -> list[dict[str, str]]:
        return [row for row in table(folder / f"{name}.csv") if not deletions or not row["DateDeleted"]]

    types = {row["ProjectID"]: row["ProjectType"] for row in live("Project")}
    exits = {row["EnrollmentID"]: row for row in live("Exit")}
    nights: dict[str, date] = {}
    for row in live("Services"):
        if row["RecordType"] == "200":
            night, enrolment = date.fromisoformat(row["DateProvided"]), row["EnrollmentID"]
            nights[enrolment] = min(nights.get(enrolment, night), night)
    found: list[Read] = []
    for row in live("Enrollment"):
        kind = types[row["ProjectID"]]
        if kind not in BY_TYPE or (heads and row["RelationshipToHoH"] != "1"):
            continue
        begin: date | None = date.fromisoformat(row["EntryDate"])
        assert begin is not None
        if kind == "4" and row["DateOfEngagement"]:
            begin = date.fromisoformat(row["DateOfEngagement"])
        elif kind == "1":
            begin = nights.get(row["EnrollmentID"])
        stay = Read(row["EnrollmentID"], row["PersonalID"], BY_TYPE[kind], begin or date.max)
        left = exits.get(row["EnrollmentID"])
        if left is not None:
            destination = BY_DESTINATION.get(left["Destination"])
            if kind == "12" and destination == "own-home" and left["HousingAssessment"] == "1":
                destination = "kept-home"
            stay = replace(stay, end=date.fromisoformat(left["ExitDate"]), destination=destination)
        if BY_TYPE[kind] == "own-home":
            moved = date.fromisoformat(row["MoveInDate"]) if row["MoveInDate"] else None
            if moved is None or (stay.end is not None and moved > stay.end):
                if stay.end is not None:
                    found.append(replace(stay, begin=stay.end))
                continue
            stay = replace(stay, begin=max(moved, stay.begin))
        if stay.begin != date.max:
            found.append(stay)
    return found


# --- figures ------------------------------------------------------------------------------------------------------------

KINDS = ("at-risk", "crisis-shelter", "long-stay", "own-home")


def figures(found: Iterable[Transition], true: Iterable[Transition]) -> dict[str, tuple[float, float]]:
    """Precision and recall of entering each of the four situations: the same client, on the very day."""
    result: dict[str, tuple[float, float]] = {}
    for kind in KINDS:
        said = {(t.client, t.day) for t in found if t.to == kind}
        right = {(t.client, t.day) for t in true if t.to == kind}
        both = len(said & right)
        result[kind] = (both / len(said) if said else 0.0, both / len(right) if right else 0.0)
    return result


def worst(found: Iterable[Transition], true: Iterable[Transition]) -> float:
    return min(min(pair) for pair in figures(list(found), list(true)).values())
