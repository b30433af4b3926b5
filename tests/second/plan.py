"""A second reading of the rule files: for each step of each thing that happened, wanted or why not, and in which window."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from tests.second.days import distance, rolled
from tests.second.happened import Happened, happened
from tests.second.life import Life
from tests.second.line import DAY
from tests.second.records import Answer

Table = Mapping[str, Any]
OPENS = time(9)
UNITS = {"day": "days", "week": "weeks", "month": "months", "working day": "working days"}


@dataclass(frozen=True)
class Delay:
    amount: int
    unit: str
    before: bool


def delay(text: str) -> Delay:
    """A delay as a rule writes it: "14 days", "2 weeks before", "same working day"."""
    if text.startswith("same"):
        return Delay(0, "days", False)
    found = re.fullmatch(r"(\d+) (working day|day|week|month)s?( before)?", text)
    assert found is not None, text
    return Delay(int(found[1]), UNITS[found[2]], found[3] is not None)


@dataclass(frozen=True)
class Rules:
    """The rule files as they stand, and what the vocabulary says of time."""

    rules: Sequence[Table]
    facts: Mapping[str, Table]
    gap: int
    stale: int
    since: date


def read_rules(folder: Path) -> Rules:
    """All rules of a folder, by the names of their files."""
    vocabulary = tomllib.loads((folder / "vocabulary.toml").read_text(encoding="utf-8"))
    files = sorted(file for file in folder.glob("*.toml") if file.name != "vocabulary.toml")
    stale = delay(vocabulary["stale"])
    return Rules(
        [tomllib.loads(file.read_text(encoding="utf-8")) for file in files],
        vocabulary["facts"],
        delay(vocabulary["gap"]).amount,
        stale.amount * (7 if stale.unit == "weeks" else 1),
        vocabulary["since"],
    )


@dataclass(frozen=True)
class Planned:
    """A step of something that happened: `code` is "wanted" or why not; `wanted` is its day before lateness moved it."""

    rule: str
    step: str
    of: Happened
    code: str
    due: datetime | None
    wanted: datetime | None
    until: datetime | None
    role: str
    asks: str | None = None
    urgent: bool = False


class Plan:
    """The plan of one client, by what is known of the client's life. `works` says on which days the organisation does."""

    def __init__(
        self,
        life: Life,
        rules: Rules,
        answers: Sequence[Answer],
        at: Callable[[date, time], datetime],
        works: Callable[[date], bool],
    ) -> None:
        self._life, self._rules, self._answers, self._at, self._works = life, rules, answers, at, works

    def steps(self) -> list[Planned]:
        """Every step of every moment, and the questions whether something is still current."""
        found: list[Planned] = []
        for one in happened(self._life):
            late: list[tuple[Planned, Table]] = []
            for rule in self._rules.rules:
                since = rule.get("since", self._rules.since)
                if rule.get("off") or not answers(rule["on"], one) or self._day_of(one) < since:
                    continue
                done: dict[str, Planned] = {}
                for step in _in_order(rule["steps"]):
                    done[step["id"]] = self._step(rule, step, one, done, since)
                found += done.values()
                late += [(p, s) for s in rule["steps"] if (p := done[s["id"]]).code == "stale"]
            if late:
                found.append(self._still_current(one, any(step.get("outlives") for _, step in late)))
        return found

    def _day_of(self, one: Happened) -> date:
        """An expectation without a day counts from when it was known."""
        return one.day or self._local(one.known)

    def _local(self, moment: datetime) -> date:
        return moment.astimezone(self._at(date(2026, 1, 1), OPENS).tzinfo).date()

    # --- one step ---------------------------------------------------------------------------------------------------------

    def _step(
        self, rule: Table, step: Table, one: Happened, done: Mapping[str, Planned], since: date
    ) -> Planned:
        plan = Planned(
            rule["id"],
            step["id"],
            one,
            "",
            None,
            None,
            None,
            step["to"],
            step.get("asks"),
            bool(step.get("urgent")),
        )
        base = self._base(rule, step, one, done)
        if base is None:
            until, _ = self._window(one, one.known, bool(step.get("outlives")))
            return replace(plan, code="closed" if self._is_shut(one.known) else "waiting", until=until)
        wanted = self._due(step, base)
        day = self._local(wanted)
        due = max(wanted, one.known)
        until, over = self._window(one, due, bool(step.get("outlives")))
        if "expires" in step:
            expires = delay(step["expires"])
            last = distance(day, expires.amount, expires.unit, self._works)
            expiry = self._at(last, _time(step))
            if until is None or expiry <= until:
                until, over = expiry, "too-late"
        code, until = self._standing(step, one, since, due, day, until, over)
        return replace(plan, code=code, due=due, wanted=wanted, until=until)

    def _standing(
        self,
        step: Table,
        one: Happened,
        since: date,
        due: datetime,
        day: date,
        until: datetime | None,
        over: str,
    ) -> tuple[str, datetime | None]:
        """Wanted, or the first reason why not; and the end of its window."""
        late = due == one.known and day < self._local(due)
        stale = one.day is not None and (self._local(one.known) - one.day).days > self._rules.stale
        if day < since:
            return "before-since", until
        if self._is_shut(due):
            return "closed", until
        if until is not None and until <= due and over != "too-late":
            return over, until
        if not self._holds(step, due):
            return "condition", until
        if late and (stale or step.get("late") == "ask"):
            return "stale", until
        if until is not None and until <= due:
            return "too-late", until
        if late and step.get("late") == "skip":
            return "skipped", until
        return "wanted", self._ceases(step, due, until)

    def _base(self, rule: Table, step: Table, one: Happened, done: Mapping[str, Planned]) -> date | None:
        """`due` counts from the moment's day; an expectation without a day counts from when it was known, and steps "before" wait
        for a day. `after` counts from that step's latest answer, from its due where its conditions made it unnecessary, and
        unanswered from the end of its window."""
        if "after" not in step:
            return None if one.day is None and delay(step["due"]).before else self._day_of(one)
        said = [
            answer
            for answer in self._answers
            if (answer.rule, answer.step) == (rule["id"], step["after"])
            and (answer.name in one.names or answer.names & one.names)
        ]
        if said:
            return self._local(max(answer.at for answer in said))
        before = done[step["after"]]
        if before.code in ("condition", "before-since", "skipped", "stale") and before.due is not None:
            return self._local(before.due)
        return self._local(before.until) if before.until is not None else None

    def _due(self, step: Table, base: date) -> datetime:
        """A local wall time, rolled to a working day: forwards; backwards for "before". `later` is judged once, at the
        unpostponed due."""
        due = delay(step["due"])
        day = distance(base, -due.amount if due.before else due.amount, due.unit, self._works)
        at = self._at(rolled(day, due.before, self._works), _time(step))
        later = step.get("later")
        if later is not None and self._all(later["when"], at):
            by = delay(later["by"])
            day = distance(self._local(at), by.amount, by.unit, self._works)
            at = self._at(rolled(day, due.before, self._works), _time(step))
        return at

    def _window(self, one: Happened, due: datetime, outlives: bool) -> tuple[datetime | None, str]:
        until, over = (None, "") if outlives and one.over == "moved-on" else (one.until, one.over)
        began = one.known if one.day is None else min(one.known, self._at(one.day, time(0)))
        for shut in self._life.shut:
            begin = self._at(shut.day, time(0))
            if (begin > due or begin >= began) and (until is None or begin <= until):
                until, over = begin, "closed"
        return until, over

    def _is_shut(self, at: datetime) -> bool:
        return any(shut.covers(self._local(at)) for shut in self._life.shut)

    def _still_current(self, one: Happened, outlives: bool) -> Planned:
        """Asked once, for as long as the limit; it outlives the moment where one of the steps does."""
        until, over = self._window(one, one.known, outlives)
        patience = self._at(self._local(one.known) + self._rules.stale * DAY, time(0))
        until = patience if until is None else min(until, patience)
        code = "wanted" if until > one.known else over
        return Planned("still-current", "ask", one, code, one.known, one.known, until, "worker")

    # --- conditions -------------------------------------------------------------------------------------------------------

    def _holds(self, step: Table, at: datetime) -> bool:
        return self._all(step.get("when", {}), at) and not (
            "unless" in step and self._all(step["unless"], at)
        )

    def _ceases(self, step: Table, due: datetime, until: datetime | None) -> datetime | None:
        """Until its conditions cease to hold: they may change with the day, and with an answer."""
        if "when" not in step and "unless" not in step:
            return until
        end = until if until is not None else due + 400 * DAY
        days = range(1, (self._local(end) - self._local(due)).days + 1)
        moments = {self._at(self._local(due) + number * DAY, time(0)) for number in days}
        moments |= {said.at for fact in self._life.facts.values() for said in fact.live}
        return next((at for at in sorted(moments) if due < at < end and not self._holds(step, at)), until)

    def _all(self, table: Table, at: datetime) -> bool:
        """A condition is a table that must hold throughout."""
        return all(self._one(key, asked, at) for key, asked in table.items())

    def _one(self, key: str, asked: Any, at: datetime) -> bool:
        if key == "any":
            return any(self._all(table, at) for table in asked)
        if key == "situation":
            return _is(self._life.situation(self._local(at)), asked)
        if key == "entered":
            return self._entered(asked, at)
        value = self._life.value(key, at)
        if isinstance(asked, dict) and "within" in asked:
            return isinstance(value, date) and self._local(at) <= self._reach(value, asked["within"])
        if isinstance(asked, dict) and "older" in asked:
            return isinstance(value, date) and self._local(at) > self._reach(value, asked["older"])
        if isinstance(asked, dict) and "at-least" in asked:
            return isinstance(value, float) and value >= float(asked["at-least"])
        if isinstance(value, bool):
            value = "yes" if value else "no"
        return _is(value, asked)

    def _reach(self, day: date, within: str) -> date:
        asked = delay(within)
        return distance(day, asked.amount, asked.unit, self._works)

    def _entered(self, asked: Table, at: datetime) -> bool:
        today = self._local(at)
        days = [
            step.day
            for step in self._life.steps
            if step.situation == asked["situation"] and step.day <= today
        ]
        if "within" in asked:
            days = [day for day in days if self._reach(day, asked["within"]) >= today]
        return len(days) >= int(asked.get("at-least", 1))


