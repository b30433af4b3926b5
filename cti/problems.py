"""What is wrong in a file that a person wrote, said so that they can mend it: where, what, what was meant."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from difflib import SequenceMatcher
from pathlib import PurePath
from typing import Literal

from cti.i18n import say

Level = Literal["error", "warning"]
How = Literal["instead", "below", "new", "rename"]


@dataclass(frozen=True)
class Edit:
    """What else is to be written, where a suggestion is more than its own line.

    `how`: `text` goes "instead" of line `line` of `file`, or "below" it; it is the whole of a "new" file; or it
    is the name that the file is to have ("rename"). `new_word`: it makes a word known that was not, which is meant only where
    none of the known words is.
    """

    how: How
    file: str
    text: str
    line: int | None = None
    new_word: bool = False

    def data(self) -> dict[str, str | int | None]:
        """The edit as scripts read it."""
        return {"how": self.how, "file": self.file, "line": self.line, "text": self.text}


@dataclass(frozen=True)
class Problem:
    """One finding. An error keeps a file from being used, a warning does not.

    `text` is the English message, with placeholders for `params` and for the place (`file`, `rule`, `step`,
    `field`). It need not ask what was meant: a param `guess` that the text does not use is added as "did
    you mean …?", and left out where it is None. `suggestion` is the corrected line (or lines) to put in the
    place of line `line`, "" where that is to go; `further` is what is to be written elsewhere. With all of it written, the
    problem is gone.
    """

    level: Level
    text: str
    params: Mapping[str, object] = dataclass_field(default_factory=dict, hash=False)
    file: str | None = None
    line: int | None = None
    rule: str | None = None
    step: str | None = None
    field: str | None = None
    suggestion: str | None = None
    further: tuple[Edit, ...] = ()

    def message(self, lang: str) -> str:
        """What is wrong, without the place: `due = "3 days'": not a delay; did you mean "3 days"?`"""
        place = {"file": self.file, "rule": self.rule, "step": self.step, "field": self.field}
        params = place | dict(self.params)
        guess = params.get("guess")
        params["guess"] = f'"{guess}"' if isinstance(guess, str) else guess
        said = say(lang, self.text, **params)
        if guess is None or "{guess}" in self.text:
            return said
        return f"{said}; {say(lang, 'did you mean {guess}?', **params)}"

    def sentence(self, lang: str) -> str:
        """The message with its place before it: `rules/crisis-intake.toml:14: step "map-network": …`."""
        parts = []
        if self.file is not None:
            parts.append(self.file if self.line is None else f"{self.file}:{self.line}")
        # A rule's file, and the folder of its texts, bear its name: naming both would say one thing twice.
        place = PurePath(self.file or "")
        if self.rule is not None and self.rule not in (*place.parts, place.stem):
            parts.append(say(lang, 'rule "{rule}"', rule=self.rule))
        if self.step is not None:
            parts.append(say(lang, 'step "{step}"', step=self.step))
        return ": ".join([*parts, self.message(lang)])

    def data(self, lang: str) -> dict[str, object]:
        """The problem as scripts read it (`cti check --json`); all nine keys are always there."""
        return {
            "level": self.level,
            "file": self.file,
            "line": self.line,
            "rule": self.rule,
            "step": self.step,
            "field": self.field,
            "message": self.message(lang),
            "suggestion": self.suggestion,
            "further": [edit.data() for edit in self.further],
        }


def problem(
    text: str,
    *,
    level: Level = "error",
    file: str | None = None,
    line: int | None = None,
    rule: str | None = None,
    step: str | None = None,
    field: str | None = None,
    suggestion: str | None = None,
    **params: object,
) -> Problem:
    """A Problem with the rest of the keywords as the params of its text."""
    return Problem(level, text, params, file, line, rule, step, field, suggestion)


class Problems(Exception):
    """What was read cannot be used; `problems` says all that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.sentence("en") for problem in self.problems))


def corrected(text: str, line: int, suggestion: str) -> str:
    """The text with the lines of a suggestion in the place of line `line`, its own line ends kept."""
    lines = text.split("\n")
    end = "\r" if lines[line - 1].endswith("\r") else ""
    lines[line - 1 : line] = [new + end for new in suggestion.split("\n")]
    return "\n".join(lines)


def closest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that was most likely meant by a misspelt word, or None where none is near.

    Case, spaces, underscores and hyphens do not count ("Map_network" is "map-network"). Otherwise up to one
    letter in three may be wrong, where two neighbours that changed places count as one; of two that are as
    near, the one named first. Failing that, the only choice of which the word is a part ("shelter" is
    "crisis-shelter"), or that is a part of the word ("intakedesk" is "intake").
    """
    wanted = _plain(word)
    plain = {choice: _plain(choice) for choice in choices}
    near: list[tuple[float, str]] = []
    for choice, letters in plain.items():
        if letters == wanted:
            return choice
        longest, shortest = max(len(wanted), len(letters)), min(len(wanted), len(letters))
        allowed = max(1, longest // 3)
        # A cheap look first: a vocabulary has hundreds of words, and lengths alone rule most of them out.
        if longest - shortest <= allowed < shortest:
            distance = _distance(wanted, letters)
            if distance <= allowed:
                near.append((distance - SequenceMatcher(None, wanted, letters).ratio(), choice))
    if near:
        return min(near, key=lambda found: found[0])[1]
    within = [
        choice
        for choice, letters in plain.items()
        if min(len(wanted), len(letters)) >= 4 and (wanted in letters or letters in wanted)
    ]
    return within[0] if len(within) == 1 else None


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", "-", word.strip().casefold())


def _distance(one: str, other: str) -> int:
    """How many letters to add, drop, replace or swap with a neighbour to get to the other word."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if before and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
