"""What the pages that count prompts share: over how long they count, and how rules, steps and counts are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from cti.core.prompts import STILL_CURRENT, Stored
from cti.core.rules import Rulebook
from cti.csvtext import Cell
from cti.engine.posting import step_of
from cti.engine.wording import prompt_titles, texts_of
from cti.i18n import mark, say
from cti.post.texts import TextError, Texts
from cti.sentences import label

# The process of the passes has use for what pages are made from, and none for all that serves them.
if TYPE_CHECKING:
    from cti.web.asked import Asked

NAMES = {
    "told": mark("prompted"),
    "in_time": mark("answered in time"),
    "late": mark("answered later"),
    "waiting": mark("still waiting"),
    "passed": mark("without an answer"),
    "needless": mark("no longer needed"),
    "too_late": mark("known too late"),
    "nobody": mark("reached nobody"),
}
"""What each count is called."""

Row = Sequence[Cell]
"""A row of a table of counts: rule, step, and the counts."""


@dataclass(frozen=True, slots=True)
class Words:
    """How rules, steps and prompts are called for a reader."""

    lang: str
    rulebook: Rulebook
    texts: Texts
    title_of: Callable[[Stored], str]

    def rule(self, rule: str) -> str:
        """The title of a rule; its id, where it is no longer there."""
        if rule == STILL_CURRENT[0]:
            return say(self.lang, "Is it still current?")
        found = self.rulebook.rule(rule)
        return label(self.lang, found.title, rule) if found is not None else rule

    def step(self, rule: str, step: str) -> str:
        """The title of a step's text; its id, where that is made of what is known about a client."""
        if (rule, step) == STILL_CURRENT:
            return say(self.lang, "Is it still current?")
        found = step_of(self.rulebook)(rule, step)
        try:
            return self.texts.title(found.text, self.lang, dict) if found is not None else step
        except TextError:
            return step


def words_of(asked: Asked, tx: Connection) -> Words:
    """How they are called for whoever asks."""
    system, rules = asked.site.system, asked.site.rules()
    texts = texts_of(system, rules)
    return Words(asked.lang, rules.rulebook, texts, prompt_titles(tx, system, rules, texts, asked.lang))


def weeks_of(said: str, periods: Sequence[int], unasked: int) -> int:
    """The number of weeks that was asked for, where it is one of these."""
    return next((one for one in periods if str(one) == said), unasked)


def head(lang: str, names: Iterable[str]) -> tuple[str, ...]:
    """What stands above the columns of a table of these counts."""
    return (say(lang, "rule"), say(lang, "step"), *(say(lang, NAMES[name]) for name in names))


def by_rule(rows: Iterable[Row]) -> list[tuple[Cell, list[Row]]]:
    """The rows of each rule together, without its title, in their order."""
    return [(rule, [row[1:] for row in those]) for rule, those in groupby(rows, key=lambda row: row[0])]
