"""The rules and steps of a rulebook by name, as tests speak of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cti.core.prompts import STILL_CURRENT
from cti.i18n import mark
from cti.rulebook.table import Table
from cti.rulebook.words import Wrong, listed, nearest, read_text

Place = tuple[str, str]
"""A rule's id and a step's id."""


@dataclass(frozen=True)
class StepNames:
    """`steps` has the steps of each rule (None: not known, so any will do); `texts` all texts that there are."""

    steps: Mapping[str, Sequence[str] | None]
    texts: Sequence[str]
    answer_sets: Mapping[Place, str | None]
    enters: Mapping[str, str]
    """A situation that the rule answers to, of each that answers to entering one."""
    was: Mapping[str, str] = field(default_factory=dict)
    """From each id of the past to the one of today: of rules, and of steps as RULE/STEP."""

    def rule(self, value: object) -> str:
        """The id of a rule."""
        if isinstance(value, str) and value in self.steps:
            return value
        better = self.was.get(str(value)) or nearest(value, self.steps)
        if better is None:
            raise Wrong(mark("{field} = {value}: no rule; there are {known}"), known=listed(self.steps))
        raise Wrong(mark("{field} = {value}: no rule"), better=better)

    def text(self, value: object) -> str:
        """The path of a text."""
        text = read_text(value)
        if text in self.texts:
            return text
        better = next((known for known in self.texts if known.split("/")[-1] == text), None)
        raise Wrong(mark("{field} = {value}: no text of a step"), better=better or nearest(text, self.texts))

    def place(self, value: object) -> Place:
        """A step, written as RULE/STEP."""
        text = read_text(value)
        rule, _, step = text.partition("/")
        if step and rule in self.steps and step in (self.steps[rule] or (step,)):
            return rule, step
        known = [f"{rule}/{step}" for rule, steps in self.steps.items() for step in steps or ()]
        better = (
            self.was.get(f"{self.was.get(rule, rule)}/{step}")
            or nearest(text, known)
            or next((name for name in known if name.split("/")[1] == (step or text)), None)
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
        steps = self.steps.get(rule)
        if steps is None or (isinstance(value, str) and value in steps):
            return str(value)
        was = self.was.get(f"{rule}/{value}", "").rpartition("/")[2]
        better = was or nearest(value, steps) or self._anywhere(value)
        if better is None:
            text = mark('{field} = {value}: no step of rule "{of}", which has {known}')
            raise Wrong(text, of=rule, known=listed(steps))
        raise Wrong(mark('{field} = {value}: no step of rule "{of}"'), better=better, of=rule)

    def _anywhere(self, value: object) -> str | None:
        """The step as RULE/STEP, where one rule only has a step of that name."""
        places = [f"{rule}/{value}" for rule, steps in self.steps.items() if value in (steps or ())]
        return places[0] if len(places) == 1 else None


def step_names(rules: Mapping[str, Mapping[str, Any] | None], texts: Sequence[str]) -> StepNames:
    """The names in rules as they stand in their files, by id, also where something else in them cannot be read.

    None is a file that cannot be read at all; what steps are in it, or in one that names two alike, is not known.
    """
    rule, step = STILL_CURRENT
    steps: dict[str, list[str] | None] = {rule: [step]}
    answers: dict[Place, str | None] = {STILL_CURRENT: rule}
    for rule_id, values in rules.items():
        entries = steps_in(values or {})
        ids = [entry["id"] for entry in entries if isinstance(entry.get("id"), str)]
        if values is None or len(set(ids)) < len(entries):
            steps[rule_id] = None
            continue
        steps[rule_id] = ids
        for name, answer_set in zip(ids, (entry.get("answers") for entry in entries), strict=True):
            answers[rule_id, name] = answer_set if isinstance(answer_set, str) else None
    enters = {rule_id: _entered(values or {}) for rule_id, values in rules.items()}
    was = {
        **{old: rule_id for rule_id, values in rules.items() for old in _past(values or {})},
        **{
            f"{rule_id}/{old}": f"{rule_id}/{entry.get('id')}"
            for rule_id, values in rules.items()
            for entry in steps_in(values or {})
            for old in _past(entry)
        },
    }
    return StepNames(steps, texts, answers, {rule_id: name for rule_id, name in enters.items() if name}, was)


def _past(values: Mapping[str, Any]) -> list[str]:
    """The ids under `was`."""
    was = values.get("was")
    return [str(old) for old in was] if isinstance(was, list) else []


def _entered(values: Mapping[str, Any]) -> str | None:
    on = values.get("on")
    situations = on.get("enters") if isinstance(on, dict) else None
    first = situations[0] if isinstance(situations, list) and situations else situations
    return first if isinstance(first, str) else None


def tables_in(value: object) -> list[dict[str, Any]]:
    """The tables in what should be a list of tables."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def steps_in(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps in a rule's file: whatever they are called there, a rule has no other lists of tables."""
    return [step for value in values.values() for step in tables_in(value)]


def texts_used(rule_id: str, values: Mapping[str, Any]) -> set[str]:
    """The texts that a rule's file names, also where something else in it cannot be read."""
    used: set[str] = set()
    for step in steps_in(values):
        used.add(str(step.get("text", f"{rule_id}/{step.get('id')}")))
        used.update(str(variant.get("text")) for variant in tables_in(step.get("variants")))
    return used
