"""The comparison of two rulebooks as one page to mail to a colleague: counts only, and none that could point at a person.

Which counts may stand on it, and how, says cti/workshop/disclosure.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from babel.numbers import format_decimal
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from cti.core.prompts import STILL_CURRENT
from cti.core.rules import Rulebook
from cti.i18n import format_day, mark, say
from cti.sentences import label
from cti.workshop.compare import Comparison, Pair, StepId, total
from cti.workshop.disclosure import BASE, is_small, rounded, withheld
from cti.workshop.weeks import HEIGHT, LEFT, WIDTH, Chart, chart

KINDS = ("added", "removed", "moved", "re-addressed")
"""The kinds of differences, in the order of their columns."""

TABLES = ("weeks", "steps", "roles", "teams")
"""Each of them parts all prompts."""

ROLES = {
    "worker": mark("the worker"),
    "previous-worker": mark("the worker of before"),
    "team-lead": mark("the team lead"),
    "team": mark("the team's inbox"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: a name, counts as they may be shown, and how long the bar of each is, of 100."""

    name: str
    cells: tuple[str, ...]
    bars: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong to one rule."""

    title: str
    rows: tuple[Row, ...]


def page(
    found: Comparison,
    rulebooks: tuple[Rulebook, Rulebook],
    lang: str,
    since: date | None = None,
    alone: bool = False,
) -> str:
    """The page, whole: no script, no font, no picture from elsewhere. `rulebooks`: the one in force, and the draft.

    `since`: as if all rules had counted from that day on. `alone`: the draft is what is in force, so only one side is shown.
    """
    return whole(lang, body(found, rulebooks, lang, since, alone), alone)


def whole(lang: str, body: str, alone: bool = False) -> str:
    """A page of its own around this body."""
    return _render("page.html", lang, body=Markup(body), alone=alone)


def body(
    found: Comparison,
    rulebooks: tuple[Rulebook, Rulebook],
    lang: str,
    since: date | None = None,
    alone: bool = False,
) -> str:
    """What the page says below its heading; arguments as for `page`."""
    made = _Page(lang, rulebooks, slice(1, 2) if alone else slice(0, 2))
    hidden = made.withheld(found)
    own = [difference for difference in found.differences if not difference.knock_on]
    everyone = min(load.workers for load in found.load)
    return _render(
        "page_body.html",
        lang,
        alone=alone,
        first=format_day(lang, found.first),
        last=format_day(lang, found.last),
        since=format_day(lang, since) if since is not None else "",
        figures=made.figures(found),
        changes=made.changes(Counter(((d.rule, d.step), d.kind) for d in own)),
        beside=made.shown(len(found.differences) - len(own)),
        chart=made.chart(found.weeks),
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        weeks=[made.row(format_day(lang, week), pair) for week, pair in found.weeks.items()],
        worker=made.load(found) if everyone >= BASE else [],
        steps=made.groups(found.steps),
        roles=made.rows((made.role(role), pair) for role, pair in sorted(found.roles.items())),
        teams=made.rows((name or say(lang, "no team"), pair) for name, pair in sorted(found.teams.items())),
        late=made.groups(_in_order(found, found.late)),
        too_late=made.groups(_in_order(found, found.too_late)),
        silent=[f"{rule_title(step[0], rulebooks, lang)}: {step[1]}" for step in found.silent],
        base=BASE,
        hidden=hidden,
    )


def _render(name: str, lang: str, **values: object) -> str:
    return _template(name).render(lang=lang, say=lambda text, **params: say(lang, text, **params), **values)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(files("cti.workshop").joinpath(name).read_text(encoding="utf-8"))


def rule_title(rule: str, rulebooks: tuple[Rulebook, Rulebook], lang: str) -> str:
    """A rule's title in the reader's language, as the draft has it, else as it is in force; its id where neither has the rule."""
    if rule == STILL_CURRENT[0]:
        return say(lang, "Is it still current?")
    standing, draft = rulebooks
    found = draft.rule(rule) or standing.rule(rule)
    return label(lang, found.title, rule) if found is not None else rule


@dataclass(frozen=True, slots=True)
class _Page:
    """Words and numbers for one reader. `sides`: which of the two counts of a pair are shown."""

    lang: str
    rulebooks: tuple[Rulebook, Rulebook]
    sides: slice

    def of(self, pair: Pair) -> tuple[int, ...]:
        """The counts of a pair that are shown."""
        return tuple(pair)[self.sides]

    def shown(self, count: int) -> str:
        """A count as it may be shown to anyone: nought, "< 5", or rounded."""
        if is_small(count):
            return f"< {BASE}"
        return self.number(rounded(count))

    def number(self, value: float) -> str:
        """A number as the reader writes it."""
        return str(format_decimal(value, locale=self.lang))

    def withheld(self, found: Comparison) -> set[str]:
        """The tables that tell too much: "weeks", "steps", "roles", "teams", "late", "too_late"."""
        tables = {name: list(getattr(found, name).values()) for name in TABLES}
        late, too_late = list(found.late.values()), list(found.too_late.values())
        hidden: set[str] = set()
        for side in range(2)[self.sides]:
            parts = [[pair[side] for pair in pairs] for pairs in tables.values()]
            hidden |= {TABLES[place] for place in withheld(found.told[side], parts)}
            for name, pairs in (("late", late), ("too_late", too_late)):
                of_side = [pair[side] for pair in pairs]
                hidden |= {name for _ in withheld(sum(of_side), [of_side])}
        return hidden

    def row(self, name: str, pair: Pair, highest: int = 0) -> Row:
        """A row; with bars where the `highest` count of its table is told."""
        counts = self.of(pair)
        bars = tuple(100 * rounded(count) // rounded(highest) for count in counts) if highest else ()
        return Row(name, tuple(map(self.shown, counts)), bars)

    def rows(self, named: Iterable[tuple[str, Pair]]) -> list[Row]:
        """A table with bars."""
        every = list(named)
        highest = self.highest(pair for _, pair in every)
        return [self.row(name, pair, highest) for name, pair in every]

    def highest(self, pairs: Iterable[Pair]) -> int:
        """The highest of the counts that are shown."""
        return max((count for pair in pairs for count in self.of(pair)), default=0)

    def groups(self, counted: Mapping[StepId, Pair]) -> list[Group]:
        """Steps below their rules; those of which there is nothing to count are left out."""
        some = {step: pair for step, pair in counted.items() if any(self.of(pair))}
        highest = self.highest(some.values())
        return self._below(some, lambda step: self.row(step[1], some[step], highest))

    def changes(self, counted: Mapping[tuple[StepId, str], int]) -> list[Group]:
        """How many prompts of each step the draft makes different, by kind."""
        steps = sorted({step for step, _ in counted})

        def row(step: StepId) -> Row:
            return Row(step[1], tuple(self.shown(counted.get((step, kind), 0)) for kind in KINDS))

        return self._below(steps, row)

    def _below(self, steps: Iterable[StepId], row: Callable[[StepId], Row]) -> list[Group]:
        of_rule: dict[str, list[Row]] = {}
        for step in steps:
            of_rule.setdefault(step[0], []).append(row(step))
        return [
            Group(rule_title(rule, self.rulebooks, self.lang), tuple(rows)) for rule, rows in of_rule.items()
        ]

    def figures(self, found: Comparison) -> list[Row]:
        """The totals."""
        late, too_late = total(found.late), total(found.too_late)
        named = (
            (mark("prompts told"), found.told),
            (mark("late: after their day, since the record came late"), late),
            (mark("too late to be told, since the record came late"), too_late),
            (mark("for whom there is no address"), found.unroutable),
        )
        return [self.row(say(self.lang, text), pair) for text, pair in named]

    def load(self, found: Comparison) -> list[Row]:
        """A worker's week. The ordinary one is no count of anything, and told as it is."""
        shown = list(found.load)[self.sides]
        return [
            Row(say(self.lang, "ordinary"), tuple(self.number(load.ordinary) for load in shown)),
            self.row(
                say(self.lang, "the busiest that anyone had"), (found.load[0].worst, found.load[1].worst)
            ),
        ]

    def role(self, role: str) -> str:
        """A role in words; a desk by its name in the config."""
        return say(self.lang, ROLES[role]) if role in ROLES else role

    def chart(self, weeks: Mapping[date, Pair]) -> Chart:
        """The weeks, drawn with rounded counts."""
        drawn = {week: tuple(map(rounded, self.of(pair))) for week, pair in weeks.items()}
        titles = {
            week: [f"{format_day(self.lang, week)}: {self.shown(count)}" for count in self.of(pair)]
            for week, pair in weeks.items()
        }
        return chart(drawn, titles, self.lang)


def _in_order(found: Comparison, counted: Mapping[StepId, Pair]) -> dict[StepId, Pair]:
    """The counts in the order of the rules."""
    return {step: counted[step] for step in (*found.steps, *counted) if step in counted}
