"""The texts of prompts with their values filled in: what a worker reads."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import Connection

from cti.core.events import History
from cti.core.life import assignments, live, responsible, situation_at
from cti.core.moments import Moment
from cti.core.prompts import Stored
from cti.engine.rulebooks import InForce, look_of
from cti.engine.system import System
from cti.i18n import format_day
from cti.post.render import PromptText
from cti.post.texts import Text, TextError, Texts
from cti.problems import Problem, problem
from cti.sentences import situation_label
from cti.shipped import folder
from cti.store import clients
from cti.store.histories import histories


def texts_of(system: System, rules: InForce) -> Texts:
    """The texts in force: of prompts as adopted with the rules, of mails from the templates folder, else as shipped."""
    key = (rules.rulebook.digest, look_of(system.config.templates / "mail"))
    if key not in system.texts:
        adopted = {
            name.removeprefix("templates/"): text
            for name, text in rules.files.items()
            if name.startswith("templates/")
        }
        places: list[Path | Mapping[str, str]] = [adopted, system.config.templates, folder("templates")]
        system.texts.clear()
        system.texts[key] = Texts(places, system.config.languages)
    return system.texts[key]


def text_problem(error: TextError) -> Problem:
    """A text that could not be made, as it is shown to whoever can mend it."""
    return problem("{what}", file=f"templates/{error.file}", line=error.line, what=error.what)


def prompt_texts(tx: Connection, system: System, rules: InForce, texts: Texts) -> PromptText:
    """A function that gives the text of a prompt in a language, as of the history that is known now. Raises TextError."""

    @cache
    def history_of(client: str) -> History | None:
        number = clients.client_id(tx, client)
        if number is None:
            return None
        return next((history for _, history in histories(tx, [number])), None)

    def text(prompt: Stored, language: str) -> Text:
        history = history_of(prompt.plan.client)
        return texts.prompt(prompt.plan.text, language, values(prompt, history, system, rules, language))

    return text


def values(
    prompt: Stored, history: History | None, system: System, rules: InForce, language: str
) -> Mapping[str, str]:
    """What the variables of a prompt's text say (`cti.rulebook.texts.VARIABLES`). Those that are not known are empty."""
    plan, config = prompt.plan, system.config
    calendar, vocabulary = config.calendar, rules.rulebook.vocabulary
    records = history.records if history is not None else ()
    life = live(history, vocabulary, calendar) if history is not None else None
    moment = next((m for m in life.moments if plan.name in m.names), None) if life is not None else None
    worker, _ = responsible(
        assignments(records), max(plan.day, calendar.day(plan.due)) if plan.due else plan.day
    )
    now_in = situation_at(life.spells, plan.day) if life is not None else None
    return {
        "client": plan.client,
        "day": format_day(language, plan.day),
        "due": format_day(language, calendar.day(plan.due)) if plan.due is not None else "",
        "expected_day": format_day(language, moment.day)
        if _foreseen(moment) and moment and moment.day
        else "",
        "worker": _name(system, worker),
        "previous_worker": _name(system, plan.worker or (moment.worker_before if moment else None)),
        "from_situation": situation_label(language, moment.origin if moment else None, vocabulary),
        "situation": situation_label(
            language, moment.what if _foreseen(moment) and moment else now_in, vocabulary
        ),
        "coordinator": config.organisation.coordinator,
        "places": config.organisation.places,
        "funding": config.organisation.funding,
        "organisation": config.organisation.name,
    }


def _foreseen(moment: Moment | None) -> bool:
    return moment is not None and moment.kind == "expects"


def _name(system: System, person: str | None) -> str:
    found = system.config.staff.people.get(person) if person is not None else None
    return found.name if found is not None else ""
