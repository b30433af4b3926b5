"""The founding claims, the rules that cite them, and the texts that workers get: each points at what is there, and none is lost.

Reads the files themselves, without the program, so that what is shipped is checked and not how it is read.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.project import ROOT

PROMPTS = ROOT / "templates" / "prompts"
LANGUAGES = ("nl", "en")
RANGES = {"E": 96, "A": 47, "B": 16, "C": 20, "D": 10}
CLAIMS = [f"{letter}{number:02}" for letter, last in RANGES.items() for number in range(1, last + 1)]
LONGEST_TEXT = 900
"""One screen of a phone, the title included."""
LONGEST_TITLE = 60

RULES: dict[str, dict[str, Any]] = {
    file.stem: tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted((ROOT / "rules").glob("*.toml"))
    if file.stem != "vocabulary"
}
ROWS = re.findall(
    r"^\| ([A-E]\d\d) \| (.+?) \| (.+) \|$", (ROOT / "docs" / "claims.md").read_text(), re.MULTILINE
)
HOMES = {claim: home for claim, _, home in ROWS}


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each step of each rule, under the name "rule/step"."""
    for rule in RULES.values():
        for step in rule["steps"]:
            yield f"{rule['id']}/{step['id']}", step


def texts_of(name: str, step: dict[str, Any]) -> list[str]:
    """The texts of a step: its own, and those of its variants."""
    return [step.get("text", name), *(variant["text"] for variant in step.get("variants", ()))]


USED = sorted({text for name, step in steps() for text in texts_of(name, step)} | {"still-current/ask"})
PROPOSING = sorted(
    {text for name, step in steps() if step["answers"] == "conference" for text in texts_of(name, step)}
)
FILES = [(text, lang) for text in USED for lang in LANGUAGES]


def read(text: str, lang: str) -> str:
    return (PROMPTS / f"{text}.{lang}.md").read_text(encoding="utf-8")


# --- the claims -------------------------------------------------------------------------------------------------------


def test_each_claim_has_one_row_and_the_rows_are_complete() -> None:
    assert [claim for claim, _, _ in ROWS] == CLAIMS


def test_each_step_says_why_it_exists() -> None:
    assert [name for name, step in steps() if not step.get("sources")] == []


def test_each_source_is_a_claim_and_stands_once() -> None:
    strange = {name: set(step["sources"]) - set(CLAIMS) for name, step in steps()}
    assert {name: claims for name, claims in strange.items() if claims} == {}
    assert [name for name, step in steps() if len(set(step["sources"])) < len(step["sources"])] == []


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_names_exactly_the_steps_that_cite_it(claim: str) -> None:
    named = {
        step
        for part in HOMES[claim].split("; ")
        if part.startswith(("step ", "steps "))
        for step in re.findall(r"`([\w/-]+)`", part)
    }
    assert named == {name for name, step in steps() if claim in step["sources"]}


def test_each_text_that_is_named_as_a_home_exists() -> None:
    named = {
        text
        for home in HOMES.values()
        for part in re.findall(r"\btext ((?:`[\w/-]+`(?:, )?)+)", home)
        for text in re.findall(r"`([\w/-]+)`", part)
    }
    assert named
    assert named - set(USED) == set()


def test_a_claim_without_a_step_has_a_feature_a_guard_a_text_or_a_reason() -> None:
    kinds = ("step ", "steps ", "feature: ", "guard: ", "left out: ", "text ", "every text ", "each rule ")
    others = ("`docs/conference.md`", "the proposing texts ", "tone of all texts", "see ")
    assert [claim for claim, home in HOMES.items() if not home.startswith((*kinds, *others))] == []


# --- the rules --------------------------------------------------------------------------------------------------------


def test_each_rule_stands_in_the_file_of_its_name_and_has_its_own_tests() -> None:
    assert [name for name, rule in RULES.items() if rule["id"] != name] == []
    tested = {file.stem for file in (ROOT / "rules" / "tests").glob("*.toml")}
    assert tested == set(RULES)


def test_each_step_can_be_answered_and_ends() -> None:
    assert [name for name, step in steps() if not {"answers", "expires"} <= step.keys()] == []


def test_one_question_is_put_once_and_always_hears_of_safety() -> None:
    proposals = {name: step for name, step in steps() if step["answers"] == "conference"}
    assert [name for name, step in proposals.items() if not step["asks"].startswith("conference")] == []
    words = {name: [variant["when"] for variant in step["variants"]] for name, step in proposals.items()}
    assert [name for name, conditions in words.items() if {"safety": "concern"} not in conditions] == []


def test_what_follows_a_proposal_waits_for_a_recorded_yes() -> None:
    following = ("conference-requested", "conference-planned", "conference-held", "review-date")
    conditions = {
        name: str(step.get("when", "")) for name, step in steps() if name.split("/")[0] in following
    }
    assert len(conditions) >= 10
    yes = ("{'conference': 'agreed'}", "{'conference': 'held'}", "'conference': 'agreed'")
    assert [name for name, when in conditions.items() if not any(word in when for word in yes)] == []


