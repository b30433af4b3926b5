"""`cti forget`: all that is held on a client erased, for good."""

from __future__ import annotations

import sys

from rich.console import Console

from cti.cli.output import err, line, out, write_json
from cti.cli.person import person_called
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.engine import Busy
from cti.engine.forgetting import Person, forget, person_of
from cti.engine.locks import everything
from cti.i18n import mark, say, say_count
from cti.store import linked

YES = ("y", "yes", "j", "ja")

COUNTED = {
    "record": (
        mark("{n} record of the registration or entered here"),
        mark("{n} records of the registration or entered here"),
    ),
    "version": (
        mark("{n} thing that they said, early and late"),
        mark("{n} things that they said, early and late"),
    ),
    "prompt": (mark("{n} prompt"), mark("{n} prompts")),
    "message_item": (mark("{n} mention in a mail"), mark("{n} mentions in mails")),
    "quarantine": (mark("{n} field that could not be read"), mark("{n} fields that could not be read")),
}
"""What is erased, by table, one and more; of the other tables the rows say nothing of their own."""


def forget_client(asked: Session, ref: str, yes: bool, as_json: bool) -> None:
    """Says what will go and what stays, asks, and erases."""
    lang = asked.lang
    with asked.system() as system:
        with system.database.read() as tx:
            person = person_called(tx, ref)
            rows = linked.rows_about(tx, person.numbers)
        counts = {name: len(rows[name]) for name in COUNTED} | {"audit": len(rows["audit"])}
        if not yes:
            _ask(err() if as_json else out(), person, counts, lang)
        with system.database.lock(*everything(system)) as mine:
            if not mine:
                raise Busy
            with system.database.write() as tx:
                again = person_of(tx, person.client.id)
                if again != person:
                    text = mark("something about {client} changed meanwhile; nothing was erased, look again")
                    raise Refusal(text, client=ref)
                done = forget(tx, system, person, asked.clock(system))
    merged = [other.ref for other in person.merged]
    if as_json:
        erased = {"records": done.records, "prompts": done.prompts, "messages": done.messages}
        write_json({"client": ref, "number": person.client.id, "merged": merged, **erased})
        return
    text = mark(
        "Erased: {client} (#{number}). Records: {records}, prompts: {prompts}, waiting mails: {messages}."
    )
    numbers = {"records": done.records, "prompts": done.prompts, "messages": done.messages}
    line(out(), say(lang, text, client=[ref, *merged], number=person.client.id, **numbers), "bold")
    text = mark(
        "The export or database of the registration still has this client, and so have backups and mails."
    )
    line(out(), say(lang, text))


def _ask(console: Console, person: Person, counts: dict[str, int], lang: str) -> None:
    """Says what will be erased, and lets the one at the terminal decide."""
    merged = [other.ref for other in person.merged]
    text = mark("Client {client} will be erased, for good:")
    if merged:
        text = mark("Client {client} will be erased, for good, with {merged}, who was merged there:")
    line(console, say(lang, text, client=person.client.ref, merged=merged), "bold")
    for name, (one, more) in COUNTED.items():
        if counts[name]:
            line(console, f"  {say_count(lang, one, more, counts[name])}")
    line(console, say(lang, "What stays:"))
    one = mark("{n} row of the audit trail, with our own number #{number}, which then leads to nobody")
    more = mark("{n} rows of the audit trail, with our own number #{number}, which then leads to nobody")
    line(console, f"  {say_count(lang, one, more, counts['audit'], number=person.client.id)}")
    line(console, f"  {say(lang, 'keyed hashes, so that no later export brings this client back')}")
    line(console, f"  {say(lang, 'what is elsewhere: the registration, mails that were sent, backups')}")
    if person.passed_to:
        others = [other.ref for other in person.passed_to]
        text = mark("  records that now belong to {others}: name that client too, if it is the same person")
        line(console, say(lang, text, others=others))
    if not sys.stdin.isatty():
        raise Refusal(
            mark("this is not a terminal, so nobody can be asked; with --yes it is done without"), 2
        )
    console.print(f"{say(lang, 'Erase? [y/N]')} ", end="")
    if sys.stdin.readline().strip().lower() not in YES:
        raise Refusal(mark("nothing was erased"))
