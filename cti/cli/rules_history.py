"""`cti rules history` and `cti rules restore`: the rulebooks that were in force, and one of them put back."""

from __future__ import annotations

from cti.cli.dates import short_time
from cti.cli.output import add, line, out, table, write_json
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.engine import rulebooks as engine
from cti.i18n import mark, say
from cti.store import rulebooks
from cti.store.rulebooks import Adopted

VOCABULARY = "rules/vocabulary.toml"


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
    number, prompts = say(lang, "number"), say(lang, "prompts")
    heads = (say(lang, "since"), say(lang, "by"), say(lang, "rules"), prompts, "")
    shown = table(number, *heads, right=(number, say(lang, "rules"), prompts))
    for one in found:
        now = say(lang, "in force") if one is found[0] else ""
        since = short_time(lang, one.at, zone)
        add(shown, one.number, since, one.by, _rules(one), made.get(one.digest, 0), now)
    console.print(shown)
    line(console, "")
    line(console, say(lang, "One of them put back: cti rules restore NUMBER"), "dim")


def restore(asked: Session, number: int) -> None:
    """Puts an earlier rulebook in force again."""
    with asked.system() as system:
        with system.database.read() as tx:
            standing = rulebooks.in_force(tx)
            wanted = rulebooks.adopted(tx, number)
        if standing is not None and wanted is not None and wanted.digest == standing.digest:
            text = mark("these rules are in force already, as number {number}; nothing was changed")
            raise Refusal(text, 1, number=standing.number)
        engine.restore(system, number, asked.clock(system), "cti rules restore")
        with system.database.read() as tx:
            now = rulebooks.in_force(tx)
    assert now is not None
    console, lang = out(), asked.lang
    text = mark("The rules of number {number} are in force again, from now on as number {now}.")
    line(console, say(lang, text, number=number, now=now.number), "bold")
    text = mark(
        "They hold until a file in the rules folder changes. The next pass plans by them; nothing is told twice."
    )
    line(console, say(lang, text))


def _rules(one: Adopted) -> int:
    """How many rules the rulebook has."""
    return sum(
        name.startswith("rules/") and name.count("/") == 1 and name.endswith(".toml") and name != VOCABULARY
        for name in one.files
    )


def _data(one: Adopted, made: dict[str, int], in_force: bool) -> dict[str, object]:
    return {
        "number": one.number,
        "digest": one.digest,
        "since": one.at.isoformat(),
        "by": one.by,
        "rules": _rules(one),
        "prompts": made.get(one.digest, 0),
        "in_force": in_force,
    }
