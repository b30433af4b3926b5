"""A folder is read as a whole: a rulebook with its digest, or everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.rulebook.folder import Loaded, from_files, read_folder
from tests.faults import said, write
from tests.rulebook.house import DESKS, FILES, INTAKE, LANGUAGES, REVIEW, VOCABULARY, check_house, text

TEXT = "templates/prompts/crisis-intake/map-network.nl.md"


def load(folder: Path, **changed: str) -> Loaded:
    """The house, with some files changed: `rules__review_date` is rules/review-date.toml."""
    names = {
        f"rules__{name}": f"rules/{name.replace('_', '-')}.toml"
        for name in ("review_date", "vocabulary", "crisis_intake")
    }
    write(folder, {**FILES, **{names.get(key, key): value for key, value in changed.items()}})
    return read_folder(folder / "rules", LANGUAGES, folder / "templates", DESKS)


def digest(loaded: Loaded) -> str:
    assert loaded.rulebook is not None, said(loaded.problems, "en")
    return loaded.rulebook.digest


def test_a_rulebook_has_its_rules_in_order_and_no_problems(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert loaded.problems == ()
    assert loaded.rulebook is not None
    assert [rule.id for rule in loaded.rulebook.rules] == ["crisis-intake", "review-date"]


def test_the_files_make_the_same_rulebook_again(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    again = from_files(loaded.files)
    assert again.rulebook == loaded.rulebook
    assert digest(again) == digest(loaded)
    assert sorted(loaded.files) == sorted(name for name in FILES if "/tests/" not in name)


def test_the_files_are_kept_under_the_same_names_whatever_the_folders_are_called(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            name.replace("rules/", "house/", 1).replace("templates", "words"): body
            for name, body in FILES.items()
        },
    )
    loaded = read_folder(tmp_path / "house", LANGUAGES, tmp_path / "words", DESKS)
    assert from_files(loaded.files).rulebook == loaded.rulebook
    assert "rules/crisis-intake.toml" in loaded.files and TEXT in loaded.files


@pytest.mark.parametrize(
    "same",
    [
        {"rules__crisis_intake": f"# another remark\n\n{INTAKE.replace('due      =', 'due =')}"},
        {"rules__crisis_intake": INTAKE.replace("14 days", "14 dagen")},
        {"rules__crisis_intake": INTAKE.replace("\n", "\r\n")},
        {"rules__crisis_intake": f"\ufeff{INTAKE}"},
        {TEXT: text("map-network").replace("\n", "\r\n")},
        {"rules/README.md": "How we work with rules."},
        {"rules/tests/more.toml": ""},
    ],
    ids=["remark", "Dutch", "Windows", "byte order mark", "Windows text", "other file", "tests"],
)
def test_what_changes_no_meaning_changes_no_digest(tmp_path: Path, same: dict[str, str]) -> None:
    before = digest(load(tmp_path / "before"))
    assert digest(load(tmp_path / "after", **same)) == before


@pytest.mark.parametrize(
    "other",
    [
        {"rules__crisis_intake": INTAKE.replace("14 days", "15 days")},
        {"rules__crisis_intake": INTAKE.replace("within", "older", 1)},
        {"rules__review_date": REVIEW.replace("[on]", "off = true\n\n[on]")},
        {"rules__vocabulary": VOCABULARY.replace('"on the street"', '"on the streets"')},
        {"rules__vocabulary": VOCABULARY.replace("still-current.yes", "still-current.sure")},
        {TEXT: text("map-network") + "\nEn nog iets.\n"},
    ],
    ids=["delay", "condition", "off", "label", "answer", "text"],
)
def test_what_changes_the_meaning_changes_the_digest(tmp_path: Path, other: dict[str, str]) -> None:
    before = digest(load(tmp_path / "before"))
    assert digest(load(tmp_path / "after", **other)) != before


def test_the_order_of_answers_is_part_of_the_meaning(tmp_path: Path) -> None:
    yes = '[answers.still-current.yes]\nlabel = { nl = "Ja", en = "Yes" }\n'
    no = '[answers.still-current.no]\nlabel = { nl = "Nee", en = "No" }\n'
    turned = VOCABULARY.replace(yes + no, no + yes)
    assert turned != VOCABULARY
    assert digest(load(tmp_path / "a")) != digest(load(tmp_path / "b", rules__vocabulary=turned))


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        rules__vocabulary=VOCABULARY.replace('"14 days"', '"14 dyas"'),
        rules__crisis_intake=INTAKE.replace("3 weeks", "3 weeeks").replace("growing", "growng"),
        rules__review_date=REVIEW.replace("skip", "skipp"),
        **{TEXT: text("map-network").replace("day", "dya")},
    )
    assert loaded.rulebook is None
    assert said(loaded.problems, "en").splitlines() == [
        'rules/crisis-intake.toml:29: step "propose": due = "3 weeeks": not a delay; did you mean "3 weeks"?',
        'rules/crisis-intake.toml:32: step "propose": later.when.trust = "growng": no value of "trust"; did you mean "growing"?',
        'rules/review-date.toml:13: step "ahead": late = "skipp": must be one of "now", "skip", "ask"; did you mean "skip"?',
        'rules/vocabulary.toml:1: gap = "14 dyas": not a delay; did you mean "14 days"?',
        'templates/prompts/crisis-intake/map-network.nl.md:3: there is no variable "dya"; did you mean "day"?',
    ]


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / "rules" / "review-date.toml").write_bytes(REVIEW.replace("koos", "kóós").encode("cp1252"))
    (told,) = check_house(tmp_path)
    assert (told.file, told.line) == ("rules/review-date.toml", 3)
    assert told.suggestion == REVIEW.replace("koos", "kóós").split("\n")[2]


def test_a_text_in_another_encoding_is_told_and_not_also_called_missing(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / TEXT).write_bytes("# Netwerk in kaart\n\nCliënt\n".encode("cp1252"))
    (told,) = check_house(tmp_path)
    assert (told.file, told.line, told.suggestion) == (TEXT, 3, "Cliënt")


@pytest.mark.parametrize("name", ["rules/crisis-intake.toml", "rules/vocabulary.toml"])
def test_a_file_that_an_editor_gave_another_ending_keeps_the_folder_out(tmp_path: Path, name: str) -> None:
    write(tmp_path, {f"{file}.txt" if file == name else file: body for file, body in FILES.items()})
    loaded = read_folder(tmp_path / "rules", LANGUAGES, tmp_path / "templates", DESKS)
    assert loaded.rulebook is None, "else the rule's prompts would be withdrawn"
    (problem,) = check_house(tmp_path)
    assert problem.sentence("en") == f"{name}.txt: not read: a rule file is named RULE.toml"
    assert [(edit.how, edit.text) for edit in problem.further] == [("rename", name)]


def test_a_broken_vocabulary_does_not_make_every_word_unknown(tmp_path: Path) -> None:
    problems = load(tmp_path, rules__vocabulary='gap = "14 days').problems
    assert {problem.file for problem in problems} == {"rules/vocabulary.toml"}


def test_folders_that_are_not_there_are_told(tmp_path: Path) -> None:
    loaded = read_folder(tmp_path / "rules", LANGUAGES, tmp_path / "templates", DESKS)
    assert loaded.rulebook is None
    told = said(loaded.problems, "en")
    assert "the folder rules is not there" in told
    assert "the folder templates/prompts is not there" in told


def test_files_are_named_from_where_the_reader_stands(tmp_path: Path) -> None:
    write(tmp_path / "north", {**FILES, "rules/review-date.toml": REVIEW.replace("skip", "skipp")})
    north = tmp_path / "north"
    loaded = read_folder(north / "rules", LANGUAGES, north / "templates", DESKS, base=tmp_path)
    assert [problem.file for problem in loaded.problems] == ["north/rules/review-date.toml"]


def test_a_step_may_go_to_a_desk_of_the_config(tmp_path: Path) -> None:
    loaded = load(tmp_path, rules__review_date=REVIEW.replace('"worker"', '"intake"'))
    assert loaded.rulebook is not None and loaded.rulebook.rules[1].steps[0].to == "intake"


def test_a_kept_rulebook_is_read_though_the_config_has_lost_its_desk(tmp_path: Path) -> None:
    loaded = load(tmp_path, rules__review_date=REVIEW.replace('"worker"', '"intake"'))
    assert from_files(loaded.files).rulebook == loaded.rulebook


def test_a_kept_rulebook_stays_though_its_texts_are_judged_otherwise_now(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    files = {**loaded.files, TEXT: text("map-network").replace("client", "clint")}
    again = from_files(files)
    assert again.rulebook is not None and loaded.rulebook is not None
    assert again.rulebook.rules == loaded.rulebook.rules
    assert [problem.file for problem in again.problems] == [TEXT]


def test_a_rule_that_is_off_is_read_and_checked(tmp_path: Path) -> None:
    off = REVIEW.replace("[on]", "off = true\n\n[on]")
    loaded = load(tmp_path / "good", rules__review_date=off)
    assert loaded.rulebook is not None and loaded.rulebook.rules[1].off
    assert load(tmp_path / "bad", rules__review_date=off.replace("1 week", "1 wek")).rulebook is None


def test_only_one_rule_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    was = 'was   = ["old-intake"]\n\n[on]'
    loaded = load(
        tmp_path,
        rules__crisis_intake=INTAKE.replace("[on]", was),
        rules__review_date=REVIEW.replace("[on]", was),
    )
    (told,) = loaded.problems
    assert told.sentence("en") == (
        'rules/review-date.toml:5: was: "old-intake" stands under another rule\'s "was" already'
    )
    assert told.suggestion == '# was   = ["old-intake"]'


def test_labels_and_texts_are_wanted_in_the_languages_of_the_config_only(tmp_path: Path) -> None:
    dutch = {name: body for name, body in FILES.items() if not name.endswith(".en.md")}
    write(tmp_path, dutch)
    assert read_folder(tmp_path / "rules", ["nl"], tmp_path / "templates", DESKS).rulebook is not None
