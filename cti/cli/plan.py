"""`cti plan`: what planning would change, and letting through what waits."""

from __future__ import annotations

from collections import Counter

from rich.console import Console

from cti.cli.dates import short_time
from cti.cli.outcome import planning_line, show_waiting, tell
from cti.cli.output import add, line, out, progress, table, write_json
from cti.cli.preview import Preview, preview
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.core.prompts import Change
from cti.engine import tick as one_pass
from cti.i18n import mark, say, say_count

SHOWN = 20
"""How many changes the table shows; --json has them all."""


def show_plan(asked: Session, force: bool, at: str | None, as_json: bool) -> None:
    """Prints what planning would change."""
    if force:
        raise Refusal(mark("--force lets through what waits, so it needs --apply"), 2)
    with asked.system() as system, progress(say(asked.lang, "Planning …")):
        found = preview(system, asked.clock(system, at))
    if as_json:
        write_json(found.data(asked.lang))
    else:
        _show(found, asked.lang, out())


def apply_plan(asked: Session, force: bool, at: str | None, as_json: bool) -> None:
    """One pass; with `force` what is over a limit goes through as well."""
    with asked.system() as system:
        rehearsal = at is not None or asked.rehearsing(system)
        now = asked.clock(system, at)
        with progress(say(asked.lang, "Reading, planning and telling …")):
            done = one_pass(system, now, force=force, by="cti plan --apply")
        if rehearsal:
            asked.note_rehearsal(system, now)
        tell(done, system, asked.lang, as_json)


_KINDS = {
    "create": mark("new"),
    "move": mark("moved"),
    "withdraw": mark("withdrawn"),
    "drop": mark("withdrawn"),
    "revive": mark("revived"),
}


def _show(found: Preview, lang: str, console: Console) -> None:
    if not found.changes:
        line(console, say(lang, "Nothing would change: the prompts are what the rules say."))
    else:
        line(console, planning_line(found.planning, lang))
        line(console, "")
        _per_rule(found, lang, console)
        line(console, "")
        _first(found, lang, console)
    if found.new_rules:
        line(
            console,
            say(lang, "The rules in the folder are newer than those in force; this is what they would do."),
        )
    waiting = (*found.planning.held, *found.retractions)
    if waiting:
        line(console, "")
        show_waiting(console, waiting, lang)


def _per_rule(found: Preview, lang: str, console: Console) -> None:
    heads = [say(lang, name) for name in dict.fromkeys(_KINDS.values())]
    counts: dict[str, Counter[str]] = {}
    for change in found.changes:
        counts.setdefault(change.plan.rule, Counter())[say(lang, _KINDS[change.kind])] += 1
    shown = table(say(lang, "rule"), *heads, right=heads)
    for rule, of_rule in sorted(counts.items()):
        add(shown, rule, *(of_rule[head] or "–" for head in heads))
    console.print(shown)


def _first(found: Preview, lang: str, console: Console) -> None:
    shown = table(
        say(lang, "change"), say(lang, "client"), say(lang, "prompt"), say(lang, "for"), say(lang, "due")
    )
    for change in found.changes[:SHOWN]:
        kind = say(lang, _KINDS[change.kind])
        if found.waits(change):
            kind = say(lang, "{kind} (waits)", kind=kind)
        add(
            shown,
            kind,
            change.plan.client,
            f"{change.plan.rule}/{change.plan.step}",
            change.plan.role,
            _due(found, change, lang),
        )
    console.print(shown)
    rest = len(found.changes) - SHOWN
    if rest > 0:
        line(
            console,
            say_count(lang, "and {n} more (--json has all)", "and {n} more (--json has all)", rest),
            "dim",
        )


def _due(found: Preview, change: Change, lang: str) -> str:
    due = change.plan.due
    return short_time(lang, due, found.calendar.zone) if due is not None else "–"
