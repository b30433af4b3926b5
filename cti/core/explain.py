"""Why, and why not: each rule and step for one client, with what decided it. Made only when someone asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cti.core.after import counts_from
from cti.core.calendar import Calendar
from cti.core.events import History, RecordId
from cti.core.life import Life, live
from cti.core.moments import Moment, moment_day
from cti.core.parts import Part, near_misses, parts_of
from cti.core.planner import plan_life
from cti.core.program import Program, RuleProgram, StepProgram, answers, answers_to, compile_rulebook
from cti.core.prompts import Planned
from cti.core.rules import Delay, Rule, Rulebook
from cti.core.steps import window_end


@dataclass(frozen=True, slots=True)
class Shift:
    """A day by a delay, and the working day that it was rolled to (the same one where it is a working day)."""

    delay: Delay
    day: date
    rolled: date


@dataclass(frozen=True, slots=True)
class Course:
    """How a step came by its day.

    It counts from the day `base`: of its moment (`by` "moment"), the day on which an expectation without a day was known
    ("known"), the answer to the step `after` ("answer"), that step's own due where it was not needed ("needless"), or the end of
    its window ("over"). `later` is the postponement, with the `because` of its condition.
    """

    base: date
    by: str
    after: str | None
    first: Shift
    later: Shift | None = None
    because: tuple[Part, ...] = ()

    @property
    def day(self) -> date:
        """The day as rolling and `later` leave it."""
        return (self.later or self.first).rolled


@dataclass(frozen=True, slots=True)
class StepWhy:
    """A step at a moment: what the plan says of it, how it came by its day, and the parts of its condition.

    `course` is None while the step waits for its day. `near` are the parts of which each alone keeps it away: had it been
    otherwise, the condition would have held. `ends` says what ends the window: "expires", "moved-on", "fulfilled", "lapsed",
    "closed", or "condition"; `ended_by` are then the parts that cease to hold.
    """

    rule: RuleProgram
    program: StepProgram
    planned: Planned
    course: Course | None
    parts: tuple[Part, ...]
    near: tuple[Part, ...] = ()
    ends: str | None = None
    ended_by: tuple[Part, ...] = ()
    worded: tuple[Part, ...] = ()
    """What chose another wording than the step's own."""


@dataclass(frozen=True, slots=True)
class MomentWhy:
    """A moment of the kind that a rule answers to.

    `silent` says why the rule has no steps for it: "off", "from" (the client came from elsewhere), "value" (something else was
    recorded), or "since" (it lies before the day from which the rule prompts). None: `steps` are its steps.
    """

    moment: Moment
    steps: tuple[StepWhy, ...]
    silent: str | None = None


