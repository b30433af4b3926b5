"""`cti quarantine`: what could not be read, and why."""

from __future__ import annotations

from datetime import timedelta

from cti.cli.outcome import show_troubles
from cti.cli.output import add, err, line, out, progress, table, write_json
from cti.cli.session import Session
from cti.engine import System, tick
from cti.engine.again import read_all_again
from cti.i18n import mark, say, say_count
from cti.sentences import why_unread
from cti.store import quarantine as stored
from cti.store.quarantine import Unread


def show_quarantine(asked: Session, retry: bool, as_json: bool) -> None:
    """Prints what is in quarantine, after another try where that is asked."""
    with asked.system() as system:
        if retry:
            _read_again(asked, system)
        with system.database.read() as tx:
            entries = stored.entries(tx)
    if as_json:
        write_json([data(entry, asked.lang) for entry in entries])
    else:
        _show(entries, asked.lang)


def data(entry: Unread, lang: str) -> dict[str, object]:
    """The entry as scripts read it."""
    assert entry.first_seen is not None and entry.last_seen is not None
    return {
        "source": entry.source,
        "ref": entry.ref,
        "file": entry.file,
        "line": entry.line,
        "field": entry.field,
        "value": entry.value,
        "reason": why_unread(lang, entry),
        "first_seen": entry.first_seen.isoformat(),
        "last_seen": entry.last_seen.isoformat(),
    }


def _show(entries: list[Unread], lang: str) -> None:
    console = out()
    if not entries:
        line(console, say(lang, "Nothing is in quarantine: every row that was read could be understood."))
        return
    shown = table(
        say(lang, "source"),
        say(lang, "place"),
        say(lang, "record"),
        say(lang, "field"),
        say(lang, "value"),
        say(lang, "why"),
    )
    for entry in entries:
        place = entry.file if entry.line is None else f"{entry.file}:{entry.line}"
        add(shown, entry.source, place, entry.ref or "–", entry.field, entry.value, why_unread(lang, entry))
    console.print(shown)
    line(console, "")
    count = say_count(lang, "{n} field could not be read", "{n} fields could not be read", len(entries))
    line(console, count, "dim")
    text = mark(
        "Mend the export or the mapping in the config; what can then be read is read at the next pass."
    )
    line(console, say(lang, text), "dim")


def _read_again(asked: Session, system: System) -> None:
    """Reads the sources with something in quarantine from their beginning; what they said before adds nothing."""
    rehearsal = asked.rehearsing(system)
    # A moment after the last pass, so that what is found again is told from what was found then.
    now = asked.clock(system) + (timedelta(seconds=1) if rehearsal else timedelta())
    with system.database.write() as tx:
        names = read_all_again(tx, now)
    if not names:
        return
    with progress(say(asked.lang, "Reading again …")):
        done = tick(system, now, sources=names, by="cti quarantine --retry")
    if rehearsal:
        asked.note_rehearsal(system, now)
    show_troubles(err(), done, asked.lang)
