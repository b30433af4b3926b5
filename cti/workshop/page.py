"""The comparison of two rulebooks as one page to mail to a colleague: counts only, and none that could point at a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from cti.core.prompts import STILL_CURRENT
from cti.core.rules import Rulebook
from cti.i18n import format_day, say
from cti.sentences import label
from cti.workshop.compare import Comparison, Pair, StepId

FEWER_THAN = 5
"""Smaller counts are not shown: in a small team they could tell about whom."""

WIDTH, HEIGHT = 720, 160


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the chart, in its units, with the words beside it."""

    x: float
    y: float
    width: float
    height: float
    side: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a name and two counts as they may be shown."""

    name: str
    before: str
    after: str


def page(found: Comparison, draft: Rulebook, lang: str, since: date | None = None) -> str:
    """The page, whole: no script, no font, no picture from elsewhere. `since`: as if all rules had counted from that day on."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(
        files("cti.workshop").joinpath("page.html").read_text(encoding="utf-8")
    )
    return template.render(
        lang=lang,
        say=lambda text, **params: say(lang, text, **params),
        first=format_day(lang, found.first),
        last=format_day(lang, found.last),
        since=format_day(lang, since) if since is not None else "",
        told=Line("", shown(found.told[0], lang), shown(found.told[1], lang)),
        bars=bars(found.weeks, lang),
        width=WIDTH,
        height=HEIGHT,
        weeks=[Line(format_day(lang, week), *_pair(pair, lang)) for week, pair in found.weeks.items()],
        steps=[Line(step_name(step, draft, lang), *_pair(pair, lang)) for step, pair in found.steps.items()],
        roles=_lines(found.roles, lang),
        teams=_lines(found.teams, lang),
        late=[Line(step_name(step, draft, lang), *_pair(pair, lang)) for step, pair in found.late.items()],
        too_late=[
            Line(step_name(step, draft, lang), *_pair(pair, lang)) for step, pair in found.too_late.items()
        ],
        silent=[step_name(step, draft, lang) for step in found.silent],
        load=found.load,
        fewer_than=FEWER_THAN,
    )


def shown(count: int, lang: str) -> str:
    """A count as it may be shown to anyone: nought, "fewer than five", or the number."""
    return str(count) if count == 0 or count >= FEWER_THAN else say(lang, "fewer than {n}", n=FEWER_THAN)


def step_name(step: StepId, draft: Rulebook, lang: str) -> str:
    """A step by its rule's title and its own id."""
    return f"{rule_title(step[0], draft, lang)}: {step[1]}"


def rule_title(rule: str, draft: Rulebook, lang: str) -> str:
    """A rule's title in the reader's language; its id where the draft has no such rule."""
    if rule == STILL_CURRENT[0]:
        return say(lang, "Is it still current?")
    found = draft.rule(rule)
    return label(lang, found.title, rule) if found is not None else rule


def _pair(pair: Pair, lang: str) -> tuple[str, str]:
    return shown(pair[0], lang), shown(pair[1], lang)


def _lines(counted: Mapping[str, Pair], lang: str) -> list[Line]:
    return [Line(name or say(lang, "no team"), *_pair(pair, lang)) for name, pair in sorted(counted.items())]


def bars(weeks: Mapping[date, Pair], lang: str) -> Sequence[Bar]:
    """Two bars a week, today's rules and the draft. A count too small to be shown has a bar of its limit's height."""
    highest = max((count for pair in weeks.values() for count in pair), default=0)
    highest = max(highest, FEWER_THAN)
    room = WIDTH / max(1, len(weeks))
    found: list[Bar] = []
    for number, (week, pair) in enumerate(weeks.items()):
        for side, count in enumerate(pair):
            drawn = count if count == 0 or count >= FEWER_THAN else FEWER_THAN
            height = HEIGHT * drawn / highest
            found.append(
                Bar(
                    x=round(number * room + side * room * 0.4, 1),
                    y=round(HEIGHT - height, 1),
                    width=round(room * 0.36, 1),
                    height=round(height, 1),
                    side=("before", "after")[side],
                    title=f"{format_day(lang, week)}: {shown(count, lang)}",
                )
            )
    return found
