"""`cti source report`: what going live would bring, before anything is sent or kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer
from rich.console import Console

from cti.cli.dates import plain_day
from cti.cli.lateness import show_records
from cti.cli.outcome import rows_read
from cti.cli.output import add, err, line, out, progress, show_problems, table, write_json
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.core.vocabulary import Vocabulary
from cti.i18n import mark, say
from cti.problems import Problems
from cti.rulebook.folder import read_folder
from cti.sentences import situation_label, why_unread
from cti.workshop import lateness
from cti.workshop.outset import Outset, Reach, Share, outset

MOST = 15
"""Lines of one kind that are shown where they are more than twice as many; scripts get all."""

OLD = 7
"""Days after which an export is not of today any more."""


def report(asked: Session, source: str | None, as_json: bool) -> None:
    """Prints what the sources (or the one of this name) hold and what the rules would make of it. Exit code 1 where one of them
    could not be read."""
    config, lang = asked.config, asked.lang
    _known([one.name for one in config.sources], source)
    loaded = read_folder(
        config.rules,
        config.languages,
        config.templates,
        tuple(config.staff.desks),
        base=config.folder,
    )
    if loaded.rulebook is None:
        raise Problems(loaded.problems)
    now = asked.now()
    with progress(say(lang, "Reading the sources, aside …")) as shown:

        def replaying(done: int, of: int) -> None:
            shown(done, of, say(lang, "Living through four weeks …"))

        found = outset(config, loaded.rulebook, now, source, replaying)
    if as_json:
        write_json(data(found, lang))
    else:
        today = config.calendar.day(now)
        _Shown(found, loaded.rulebook.vocabulary, lang, out()).all((today - (found.newest or today)).days)
    problems = [problem for one in found.sources for problem in one.problems]
    show_problems(err(), problems, lang)
    if any(problem.level == "error" for problem in problems):
        raise typer.Exit(1)


def _known(there: Sequence[str], source: str | None) -> None:
    if not there:
        raise Refusal(mark("the config has no source; cti source probe writes one to start from"), 2)
    if source is not None and source not in there:
        text = mark('there is no source "{name}"; there are {names}')
        raise Refusal(text, 2, name=source, names=list(there))


class _Shown:
    """The report on a console, part by part."""

    def __init__(self, found: Outset, vocabulary: Vocabulary, lang: str, console: Console) -> None:
        self._found, self._vocabulary, self._lang, self._console = found, vocabulary, lang, console

    def all(self, old: int) -> None:
        """All parts; `old` is how many days ago anything was recorded last."""
        self._sources()
        if not self._found.clients:
            self._line("")
            self._line(
                self._say(mark("No client was recognised, so there is nothing to tell of prompts.")), "bold"
            )
            return
        self._unread()
        self._places(old)
        self._reach(self._found.reach)
        self._head(mark("How late records come"), mark("in days after the day that they are about"))
        show_records(self._found.late, self._lang, self._console)
        self._first_day()
        self._weeks()

    def _say(self, text: str, **params: object) -> str:
        return say(self._lang, text, **params)

    def _line(self, text: str, style: str = "") -> None:
        line(self._console, text, style)

    def _head(self, text: str, below: str | None = None, **params: object) -> None:
        self._line("")
        self._line(self._say(text, **params), "bold")
        if below is not None:
            self._line(self._say(below))

    def _table(
        self, columns: Sequence[str], rows: Sequence[Sequence[object]], numbers: int, *last: object
    ) -> None:
        """A table of which the last columns hold numbers; `last`: the cells of a row below all."""
        heads = [self._say(text) for text in columns]
        made = table(*heads, right=heads[len(heads) - numbers :])
        shown = len(rows) if len(rows) <= 2 * MOST else MOST
        for row in rows[:shown]:
            add(made, *row)
        if last:
            add(made, *last, style="bold")
        self._console.print(made)
        if shown < len(rows):
            self._line(self._say(mark("… and {n} more; --json has them all"), n=len(rows) - shown), "dim")

    def _sources(self) -> None:
        self._line(self._say(mark("What was read. Nothing of it is kept, and nothing is sent.")), "bold")
        for one in self._found.sources:
            parts = rows_read(one, self._lang)
            if one.quarantined:
                parts.append(self._say(mark("{n} could not be read"), n=one.quarantined))
            self._line(f"  {one.source}: {', '.join(parts)}")
            for remark in one.notes[:MOST]:
                self._line(f"    {remark.sentence(self._lang)}", "dim")
        for name in self._found.pushed:
            text = mark("{source}: what is pushed is read by cti run alone, so it is not in this report")
            self._line("  " + self._say(text, source=name))

    def _unread(self) -> None:
        if not self._found.causes:
            return
        self._head(mark("What could not be read"))
        rows = [
            (
                one.first.source,
                one.first.field,
                why_unread(self._lang, one.first),
                f"{one.first.file}:{one.first.line}" if one.first.line is not None else one.first.file,
                one.count,
            )
            for one in self._found.causes
        ]
        columns = (mark("source"), mark("field"), mark("why"), mark("first in"), mark("number"))
        self._table(columns, rows, 1)

    def _places(self, old: int) -> None:
        found = self._found
        assert found.newest is not None
        day = plain_day(self._lang, found.newest)
        self._head(mark("What is recognised"))
        text = mark("Clients: {n}, of whom in care now: {open}. The newest record is of {day}.")
        self._line(self._say(text, n=found.clients, open=found.in_care, day=day))
        if old > OLD:
            text = mark("That is {n} days ago: where clients are now is not known from it.")
            self._line(self._say(text, n=old), "yellow")
        rows = [
            (situation_label(self._lang, name, self._vocabulary), place.now or "–", place.entered or "–")
            for name, place in found.places.items()
        ]
        self._table((mark("situation"), mark("clients now"), mark("entered in the year before")), rows, 2)

    def _reach(self, reach: Reach) -> None:
        self._head(mark("Who is prompted about clients in care"))
        rows = [
            (self._say(text), number)
            for text, number in (
                (mark("their worker"), reach.worker),
                (mark("a team's inbox, as no worker is registered"), reach.inbox),
                (mark("a worker whom nobody here knows, so a team's inbox"), sum(reach.strangers.values())),
                (mark("nobody: neither a worker nor a team with an inbox"), reach.nobody),
            )
            if number
        ]
        self._table((mark("who"), mark("clients")), rows, 1)
        if reach.strangers:
            text = mark("In neither the config nor a list: {workers}")
            named = [f"{who} ({number})" for who, number in reach.strangers.items()]
            more = [f"… {len(named) - MOST}"] if len(named) > MOST else []
            self._line(self._say(text, workers=", ".join([*named[:MOST], *more])), "yellow")

    def _first_day(self) -> None:
        today = self._found.first_day
        self._head(mark("On the first day"))
        text = mark("Prompts that fall due at once, if cti begins now: {n}, about {clients} clients.")
        self._line(self._say(text, n=today.prompts, clients=today.clients))
        for held in today.held:
            text = mark(
                "Of rule {rule}, {n} clients at once: more than {limit}, so these wait for cti plan --apply --force."
            )
            self._line(self._say(text, rule=held.of, n=held.clients, limit=held.limit), "yellow")
        if today.held:
            text = mark("A later since in rules/vocabulary.toml leaves out what happened before it.")
            self._line(self._say(text))

    def _weeks(self) -> None:
        weeks = self._found.weeks
        assert weeks is not None
        first, last = (plain_day(self._lang, day) for day in (weeks.first, weeks.last))
        text = mark("The first four weeks, as they would have been {first} – {last}")
        self._head(text, first=first, last=last)
        rows = [_cells(one) for one in weeks.shares]
        columns = (
            mark("who"),
            mark("team"),
            mark("first day"),
            mark("prompts"),
            mark("most in a week"),
        )
        first_day, prompts = (
            sum(getattr(one, name) for one in weeks.shares) for name in ("first_day", "prompts")
        )
        together = self._say(mark("all together"))
        self._table(columns, rows, 3, together, "", first_day or "–", prompts or "–", "")
        for text, number in (
            (mark("Later than meant, as their record came late: {n}"), weeks.late),
            (mark("Too late to be told at all: {n}"), weeks.too_late),
            (mark("Prompts that nobody could receive: {n}"), weeks.unroutable),
        ):
            if number:
                self._line(self._say(text, n=number))
        text = mark("Without reminders, and as if nobody answered: an answer may bring further steps.")
        self._line(self._say(text), "dim")


def _cells(one: Share) -> tuple[object, ...]:
    return one.who, one.team or "–", one.first_day or "–", one.prompts or "–", one.worst or "–"


def data(found: Outset, lang: str) -> dict[str, Any]:
    """The report as scripts read it."""
    weeks = found.weeks
    return {
        "sources": [
            {
                "source": one.source,
                "read": one.read,
                "left_out": dict(one.left_out),
                "quarantined": one.quarantined,
                "notes": [remark.sentence(lang) for remark in one.notes],
                "problems": [problem.sentence(lang) for problem in one.problems],
            }
            for one in found.sources
        ],
        "pushed": list(found.pushed),
        "unread": [
            {
                "source": one.first.source,
                "field": one.first.field,
                "reason": why_unread(lang, one.first),
                "count": one.count,
                "file": one.first.file,
                "line": one.first.line,
            }
            for one in found.causes
        ],
        "newest": found.newest.isoformat() if found.newest is not None else None,
        "clients": found.clients,
        "in_care": found.in_care,
        "situations": [
            {"situation": name, "now": place.now, "entered": place.entered}
            for name, place in found.places.items()
        ],
        "reach": {
            "worker": found.reach.worker,
            "inbox": found.reach.inbox,
            "unknown_workers": dict(found.reach.strangers),
            "nobody": found.reach.nobody,
        },
        "late": lateness.records_data(found.late),
        "first_day": {
            "prompts": found.first_day.prompts,
            "clients": found.first_day.clients,
            "held": [
                {"rule": held.of, "clients": held.clients, "limit": held.limit}
                for held in found.first_day.held
            ],
        },
        "weeks": {
            "first": weeks.first.isoformat(),
            "last": weeks.last.isoformat(),
            "receivers": [
                {
                    "who": one.who,
                    "team": one.team,
                    "first_day": one.first_day,
                    "prompts": one.prompts,
                    "worst_week": one.worst,
                }
                for one in weeks.shares
            ],
            "late": weeks.late,
            "too_late": weeks.too_late,
            "unroutable": weeks.unroutable,
        }
        if weeks is not None
        else None,
    }