def _is(value: object, asked: Any) -> bool:
    """A value, a list (any of), or { not = … }. An unknown fact satisfies `not` and nothing else."""
    if isinstance(asked, dict):
        return not _is(value, asked["not"])
    asked = asked if isinstance(asked, list) else [asked]
    words = ["yes" if word is True else "no" if word is False else word for word in asked]
    return value in words


def _time(step: Table) -> time:
    return time.fromisoformat(step["at"]) if "at" in step else OPENS


def _in_order(steps: Sequence[Table]) -> Iterator[Table]:
    """Each step behind the one that it waits for."""
    left, done = list(steps), set[str]()
    while left:
        step = next(one for one in left if one.get("after") is None or one["after"] in done)
        left.remove(step)
        done.add(step["id"])
        yield step


def answers(on: Table, one: Happened) -> bool:
    """Whether a rule with this `on` answers to what happened."""
    if one.kind in ("enters", "expects"):
        words = on.get(one.kind, [])
        if one.what not in (words if isinstance(words, list) else [words]):
            return False
        return "from" not in on or _is(one.origin, on["from"])
    if one.kind == "changes":
        return on.get("changes") == one.what
    records = on.get("records")
    if isinstance(records, dict):
        return one.what in records and _is(one.value, records[one.what])
    return bool(records == one.what)
