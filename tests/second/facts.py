"""A second reading of the design, section 4, Facts: how long what was said holds, and when it is a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.second.line import DAY


@dataclass(frozen=True)
class Said:
    """A recording of a fact, from `at` on. `answered`: a worker said it to a prompt."""

    value: object
    at: datetime
    known: datetime
    name: str
    answered: bool


def holds(
    said: Sequence[Said], at: datetime, transitions: Sequence[datetime], gap: int, lasts: bool
) -> object:
    """A fact holds from its day until the next. One declared lasts = "transition" becomes unknown at the next transition;
    repeats within the gap join the recording before (page 10 of the decisions: not an answer given after that transition)."""
    so_far = [one for one in said if one.at <= at]
    if not so_far:
        return None
    ends = _end_of_life(so_far, len(so_far) - 1, transitions, gap, lasts)
    return so_far[-1].value if ends is None or at < ends else None


def changes(said: Sequence[Said], transitions: Sequence[datetime], gap: int, lasts: bool) -> list[Said]:
    """Recording a fact is a moment when its value changes; repeats within the gap join it."""
    found = []
    for index, one in enumerate(said):
        if index and _joins(said, index, transitions, gap, lasts):
            continue
        ends = _end_of_life(said, index - 1, transitions, gap, lasts) if index else None
        if index == 0 or said[index - 1].value != one.value or (ends is not None and ends <= one.at):
            found.append(one)
    return found


def _joins(said: Sequence[Said], index: int, transitions: Sequence[datetime], gap: int, lasts: bool) -> bool:
    one, before = said[index], said[index - 1]
    if one.value != before.value or one.at - before.at > gap * DAY:
        return False
    ends = _end_of_life(said, index - 1, transitions, gap, lasts)
    return not (one.answered and ends is not None and ends <= one.at)


def _end_of_life(
    said: Sequence[Said], index: int, transitions: Sequence[datetime], gap: int, lasts: bool
) -> datetime | None:
    """When the recording becomes unknown: at the first transition after the one that it joins."""
    if not lasts:
        return None
    while index and _joins(said, index, transitions, gap, lasts):
        index -= 1
    return next((one for one in transitions if one > said[index].at), None)
