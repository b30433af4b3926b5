"""`cti db restore` and `cti db resume`: the database put back from a copy, and mail that goes again after it."""

from __future__ import annotations

from pathlib import Path

from cti.cli.dates import read_time
from cti.cli.output import line, out, progress
from cti.cli.session import Session, called
from cti.engine.copied import Copy, copy_of
from cti.engine.copied import resume as go_on
from cti.engine.system import System
from cti.i18n import format_when, mark, say, say_count
from cti.store.backup import restore as put_back
from cti.store.database import open_database


def restore(asked: Session, file: Path) -> None:
    """Fills the empty database of the config from a copy."""
    database = open_database(asked.config.database)
    try:
        with progress(say(asked.lang, "Copying …")):
            put_back(file, database)
        text = mark("{database} is as it was when {file} was made.")
        line(out(), say(asked.lang, text, file=file.as_posix(), database=called(database)))
        line(out(), say(asked.lang, "No mail goes until you say what was sent since then: cti db resume"))
    finally:
        database.close()


def resume(asked: Session, sent_until: str | None, send_all: bool) -> None:
    """Lets mail go again, or shows what waits and how to."""
    with asked.system() as system:
        now = asked.clock(system)
        if sent_until is None and not send_all:
            with system.database.read() as tx:
                waits = copy_of(tx, now)
            _show(asked.lang, waits, system)
            return
        zone = system.config.calendar.zone
        until = read_time(sent_until, "--sent-until", zone) if sent_until is not None else None
        taken = go_on(system, until, now, "cti db resume")
        if until is not None:
            one, more = mark("{n} message counts as sent."), mark("{n} messages count as sent.")
            line(out(), say_count(asked.lang, one, more, taken))
        line(out(), say(asked.lang, "Mail goes again with the next pass."))


def _show(lang: str, waits: Copy | None, system: System) -> None:
    if waits is None:
        line(out(), say(lang, "This database is no copy that was put back: mail goes as ever."))
        return
    when = format_when(lang, waits.at, system.config.calendar.zone)
    line(out(), say(lang, "This database was put back from a copy of {when}.", when=when), "bold")
    one = mark("{n} message was about to be sent then")
    more = mark("{n} messages were about to be sent then")
    line(out(), "  " + say_count(lang, one, more, waits.messages))
    one = mark("{n} prompt is due of which the copy has told nobody")
    more = mark("{n} prompts are due of which the copy has told nobody")
    line(out(), "  " + say_count(lang, one, more, waits.prompts))
    line(out(), say(lang, "Up to when was mail still sent, before the database was lost?"))
    line(out(), "  cti db resume --sent-until 2026-12-25T14:30")
    text = mark(
        "what would have been sent up to then counts as sent: nobody is mailed twice, it waits on the pages"
    )
    line(out(), "    " + say(lang, text), "dim")
    line(out(), "  cti db resume --send-all")
    line(out(), "    " + say(lang, "all of it is mailed, some of it perhaps for a second time"), "dim")
