"""`cti rules history` and `cti rules restore`: the rulebooks that were in force, and one of them put back."""

from __future__ import annotations

import getpass
import tomllib

import typer

from cti.cli.dates import short_time
from cti.cli.outcome import planning_line
from cti.cli.output import add, err, line, out, progress, show_problems, table, write_json
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.engine.restoring import restore as put_back
from cti.i18n import mark, say
from cti.problems import Problems
from cti.rulebook.folder import is_rule
from cti.store import rulebooks
from cti.store.rulebooks import Adopted

SHORT = 8
"""So much of a digest is shown; the log has it whole."""

CHANGED = ("clients", "created", "moved", "withdrawn", "revived")
"""What scripts read of a planning."""


def show_history(asked: Session, as_json: bool) -> None:
    """Prints the rulebooks that were adopted last, the newest first; the first is in force."""
    with asked.system() as system, system.database.read() as tx:
        found = rulebooks.history(tx)
        made = rulebooks.prompts_made(tx)
    zone = asked.config.calendar.zone
    if as_json:
        write_json([_data(one, made, one is found[0]) for one in found])
        return
    console, lang = out(), asked.lang
    if not found:
        line(console, say(lang, "No rules were in force yet; the first pass adopts those of the folder."))
        return
    number, prompts = say(lang, "no."), say(lang, "prompts")
    rules, steps = say(lang, "rules"), say(lang, "steps")
    heads = (say(lang, "since"), say(lang, "by"), say(lang, "digest"), rules, steps, prompts, "")
    shown = table(number, *heads, right=(number, rules, steps, prompts))
    for one in found:
        now = say(lang, "in force") if one is found[0] else ""
        since = short_time(lang, one.at, zone)
        counts = (*_counts(one), made.get(one.digest, 0))
        add(shown, one.number, since, one.by, one.digest[:SHORT], *counts, now)
    console.print(shown)
    line(console, "")
    line(console, say(lang, "One of them put back: cti rules restore NUMBER"), "dim")


def restore(asked: Session, number: int, force: bool, as_json: bool) -> None:
    """Puts an earlier rulebook in force again, and prints what that changed."""
    lang = asked.lang
    with asked.system() as system:
        with system.database.read() as tx:
            standing = rulebooks.in_force(tx)
            wanted = rulebooks.adopted(tx, number)
        if standing is not None and wanted is not None and wanted.digest == standing.digest:
            text = mark("these rules are in force already, as number {number}; nothing was changed")
            raise Refusal(text, 1, number=standing.number)
        try:
            with progress(say(lang, "Planning …")):
                done = put_back(system, number, asked.clock(system), _who(), force)
        except Problems as reasons:
            show_problems(err(), reasons.problems, lang)
            if wanted is not None and not force:
                text = mark("Nothing was changed. To do it all the same: cti rules restore {number} --force")
                line(err(), say(lang, text, number=number))
            raise typer.Exit(1) from None
    if as_json:
        changed = {kind: getattr(done.planning, kind) for kind in CHANGED}
        write_json({"number": done.number, "restored": number, **changed})
        return
    console = out()
    text = mark("The rules of number {number} are in force again, from now on as number {now}.")
    line(console, say(lang, text, number=number, now=done.number), "bold")
    line(console, f"  {planning_line(done.planning, lang)}")
    text = mark("They hold until a file in the rules folder changes. What was told is not told again.")
    line(console, say(lang, text))


def _who() -> str:
    """By whom the command was given, as far as the machine knows."""
    try:
        return f"{getpass.getuser()}, cti rules restore"
    except (OSError, KeyError):  # an account without a name, as in some containers
        return "cti rules restore"


def _counts(one: Adopted) -> tuple[int, int]:
    """How many rules and steps the rulebook has. Its files were right when they were kept, so this much is sure of them."""
    rules = [tomllib.loads(text) for name, text in one.files.items() if is_rule(name)]
    return len(rules), sum(len(rule["steps"]) for rule in rules)


def _data(one: Adopted, made: dict[str, int], in_force: bool) -> dict[str, object]:
    rules, steps = _counts(one)
    return {
        "number": one.number,
        "digest": one.digest,
        "since": one.at.isoformat(),
        "by": one.by,
        "rules": rules,
        "steps": steps,
        "prompts": made.get(one.digest, 0),
        "in_force": in_force,
    }
