"""Tells a history as the events of a rule test: each record in as few lines as say it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from cti.core.calendar import Calendar
from cti.core.events import (
    Answer,
    Assignment,
    Closed,
    Event,
    Expected,
    Fact,
    History,
    Record,
    Stay,
    Value,
    Version,
)
from cti.core.reconcile import renamed_steps
from cti.core.rules import Rulebook
from cti.core.vocabulary import UNKNOWN, AnswerKind
from cti.rulebook.stepnames import Place, StepNames

Line = dict[str, object]
"""A table in braces, key by key."""

Entry = tuple[date, datetime, Line]
"""A line of `events` with the day that it stands under, and when it became known."""

ENDS = ("until", "destination")


@dataclass(frozen=True)
class Retold:
    """Tells histories in the words of these rules. What these have no word for is left out; a situation is then unknown."""

    steps: StepNames
    rulebook: Rulebook
    calendar: Calendar

    def events(self, history: History, unmet: Collection[tuple[date, str]] = ()) -> list[Line]:
        """The lines in the order of their days. `unmet` are the answers (day, RULE/STEP) to tell as facts."""
        begins = Counter(day for record in history.records for day in _begins(record))
        entries: list[Entry] = []
        for record in history.records:
            if any(isinstance(version.event, Answer) for version in record.versions):
                entries += self._answers(record, unmet)
            else:
                # Of two stays that begin on one day the id decides, so there it must be told.
                entries += self._told(record, any(begins[day] > 1 for day in _begins(record)))
        return [_ordered(line) for _, _, line in sorted(entries, key=lambda entry: entry[:2])]

    # --- records --------------------------------------------------------------------------------------------------

    def _told(self, record: Record, named: bool) -> list[Entry]:
        entries: list[Entry] = []
        for version in record.versions:
            known = self.calendar.day(version.known)
            line = self._line(version.event, known) if version.event is not None else None
            last = entries[-1][2] if entries else None
            if line is None:
                if last is not None:
                    last.setdefault("retracted", known)
            elif last is not None and len(entries) == 1 and _ended(last, line, known):
                last |= {key: line[key] for key in ENDS if key in line}
            else:
                entries += self._lines(version, line, known, first=last is None)
        if named or len(entries) > 1:
            for _, _, line in entries:
                line["id"] = f"r{record.id.ref}"
        # What is told of a record later stands below what was told before, also where it is about an earlier day.
        days = accumulate((day for day, _, _ in entries), max)
        return [(day, known, line) for day, (_, known, line) in zip(days, entries, strict=True)]

    def _lines(self, version: Version, line: Line, known: date, first: bool) -> Iterator[Entry]:
        """The line of a version, with when it was recorded. An end that is known ahead is told after the beginning."""
        day, until = line["day"], line.get("until")
        assert isinstance(day, date)
        if known != day:
            line["recorded"] = known
        if first and isinstance(until, date) and known < until:
            yield day, version.known, {key: value for key, value in line.items() if key not in ENDS}
        yield day, version.known, line

    def _line(self, event: Event, known: date) -> Line | None:
        """What an event says; None where the vocabulary has no word for it."""
        match event:
            case Stay(situation, begin, end, destination):
                line: Line = {"day": begin, "situation": self._situation(situation)}
                if end is not None:
                    line["until"] = max(end, begin)
                    if destination is not None:
                        line["destination"] = self._situation(destination)
                return line
            case Expected(situation, day):
                return {"day": known, "expected": self._situation(situation), **({"on": day} if day else {})}
            case Fact(name, value, day):
                return {"day": day, "fact": name, "value": value} if self._says(name, value) else None
            case Assignment(day, worker, team):
                return {
                    "day": day,
                    **({"worker": worker} if worker else {}),
                    **({"team": team} if team else {}),
                }
            case Closed(day, reason, until):
                return {"day": day, "closed": reason, **({"until": max(until, day)} if until else {})}
            case _:
                return None

    def _situation(self, name: str) -> str:
        return name if name in self.rulebook.vocabulary.situations else UNKNOWN

    def _says(self, fact: str, value: Value) -> bool:
        """Whether the fact may have this value."""
        kind = self.rulebook.vocabulary.facts.get(fact)
        if kind is None:
            return False
        match kind.type:
            case "choice":
                return value in kind.values
            case "date":
                return isinstance(value, date)
            case "number":
                return isinstance(value, int | float) and not isinstance(value, bool)
            case "yes/no":
                return isinstance(value, bool)

    # --- answers --------------------------------------------------------------------------------------------------

    def _answers(self, record: Record, unmet: Collection[tuple[date, str]]) -> Iterator[Entry]:
        """The answers to one prompt. One that was taken back was none."""
        if record.event is None:
            return
        for version in record.versions:
            if isinstance(version.event, Answer):
                day = self.calendar.day(version.event.at)
                for line in self._answer(version.event, day, unmet):
                    yield day, version.known, line

    def _answer(self, said: Answer, day: date, unmet: Collection[tuple[date, str]]) -> Sequence[Line]:
        place, found = self._kind(said)
        facts = {name: value for name, value in said.facts if self._says(name, value)}
        if found is None or (day, "/".join(place)) in unmet or not set(found[1].asks) <= facts.keys():
            return [{"day": day, "fact": name, "value": value} for name, value in facts.items()]
        answers, kind = found
        line: Line = {"day": day, "answer": f"{answers}.{kind.name}", "to": "/".join(place)}
        given = {name: facts[name] for name in (*kind.asks, *kind.may) if name in facts}
        return [line | ({"facts": given} if given else {})]

    def _kind(self, said: Answer) -> tuple[Place, tuple[str, AnswerKind] | None]:
        """The step that was answered, as it is called now, and the answer of the set that it takes now."""
        rule, step, _ = said.prompt.split("/", 2)
        place = renamed_steps(self.rulebook).get((rule, step), (rule, step))
        answers = self.steps.answer_sets.get(place) or ""
        kind = self.rulebook.vocabulary.answers.get(answers, {}).get(said.answer)
        return place, None if kind is None else (answers, kind)


def _ordered(line: Line) -> Line:
    """First when, then what, then what became of it."""
    place = {"day": 0, "recorded": 1, "retracted": 3, "id": 4}
    return dict(sorted(line.items(), key=lambda item: place.get(item[0], 2)))


def _begins(record: Record) -> set[date]:
    return {version.event.begin for version in record.versions if isinstance(version.event, Stay)}


def _ended(told: Line, line: Line, known: date) -> bool:
    """Whether this says of what was told no more than that it ended, on the day on which that became known."""
    day = told.get("recorded", told["day"])
    return (
        "retracted" not in told
        and "until" not in told
        and line.get("until") == known
        and isinstance(day, date)
        and day < known
        and all(told.get(key) == line.get(key) for key in ("day", "situation", "closed"))
    )
