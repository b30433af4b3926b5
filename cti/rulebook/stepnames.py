"""The rules and steps of a rulebook by name, as tests speak of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cti.core.prompts import STILL_CURRENT
from cti.i18n import mark
from cti.rulebook.table import Table
from cti.rulebook.words import Wrong, listed, nearest, read_text

Place = tuple[str, str]
"""A rule's id and a step's id."""


@dataclass(frozen=True)
class StepNames:
    """`steps` has the steps of each rule; `texts` all texts that there are. None: not known, so anything will do."""

    steps: Mapping[str, Sequence[str]] | None
    texts: Sequence[str] | None
    answer_sets: Mapping[Place, str | None]

    def rule(self, value: object) -> str:
        """The id of a rule."""
        if self.steps is None or (isinstance(value, str) and value in self.steps):
            return str(value)
        better = nearest(value, self.steps)
        if better is None:
            raise Wrong(mark("{field} = {value}: no rule; there are {known}"), known=listed(self.steps))
        raise Wrong(mark("{field} = {value}: no rule"), better=better)

    def text(self, value: object) -> str:
        """The path of a text."""
        text = read_text(value)
        if self.texts is None or text in self.texts:
            return text
        better = next((known for known in self.texts if known.split("/")[-1] == text), None)
        raise Wrong(mark("{field} = {value}: no text of a step"), better=better or nearest(text, self.texts))

    def place(self, value: object) -> Place:
        """A step, written as RULE/STEP."""
        text = read_text(value)
        rule, _, step = text.partition("/")
        if self.steps is None:
            return rule, step
        if step and step in self.steps.get(rule, ()):
            return rule, step
        known = [f"{rule}/{step}" for rule, steps in self.steps.items() for step in steps]
        better = nearest(text, known) or next(
            (name for name in known if name.split("/")[1] == (step or text)), None
        )
        if better is None:
            raise Wrong(mark('{field} = {value}: no step, written as "RULE/STEP"'))
        raise Wrong(mark("{field} = {value}: no step"), better=better)

    def take(self, table: Table, rule: str | None) -> Place | None:
        """The step that an entry of a test names: `step`, with the entry's `rule` or the test's, or as RULE/STEP."""
        value = table.values.get("step")
        own = table.take("rule", self.rule) if "rule" in table else rule
        if "step" not in table or (isinstance(value, str) and "/" in value):
            return table.need("step", self.place)
        if own is None:
            if "rule" in table:
                return None
            wrong = Wrong(
                mark("{field} = {value}: of which rule? Write RULE/STEP"), better=self._anywhere(value)
            )
            table.note_value(wrong, "step", value)
            return None
        step = table.take("step", lambda word: self._step_of(own, word))
        return None if step is None else (own, step)

    def _step_of(self, rule: str, value: object) -> str:
        steps = None if self.steps is None else self.steps.get(rule, ())
        if steps is None or (isinstance(value, str) and value in steps):
            return str(value)
        better = nearest(value, steps) or self._anywhere(value)
        if better is None:
            text = mark('{field} = {value}: no step of rule "{of}", which has {known}')
            raise Wrong(text, of=rule, known=listed(steps))
        raise Wrong(mark('{field} = {value}: no step of rule "{of}"'), better=better, of=rule)

    def _anywhere(self, value: object) -> str | None:
        """The step as RULE/STEP, where one rule only has a step of that name."""
        places = [f"{rule}/{value}" for rule, steps in (self.steps or {}).items() if value in steps]
        return places[0] if len(places) == 1 else None


def step_names(rules: Mapping[str, Mapping[str, Any]], texts: Sequence[str]) -> StepNames:
    """The names in rules as they stand in their files (by id), also where something else in them cannot be read."""
    rule, step = STILL_CURRENT
    steps: dict[str, list[str]] = {rule: [step]}
    answers: dict[Place, str | None] = {STILL_CURRENT: rule}
    for rule_id, values in rules.items():
        steps[rule_id] = []
        for entry in tables_in(values.get("steps")):
            name, answer_set = entry.get("id"), entry.get("answers")
            if isinstance(name, str):
                steps[rule_id].append(name)
                answers[rule_id, name] = answer_set if isinstance(answer_set, str) else None
    return StepNames(steps, texts, answers)


def tables_in(value: object) -> list[dict[str, Any]]:
    """The tables in what should be a list of tables."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