def test_no_condition_hides_a_question_because_a_network_is_small() -> None:
    hiding = [str((step.get("when"), step.get("unless"))) for _, step in steps()]
    assert [condition for condition in hiding if "'network':" in condition] == []


def test_a_team_lead_hears_of_unanswered_handovers_alone() -> None:
    assert {step["to"] for _, step in steps()} <= {"worker", "previous-worker"}
    assert {name for name, step in steps() if "escalate" in step} == {"worker-change/hand-over"}


# --- the texts --------------------------------------------------------------------------------------------------------

FORBIDDEN = re.compile(
    "|".join(
        (
            # claims of effect
            r"voorkomt",
            r"preventi",
            r"prevents?\b",
            r"bewezen",
            r"proven",
            # pressing
            r"motive",
            r"motivat",
            r"overtuig",
            r"convince",
            r"persuade",
            r"zet\b[^.]* in op",
            r"stimuleer",
            r"verplicht",
            r"mandatory",
            r"target",
            # saving, ranking, labels
            r"bespar",
            r"bezuinig",
            r"savings",
            r"goedkoper",
            r"cheaper",
            r"score",
            r"zorgmijd",
            r"care.avoid",
            r"doelgroep",
            r"problem",
            r"probleem",
            # what identifies or reveals
            r"\bBSN\b",
            r"\bSSN\b",
            r"social security number",
            r"geboortedatum",
            r"https?:",
            r"\{\{ client \}\}",
        )
    ),
    re.IGNORECASE,
)
GENDERED = {
    "nl": re.compile(
        r"\b(hij(?! of zij)|hem(?! of haar)|(?<!hem of )(?<!zijn of )haar netwerk|man|vrouw)\b", re.I
    ),
    "en": re.compile(r"\b(he|she|his|him|hers?|himself|herself)\b", re.I),
}
PARTS = {"nl": ("**Waarom nu:** ", "**Eén stap:** "), "en": ("**Why now:** ", "**One step:** ")}
REVEALING = re.compile(
    r"ontruim|uitzet|evict|crisis|opvang|shelter|doorstroom|uitstroom|verhui|woning|dakloos|homeless|detenti|kliniek|clinic",
    re.IGNORECASE,
)
CHOICE = {
    "nl": re.compile(
        r"beslis|kiest|\bnee is (ook )?goed|\bdan is dat het antwoord|het antwoord weer nee", re.IGNORECASE
    ),
    "en": re.compile(r"decide|chooses|\bno is fine|that is the answer|the answer is no again", re.IGNORECASE),
}


def test_each_text_of_a_step_is_there_in_each_language_and_no_other_lies_about() -> None:
    there = {file.relative_to(PROMPTS).as_posix() for file in PROMPTS.rglob("*.md")}
    assert there == {f"{text}.{lang}.md" for text, lang in FILES}


@pytest.mark.parametrize(("text", "lang"), FILES)
def test_a_text_fits_one_screen_under_a_title_that_reveals_nothing(text: str, lang: str) -> None:
    content = read(text, lang)
    assert len(content.strip()) <= LONGEST_TEXT
    title = content.split("\n", 1)[0]
    assert title.startswith("# ")
    assert len(title.removeprefix("# ")) <= LONGEST_TITLE
    assert "{" not in title
    assert REVEALING.search(title) is None


@pytest.mark.parametrize(("text", "lang"), FILES)
def test_a_text_says_why_now_and_gives_one_step(text: str, lang: str) -> None:
    content = read(text, lang)
    assert [content.count(part) for part in PARTS[lang]] == [1, 1]


@pytest.mark.parametrize(("text", "lang"), FILES)
def test_a_text_presses_nobody_promises_nothing_and_names_no_gender(text: str, lang: str) -> None:
    content = read(text, lang)
    assert FORBIDDEN.search(content) is None
    assert GENDERED[lang].search(content) is None


@pytest.mark.parametrize(("text", "lang"), [(text, lang) for text in PROPOSING for lang in LANGUAGES])
def test_a_proposal_leaves_the_choice_with_the_client(text: str, lang: str) -> None:
    assert CHOICE[lang].search(read(text, lang))


def shape(content: str) -> list[str]:
    """Of each line how it begins: a title, a point, a number, bold, or plain words."""
    return [
        re.sub(r"^(# |- |\d\. |\*\*|).*", r"\1", line) or "words" for line in content.splitlines() if line
    ]


@pytest.mark.parametrize("text", USED)
def test_both_languages_say_the_same_in_the_same_order(text: str) -> None:
    contents = [read(text, lang) for lang in LANGUAGES]
    assert shape(contents[0]) == shape(contents[1])
    variables = [re.findall(r"\{[{%].*?[%}]\}", content) for content in contents]
    assert variables[0] == variables[1]
