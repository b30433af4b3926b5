"""`cti rules schema`: JSON Schemas for editors, printed, written and renewed."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from jsonschema_rs import Draft202012Validator, meta

from cti.workshop.schema import FOLDER, SCHEMAS
from tests.cli.terminal import Terminal
from tests.engine.house import House
from tests.project import ROOT
from tests.workshop.schemas import seen

RULES = str(ROOT / "rules")


def test_a_schema_is_one_document(cti: Terminal, house: House) -> None:
    for kind in SCHEMAS:
        said = cti("rules", "schema", kind)
        assert (said.code, said.err) == (0, "")
        meta.validate(said.json)
    assert cti("rules", "schema").json == cti("rules", "schema", "rule").json


def test_it_has_the_words_that_are_at_hand(cti: Terminal, house: House) -> None:
    assert '"own-home-expected"' not in cti.ok("rules", "schema", "tests")
    assert '"own-home-expected"' in cti.ok("rules", "schema", "tests", "--rules", RULES)


def test_where_nothing_is_at_hand_any_word_will_do(cti: Terminal) -> None:
    said = cti("rules", "schema")
    assert (said.code, said.err) == (0, "")
    assert "crisis-shelter" not in said.out


def test_it_speaks_the_language_of_who_asks(cti: Terminal) -> None:
    assert "wie de herinnering krijgt" in cti.ok("rules", "schema", "--lang", "nl")


def test_what_is_laid_out_has_its_schemas_and_names_them(cti: Terminal) -> None:
    cti.ok("init", "shelter")
    files = sorted(Path("shelter").rglob("*.toml"))
    assert len(files) > 30
    for file in files:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        named = (file.parent / first.removeprefix("#:schema ")).resolve()
        assert named.parent == Path("shelter", FOLDER).resolve(), file
        schema = json.loads(named.read_text(encoding="utf-8"))
        by = Draft202012Validator(schema, validate_formats=True)
        values = seen(tomllib.loads(file.read_text(encoding="utf-8")))
        assert [error.message for error in by.iter_errors(values)] == []


def test_schemas_are_renewed_when_the_vocabulary_changed(cti: Terminal) -> None:
    cti.ok("init", "shelter")
    vocabulary = Path("shelter/rules/vocabulary.toml")
    new = '\n[facts.pets]\ntype = "yes/no"\nlabel = { nl = "huisdieren", en = "pets" }\n'
    vocabulary.write_text(vocabulary.read_text(encoding="utf-8") + new, encoding="utf-8")
    rule = Path("shelter", FOLDER, "rule.json")
    assert "fact-pets" not in rule.read_text(encoding="utf-8")
    shown = cti.ok("rules", "schema", "--write", "-c", "shelter/config.toml").splitlines()
    assert shown == [f"shelter/.schema/{kind}.json" for kind in SCHEMAS]
    assert "fact-pets" in rule.read_text(encoding="utf-8")


def test_a_draft_gets_its_schemas_beside_it(cti: Terminal, house: House) -> None:
    draft = house.folder / "drafts" / "rules"
    draft.mkdir(parents=True)
    (draft / "vocabulary.toml").write_text(Path("rules/vocabulary.toml").read_text(encoding="utf-8"))
    shown = cti.ok("rules", "schema", "--write", "--rules", "drafts/rules").splitlines()
    assert shown == [
        *(f"drafts/.schema/{kind}.json" for kind in ("rule", "vocabulary", "tests")),
        ".schema/config.json",
    ]


def test_a_vocabulary_that_cannot_be_read_is_told(cti: Terminal, house: House) -> None:
    Path("rules/vocabulary.toml").write_text("gap = = 3\n")
    said = cti("rules", "schema")
    assert said.code == 0
    assert said.err == "The vocabulary cannot be read, so the schema takes any word.\n"
    assert said.json["title"] == "A rule of cti"


def test_a_kind_that_is_none_is_wrong_use(cti: Terminal) -> None:
    said = cti("rules", "schema", "rul")
    assert said.code == 2
    assert "'rule', 'vocabulary', 'tests', 'config'" in said.err
