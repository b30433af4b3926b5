"""What a pass did, in words: what was read, planned and told, what waits, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import typer
from rich.console import Console

from cti.cli.output import err, line, out, show_problems, write_json
from cti.config import Config
from cti.core.limits import Held
from cti.core.rules import Rulebook
from cti.engine import System
from cti.engine.outcome import Planning, Posting, SourceRead, Tick
from cti.engine.quiet import quiet_sources
from cti.i18n import format_when, mark, say, say_count
from cti.problems import Problem
from cti.store import clients


def tell(done: Tick, system: System, lang: str, as_json: bool) -> None:
    """Prints a pass, for people or for scripts, and leaves with 1 where someone has to mend something."""
    if as_json:
        write_json(done.data())
    else:
        show_tick(out(), done, system.config, lang)
        _show_first_step(system, lang)
    show_troubles(err(), done, lang)
    show_problems(err(), quiet_sources(system, done.now), lang)
    if failed(done):
        raise typer.Exit(1)


def _show_first_step(system: System, lang: str) -> None:
    """What to do while nobody is known yet."""
    with system.database.read() as tx:
        if clients.client_ids(tx, 1):
            return
    text = mark(
        "  no client is known yet: put an export of your registration where a source reads it, and do this again"
    )
    line(out(), say(lang, text), "bold")


def show_tick(console: Console, done: Tick, config: Config, lang: str) -> None:
    """Prints what a pass did."""
    line(console, format_when(lang, done.now, config.calendar.zone), "bold")
    for source in done.sources:
        line(console, f"  {source_line(source, lang)}")
        for note in source.notes:
            line(console, f"    {note.sentence(lang)}", "dim")
    if not config.sources:
        line(console, "  " + say(lang, "no source is set: name one in [[sources]] of the config"), "yellow")
    if done.adopted:
        line(console, f"  {_adopted_line(done, lang)}")
    line(console, f"  {planning_line(done.planning, lang)}")
    line(console, f"  {posting_line(done.posting, config, lang)}")
    if (since := done.posting.copy_of) is not None:
        when = format_when(lang, since, config.calendar.zone)
        text = mark("This database was put back from a copy of {when}.")
        line(console, "  " + say(lang, text, when=when), "bold yellow")
        text = mark("No mail goes until you say what was sent since then: cti db resume")
        line(console, "  " + say(lang, text), "bold yellow")


def _adopted_line(done: Tick, lang: str) -> str:
    if not done.tested:
        return say(lang, "the rules in the folder are in force from now on")
    one = mark("the rules in the folder have passed their test, and are in force from now on")
    more = mark("the rules in the folder have passed all their {n} tests, and are in force from now on")
    return say_count(lang, one, more, done.tested)


def show_troubles(console: Console, done: Tick, lang: str) -> None:
    """Prints what waits and what is wrong."""
    show_waiting(console, done.held, lang)
    if done.problems:
        text = mark(
            "The rules in the folder were not taken over, because of these errors; the last good ones hold:"
        )
        line(console, say(lang, text), "bold")
    show_problems(console, problems_of(done), lang)
    if done.posting.error:
        line(console, say(lang, "Mail: {error}", error=done.posting.error), "bold red")


def problems_of(done: Tick) -> list[Problem]:
    """Everything that a pass found wrong: in the rules, in the sources, in the mail."""
    in_sources = [problem for source in done.sources for problem in source.problems]
    return [*done.problems, *in_sources, *done.posting.problems]


def failed(done: Tick) -> bool:
    """Whether something is wrong that someone has to mend."""
    return done.posting.error is not None or any(problem.level == "error" for problem in problems_of(done))


def source_line(source: SourceRead, lang: str) -> str:
    """ "registration: 120 rows read, 4 left out (heads of households), 2 quarantined, 118 new"."""
    if source.problems and not source.changed and not source.read:
        return say(lang, "{source}: could not be read", source=source.source)
    if not source.changed:
        return say(lang, "{source}: nothing new", source=source.source)
    parts = rows_read(source, lang)
    if source.quarantined:
        parts.append(say(lang, "{n} quarantined (cti quarantine shows why)", n=source.quarantined))
    if source.people is not None:
        parts.append(say_count(lang, "{n} person", "{n} people", source.people))
    else:
        changes = say_count(lang, "{n} change in the journal", "{n} changes in the journal", source.versions)
        parts.append(changes)
    return f"{source.source}: {', '.join(parts)}"


def rows_read(source: SourceRead, lang: str) -> list[str]:
    """What became of the rows that could be read: "120 rows read", "4 left out by a setting (heads of households)"."""
    parts = [say_count(lang, "{n} row read", "{n} rows read", source.read)]
    left_out = sum(source.left_out.values())
    if left_out:
        settings = ", ".join(f"{setting}: {count}" for setting, count in sorted(source.left_out.items()))
        parts.append(say(lang, "{n} left out by a setting ({settings})", n=left_out, settings=settings))
    return parts


def planning_line(planning: Planning, lang: str) -> str:
    """ "12 clients planned: 30 transitions; prompts: 8 new, 1 moved"."""
    if not planning.clients and not planning.broken:
        return say(lang, "nothing to plan: no history changed")
    kinds = (
        (planning.created, mark("{n} new")),
        (planning.moved, mark("{n} moved")),
        (planning.withdrawn, mark("{n} withdrawn")),
        (planning.revived, mark("{n} revived")),
    )
    changes = [say(lang, text, n=count) for count, text in kinds if count] or [say(lang, "no change")]
    clients = say_count(lang, "{n} client planned", "{n} clients planned", planning.clients)
    steps = say_count(lang, "{n} transition", "{n} transitions", planning.transitions)
    said = say(
        lang,
        "{clients}, {transitions}; prompts: {changes}",
        clients=clients,
        transitions=steps,
        changes=changes,
    )
    if planning.broken:
        text = mark("{n} client could not be planned"), mark("{n} clients could not be planned")
        said += "; " + say_count(lang, *text, planning.broken)
    return said


def posting_line(posting: Posting, config: Config, lang: str) -> str:
    """ "3 messages made, 3 sent into outbox"."""
    parts = [
        say_count(lang, "{n} message made", "{n} messages made", posting.messages),
        say(lang, "{n} sent", n=posting.sent) + _where(posting, config, lang),
    ]
    rest = (
        (posting.retried, mark("{n} to be tried again")),
        (posting.failed, mark("{n} refused")),
        (posting.unroutable, mark("{n} prompts reach nobody")),
    )
    return ", ".join([*parts, *(say(lang, text, n=count) for count, text in rest if count)])


def _where(posting: Posting, config: Config, lang: str) -> str:
    if config.mail.transport != "folder" or not posting.sent:
        return ""
    return " " + say(lang, "as files in {folder}", folder=shown_folder(config))


def shown_folder(config: Config) -> str:
    """The folder with the mails, as someone beside the config would call it."""
    folder = config.mail.folder.removeprefix(config.folder.as_posix() + "/")
    return folder


def show_waiting(console: Console, held: Iterable[Held], lang: str) -> None:
    """What waits because it is over a limit, with its numbers and the way out."""
    held = list(held)
    for text in waiting_lines(held, lang):
        line(console, f"  {text}", "bold yellow")
    if held:
        text = mark(
            "Is this right? Then: cti plan --apply --force. Else mend the source or the rule; all else went on."
        )
        line(console, "  " + say(lang, text))


_HELD = {
    "retractions": mark("waits: source {of} no longer has the records of {clients} clients"),
    "withdrawals": mark("waits: rule {of} would withdraw prompts of {clients} clients"),
    "due": mark("waits: rule {of} would prompt about {clients} clients at once"),
    "people": mark(
        "waits: {clients} people are gone from list {of}, or have no address any more; the last one holds"
    ),
}


def waiting_lines(held: Iterable[Held], lang: str) -> Iterator[str]:
    """ "waits: rule crisis-intake would prompt about 120 clients at once (at most 50; 480 are open)"."""
    for over in held:
        said = say(lang, _HELD[over.what], of=over.of, clients=over.clients)
        text = mark("(the limit is {limit}, with {open} clients in care)")
        if over.what == "people":
            text = mark("(the limit is {limit} of the {open} whom it had)")
        limit = say(lang, text, limit=over.limit, open=over.open_clients)
        yield f"{said} {limit}"


def rule_counts(rulebook: Rulebook, tests: int, lang: str) -> str:
    """ "16 rules (2 of them off), 42 steps, 93 tests"."""
    off = sum(rule.off for rule in rulebook.rules)
    rules = say_count(lang, "{n} rule", "{n} rules", len(rulebook.rules))
    parts = [
        rules + (say(lang, " ({off} of them off)", off=off) if off else ""),
        say_count(lang, "{n} step", "{n} steps", sum(len(rule.steps) for rule in rulebook.rules)),
        say_count(lang, "{n} test", "{n} tests", tests),
    ]
    return ", ".join(parts)
