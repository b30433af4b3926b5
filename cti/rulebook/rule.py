"""Reads one rule file."""

from __future__ import annotations

from collections.abc import Callable

from cti.core.rules import Rule
from cti.i18n import mark
from cti.problems import Problem
from cti.rulebook.context import Context
from cti.rulebook.labels import read_labels
from cti.rulebook.moment import read_on
from cti.rulebook.phases import read_phases
from cti.rulebook.step import OF_A_STEP
from cti.rulebook.steps import read_steps
from cti.rulebook.table import Table
from cti.rulebook.words import Toml, Wrong, read_day, read_flag, read_id
from cti.tomlfile import TomlFile, literal

KEYS = ("id", "title", "why", "since", "off", "was", "on", "phases", "steps")
MEANT = {
    "name": "title",
    "titel": "title",
    "naam": "title",
    "phase": "phases",
    "fase": "phases",
    "fasen": "phases",
    "fases": "phases",
    "step": "steps",
    "stap": "steps",
    "stappen": "steps",
    "reason": "why",
    "waarom": "why",
    "from-day": "since",
    "start": "since",
    "sinds": "since",
    "vanaf": "since",
    "disabled": "off",
    "uit": "off",
    "moment": "on",
    "trigger": "on",
    "bij": "on",
    "old": "was",
    "heette": "was",
}


def read_rule(file: TomlFile, stem: str, context: Context, found: list[Problem]) -> Rule | None:
    """The rule in a file named `stem`.toml; None where something in it could not be read. Problems go to `found`."""
    before = len(found)
    top = Table.top(file, found, stem)
    top = top.only(KEYS, meant=MEANT, elsewhere=OF_A_STEP, homes=top.entries("steps"))
    _check_id(top, stem, context)
    title = read_labels(top, "title", context.languages, stem)
    why = read_labels(top, "why", context.languages, stem)
    on = read_on(top, context.lexicon)
    phases = read_phases(top, on, context)
    steps = read_steps(top, on, context)
    since = top.take("since", read_day)
    off = top.take_or("off", read_flag, False)
    was = top.items("was", read_id) or ()
    if on is None or any(problem.level == "error" for problem in found[before:]):
        return None
    return Rule(stem, title, why, on, steps, since, off, was, phases)


def _check_id(top: Table, stem: str, context: Context) -> None:
    """Notes an id that is not the file's name. Where texts are left of a rule of that id, the file got another name."""
    old = top.values.get("id")
    left = isinstance(old, str) and any(text.startswith(f"{old}/") for text in context.unused)
    line = top.file.replace_value(("id",), literal(stem)) if left and old != stem else None
    if line is None or "was" in top:
        top.need("id", _own_id(stem), stem)
        return
    text = mark(
        "{field} = {value}: a rule is named after its file, which is {stem}.toml; where the file got another name, say how the "
        "rule was called"
    )
    suggestion = f"{line}\nwas = {literal([old])}"
    top.note(text, {"value": Toml(old), "stem": stem}, key="id", suggestion=suggestion)


def _own_id(stem: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value != stem:
            text = mark("{field} = {value}: a rule is named after its file, which is {stem}.toml")
            raise Wrong(text, better=stem, stem=stem)
        return stem

    return read
