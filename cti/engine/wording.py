"""The texts of prompts with their values filled in: what a worker reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from cti.core.events import History
from cti.core.people import Person
from cti.core.prompts import Stored
from cti.engine.inforce import InForce
from cti.engine.people import known_staff
from cti.engine.system import System
from cti.post.render import PromptText
from cti.post.texts import Text, TextError, Texts
from cti.problems import Problem, problem
from cti.rulebook.seen import see
from cti.shipped import folder
from cti.store import clients
from cti.store.histories import histories
from cti.variables import variables

_TOGETHER = 200
"""Clients whose histories are read at once."""


def texts_of(system: System, rules: InForce) -> Texts:
    """The texts in force: of prompts as adopted with the rules, of mails from the templates folder, else as shipped."""
    places_of_ours = tuple(system.config.templates / name for name in ("mail", "pages"))
    key = (rules.rulebook.digest, see(deep=places_of_ours).digest)
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


def house_words(system: System) -> Mapping[str, str]:
    """What the variables of a page say that is about no client."""
    words = system.config.words
    return {
        "organisation": words.organisation,
        "coordinator": words.coordinator,
        "places": words.places,
        "funding": words.funding,
    }


def mail_texts(system: System) -> Texts:
    """The texts of mails that are about no prompt; there are such before any rules are in force."""
    return Texts([system.config.templates, folder("templates")], system.config.languages)


def prompt_titles(
    tx: Connection, system: System, rules: InForce, texts: Texts, language: str
) -> Callable[[Stored], str]:
    """A function that gives the title of a prompt; the step's id where its text cannot be made. Few need the client's history."""
    history_of, people = _histories(tx), known_staff(tx, system).people

    def title(prompt: Stored) -> str:
        def known() -> Mapping[str, str]:
            return values(prompt, history_of(prompt.plan.client), people, system, rules, language)

        try:
            return texts.title(prompt.plan.text, language, known)
        except TextError:
            return f"{prompt.plan.rule}/{prompt.plan.step}"

    return title


def text_problem(error: TextError) -> Problem:
    """A text that could not be made, as it is shown to whoever can mend it."""
    return problem("{what}", file=f"templates/{error.file}", line=error.line, what=error.what)


def prompt_texts(
    tx: Connection, system: System, rules: InForce, texts: Texts, coming: Iterable[str] = ()
) -> PromptText:
    """A function that gives the text of a prompt in a language, as of the history that is known now. Raises TextError.

    `coming` are the references of the clients whose texts will be asked for, in that order: their histories are read together.
    """

    history_of, people = _histories(tx, coming), known_staff(tx, system).people

    def text(prompt: Stored, language: str) -> Text:
        history = history_of(prompt.plan.client)
        return texts.prompt(
            prompt.plan.text, language, values(prompt, history, people, system, rules, language)
        )

    return text


def values(
    prompt: Stored,
    history: History | None,
    people: Mapping[str, Person],
    system: System,
    rules: InForce,
    language: str,
) -> Mapping[str, str]:
    """What the variables of a prompt's text say. Those that are not known are empty."""
    return variables(
        prompt.plan,
        history,
        rules.rulebook.vocabulary,
        system.config.calendar,
        system.config.words,
        lambda who: people[who].name if who in people else "",
        language,
    )


def _histories(tx: Connection, coming: Iterable[str] = ()) -> Callable[[str], History | None]:
    """A function that gives a client's history, read once; those of clients that are coming are read some at a time."""
    ahead = dict.fromkeys(coming)
    read: dict[str, History | None] = {}

    def history_of(client: str) -> History | None:
        if client not in read:
            ahead.pop(client, None)
            wanted = [client, *islice(ahead, _TOGETHER - 1)]
            if len(read) > _TOGETHER:
                read.clear()
            for ref in wanted:
                ahead.pop(ref, None)
            numbers = clients.ids_of(tx, wanted)
            read.update(dict.fromkeys(wanted))
            read.update((history.client, history) for _, history in histories(tx, numbers.values()))
        return read[client]

    return history_of
