"""What the due of a step counts from: the day of its moment, or what became of the step that it comes after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from cti.core.calendar import Calendar
from cti.core.events import Answer, Value
from cti.core.life import Life
from cti.core.moments import Moment, moment_day
from cti.core.program import RuleProgram, answers, answers_to
from cti.core.prompts import Planned
from cti.core.rules import Step

About = tuple[tuple[str, Value | None], ...]

FROM_MOMENT: About = (("from", "moment"),)
FROM_KNOWN: About = (("from", "known"),)
FROM_ANSWER: About = (("from", "answer"),)
FROM_NEEDLESS: About = (("from", "needless"),)
FROM_END: About = (("from", "over"),)


def counts_from(
    rule: RuleProgram,
    step: Step,
    moment: Moment,
    life: Life,
    done: Mapping[str, Planned],
    calendar: Calendar,
) -> tuple[date | None, About]:
    """The day from which `due` counts, with what that is the day of; None while it is not known, with what is waited for.

    `done` is what the plan makes of the steps of the same rule and moment that come before it, by id.
    """
    if step.after is None:
        if moment.day is None and step.due.before:
            return None, (("waits-for", "day"),)
        return moment_day(moment, calendar), FROM_MOMENT if moment.day is not None else FROM_KNOWN
    answer = answer_to(rule, step.after, moment, life, calendar)
    if answer is not None:
        return calendar.day(answer.at), FROM_ANSWER
    planned = done[step.after]
    if planned.reason.code in ("condition", "before-since", "skipped", "stale") and planned.due is not None:
        return calendar.day(planned.due), FROM_NEEDLESS
    if planned.until is not None:
        return calendar.day(planned.until), FROM_END
    return None, (("waits-for", step.after),)


def answer_to(
    rule: RuleProgram, step_id: str, moment: Moment, life: Life, calendar: Calendar
) -> Answer | None:
    """The latest answer to that step at this moment, under its present id or an earlier one."""
    if not life.answers:
        return None
    step = next(entry.step for entry in rule.steps if entry.step.id == step_id)
    rules = {rule.rule.id, *rule.rule.was}
    steps = {step.id, *step.was}
    found: Answer | None = None
    for answer in life.answers:
        said_rule, said_step, name = answer.prompt.split("/", 2)
        if said_rule not in rules or said_step not in steps or (found is not None and answer.at <= found.at):
            continue
        if moment is _moment_of(name, answer.names, rule, life, calendar):
            found = answer
    return found


def _moment_of(
    name: str, names: Iterable[str], rule: RuleProgram, life: Life, calendar: Calendar
) -> Moment | None:
    """The moment of this rule to which a prompt of this name belongs: like the prompt's row itself, to only one."""
    kinds = answers_to(rule.rule)
    own = [
        moment
        for moment in life.moments
        if (moment.kind, moment.what) in kinds
        and answers(rule.rule, moment)
        and moment_day(moment, calendar) >= rule.since
    ]
    remembered = {name, *names}
    return (
        next((moment for moment in own if moment.name == name), None)
        or next((moment for moment in own if name in moment.names), None)
        or next((moment for moment in own if not remembered.isdisjoint(moment.names)), None)
    )
