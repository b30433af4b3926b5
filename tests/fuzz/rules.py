"""What is fed to the readers of rules, of the vocabulary and of the rules' own tests, and what may come of it.

Most inputs are read as the folder's reader does it once it comes to that file, beside a folder that was read before; the others
go the whole way, through a folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from cti.core.planner import plan
from cti.core.rules import Rulebook
from cti.problems import Problem, Problems
from cti.rulebook.check import doubted, read_with_tests
from cti.rulebook.folder import Loaded, from_files, read_folder, see_rules, text_of
from cti.rulebook.rule import read_rule
from cti.rulebook.seen import Seen
from cti.rulebook.tests_file import read_tests
from cti.rulebook.vocabulary import read_vocabulary
from cti.sentences import reason
from cti.tomlfile import TomlFile, literal, literal_key
from cti.variables import Words
from cti.workshop.stage import stage_of
from cti.workshop.verdict import run_test
from tests.core.build import expected, fact, history, stay, worker
from tests.faults import write
from tests.fuzz.dice import Target, words_of
from tests.fuzz.said import all_said, problems_are_said, whole_way
from tests.rulebook.house import (
    CALENDAR,
    DESKS,
    FILES,
    INTAKE,
    LANGUAGES,
    REVIEW,
    TESTS,
    VOCABULARY,
    WHOLE_WAY,
)

LIVED = history(
    stay("1", "crisis-shelter", "1-5", "2-20"),
    expected("2", "own-home", "2-20", "1-25"),
    stay("3", "own-home", "2-20"),
    fact("4", "trust", "growing", "1-10"),
    fact("5", "children", 2, "1-10"),
    fact("6", "network-mapped", date(2026, 1, 20), "1-20"),
    fact("7", "review-date", date(2026, 4, 20), "2-25"),
    worker("8", "w1", "1-5", "north"),
    worker("9", "w2", "2-22"),
)
"""A life that the rules of the small house have something to say to, whatever becomes of them."""

RULE, WORDS_FILE, TESTS_FILE = (
    "rules/crisis-intake.toml",
    "rules/vocabulary.toml",
    "rules/tests/whole-way.toml",
)


def rule_targets() -> tuple[Target, ...]:
    """The readers of what managers write in TOML."""
    return (
        _target("rules", RULE, feed_rule, (INTAKE, REVIEW), [*_rules()]),
        _target("vocabulary", WORDS_FILE, feed_vocabulary, (VOCABULARY,), [*_vocabularies()]),
        _target("rule-tests", TESTS_FILE, feed_tests, (TESTS, WHOLE_WAY), [*_tests()]),
    )


def _target(name: str, file: str, feed: Any, texts: tuple[str, ...], shapes: list[Any]) -> Target:
    seeds = [toml(shape) for shape in shapes]
    return Target(name, [*seeds, *(text.encode() for text in texts)], words_of(*texts), feed, 0, shapes, toml)


def toml(values: Any) -> bytes:
    """The values as a file; what is no table has a name that no file knows."""
    pairs = values if isinstance(values, dict) else {"value": values}
    text = "".join(f"{literal_key(key)} = {literal(value)}\n" for key, value in pairs.items())
    return text.encode(errors="surrogatepass")


# --- small files, each with one thing in it ---------------------------------------------------------------------------

MOMENTS = (
    {"enters": "crisis-shelter"},
    {"enters": ["crisis-shelter", "own-home"], "from": ["street"]},
    {"expects": "own-home"},
    {"records": "network-mapped"},
    {"records": {"trust": ["growing", "yes"]}},
    {"changes": "worker"},
)


def _rules() -> Iterator[dict[str, Any]]:
    whole = tomllib.loads(INTAKE)
    top = {key: whole[key] for key in ("id", "title", "why", "on")}
    step = {key: whole["steps"][0][key] for key in ("id", "due", "to", "expires", "answers")}
    yield {**top, "steps": [step], "since": whole["since"], "off": True, "was": ["intake"]}
    for moment in MOMENTS:
        yield {**top, "on": moment, "steps": [step]}
    first, second = whole["steps"]
    for more in (first, {**second, "after": "map-network"}, tomllib.loads(REVIEW)["steps"][0]):
        for key in more.keys() - step.keys():
            yield {**top, "steps": [{**step, key: more[key]}]}
    yield {**top, "steps": [step, {**step, "id": "propose", "after": "map-network", "asks": "conference"}]}
    until = [{"id": f"p{n}", "label": {"nl": "Fase", "en": "Phase"}, "until": f"{n} months"} for n in (3, 6)]
    yield {**top, "phases": until, "steps": [step]}


def _vocabularies() -> Iterator[dict[str, Any]]:
    whole = tomllib.loads(VOCABULARY)
    top = {key: whole[key] for key in ("gap", "stale", "since")}
    top["situations"] = {"street": whole["situations"]["street"]}
    for name, kind in whole["facts"].items():
        yield {**top, "facts": {name: kind}}
    for name, answers in whole["answers"].items():
        yield {**top, "answers": {name: answers}}


def _tests() -> Iterator[dict[str, Any]]:
    for test in (*tomllib.loads(TESTS)["tests"], *tomllib.loads(WHOLE_WAY)["tests"]):
        yield {"tests": [test]}
        for key in ("events", "expect", "people", "not"):
            for entry in test.get(key, ()):
                yield {
                    "tests": [
                        {
                            "name": "a test",
                            "rule": "crisis-intake",
                            "events": test["events"][:1],
                            key: [entry],
                        }
                    ]
                }


# --- feeding ----------------------------------------------------------------------------------------------------------


@cache
def _house(folder: Path) -> Seen:
    write(folder, FILES)
    return see_rules(folder / "rules", folder / "templates")


@cache
def _loaded() -> Loaded:
    return from_files({name: text for name, text in FILES.items() if "tests" not in name}, LANGUAGES, DESKS)


def _parsed(data: bytes, file: str) -> TomlFile | None:
    """The file, where it is TOML; else it can be said what is wrong with it."""
    try:
        return TomlFile.parse(text_of(data, file), file)
    except Problems as refused:
        problems_are_said(refused.problems)
        return None


def feed_rule(folder: Path, data: bytes) -> None:
    """A rule; what is taken must be of use for a plan, and be said in words."""
    if whole_way(data):
        _in_folder(RULE, folder, data)
        return
    if (file := _parsed(data, RULE)) is None:
        return
    found: list[Problem] = []
    rule = read_rule(file, "crisis-intake", _loaded().context, found)
    problems_are_said(found)
    assert (rule is None) == _wrong(found)
    if rule is not None:
        _planned(Rulebook(_loaded().context.lexicon.vocabulary, (rule,)))


def feed_vocabulary(folder: Path, data: bytes) -> None:
    """A vocabulary; what is taken has all that it names in it."""
    if whole_way(data):
        _in_folder(WORDS_FILE, folder, data)
        return
    if (file := _parsed(data, WORDS_FILE)) is None:
        return
    found: list[Problem] = []
    words = read_vocabulary(file, LANGUAGES, found).vocabulary
    problems_are_said(found)
    if _wrong(found):
        return
    for answers in words.answers.values():
        for answer in answers.values():
            assert {*answer.records, *answer.asks, *answer.may} <= words.facts.keys(), answer


def feed_tests(folder: Path, data: bytes) -> None:
    """The rules' own tests; what is taken can be run."""
    if whole_way(data):
        _in_folder(TESTS_FILE, folder, data)
        return
    if (file := _parsed(data, TESTS_FILE)) is not None:
        found: list[Problem] = []
        tests = read_tests(file, _loaded().context, _loaded().steps, found)
        problems_are_said(found)
        stage = stage_of(_loaded(), LANGUAGES, CALENDAR, Words())
        for test in tests:
            run_test(test, stage)


def _in_folder(name: str, folder: Path, data: bytes) -> None:
    """The file in a small rules folder, with what is doubted in it."""
    seen, path = _house(folder), folder / name
    contents = {**seen.contents, path.parent: {**seen.contents[path.parent], path.name: data}}
    seen, rules, texts = replace(seen, contents=contents), folder / "rules", folder / "templates"
    checked = doubted(read_with_tests(rules, LANGUAGES, texts, DESKS, seen=seen))
    problems_are_said(checked.problems)
    loaded = checked.loaded
    assert loaded == read_folder(rules, LANGUAGES, texts, DESKS, seen=seen)
    assert (loaded.rulebook is None) == _wrong(loaded.problems)
    if loaded.rulebook is not None:
        _planned(loaded.rulebook)
        assert from_files(loaded.files).rulebook == loaded.rulebook, "kept, it is another"


def _planned(rulebook: Rulebook) -> None:
    for planned in plan(LIVED, rulebook, CALENDAR):
        assert planned.due is None or planned.due.utcoffset() is not None
        all_said(*(reason(lang, planned, rulebook, CALENDAR) for lang in LANGUAGES))


def _wrong(found: Sequence[Problem]) -> bool:
    return any(problem.level == "error" for problem in found)
