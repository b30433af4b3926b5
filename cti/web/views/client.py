"""A client's page: how things stand, what waits, what is to come, the time line, and what came of earlier prompts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from cti.core.calendar import add_months
from cti.core.life import live
from cti.core.paths import paths
from cti.core.people import Staff
from cti.core.prompts import Stored
from cti.engine.inforce import InForce
from cti.engine.posting import step_of
from cti.engine.recording import history_of, standing_entries
from cti.engine.system import System
from cti.engine.wording import prompt_titles, texts_of
from cti.sentences import situation_label
from cti.store import assignments, prompts
from cti.web.views.answers import Sent
from cti.web.views.drawing import Drawing, draw
from cti.web.views.known import Expecting, Filled, Here, Known, entered_here, expecting, known_of
from cti.web.views.lifeline import Entry, Lifeline, Prompted, lifeline
from cti.web.views.mine import answer_label
from cti.web.views.path import Along, along

SHOWN = 12
"""Months that the time line goes back, unless all of it is asked for."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A prompt that asks nothing any more, and what came of it."""

    number: int
    title: str
    day: date
    outcome: str


@dataclass(frozen=True, slots=True)
class Client:
    """The page. `situation` is "" and `since` None where none is registered; `closed` is the day on which the file was closed."""

    number: int
    ref: str
    situation: str
    since: date | None
    closed: date | None
    worker: str
    waiting: tuple[Entry, ...]
    life: Lifeline
    drawing: Drawing
    earlier: tuple[Earlier, ...]
    urgent: frozenset[int]
    """The numbers of the prompts that are urgent."""
    known: tuple[Known, ...]
    unknown: tuple[Known, ...]
    others: tuple[Known, ...]
    expecting: Expecting
    entered: tuple[Here, ...]
    paths: tuple[Along, ...]
    sent: Sent | None


def client_page(
    tx: Connection,
    system: System,
    rules: InForce,
    number: int,
    staff: Staff,
    lang: str,
    now: datetime,
    whole: bool = False,
    filled: Filled | None = None,
    sent: Sent | None = None,
) -> Client:
    """The page of the client with our number. `whole`: with all years. `filled` and `sent` are forms to be mended: a fact or an
    expected move, and something said on a path. Raises Problems where there is no such client."""
    calendar, rulebook = system.config.calendar, rules.rulebook
    today = calendar.day(now)
    history = history_of(tx, number)
    life = live(history, rulebook.vocabulary, calendar)
    title = prompt_titles(tx, system, rules, texts_of(system, rules), lang)
    rows = prompts.stored_for(tx, [number])
    told = [Prompted(row, title(row), answer_label(lang, rulebook, row)) for row in rows if _shown(row)]
    since = date.min if whole else add_months(today, -SHOWN)
    line = lifeline(lang, life, told, rulebook, calendar, now, since)
    here = next((spell for spell in reversed(life.spells) if spell.begin <= today), None)
    shut = next((one for one in life.shut if one.begin <= now and (one.end is None or one.end > now)), None)
    worker = assignments.of_client(tx, number, today).worker
    known, others = known_of(
        lang, life, history, rulebook, calendar, now, {one.row.plan.key: one.title for one in told}, filled
    )
    step = step_of(rulebook)
    urgent = (row.id for row in rows if (of := step(row.plan.rule, row.plan.step)) is not None and of.urgent)
    return Client(
        number=number,
        ref=history.client,
        situation=situation_label(lang, here.situation, rulebook.vocabulary) if here is not None else "",
        since=here.begin if here is not None else None,
        closed=calendar.day(shut.begin) if shut is not None else None,
        worker=staff.people[worker].name if worker and worker in staff.people else worker or "",
        waiting=tuple(entry for entry in line.entries if entry.kind == "open"),
        life=line,
        drawing=draw(lang, line),
        earlier=tuple(_earlier(line)),
        urgent=frozenset(urgent),
        known=tuple(one for one in known if one.value),
        unknown=tuple(one for one in known if not one.value),
        others=others,
        expecting=expecting(lang, life, rulebook, today, filled),
        entered=entered_here(lang, standing_entries(history, number), rulebook, today),
        paths=along(lang, paths(life, rulebook, calendar, now), rulebook, sent),
        sent=sent,
    )


def _shown(row: Stored) -> bool:
    return row.final or row.plan.wanted


def _earlier(line: Lifeline) -> list[Earlier]:
    """The prompts that were put, with what came of each; the latest first."""
    answers = {one.prompt: one for one in line.entries if one.kind == "answered"}
    found: list[Earlier] = []
    for entry in line.entries:
        if entry.prompt is None or entry.kind not in ("sent", "over"):
            continue
        answered = answers.get(entry.prompt)
        outcome = entry.about
        if answered is not None:
            outcome = answered.text
        found.append(Earlier(entry.prompt, entry.text, entry.day, outcome))
    return found
