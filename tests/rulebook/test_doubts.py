"""What can be read and is foolish all the same: when it is told of, and when not. Each doubt stands in faults/doubts.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.rulebook.check import check
from cti.rulebook.folder import from_files, read_folder
from cti.rulebook.textdoubts import LINES, lines_on_a_phone
from tests.faults import said, write
from tests.rulebook.house import DESKS, FILES, INTAKE, LANGUAGES, REVIEW, VOCABULARY, check_house, text

TEXT = "templates/prompts/crisis-intake/map-network.nl.md"


def doubts(folder: Path, files: dict[str, str]) -> str:
    """What is said of the house with some files changed."""
    write(folder, {**FILES, **files})
    return said(check_house(folder), "en")


def test_a_rule_that_is_off_is_doubted_as_any_other(tmp_path: Path) -> None:
    off = INTAKE.replace("[on]", "off = true\n\n[on]").replace(
        "children = {", 'situation = "street", children = {'
    )
    assert "this step comes only while the client is in" in doubts(
        tmp_path, {"rules/crisis-intake.toml": off}
    )


def test_a_situation_of_a_rule_that_is_off_has_its_rule(tmp_path: Path) -> None:
    off = INTAKE.replace("[on]", "off = true\n\n[on]")
    assert doubts(tmp_path, {"rules/crisis-intake.toml": off}) == ""


def test_a_situation_without_prompts_may_have_a_rule_that_is_off(tmp_path: Path) -> None:
    off = INTAKE.replace("[on]", "off = true\n\n[on]")
    quiet = VOCABULARY.replace('"crisis shelter" }', '"crisis shelter" }\nprompts = false')
    assert doubts(tmp_path, {"rules/crisis-intake.toml": off, "rules/vocabulary.toml": quiet}) == ""


def test_while_a_rule_cannot_be_read_no_situation_is_said_to_have_none(tmp_path: Path) -> None:
    told = doubts(tmp_path, {"rules/crisis-intake.toml": INTAKE.replace("14 days", "14 dyas")})
    assert told.count("\n") == 0 and "not a delay" in told


def test_while_a_fact_cannot_be_read_no_condition_on_it_is_doubted(tmp_path: Path) -> None:
    vocabulary = VOCABULARY.replace('type  = "number"', 'type  = "nmber"')
    intake = INTAKE.replace("children = { at-least = 1 } }", "children = { at-least = 1, not = 1 } }")
    told = doubts(tmp_path, {"rules/vocabulary.toml": vocabulary, "rules/crisis-intake.toml": intake})
    assert told.count("\n") == 0 and "nmber" in told


def test_a_rulebook_is_read_without_doubts(tmp_path: Path) -> None:
    """They are for who checks a folder; a service that reads it needs none."""
    write(
        tmp_path,
        {
            **FILES,
            "rules/review-date.toml": REVIEW.replace("[on]", "off = true\n[on]"),
            TEXT: "# a\n\nb\n" * 40,
        },
    )
    assert read_folder(tmp_path / "rules", LANGUAGES, tmp_path / "templates", DESKS).problems == ()


def test_what_says_that_nothing_is_prompted_changes_no_plan(tmp_path: Path) -> None:
    plain = {name: body for name, body in FILES.items() if "/tests/" not in name}
    loud = {**plain, "rules/vocabulary.toml": VOCABULARY.replace("prompts = false\n", "")}
    digests = {from_files(files).rulebook.digest for files in (plain, loud)}  # type: ignore[union-attr]
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("", 0),
        ("Eén regel.", 1),
        ("a " * 24, 2),
        ("Een alinea.\n\n\n\nNog een.", 3),
        ("- een\n- twee\n\n**drie**", 4),
        ("{% if places %}Plek: {{ places }}{% endif %}", 1),
        ("{{ nothing }}", 0),
    ],
)
def test_a_text_is_as_long_as_a_phone_shows_it(body: str, lines: int) -> None:
    assert lines_on_a_phone(f"# Titel\n\n{body}\n") == lines


def test_a_text_may_fill_a_phone_to_its_last_line(tmp_path: Path) -> None:
    full = "# map-network\n\n" + "\n".join(f"- {number}" for number in range(LINES))
    assert doubts(tmp_path / "full", {TEXT: full}) == ""
    assert "lines on a phone" in doubts(tmp_path / "over", {TEXT: f"{full}\n- en nog een"})


@pytest.mark.parametrize(
    "title", ["Wie is er op straat bekend?", "Kijk vooruit", "Eigen mensen, eigen woning?"]
)
def test_only_a_title_that_says_what_happened_tells_too_much(title: str, tmp_path: Path) -> None:
    told = doubts(tmp_path, {TEXT: text(title)})
    assert ("the title says" in told) is (title != "Kijk vooruit")


def test_texts_in_one_language_need_no_translation(tmp_path: Path) -> None:
    files = {
        name: body.replace("is here since", "is er sinds")
        for name, body in FILES.items()
        if "/tests/" not in name
    }
    write(tmp_path, files)
    assert check(tmp_path / "rules", ["nl"], tmp_path / "templates", DESKS) == ()
