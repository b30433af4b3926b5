"""Writes into tests what happened now: another day, or a step that is new, where nothing else is other than expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cti.problems import Problems, corrected
from cti.rulebook.expected import Expectation
from cti.tomlfile import TomlFile, literal
from cti.tomlspots import KeyPath
from cti.workshop.verdict import Line, Outcome


@dataclass(frozen=True)
class Mended:
    """What was changed: where, and the line of the calendar that says which day became which, or what came in addition."""

    file: str
    line: int
    verdict: Line


def mended(file: TomlFile, outcomes: Sequence[Outcome]) -> tuple[str, tuple[Mended, ...]]:
    """The text of a file of tests with what happened now in it, and what was changed. `outcomes` are those of its tests."""
    headers = {file.line(("tests", number)): number for number in range(len(file.values.get("tests", ())))}
    changes: list[Mended] = []
    # From the bottom up, so that the lines above keep their numbers.
    for outcome in sorted(outcomes, key=lambda one: one.test.line, reverse=True):
        path: KeyPath = ("tests", headers[outcome.test.line], "expect")
        for place, verdict in _other_days(outcome):
            file, change = _with_day(file, (*path, place, "day"), verdict)
            changes += [change] if change is not None else []
        for verdict in _new_steps(outcome):
            lines = len(file.text.split("\n"))
            file, change = _with_step(file, path, verdict, outcome)
            if change is None:
                continue
            grown = len(file.text.split("\n")) - lines
            changes = [
                replace(one, line=one.line + grown) if one.line >= change.line else one for one in changes
            ]
            changes.append(change)
    return file.text, tuple(sorted(changes, key=lambda one: one.line))


def _other_days(outcome: Outcome) -> Iterator[tuple[int, Line]]:
    """The places of the expectations of which only the day was another, each with its line of the calendar."""
    # Only tests without an error are run, so each entry that stands there is one that was read.
    places = {id(entry): place for place, entry in enumerate(outcome.test.expect or ())}
    for verdict in outcome.lines:
        if verdict.verdict == "other day" and isinstance(verdict.expected, Expectation):
            yield places[id(verdict.expected)], verdict


def _new_steps(outcome: Outcome) -> list[Line]:
    """What came of steps of which the test says nothing; none where it expects nothing, or something else fails."""
    bad = [line for line in outcome.lines if not line.good and line.verdict != "other day"]
    test = outcome.test
    named = {(one.rule, one.step) for one in test.expect or ()} | {
        (one.rule, one.step) for one in test.absent
    }
    new = all(
        line.verdict == "unexpected"
        and line.sent is not None
        and line.sent.kind == "prompt"
        and (line.sent.plan.rule, line.sent.plan.step) not in named
        for line in bad
    )
    return bad if new and test.expect else []


def _with_day(file: TomlFile, path: KeyPath, verdict: Line) -> tuple[TomlFile, Mended | None]:
    sent, number = verdict.sent, file.value_line(path)
    changed = file.replace_value(path, literal(sent.day)) if sent is not None else None
    if changed is None:
        return file, None
    return _parsed(file, number, changed), Mended(file.name, number, verdict)


def _with_step(
    file: TomlFile, path: KeyPath, verdict: Line, outcome: Outcome
) -> tuple[TomlFile, Mended | None]:
    """The file with what came in addition behind what is expected before it."""
    sent, standing = verdict.sent, _entries(file, path)
    assert sent is not None
    entry: dict[str, object] = {"day": sent.day}
    if sent.plan.rule != outcome.test.rule:
        entry["rule"] = sent.plan.rule
    entry["step"] = sent.plan.step
    if any("to" in one for one in standing):
        entry["to"] = sent.role
    before = [place for place, one in enumerate(standing) if one["day"] <= sent.day]
    for number, text in _ways(file, path, max(before, default=0), literal(entry)):
        try:
            grown = _parsed(file, number, text)
        except Problems:
            continue
        if entry in _entries(grown, path) and len(_entries(grown, path)) == len(standing) + 1:
            return grown, Mended(file.name, number + text.count("\n"), verdict)
    return file, None


def _ways(file: TomlFile, path: KeyPath, place: int, entry: str) -> Iterator[tuple[int, str]]:
    """How an entry can be written behind another: on a line of its own, as that one stands, else at the end of the list."""
    number = file.value_line((*path, place))
    text = file.line_text(number)
    if re.fullmatch(r"\s*\{.*\}(,\s*(#.*)?)?", text):
        indent = text[: len(text) - len(text.lstrip())]
        comma = "" if re.search(r"\},\s*(#.*)?$", text) else ","
        yield number, f"{text}{comma}\n{indent}{entry},"
    edit = file.appended(path, entry)
    if edit is not None and edit.line is not None:
        yield edit.line, edit.text


def _entries(file: TomlFile, path: KeyPath) -> list[Mapping[str, Any]]:
    _, number, key = path
    found: list[Mapping[str, Any]] = file.values["tests"][number][key]
    return found


def _parsed(file: TomlFile, line: int, text: str) -> TomlFile:
    return TomlFile.parse(corrected(file.text, line, text), file.name)