@dataclass(frozen=True, slots=True)
class RuleWhy:
    """A rule for one client: the moments of its kind, newest last; none where the client had no such moment."""

    rule: Rule
    moments: tuple[MomentWhy, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the rules make of one client."""

    life: Life
    rules: tuple[RuleWhy, ...]
    asked: tuple[Planned, ...]
    """The "is this still current?" prompts, which belong to no rule."""
    records: Mapping[str, RecordId]
    """The client's records by their text, which is how names begin."""

    def record_of(self, name: str) -> RecordId | None:
        """The record that a name (of a moment, or of what a value rests on) is made of."""
        return self.records.get(name.rpartition(":")[0])

    @property
    def planned(self) -> tuple[Planned, ...]:
        """The whole plan."""
        steps = (step.planned for rule in self.rules for moment in rule.moments for step in moment.steps)
        return (*steps, *self.asked)


def explain(history: History, rulebook: Rulebook, calendar: Calendar) -> Explanation:
    """Explains the plan of one client, by the same reasoning that makes it."""
    life = live(history, rulebook.vocabulary, calendar)
    program = compile_rulebook(rulebook, calendar)
    planned = plan_life(life, program)
    by_place = {(p.rule, p.name, p.step): p for p in planned}
    rules = tuple(RuleWhy(rule, _moments(rule, life, by_place, program)) for rule in rulebook.rules)
    known = {rule.id for rule in rulebook.rules}
    records = {str(record.id): record.id for record in history.records}
    return Explanation(life, rules, tuple(p for p in planned if p.rule not in known), records)


Places = Mapping[tuple[str, str, str], Planned]
"""What is planned, by rule, moment and step."""


def _moments(rule: Rule, life: Life, planned: Places, program: Program) -> tuple[MomentWhy, ...]:
    kinds = answers_to(rule)
    own = [moment for moment in life.moments if (moment.kind, moment.what) in kinds]
    return tuple(_moment(rule, moment, life, planned, program) for moment in own)


def _moment(rule: Rule, moment: Moment, life: Life, planned: Places, program: Program) -> MomentWhy:
    if not answers(rule, moment):
        return MomentWhy(moment, (), "from" if moment.kind == "enters" else "value")
    compiled = next((entry for entry in program.answering(moment) if entry.rule is rule), None)
    if compiled is None:
        return MomentWhy(moment, (), "off")
    if moment_day(moment, program.calendar) < compiled.since:
        return MomentWhy(moment, (), "since")
    done = {step.id: planned[rule.id, moment.name, step.id] for step in rule.steps}
    return MomentWhy(
        moment, tuple(_step(compiled, step, moment, life, done, program) for step in compiled.steps)
    )


def _step(
    rule: RuleProgram,
    compiled: StepProgram,
    moment: Moment,
    life: Life,
    done: Mapping[str, Planned],
    program: Program,
) -> StepWhy:
    step, calendar = compiled.step, program.calendar
    planned = done[step.id]
    course = _course(rule, compiled, moment, life, done, calendar)
    due = planned.due
    if course is None or due is None:
        return StepWhy(rule, compiled, planned, None, ())
    parts = parts_of(step.when, life, due, calendar)
    ends, ended_by = _ends(compiled, course, planned, moment, life, calendar)
    variant = next((v for v in step.variants if v.text == planned.text), None)
    return StepWhy(
        rule,
        compiled,
        planned,
        course,
        parts,
        near_misses(step.when, parts) if planned.reason.code == "condition" else (),
        ends,
        ended_by,
        parts_of(variant.when, life, due, calendar) if variant is not None else (),
    )


def _course(
    rule: RuleProgram,
    compiled: StepProgram,
    moment: Moment,
    life: Life,
    done: Mapping[str, Planned],
    calendar: Calendar,
) -> Course | None:
    """The same way to the day that the planner goes, noted down."""
    step = compiled.step
    base, about = counts_from(rule, step, moment, life, done, calendar)
    if base is None:
        return None
    first = _shift(base, step.due, step.due.before, calendar)
    by = str(dict(about)["from"])
    later = step.later
    at = calendar.at(first.rolled, step.at or calendar.opens)
    if later is None or compiled.later is None or not compiled.later(life, at):
        return Course(base, by, step.after, first)
    postponed = _shift(first.rolled, later.by, step.due.before, calendar)
    return Course(base, by, step.after, first, postponed, parts_of(later.when, life, at, calendar))


def _shift(day: date, delay: Delay, back: bool, calendar: Calendar) -> Shift:
    there = calendar.add(day, delay)
    return Shift(delay, there, calendar.roll(there, back))


def _ends(
    compiled: StepProgram, course: Course, planned: Planned, moment: Moment, life: Life, calendar: Calendar
) -> tuple[str | None, tuple[Part, ...]]:
    """What the end of the window is the end of."""
    step, due, until = compiled.step, planned.due, planned.until
    if until is None or due is None:
        return None, ()
    end, over = window_end(moment, life, due, step.outlives, calendar)
    if until == end:
        return over, ()
    if step.expires is not None and until == _expiry(compiled, course, calendar):
        return "expires", ()
    before = parts_of(step.when, life, due, calendar)
    after = parts_of(step.when, life, until, calendar)
    return "condition", tuple(
        new for old, new in zip(before, after, strict=True) if old.holds != new.holds and new.decided
    )


def _expiry(compiled: StepProgram, course: Course, calendar: Calendar) -> datetime | None:
    step = compiled.step
    if step.expires is None:
        return None
    return calendar.at(calendar.add(course.day, step.expires), step.at or calendar.opens)
