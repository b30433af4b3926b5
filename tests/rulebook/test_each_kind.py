"""Each kind of value, wrong in each plausible way, in each of its places: told on its line, and nearly always mended."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cti.problems import Problem, corrected
from cti.rulebook.folder import from_files
from cti.tomlfile import TomlFile
from cti.tomlspots import KeyPath
from tests.faults import mended
from tests.rulebook.house import DESKS, FILES, LANGUAGES

RULES = {name: text for name, text in FILES.items() if "/tests/" not in name}
INTAKE, REVIEW, WORDS = "rules/crisis-intake.toml", "rules/review-date.toml", "rules/vocabulary.toml"
FIRST: KeyPath = ("steps", 0)
SECOND: KeyPath = ("steps", 1)
ENTERED: KeyPath = (*SECOND, "unless", "any", 1, "entered")

DELAYS = '"14 dyas" "14dagen" 14 "14" "twee weken" "veertien dagen" "2w" 14.5 "P14D" "14 dagen na intake" ["2 weeks"]'

KINDS: dict[str, tuple[str, list[tuple[str, KeyPath]]]] = {
    "a delay": (
        f'{DELAYS} "" "as soon as possible" "soon"',
        [(INTAKE, (*FIRST, "due")), (INTAKE, (*SECOND, "due")), (REVIEW, (*FIRST, "due"))],
    ),
    "a length of time": (
        DELAYS,
        [
            (INTAKE, (*SECOND, "expires")),
            (INTAKE, (*SECOND, "later", "by")),
            (INTAKE, (*FIRST, "unless", "network-mapped", "within")),
            (INTAKE, (*ENTERED, "within")),
            (WORDS, ("gap",)),
            (WORDS, ("stale",)),
        ],
    ),
    "working days": (
        '"5 days" "1 week" 5 "5" "5 werkdgn" "5 wd" "vijf werkdagen" ["5 working days"] true',
        [(INTAKE, (*FIRST, "remind", "every")), (INTAKE, (*FIRST, "escalate", "after"))],
    ),
    "a time of day": (
        '"9.00" "9u" 9 "9:00 uur" "09h00" "9 am" ["09:00"] "" "noon" "25:00"',
        [(INTAKE, (*FIRST, "at"))],
    ),
    "a day": (
        '"2026-01-01" "1-1-2026" "01/02/2026" 2026-01-01T00:00:00 2026 20260101 "1 januari 2026" "Jan 1, 2026" '
        '[2026-01-01] "soon"',
        [(INTAKE, ("since",)), (WORDS, ("since",))],
    ),
    "true or false": (
        '"true" "ja" "yes" "aan" "waar" "nee" 1 0 [true] "klopt"',
        [
            (REVIEW, (*FIRST, "urgent")),
            (REVIEW, (*FIRST, "outlives")),
            (WORDS, ("facts", "review-date", "many")),
            (WORDS, ("situations", "street", "prompts")),
        ],
    ),
    "an id": (
        '"Map Network" "map_network" "map network" 5 ["propose"] "-map-" ""',
        [(INTAKE, (*SECOND, "id")), (INTAKE, (*SECOND, "asks"))],
    ),
    "a role": (
        '"Worker" "werker" "begeleider" "wroker" "teamleider" "team lead" "team_lead" "client" ["worker"]',
        [(INTAKE, (*FIRST, "to")), (INTAKE, (*FIRST, "escalate", "to"))],
    ),
    "a situation": (
        '"crisis-sheltr" "Crisis Shelter" "crisisopvang" "crisis_shelter" "crisis-shelters" "hotel" true',
        [
            (INTAKE, ("on", "enters")),
            (INTAKE, ("on", "from", "not", 0)),
            (INTAKE, (*SECOND, "unless", "any", 0, "situation")),
            (INTAKE, (*ENTERED, "situation")),
        ],
    ),
    "a fact": (
        '"trsut" "Trust" "vertrouwensband" "review_date" "network_maped" "weather" 5',
        [
            (WORDS, ("answers", "mapped", "mapped", "may", 0)),
            (WORDS, ("answers", "conference", "declined", "asks", 0)),
            (REVIEW, ("on", "records")),
        ],
    ),
    "a value of trust": (
        '"growng" "Growing" "in opbouw" true "blue" 5',
        [(INTAKE, (*SECOND, "later", "when", "trust"))],
    ),
    "a value of conference": (
        '"agred" "Agreed" "gehouden" "postponed" ["declined"] 5',
        [
            (WORDS, ("answers", "conference", "agreed", "records", "conference")),
            (INTAKE, (*SECOND, "when", "conference", "not", 0)),
        ],
    ),
    "yes or no": (
        '"Yes" "yess" "waar" 1 "maybe"',
        [(INTAKE, (*FIRST, "variants", 0, "when", "language-need"))],
    ),
    "a number": (
        '"2" "two" "twee" [2] "some"',
        [
            (INTAKE, (*SECOND, "when", "children", "at-least")),
            (INTAKE, (*ENTERED, "at-least")),
            (INTAKE, (*FIRST, "remind", "times")),
        ],
    ),
    "a count": ("2.5 -1 0 1000", [(INTAKE, (*ENTERED, "at-least")), (INTAKE, (*FIRST, "remind", "times"))]),
    "an answer set": (
        '"mappd" "Mapped" "conferentie" "visited" ["mapped"] ""',
        [(INTAKE, (*FIRST, "answers")), (INTAKE, (*SECOND, "answers"))],
    ),
    "a text": (
        '"crisis-intake/map-network-langage" "map-network-language" "crisis-intake/map-network-language.md" '
        '"templates/prompts/crisis-intake/map-network-language.nl.md" ["crisis-intake/map-network-language"]',
        [(INTAKE, (*FIRST, "variants", 0, "text"))],
    ),
    "a label": (
        '"" 5 ["x"] true',
        [
            (INTAKE, ("title", "nl")),
            (INTAKE, ("why", "en")),
            (WORDS, ("situations", "street", "label", "nl")),
            (WORDS, ("facts", "trust", "values", "yes", "en")),
            (WORDS, ("answers", "done", "done", "label", "en")),
        ],
    ),
    "another step": (
        '"map-netwrok" "Map Network" "nothing-like-it" ["map-network"]',
        [(INTAKE, (*SECOND, "after"))],
    ),
    "when it is late": ('"skipp" "Skip" "overslaan" "meteen" ["skip"]', [(REVIEW, (*FIRST, "late"))]),
    "a type": ('"choise" "Choice" "text" "keuze" ["choice"]', [(WORDS, ("facts", "trust", "type"))]),
    "how long it lasts": (
        '"transitions" "overgang" true ["transition"]',
        [(WORDS, ("facts", "conference", "lasts"))],
    ),
    "a list of facts": (
        '"trust" "trust, children" "" []',
        [
            (WORDS, ("answers", "mapped", "mapped", "may")),
            (WORDS, ("answers", "conference", "declined", "asks")),
        ],
    ),
}
"""Of each kind: the wrong values, as they are written in TOML, and the places where such a value stands."""


def split(written: str) -> list[str]:
    """Values that stand side by side: texts in quotes, lists in brackets, and others without blanks."""
    return re.findall(r'"[^"]*"|\[[^\]]*\]|\S+', written)


def faults() -> Iterator[tuple[str, int, dict[str, str]]]:
    """Each mistake: the file and the line it is on, and the files with it."""
    for wrong, places in KINDS.values():
        for name, path in places:
            file = TomlFile.parse(RULES[name], name)
            line = file.value_line(path)
            for value in split(wrong):
                new = file.replace_value(path, value)
                assert new is not None
                yield name, line, {**RULES, name: corrected(RULES[name], line, new)}


def check(files: dict[str, str]) -> tuple[Problem, ...]:
    return from_files(files, LANGUAGES, DESKS).problems


def test_each_wrong_value_is_told_on_its_line_and_nine_of_ten_are_mended_by_what_is_suggested() -> None:
    tried = suggested = 0
    for name, line, files in faults():
        written = files[name].split("\n")[line - 1]
        problems = check(files)
        told = [problem for problem in problems if (problem.file, problem.line) == (name, line)]
        assert told, f"nothing is said of {written}"
        tried += 1
        if all(problem.suggestion is not None or problem.further for problem in told):
            suggested += 1
            left = [problem.sentence("en") for problem in check(mended(files, problems))]
            assert not [one for one in problems if one.sentence("en") in left], written
    assert tried >= 300
    assert suggested >= 0.9 * tried
