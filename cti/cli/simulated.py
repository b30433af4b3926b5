"""How a simulation reads in a terminal: what changes, for whom, and where to look."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from babel.numbers import format_decimal
from rich.console import Console

from cti.cli.bars import GUTTER, drawn
from cti.cli.dates import plain_day
from cti.cli.output import add, line, table
from cti.core.rules import Rulebook
from cti.i18n import mark, say, say_count
from cti.workshop.compare import Comparison, Difference, Pair, StepId, total
from cti.workshop.page import rule_title
from cti.workshop.simulate import Days

EXAMPLES = 10
"""How many differences are shown one by one; --json has them all."""
STYLES = ("cyan", "magenta")
"""Of the rules in force, and of the draft."""

PAIR = (54, 9, 8, 9)
"""The columns of a table of counts: its names, in force, draft, change."""
STEPS = (37, 9, 8, 9, 8, 9)
"""The columns of the table of steps: those, then late and too late."""
NAME = 46
"""The columns that rule and step together take."""
NONE = (0, 0)


KINDS = {
    "added": mark("{n} added"),
    "removed": mark("{n} removed"),
    "moved": mark("{n} moved"),
    "re-addressed": mark("{n} to someone else"),
}
EXAMPLE = {
    "added": mark("added"),
    "removed": mark("removed"),
    "moved": mark("moved"),
    "re-addressed": mark("to someone else"),
}


@dataclass(frozen=True)
class Report:
    """What a simulation found, and what it is told with."""

    lang: str
    found: Comparison
    standing: Rulebook
    draft: Rulebook
    days: Days
    changed: Sequence[date] = ()
    """The days on which other rules came into force."""
    adopted: bool = False
    """Whether each rulebook was replayed from when it was adopted, and not the latest of them for all of the time."""

    @property
    def alike(self) -> bool:
        """Whether the draft is what is in force, so that there is nothing to lay side by side."""
        return self.standing.digest == self.draft.digest and not (self.adopted and self.changed)


def show(console: Console, report: Report) -> None:
    """Prints the report, for 80 columns."""
    for part in (_head, _totals, _weeks, _worker, _steps, _roles_and_teams, _silent):
        part(console, report)
    if not report.alike:
        _differences(console, report)


def _head(console: Console, report: Report) -> None:
    lang, found, days = report.lang, report.found, report.days
    if report.alike:
        line(console, say(lang, "What the rules in force would have told"), "bold")
    else:
        line(console, say(lang, "What the draft would have told, next to the rules in force"), "bold")
    first, last = plain_day(lang, found.first), plain_day(lang, found.last)
    line(console, say(lang, "{first} – {last}, with what was known on each day", first=first, last=last))
    if report.changed:
        text = mark("The rules changed on {days}; those in force now are replayed for all of the time.")
        if report.adopted:
            text = mark("In force: the rules as they were; they changed on {days}.")
        changed = [plain_day(lang, day) for day in report.changed]
        line(console, say(lang, text, days=changed), "" if report.adopted else "yellow")
        if not report.adopted:
            line(console, say(lang, "To replay each from the day it was adopted on: --adopted"), "yellow")
    counts = max(report.standing.vocabulary.since, report.draft.vocabulary.since)
    if days.since is not None:
        since = plain_day(lang, days.since)
        line(console, say(lang, "As if all rules had counted from {since} on.", since=since))
    elif counts > found.first:
        text = mark("What happened before {since} prompts nobody (since, in the vocabulary).")
        line(console, say(lang, text, since=plain_day(lang, counts)), "yellow")
        text = mark("To replay as if the rules had counted from the first day on: --since {first}")
        line(console, say(lang, text, first=found.first.isoformat()), "yellow")


def _totals(console: Console, report: Report) -> None:
    lang, found = report.lang, report.found
    rows = (
        (mark("prompts told"), found.told),
        (mark("  late: after their day, since the record came late"), total(found.late)),
        (mark("too late to be told, since the record came late"), total(found.too_late)),
        (mark("for whom there is no address"), found.unroutable),
    )
    line(console, "")
    line(console, _pair_heads(report, ""), "bold")
    for text, pair in rows:
        line(console, _pair(report, say(lang, text), pair))


def _weeks(console: Console, report: Report) -> None:
    lang, weeks = report.lang, report.found.weeks
    highest = max((count for pair in weeks.values() for count in pair), default=0)
    if not highest:
        return
    line(console, "")
    line(console, say(lang, "Prompts per week"), "bold")
    sides = ((mark("in force"), 0), (mark("draft"), 1))
    for name, side in sides[1:] if report.alike else sides:
        if not report.alike:
            line(console, " " * GUTTER + say(lang, name), STYLES[side])
        for row in drawn(lang, {week: pair[side] for week, pair in weeks.items()}, highest):
            line(console, row, STYLES[side])


def _worker(console: Console, report: Report) -> None:
    """What a worker gets in a week."""
    lang = report.lang
    before, after = report.found.load
    ordinary = [format_decimal(load.ordinary, locale=lang) for load in (before, after)]
    line(console, "")
    line(console, _pair_heads(report, say(lang, "A worker's week")), "bold")
    line(console, _columns(say(lang, "ordinary"), PAIR, ordinary[1:] if report.alike else ordinary))
    line(console, _pair(report, say(lang, "the busiest that anyone had"), (before.worst, after.worst)))


def _steps(console: Console, report: Report) -> None:
    """Steps below their rules. Where both rulebooks have the same number of late ones, it stands there once."""
    lang, found = report.lang, report.found
    of_rule: dict[str, list[StepId]] = defaultdict(list)
    for step, pair in found.steps.items():
        if any(pair) or any(found.too_late.get(step, NONE)):
            of_rule[step[0]].append(step)
    if not of_rule:
        return
    heads = [*_heads(report), say(lang, "late"), say(lang, "too late")]
    widths = STEPS if not report.alike else (STEPS[0], *STEPS[-3:])
    line(console, "")
    line(console, _columns(say(lang, "Per step"), widths, heads), "bold")
    for rule, steps in sorted(of_rule.items()):
        line(console, f"{_title(report, rule)}  {rule}")
        for step in steps:
            late, too_late = found.late.get(step, NONE), found.too_late.get(step, NONE)
            cells = [*_cells(report, found.steps[step]), _change(late), _change(too_late)]
            line(console, _columns(f"  {step[1]}", widths, cells))


def _roles_and_teams(console: Console, report: Report) -> None:
    lang, found = report.lang, report.found
    for title, counted in ((mark("Per role"), found.roles), (mark("Per team"), found.teams)):
        if not counted:
            continue
        line(console, "")
        line(console, _pair_heads(report, say(lang, title)), "bold")
        for name, pair in sorted(counted.items()):
            line(console, _pair(report, name or say(lang, "no team"), pair))


def _silent(console: Console, report: Report) -> None:
    lang, found = report.lang, report.found
    if not found.silent:
        return
    line(console, "")
    line(console, say(lang, "Steps that nobody would have been told of"), "bold")
    for step in found.silent:
        before = found.steps[step][0]
        text = say(lang, "with the rules in force: {n}", n=before) if before else ""
        line(
            console,
            _columns(f"  {_name(step)}", (NAME, 80 - NAME), [text]).rstrip(),
            "yellow" if before else "",
        )


def _differences(console: Console, report: Report) -> None:
    """What the draft itself makes different, and how much else comes otherwise because of that."""
    lang = report.lang
    own = [difference for difference in report.found.differences if not difference.knock_on]
    beside = len(report.found.differences) - len(own)
    if not report.found.differences:
        text = mark("No difference: nobody would have been told anything else, or on another day.")
        line(console, "")
        line(console, say(lang, text), "bold")
    if own:
        line(console, "")
        _own_differences(console, lang, own)
    if beside:
        one = mark("Because of these, {n} other prompt comes on another day or in another's mail.")
        more = mark("Because of these, {n} other prompts come on another day or in another's mail.")
        line(console, "")
        line(console, say_count(lang, one, more, beside), "dim")


def _own_differences(console: Console, lang: str, differences: Sequence[Difference]) -> None:
    counts: dict[StepId, Counter[str]] = defaultdict(Counter)
    for difference in differences:
        counts[difference.rule, difference.step][difference.kind] += 1
    line(console, say(lang, "Differences"), "bold")
    for step, of_step in sorted(counts.items()):
        said = [say(lang, text, n=of_step[kind]) for kind, text in KINDS.items() if of_step[kind]]
        line(console, f"  {_name(step):<{NAME}}  {', '.join(said)}")
    some = examples(differences)
    rest = len(differences) - len(some)
    line(console, "")
    line(console, say(lang, "Some of them") if rest else say(lang, "One by one"), "bold")
    shown = table("", say(lang, "client"), say(lang, "step"), say(lang, "day"))
    for difference in some:
        days = [plain_day(lang, day) for day in (difference.before, difference.after) if day is not None]
        about = _name((difference.rule, difference.step))
        kind = say(lang, EXAMPLE[difference.kind])
        add(shown, kind, difference.client, about, " → ".join(dict.fromkeys(days)))
    console.print(shown)
    if rest:
        text = mark("and {n} more (--json has all)")
        line(console, say_count(lang, text, text, rest), "dim")


def examples(differences: Sequence[Difference], most: int = EXAMPLES) -> list[Difference]:
    """Some differences that show as many kinds and steps as possible; in the order of the kinds."""
    seen: Counter[tuple[str, str, str]] = Counter()
    of_kind: dict[str, list[tuple[int, Difference]]] = {kind: [] for kind in KINDS}
    for difference in differences:
        sort = (difference.kind, difference.rule, difference.step)
        of_kind[difference.kind].append((seen[sort], difference))
        seen[sort] += 1
    ordered = [sorted(some, key=lambda entry: entry[0]) for some in of_kind.values()]
    in_turn = [entry[1] for together in zip_longest(*ordered) for entry in together if entry is not None]
    return sorted(in_turn[:most], key=lambda difference: list(KINDS).index(difference.kind))


# --- columns ----------------------------------------------------------------------------------------------------------


def _columns(name: str, widths: Sequence[int], cells: Sequence[object]) -> str:
    """A line of a table: a name to the left, cells to the right in theirs. A long name pushes its cells aside."""
    return f"{name:<{widths[0]}}" + "".join(
        f"{cell!s:>{width}}" for cell, width in zip(cells, widths[1:], strict=False)
    )


def _heads(report: Report) -> list[str]:
    lang = report.lang
    if report.alike:
        return [say(lang, "told")]
    return [say(lang, "in force"), say(lang, "draft"), "+/−"]


def _cells(report: Report, pair: Pair) -> list[object]:
    before, after = pair
    more = after - before
    if report.alike:
        return [after]
    return [before, after, f"+{more}" if more > 0 else f"−{-more}" if more else "–"]


def _pair_heads(report: Report, title: str) -> str:
    return _columns(title, PAIR, _heads(report))


def _pair(report: Report, name: str, pair: Pair) -> str:
    return _columns(name, PAIR, _cells(report, pair))


def _change(pair: Pair) -> str:
    before, after = pair
    if not any(pair):
        return "–"
    return str(after) if before == after else f"{before}→{after}"


def _name(step: StepId) -> str:
    return f"{step[0]}/{step[1]}"


def _title(report: Report, rule: str) -> str:
    return rule_title(rule, (report.standing, report.draft), report.lang)
