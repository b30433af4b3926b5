"""Writes into tests the days on which things happened now, where the day is all that is not as expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cti.rulebook.expected import Expectation
from cti.tomlfile import TomlFile, literal
from cti.tomlspots import KeyPath
from cti.workshop.verdict import Line, Outcome


@dataclass(frozen=True)
class Mended:
    """A day that was changed: where, and the line of the calendar that says which into which."""

    file: str
    line: int
    verdict: Line


def with_new_days(file: TomlFile, outcomes: Sequence[Outcome]) -> tuple[str, tuple[Mended, ...]]:
    """The text of a file of tests with the new days in it, and what was changed. `outcomes` are those of its tests."""
    mended: list[Mended] = []
    for path, verdict in _other_days(file, outcomes):
        sent, number = verdict.sent, file.value_line(path)
        changed = file.replace_value(path, literal(sent.day)) if sent is not None else None
        if changed is not None:
            lines = file.text.split("\n")
            file = TomlFile.parse("\n".join([*lines[: number - 1], changed, *lines[number:]]), file.name)
            mended.append(Mended(file.name, number, verdict))
    return file.text, tuple(mended)


def _other_days(file: TomlFile, outcomes: Sequence[Outcome]) -> Iterator[tuple[KeyPath, Line]]:
    """Where the days stand that were others, each with its line of the calendar."""
    headers = {file.line(("tests", number)): number for number in range(len(file.values.get("tests", ())))}
    for outcome in outcomes:
        # Only tests without an error are run, so each entry that stands there is one that was read.
        places = {id(entry): place for place, entry in enumerate(outcome.test.expect or ())}
        for verdict in outcome.lines:
            if verdict.verdict == "other day" and isinstance(verdict.expected, Expectation):
                place = places[id(verdict.expected)]
                yield ("tests", headers[outcome.test.line], "expect", place, "day"), verdict
