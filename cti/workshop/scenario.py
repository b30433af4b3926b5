"""Writes a rule test from a client's history: what happened, as nobody's, and what the rules prompt then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cti.core.events import History
from cti.core.spells import spells
from cti.i18n import say
from cti.problems import Problem, Problems
from cti.rulebook.folder import Loaded
from cti.rulebook.tests_file import RuleTest, read_tests
from cti.sentences import situation_label
from cti.tomlfile import TomlFile, literal
from cti.workshop.disguise import disguised
from cti.workshop.retold import Line, Retold
from cti.workshop.stage import Stage
from cti.workshop.trial import live_through
from cti.workshop.world import Course


def scenario(history: History, loaded: Loaded, stage: Stage, lang: str) -> str | None:
    """The text of a test that passes as it is written; None where nothing is known of the client that the rules have words for.

    `loaded` are the rules in words, `stage` the same for running them. An answer to a step that is no longer there, or that would
    meet no prompt, is told as the facts that it recorded. Raises Problems where the history cannot be told in a test.
    """
    nobodys = disguised(history, stage.rulebook, stage.calendar)
    retold = Retold(loaded.steps, stage.rulebook, stage.calendar)
    name = _name(nobodys, stage, lang)
    unmet: set[tuple[date, str]] = set()
    while events := retold.events(nobodys, unmet):
        course = live_through(_read(_text(lang, name, events, ()), loaded), stage)
        if not course.unanswerable:
            return _text(lang, name, events, _expected(course))
        unmet |= {(one.day, "/".join(one.answered.place)) for one in course.unanswerable if one.answered}
    return None


def _name(history: History, stage: Stage, lang: str) -> str:
    """Where the client stood, one after the other."""
    vocabulary = stage.rulebook.vocabulary
    stood = [
        situation_label(lang, spell.situation, vocabulary)
        for spell in spells(history.records, vocabulary.gap)
    ]
    return say(lang, "A client's course: {situations}", situations=stood or "–")


def _expected(course: Course) -> Sequence[Line]:
    return [
        {"day": one.day, "rule": one.plan.rule, "step": one.plan.step}
        for one in course.sent
        if one.kind == "prompt"
    ]


def _text(lang: str, name: str, events: Sequence[Line], expect: Sequence[Line]) -> str:
    note = say(
        lang,
        "Made from a client's history, without names and references; all days moved by whole weeks. "
        "Look it over before it leaves the house.",
    )
    lines = [f"# {note}", "[[tests]]", f"name   = {literal(name)}"]
    for key, tables in (("events", events), ("expect", expect)):
        lines += [f"{key} = [", *(f"  {literal(table)}," for table in tables), "]"]
    return "\n".join(lines).replace("expect = [\n]", "expect = []") + "\n"


def _read(text: str, loaded: Loaded) -> RuleTest:
    found: list[Problem] = []
    tests = read_tests(TomlFile.parse(text, "scenario"), loaded.context, loaded.steps, found)
    if not tests:
        raise Problems(found)
    return tests[0]
