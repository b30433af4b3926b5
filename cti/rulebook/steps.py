"""Reads the steps of a rule together: their ids, and which waits for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cti.core.rules import On, Step
from cti.i18n import mark
from cti.rulebook.context import Context
from cti.rulebook.delay import read_delay
from cti.rulebook.step import read_step, step_keys
from cti.rulebook.stepnames import steps_in, texts_used
from cti.rulebook.table import Table
from cti.rulebook.words import Toml, Wrong, nearest


def read_steps(top: Table, on: On | None, context: Context) -> tuple[Step, ...]:
    """The steps of a rule that can be read, each behind the one it waits for."""
    if top.values.get("steps") == []:
        top.note_needless(mark("the rule has no [[steps]]"), "steps")
        return ()
    if "steps" not in top:
        example = {
            "id": _other_id("first-step", top, context),
            "due": "14 days",
            "to": "worker",
            "expires": "6 weeks",
        }
        if "done" in context.lexicon.vocabulary.answers:
            example["answers"] = "done"
        top.append(mark("the rule has no [[steps]]"), "[[steps]]", example, {})
        return ()
    tables = [step_keys(replace(table, field="", step=_id(table))) for table in top.tables("steps")]
    tables = [_due_after(replace(table, step=_id(table))) for table in tables]
    ids = [table.step for table in tables if table.step is not None]
    steps: list[Step] = []
    for number, table in enumerate(tables, 1):
        if table.step is None and "id" not in table:
            table.note_missing(mark("{name} is missing"), "id", _other_id(f"step-{number}", top, context))
        elif table.step is not None and table.step in [earlier.step for earlier in tables[: number - 1]]:
            wrong = Wrong(
                mark("{field} = {value}: another step of this rule has that id"),
                better=_other_id(table.step, top, context),
            )
            table.note_value(wrong, "id", table.step)
        _check_after(table, ids)
        check_was(
            table,
            ids,
            mark("{field}: {value} is the id of a step that is there; only ids of the past stand here"),
        )
        step = read_step(table, on, context)
        if step is not None:
            steps.append(step)
    _check_circles(tables)
    return _ordered(steps)


def _due_after(table: Table) -> Table:
    """The table as it was meant: `after = "14 days"` is no step but a delay, where none stands under `due`."""
    if "due" in table or "after" not in table:
        return table
    try:
        read_delay(table.values["after"])
    except Wrong:
        return table
    table.note_wrong_key(mark('"{name}" names another step; a delay stands under "due"'), "after", "due")
    return table.renamed("after", "due")


def _id(table: Table) -> str | None:
    value = table.values.get("id")
    return value if isinstance(value, str) else None


def _other_id(wanted: str, top: Table, context: Context) -> str:
    """An id that no step of the rule has: of the one text of the rule that no step uses, else the wanted one, or numbered."""
    used = texts_used(top.rule or "", top.values)
    free = [name for name in context.texts or () if name.startswith(f"{top.rule}/") and name not in used]
    taken = [str(step.get("id")) for step in steps_in(top.values)]
    if len(free) == 1 and (name := free[0].partition("/")[2]) not in taken:
        return name
    if wanted not in taken:
        return wanted
    number = next(number for number in range(2, len(taken) + 3) if f"{wanted}-{number}" not in taken)
    return f"{wanted}-{number}"


def _check_after(table: Table, ids: Sequence[str]) -> None:
    after = table.values.get("after")
    if not isinstance(after, str) or after in ids:
        return
    others = [name for name in ids if name != table.step]
    better = nearest(after, others)
    if better is not None:
        wrong = Wrong(mark("{field} = {value}: no step of this rule"), better=better)
        table.note_value(wrong, "after", after)
    else:
        table.note_needless(mark("{field} = {value}: no step of this rule"), "after", {"value": Toml(after)})


def check_was(table: Table, ids: Sequence[str], text: str) -> None:
    """Notes each id under `was` that is still in use."""
    was = table.values.get("was")
    if not isinstance(was, list):
        return
    for index, name in enumerate(was):
        if name in ids:
            rest = [other for other in was if other not in ids]
            path = (*table.path, "was")
            suggestion = table.file.replace_value(path, str(Toml(rest))) if rest else table.without("was")
            table.note(text, {"value": Toml(name)}, key="was", at=(index,), suggestion=suggestion)


def _check_circles(tables: Sequence[Table]) -> None:
    """Notes steps that wait for each other, once for each circle: at the step of it that stands first."""
    first = {table.step: table for table in reversed(tables) if table.step is not None}
    waits = {step: str(table.values["after"]) for step, table in first.items() if "after" in table}
    noted: set[str] = set()
    for table in (table for table in tables if first.get(table.step or "") is table):
        circle = _circle(table.step, waits)
        if circle and noted.isdisjoint(circle):
            noted.update(circle)
            text = mark("{field} = {value}: these steps wait for each other: {circle}")
            params = {"value": Toml(table.values["after"]), "circle": " → ".join([*circle, circle[0]])}
            table.note_needless(text, "after", params)


def _circle(start: str | None, waits: Mapping[str, str]) -> list[str]:
    """The steps from `start` back to it along `after`; empty where that does not lead back."""
    path: list[str] = []
    step = start
    while step is not None and step not in path:
        path.append(step)
        step = waits.get(step)
    return path if step is not None and step == start else []


def _ordered(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Each step behind the one it waits for, else as they stand."""
    ordered: list[Step] = []
    placed: set[str] = set()
    left = list(steps)
    while left:
        ready = [step for step in left if step.after is None or step.after in placed]
        if not ready:
            return tuple(steps)  # a circle, or an unknown step: noted elsewhere, and never planned
        for step in ready:
            ordered.append(step)
            placed.add(step.id)
        left = [step for step in left if step.id not in placed]
    return tuple(ordered)
