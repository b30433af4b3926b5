"""Shows what the sample organisation of `cti demo` went through: recognised, planned, told, and where to look."""

from __future__ import annotations

from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from cti.cli.demo_made import Demo
from cti.cli.outcome import waiting_lines
from cti.cli.output import add, line, table
from cti.cli.states import OPEN, STATES
from cti.cli.transitions import recognised
from cti.core.prompts import state
from cti.i18n import mark, say, say_count
from cti.sentences import situation_label
from cti.store import prompts as stored_prompts

MAIL_LINES = 24


def show(demo: Demo, console: Console, lang: str) -> None:
    """Prints the whole story, a screen or two."""
    truth = demo.organisation.truth
    line(
        console,
        say(lang, "An invented organisation lives in {folder}", folder=demo.folder.as_posix()),
        "bold",
    )
    text = mark(
        "{clients} clients, {workers} workers, 4 teams, three years of registration; nobody in it is real."
    )
    line(console, say(lang, text, clients=len(truth.clients), workers=len(truth.workers)), "dim")
    _recognised(demo, console, lang)
    _planned(demo, console, lang)
    _told(demo, console, lang)
    _look(demo, console, lang)


def _recognised(demo: Demo, console: Console, lang: str) -> None:
    system, vocabulary = demo.system, demo.rulebook.vocabulary
    with system.database.read() as tx:
        steps = list(recognised(tx, vocabulary, system.config.calendar))
    every = Counter(step["to"] for step in steps)
    lately = Counter(step["to"] for step in steps if step["day"] >= demo.first)
    heads = (
        say(lang, "in three years"),
        say_count(lang, "in the last week", "in the last {n} weeks", demo.wish.weeks),
    )
    shown = table(say(lang, "Recognised: clients came into"), *heads, right=heads)
    for situation in vocabulary.situations:
        if every[situation]:
            add(
                shown,
                f"  {situation_label(lang, situation, vocabulary)}",
                every[situation],
                lately[situation] or "–",
            )
    line(console, "")
    console.print(shown)


def _planned(demo: Demo, console: Console, lang: str) -> None:
    with demo.system.database.read() as tx:
        rows = list(stored_prompts.listing(tx, demo.last.now))
    states = Counter(state(row, demo.last.now) for row in rows)
    shown = table(
        say(lang, "Planned: prompts"),
        say(lang, "number"),
        say(lang, "which are"),
        right=[say(lang, "number")],
    )
    about = {
        "pending": say(lang, "to be told later, when they are due"),
        "sent": say(lang, "told, and not answered yet"),
        "answered": say(lang, "told and answered"),
        "settled": say(lang, "told, and then no longer needed"),
        "unroutable": say(lang, "for nobody who can be reached"),
        "covered": say(lang, "named in another prompt's mail, because they were overdue together"),
        "skipped": say(lang, "not needed: a condition, or another step that asks the same"),
        "expired": say(lang, "past their time before they were known"),
        "withdrawn": say(lang, "overtaken: the client moved on, or the file was closed"),
    }
    for name in (*OPEN, *(name for name in about if name not in OPEN)):
        if states[name]:
            add(shown, f"  {say(lang, STATES[name])}", states[name], about[name])
    line(console, "")
    console.print(shown)
    for text in waiting_lines(demo.last.held, lang):
        line(console, f"  {text}", "yellow")


def _told(demo: Demo, console: Console, lang: str) -> None:
    outbox = Path(demo.system.config.mail.folder)
    mails = sorted(outbox.glob("*.eml"))
    counts = demo.counts
    line(console, "")
    text = mark("Told: {messages} mails, of which {sent} were sent; workers answered {answered} prompts")
    said = say(lang, text, messages=counts["messages"], sent=counts["sent"], answered=counts["answered"])
    line(console, said, "bold")
    line(
        console,
        "  " + say(lang, "each of them is a file in {folder}", folder=(demo.folder / outbox.name).as_posix()),
    )
    if mails:
        console.print(_mail(mails[-1], demo.folder / outbox.name))


def _mail(file: Path, folder: Path) -> Panel:
    """A mail as its reader sees it."""
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    text = str(body.get_content()).strip().splitlines() if body is not None else []
    shown = [*text[:MAIL_LINES], *(["…"] if len(text) > MAIL_LINES else [])]
    head = [Text(f"{name}: {mail[name]}", style="dim") for name in ("From", "To", "Date", "Subject")]
    return Panel(
        Group(*head, Text(""), Text("\n".join(shown))),
        title=Text((folder / file.name).as_posix()),
        title_align="left",
        width=100,
        padding=(1, 2),
    )


def _look(demo: Demo, console: Console, lang: str) -> None:
    with demo.system.database.read() as tx:
        sent = next(iter(stored_prompts.sent_unanswered(tx)), None)
    client = sent.plan.client if sent is not None else "CLIENT"
    line(console, say(lang, "Look further:  cd {folder}, and then", folder=demo.folder.as_posix()), "bold")
    for command, about in (
        (f"cti explain {client}", say(lang, "why this client's prompts are there, and the others are not")),
        ("cti prompts", say(lang, "everything that waits for an answer or for its day")),
        ("cti transitions", say(lang, "everything that was recognised")),
        ("cti rules test", say(lang, "the rules' own tests; the rules stand in rules/, to be tuned")),
        ("cti check", say(lang, "whether config, rules and texts are right")),
    ):
        line(console, f"  {command:<22}{about}")
