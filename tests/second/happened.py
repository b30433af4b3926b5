"""A second reading of the design, sections 4 and 5: what rules answer to in a client's life."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tests.second import facts as second_facts
from tests.second.life import Life, Worked
from tests.second.line import DAY, Step, Told, answers_to
from tests.second.records import Said


@dataclass(frozen=True)
class Happened:
    """Something that a rule may answer to. `day` None: not known. `until` is when it is over, and `over` why. `turn` is the
    change of situation that it belongs to; `names` are those by which what was told of it is found."""

    kind: str
    what: str
    day: date | None
    known: datetime
    until: datetime | None
    over: str
    turn: str
    name: str
    names: frozenset[str]
    origin: str | None = None
    value: object = None
    before: str | None = None


def happened(life: Life) -> list[Happened]:
    """All of it."""
    found = [
        *_transitions(life),
        *_expectations(life),
        *(one for fact in life.facts for one in _recorded(life, fact)),
        *_changes(life),
    ]
    return sorted(
        found,
        key=lambda one: (one.day or one.known.astimezone(life.journal.zone).date(), one.kind, one.name),
    )


# --- transitions ----------------------------------------------------------------------------------------------------


def _transitions(life: Life) -> Iterator[Happened]:
    for step in life.steps:
        end = life.midnight(step.end) if step.end is not None else None
        yield _transition(life, step, end, "moved-on")
    for step in life.unseen:
        closed = min(one.day for one in life.shut if one.covers(step.day))
        yield _transition(life, step, life.midnight(closed), "closed")


def _transition(life: Life, step: Step, end: datetime | None, over: str) -> Happened:
    """Known is when the first version that says it was recorded; a spell answers to the ends that led to it (page 16)."""
    own = answers_to(step, life.edges, life.gap)
    naming = {edge for edge in life.edges if edge.name == step.name and (edge.live or edge in own)}
    near = life.gap * DAY
    led = {
        edge
        for edge in life.edges
        if edge.name.endswith(":ended")
        and step.day - near <= edge.day <= step.day + (0 * DAY if edge.live else near)
        and (step.end is None or edge.day < step.end)
    }
    names = {edge.name for edge in own | led} | {step.name}
    known = min(edge.known for edge in own | naming)
    return Happened(
        "enters",
        step.situation,
        step.day,
        known,
        end,
        over,
        step.name,
        step.name,
        frozenset(names),
        step.origin,
    )


# --- expectations -----------------------------------------------------------------------------------------------------


def _expectations(life: Life) -> Iterator[Happened]:
    """Unfulfilled expectations of one situation are one moment, named by the first; the latest recorded counts. It ends on
    entering that situation, on retraction, or a gap's length after its day. What is deleted and typed in again within a
    gap is the same (page 17)."""
    found: dict[str, list[_Foreseen]] = {}
    for record, versions in life.records.items():
        for one in _foreseen(record, versions, life.midnight):
            found.setdefault(one.situation, []).append(one)
    for situation, entries in found.items():
        groups: list[tuple[Step | None, list[_Foreseen]]] = []
        for one in sorted(entries, key=lambda entry: (entry.known, entry.name)):
            day = one.known.astimezone(life.journal.zone).date()
            came = next(
                (s for s in life.steps if s.situation == situation and (s.end is None or s.end > day)),
                None,
            )
            if groups and groups[-1][0] == came and _open(life, groups[-1][1], one.known):
                groups[-1][1].append(one)
            else:
                groups.append((came, [one]))
        for came, group in groups:
            standing = [one for one in group if one.gone is None]
            if standing:
                yield _expected(life, situation, group, standing, came)


def _open(life: Life, group: Sequence[_Foreseen], at: datetime) -> bool:
    near = life.gap * DAY
    return any(
        (one.gone is not None and abs(at - one.gone) <= near)
        or ((one.gone is None or one.gone > at) and (one.day is None or at <= life.midnight(one.day + near)))
        for one in group
    )


def _expected(
    life: Life, situation: str, group: Sequence[_Foreseen], standing: Sequence[_Foreseen], came: Step | None
) -> Happened:
    counts = max(standing, key=lambda one: (one.latest, one.name))
    given_up = life.midnight(counts.day + life.gap * DAY) if counts.day is not None else None
    entered = life.midnight(came.day) if came is not None else None
    fulfilled = entered is not None and (given_up is None or entered <= given_up)
    return Happened(
        "expects",
        situation,
        counts.day,
        min(one.known for one in group),
        entered if fulfilled else given_up,
        "fulfilled" if fulfilled else "lapsed",
        came.name if fulfilled and came is not None else standing[0].name,
        standing[0].name,
        frozenset(one.name for one in group),
    )


# --- recorded facts ---------------------------------------------------------------------------------------------------


def _recorded(life: Life, fact: str) -> Iterator[Happened]:
    kind = life.kinds.get(fact, {})
    if kind.get("type") == "date":
        yield from _dates(life, fact, bool(kind.get("many")))
    else:
        yield from _values(life, fact)


def _values(life: Life, fact: str) -> Iterator[Happened]:
    """Recording a fact is a moment when its value changes; repeats within the gap join it."""
    live, gone = life.facts[fact].live, life.facts[fact].gone
    turns, lasts = life.turns, life.lasts(fact)
    firsts = second_facts.changes(live, turns, life.gap, lasts)
    for number, first in enumerate(firsts):
        following = firsts[number + 1].at if number + 1 < len(firsts) else None
        until = following
        if until is None and lasts:
            until = next((turn for turn in turns if turn > first.at), None)
        same = [one for one in live if one.at >= first.at and (following is None or one.at < following)]
        near = [
            one
            for one, _ in gone
            if one.value == first.value
            and first.at - life.gap * DAY <= one.at
            and (until is None or one.at < until)
        ]
        end, turn = life.around(first.at)
        yield Happened(
            "records",
            fact,
            first.at.astimezone(life.journal.zone).date(),
            min(one.known for one in [*same, *near]),
            end,
            "moved-on",
            turn,
            first.name,
            frozenset(one.name for one in [*same, *near]),
            value=first.value,
        )


def _dates(life: Life, fact: str, many: bool) -> Iterator[Happened]:
    """Recording a date is a moment whose day is that date; a later record replaces it unless the vocabulary says `many`,
    until a gap after the date (page 4)."""
    near = life.gap * DAY
    groups: list[list[second_facts.Said]] = []
    for one in life.facts[fact].live:
        same = next((group for group in groups if group[-1].value == one.value), None) if many else None
        if same is None and groups and not many and _moves(life, fact, groups[-1][-1], one):
            same = groups[-1]
        if same is None:
            groups.append([one])
        else:
            same.append(one)
    for number, group in enumerate(groups):
        first, latest = group[0], group[-1]
        following = groups[number + 1][0].at if number + 1 < len(groups) and not many else None
        ghosts = [
            one
            for one, ended in life.facts[fact].gone
            if (following is None or one.at < following)
            and (
                (abs(_day(one) - _day(latest)) <= near and (many or first.at - near <= one.at))
                or (
                    not many
                    and any(abs(other.known - ended) <= near for other in group)
                    and _moves(life, fact, one, first)
                )
            )
        ]
        end, turn = life.around(latest.at)
        every = [*group, *ghosts]
        yield Happened(
            "records",
            fact,
            _day(latest),
            min(one.known for one in every),
            end,
            "moved-on",
            turn,
            first.name,
            frozenset(one.name for one in every),
            value=latest.value,
        )


def _moves(life: Life, fact: str, before: second_facts.Said, one: second_facts.Said) -> bool:
    said_on = one.at.astimezone(life.journal.zone).date()
    if said_on - _day(before) > life.gap * DAY:
        return False
    return not life.lasts(fact) or not any(before.at < turn <= one.at for turn in life.turns)


def _changes(life: Life) -> Iterator[Happened]:
    """A change of worker. Of two named on one day it is whoever was recorded last (page 19)."""
    worked = life.worked()
    last_of: dict[date, Worked] = {one.day: one for one in worked if one.live and one.worker}
    runs: list[Worked] = []
    for one in last_of.values():
        if not runs or runs[-1].worker != one.worker:
            runs.append(one)
    for number, first in enumerate(runs[1:], 1):
        until = runs[number + 1].day if number + 1 < len(runs) else date.max
        own = [
            one
            for one in worked
            if one.worker == first.worker
            and (first.day if one.live else first.day - life.gap * DAY) <= one.day < until
        ]
        end, turn = life.around(life.midnight(first.day))
        yield Happened(
            "changes",
            "worker",
            first.day,
            min(one.known for one in own),
            end,
            "moved-on",
            turn,
            first.name,
            frozenset(one.name for one in own),
            before=runs[number - 1].worker,
        )


@dataclass(frozen=True)
class _Foreseen:
    situation: str
    day: date | None
    known: datetime
    latest: datetime
    name: str
    gone: datetime | None


def _foreseen(record: str, versions: Sequence[Said], at: Callable[[date], datetime]) -> Iterator[_Foreseen]:
    """What a record foresees; a stay that is dated after its recording counts as an expectation from its recording."""
    said: list[tuple[datetime, tuple[str, date | None] | None, Told | None]] = []
    for one in versions:
        stay = one.says if isinstance(one.says, Told) else None
        if one.kind == "expected" and isinstance(one.says, tuple):
            said.append((one.known, (one.says[0], one.says[1]), None))
        elif stay is not None and at(stay.begin) > one.known:
            said.append((one.known, (stay.situation, stay.begin), stay))
        else:
            said.append((one.known, None, stay))
    for situation in {says[0] for _, says, _ in said if says is not None}:
        mine = [(known, says[1]) for known, says, _ in said if says is not None and says[0] == situation]
        day = mine[-1][1]
        # The last time that this day was said anew: after another day, or after it was taken back.
        latest, gone = mine[0][0], None
        before: object = _NOTHING
        for known, says, stay in said:
            if says is not None and says[0] == situation:
                if before != says[1] or gone is not None:
                    latest = known
                before, gone = says[1], None
            elif (
                before is not _NOTHING
                and gone is None
                and not (stay is not None and stay.situation == situation)
            ):
                gone = known
        yield _Foreseen(situation, day, mine[0][0], latest, f"{record}:expected", gone)


_NOTHING = object()


def _day(one: second_facts.Said) -> date:
    assert isinstance(one.value, date)
    return one.value
