"""`cti demo`: a sample organisation, lived through to today."""

from __future__ import annotations

from pathlib import Path

from cti.cli import demo_served as served
from cti.cli.dates import read_time
from cti.cli.demo_made import ZONE, Wish, made
from cti.cli.demo_shown import show
from cti.cli.output import line, out, progress
from cti.cli.session import Session
from cti.i18n import say


def show_demo(
    asked: Session,
    folder: Path,
    once: bool,
    wish: Wish,
    at: str | None,
) -> None:
    """Makes it, as if it were `at` where that is given, and shows it."""
    now = asked.now() if at is None else read_time(at, "--now", ZONE)
    if not once:
        served.taken(wish.port)
    with progress(say(asked.lang, "Making a sample organisation …")) as shown:
        result = made(folder, now, wish, asked.lang, shown)
    try:
        if at is not None:
            asked.note_rehearsal(result.system, result.last.now)
        show(result, out(), asked.lang)
        if not once:
            served.serve(result, now, asked.lang)
            line(
                out(),
                say(asked.lang, "Run it on from here:  cd {folder} && cti run", folder=folder.as_posix()),
            )
    finally:
        result.system.database.close()
