"""`cti plan`: what planning would change, and letting through what waits."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console

from cti.cli.outcome import show_waiting, tell
from cti.cli.output import add, err, line, out, progress, show_problems, table, write_json
from cti.cli.refusal import Refusal
from cti.cli.rules import draft_of
from cti.cli.session import Session
from cti.engine import tick as one_pass
from cti.i18n import mark, say, say_count
from cti.workshop.preview import Preview, preview

SHOWN = 20
"""How many changes the table shows; --json has them all."""


def show_plan(asked: Session, folder: Path | None, force: bool, at: str | None, as_json: bool) -> None:
    """Prints what planning would change, by the rules in the folder that is meant, else in the config's."""
    if force:
        raise Refusal(mark("--force lets through what waits, so it needs --apply"), 2)
    draft = draft_of(asked, folder)
    with asked.system() as system, progress(say(asked.lang, "Planning …")):
        found = preview(system, draft.rulebook, draft.checked, asked.clock(system, at))
    if as_json:
        write_json(found.data(asked.lang))
    else:
        _show(found, asked.lang, out())
    if found.refused:
        text = mark("A running service would not take these rules over, because of this:")
        line(err(), say(asked.lang, text), "bold")
        show_problems(err(), found.refused, asked.lang)
        raise typer.Exit(1)


def apply_plan(asked: Session, folder: Path | None, force: bool, at: str | None, as_json: bool) -> None:
    """One pass; with `force` what is over a limit goes through as well."""
    if folder is not None:
        text = mark("--apply goes by the config's rules folder; put these rules there, or leave out --apply")
        raise Refusal(text, 2)
    with asked.system() as system:
        rehearsal = at is not None or asked.rehearsing(system)
        now = asked.clock(system, at)
        with progress(say(asked.lang, "Reading, planning and telling …")):
            done = one_pass(system, now, force=force, by="cti plan --apply")
        if rehearsal:
            asked.note_rehearsal(system, now)
        tell(done, system, asked.lang, as_json)


_KINDS = {
    "created": (mark("new"), mark("{n} new")),
    "moved": (mark("moved"), mark("{n} moved")),
    "withdrawn": (mark("withdrawn"), mark("{n} withdrawn")),
    "revived": (mark("revived"), mark("{n} revived")),
    "readdressed": (mark("to someone else"), mark("{n} to someone else")),
    "waiting": (mark("waits"), mark("{n} waiting")),
}
"""Each kind of change as the head of a column, and counted."""


def _show(found: Preview, lang: str, console: Console) -> None:
    if found.new_rules:
        line(console, say(lang, "These rules are not those in force; this is what they would do now."))
    if not found.changes:
        line(console, say(lang, "Nothing would change: the prompts are what the rules say."))
    else:
        line(console, _summary(found, lang))
        line(console, "")
        _per_rule(found, lang, console)
        line(console, "")
        _first(found, lang, console)
    waiting = (*found.planning.held, *found.retractions)
    if waiting:
        line(console, "")
        show_waiting(console, waiting, lang)


def _summary(found: Preview, lang: str) -> str:
    """ "12 clients planned, 30 transitions; prompts: 8 new, 1 moved"."""
    counts = {kind: sum(of_rule[kind] for of_rule in found.per_rule.values()) for kind in _KINDS}
    return say(
        lang,
        "{clients}, {transitions}; prompts: {changes}",
        clients=say_count(lang, "{n} client planned", "{n} clients planned", found.planning.clients),
        transitions=say_count(lang, "{n} transition", "{n} transitions", found.planning.transitions),
        changes=[say(lang, text, n=counts[kind]) for kind, (_, text) in _KINDS.items() if counts[kind]],
    )


def _per_rule(found: Preview, lang: str, console: Console) -> None:
    kinds = [kind for kind in _KINDS if any(counts[kind] for counts in found.per_rule.values())]
    heads = [say(lang, _KINDS[kind][0]) for kind in kinds]
    shown = table(say(lang, "rule"), *heads, right=heads)
    for rule, counts in found.per_rule.items():
        add(shown, rule, *(counts[kind] or "–" for kind in kinds))
    console.print(shown)


def _first(found: Preview, lang: str, console: Console) -> None:
    shown = table(
        say(lang, "change"), say(lang, "client"), say(lang, "prompt"), say(lang, "for"), say(lang, "why")
    )
    for kind, change in found.changes[:SHOWN]:
        said = say(lang, _KINDS[kind][0])
        if found.waits(change):
            said = say(lang, "{kind} (waits)", kind=said)
        add(
            shown,
            said,
            change.plan.client,
            f"{change.plan.rule}/{change.plan.step}",
            change.plan.role,
            found.why(kind, change, lang),
        )
    console.print(shown)
    rest = len(found.changes) - SHOWN
    if rest > 0:
        text = mark("and {n} more (--json has all)")
        line(console, say_count(lang, text, text, rest), "dim")
