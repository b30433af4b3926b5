"""`cti demo`: a sample organisation, lived through to today."""

from __future__ import annotations

from pathlib import Path

from cti.cli.demo_made import Wish, made
from cti.cli.demo_shown import show
from cti.cli.output import line, out, progress
from cti.cli.session import Session
from cti.i18n import say


def show_demo(asked: Session, folder: Path, once: bool, clients: int, weeks: int, seed: int) -> None:
    """Makes it and shows it."""
    with progress(say(asked.lang, "Making a sample organisation …")) as shown:
        result = made(folder, asked.now(), Wish(clients, weeks, seed), asked.lang, shown)
    try:
        show(result, out(), asked.lang)
    finally:
        result.system.database.close()
    if not once:
        line(out(), say(asked.lang, "Run it on from here:  cd {folder} && cti run", folder=folder.as_posix()))
