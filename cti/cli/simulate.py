"""`cti rules simulate`: what a draft of the rules would have done, next to the rules in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cti.cli.dates import read_day
from cti.cli.output import err, line, out, progress, write_json
from cti.cli.refusal import Refusal
from cti.cli.rules import draft_of
from cti.cli.session import Session
from cti.cli.simulated import Report, show
from cti.engine import System
from cti.i18n import mark, say
from cti.workshop.page import page
from cti.workshop.simulate import YEAR, Days, as_adopted, changes_of_rules, data, simulate


def simulate_rules(
    asked: Session,
    folder: Path | None,
    first: str | None,
    last: str | None,
    since: str | None,
    adopted: bool,
    as_json: bool,
    html: Path | None,
) -> None:
    """Replays the journal with the draft and with the rules in force, and prints how they differ.

    `adopted`: with the rules that were in force, each rulebook from when it was adopted.
    """
    wanted = read_day(first, "--from"), read_day(last, "--to"), read_day(since, "--since")
    if html is not None and not html.absolute().parent.is_dir():
        raise Refusal(mark("there is no folder {folder}"), 2, folder=html.parent.as_posix())
    draft = draft_of(asked, folder).rulebook
    with asked.system() as system:
        standing = asked.rulebook(system)
        days = days_of(asked, system, *wanted)
        changed = changes_of_rules(system, days)
        eras = as_adopted(system) if adopted and changed else standing
        with progress(say(asked.lang, "Replaying the journal …")) as shown:
            found = simulate(system, eras, draft, days, shown)
    report = Report(asked.lang, found, standing, draft, days, changed, adopted)
    if html is not None:
        html.write_text(
            page(found, (standing, draft), asked.lang, days.since, report.alike), encoding="utf-8"
        )
    if as_json:
        write_json(data(found))
    else:
        show(out(), report)
    if html is not None:
        line(err(), say(asked.lang, "The page stands in {file}.", file=html.as_posix()))


def days_of(
    asked: Session, system: System, first: date | None, last: date | None, since: date | None
) -> Days:
    """The days that are meant: by default the year up to the last pass, after which nothing is known."""
    end = system.config.calendar.day(asked.as_of(system))
    last = min(last or end, end)
    first = first or last - YEAR
    if first > last:
        text = mark("--from {first} lies after the last day that can be replayed, {last}")
        raise Refusal(text, 2, first=first.isoformat(), last=last.isoformat())
    return Days(first, last, since)
