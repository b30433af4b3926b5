"""The schemas are right: all that is shipped fits them, and what they refuse the readers refuse as well."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import BaseModel

from cti.channels.options import Options as MailOptions
from cti.config.model import Absence, File, Limits, Organisation, Person, Retention, Team, Web
from cti.core.rules import Delay, Unit
from cti.problems import corrected
from cti.rulebook.delay import read_days, read_delay, read_span, read_working_days
from cti.rulebook.folder import from_files, read_folder
from cti.rulebook.words import Wrong, read_yes_no
from cti.rulebook.written import LONGEST, SAME_DAY, write_delay
from cti.sources import TYPES, source_module
from cti.workshop.schema import FOLDER, SCHEMAS, Words, words_of
from cti.workshop.schema.conditions import YES_NO
from cti.workshop.schema.shapes import clock, due, span, table
from tests.config.test_example import uncommented
from tests.faults import write
from tests.project import ROOT
from tests.rulebook.house import DESKS, FILES, LANGUAGES, check_house
from tests.rulebook.test_odd_values import edits
from tests.workshop.schemas import Checker, fits, kind_of, said, validator

SHIPPED = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*(ROOT / "rules").rglob("*.toml"), ROOT / "config.example.toml")
)
ANY_WORDS = Words("en")


@pytest.fixture(scope="module")
def shipped() -> Words:
    """The words of the shipped rules, in Dutch."""
    return words_of(read_folder(ROOT / "rules", LANGUAGES, ROOT / "templates", ()), "nl", LANGUAGES, ())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    write(folder, FILES)
    return folder


@pytest.fixture(scope="module")
def by_house(house: Path) -> dict[str, Checker]:
    """The schemas that know the words of the house."""
    loaded = read_folder(house / "rules", LANGUAGES, house / "templates", DESKS)
    words = words_of(loaded, "en", LANGUAGES, DESKS)
    return {kind: validator(kind, words) for kind in SCHEMAS}


@pytest.fixture(scope="module")
def by_shipped(shipped: Words) -> dict[str, Checker]:
    return {kind: validator(kind, shipped) for kind in SCHEMAS}


@pytest.fixture(scope="module")
def by_any() -> dict[str, Checker]:
    return {kind: validator(kind, ANY_WORDS) for kind in SCHEMAS}


# --- what is right fits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", SHIPPED)
def test_what_is_shipped_fits_with_its_own_words_and_with_any(
    file: str, by_shipped: dict[str, Checker], by_any: dict[str, Checker]
) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    kind = kind_of(file)
    assert kind is not None
    assert [*said(text, by_shipped[kind]), *said(text, by_any[kind])] == []


def test_every_setting_of_the_example_fits(shipped: Words) -> None:
    assert said(uncommented(), validator("config", shipped)) == []


@pytest.mark.parametrize("file", SHIPPED)
def test_each_shipped_file_names_its_schema_in_its_first_line(file: str) -> None:
    up = "../" * (file.count("/")) or "./"
    first = (ROOT / file).read_text(encoding="utf-8").splitlines()[0]
    assert first == f"#:schema {up}{FOLDER}/{kind_of(file)}.json"


def test_the_house_of_the_readers_tests_fits(by_house: dict[str, Checker]) -> None:
    found = [
        said(text, by_house[kind]) for name, text in FILES.items() if (kind := kind_of(name)) is not None
    ]
    assert found == [[]] * len(found)


@given(edit=some.sampled_from(edits()))
def test_what_a_schema_refuses_the_reader_refuses_as_well(
    edit: tuple[str, int, str], house: Path, by_house: dict[str, Checker]
) -> None:
    name, line, new = edit
    text = corrected(FILES[name], line, new)
    try:
        refused = said(text, by_house[kind_of(name) or ""])
    except tomllib.TOMLDecodeError:
        return
    if refused:
        write(house, {name: text})
        try:
            assert [found for found in check_house(house) if found.level == "error"], refused
        finally:
            write(house, {name: FILES[name]})


# --- delays and other values ------------------------------------------------------------------------------------------


def read(reader: Any, value: object) -> bool:
    try:
        reader(value)
    except Wrong:
        return False
    return True


UNITS: tuple[Unit, ...] = ("days", "working days", "weeks", "months")
DELAYS = some.builds(Delay, some.integers(0, 120), some.sampled_from(UNITS), some.booleans())
WRITTEN = some.builds(write_delay, DELAYS, some.sampled_from(["en", "nl"])) | some.sampled_from(SAME_DAY)
MISWRITTEN = some.builds(
    lambda text, at, char: text[:at] + char + text[at + 1 :],
    WRITTEN,
    some.integers(0, 15),
    some.sampled_from([*" -.0159aeknsw", "", "  "]),
)
SHAPES = (
    (due(), read_delay),
    (span(), read_span),
    (span(["working days"]), read_working_days),
    (span(["days", "weeks"]), read_days),
)


@given(text=WRITTEN)
def test_a_delay_as_it_is_written_fits_where_its_reader_takes_it(text: str) -> None:
    assert [fits(shape, text) for shape, _ in SHAPES] == [read(reader, text) for _, reader in SHAPES]


@given(text=MISWRITTEN)
def test_a_delay_that_fits_is_one_that_its_reader_takes(text: str) -> None:
    """Only how far off ten years are, the readers know alone."""
    for shape, reader in SHAPES:
        if fits(shape, text) and not read(reader, text):
            assert int(text.split()[0]) > min(LONGEST.values())


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("09:00", True),
        ("9:00", True),
        ("23:59", True),
        ("24:00", False),
        ("9 uur", False),
        ("09:00:00", True),
    ],
)
def test_a_time_of_day_fits_as_people_and_toml_write_it(value: str, right: bool) -> None:
    assert fits(clock(), value) == right


def test_yes_and_no_are_the_readers() -> None:
    assert [read(read_yes_no, value) for value in YES_NO["enum"]] == [True] * len(YES_NO["enum"])
    assert not any(
        read(read_yes_no, value) for value in ("y", "on", 1, "true") if value not in YES_NO["enum"]
    )


def test_a_day_fits_and_a_day_that_is_none_does_not(shipped: Words) -> None:
    by = validator("rule", shipped)
    assert fits({"properties": {"since": by.schema["properties"]["since"]}}, {"since": date(2026, 3, 1)})
    text = (
        (ROOT / "rules/crisis-intake.toml")
        .read_text(encoding="utf-8")
        .replace("[on]", 'since = "soon"\n[on]', 1)
    )
    assert [line.split(":")[0] for line in said(text, by)] == ["$.since"]


# --- the words at hand ------------------------------------------------------------------------------------------------


def test_the_words_of_the_vocabulary_are_offered_with_their_labels(shipped: Words) -> None:
    schema = SCHEMAS["rule"](shipped)
    situation = schema["properties"]["on"]["properties"]["enters"]["anyOf"][0]
    assert situation["enum"][:2] == ["at-risk", "kept-home"]
    assert situation["x-taplo"]["docs"]["enumValues"][:2] == [
        "dreigend verlies van de woning",
        "woning behouden",
    ]
    trust = schema["$defs"]["fact-trust"]
    assert trust["description"].startswith("vertrouwensband: ")
    assert trust["anyOf"][0]["anyOf"][0]["enum"] == ["growing", "yes", "no"]
    step = schema["properties"]["steps"]["items"]["properties"]
    assert "conference" in step["answers"]["enum"]
    assert step["to"]["enum"] == ["worker", "previous-worker", "team-lead", "team"]
    assert "conference/safety" in step["text"]["anyOf"][0]["enum"]


def test_desks_of_the_config_are_roles_and_without_a_vocabulary_any_desk_is() -> None:
    text = FILES["rules/crisis-intake.toml"].replace('to       = "worker"', 'to       = "intake"')
    known = Words("en", read_words().vocabulary, LANGUAGES, ("intake",))
    assert said(text, validator("rule", known)) == []
    assert said(text, validator("rule", Words("en", known.vocabulary, LANGUAGES, ()))) != []
    assert said(text, validator("rule", ANY_WORDS)) == []
    assert said(text.replace('"intake"', '"client"'), validator("rule", ANY_WORDS)) != []


def read_words() -> Words:
    files = {name: text for name, text in FILES.items() if not name.startswith("rules/tests/")}
    return words_of(from_files(files, LANGUAGES, DESKS), "en", LANGUAGES, DESKS)


def test_a_vocabulary_that_cannot_be_read_gives_schemas_that_take_any_word() -> None:
    words = words_of(from_files({"rules/vocabulary.toml": "gap = = 3"}), "en", LANGUAGES, ())
    assert words.vocabulary is None
    assert said(FILES["rules/crisis-intake.toml"], validator("rule", words)) == []


def test_who_adds_a_word_to_the_vocabulary_may_use_it_at_once(
    by_house: dict[str, Checker],
) -> None:
    new = '\n[facts.pets]\ntype = "yes/no"\nlabel = { nl = "huisdieren", en = "pets" }\n'
    text = FILES["rules/vocabulary.toml"].replace('may     = ["trust"]', 'may     = ["trust", "pets"]') + new
    assert said(text, by_house["vocabulary"]) == []


# --- nothing is forgotten ---------------------------------------------------------------------------------------------


def undescribed(schema: Any, path: str = "$") -> Iterator[str]:
    """Keys of tables of which nothing is told. What only tightens another shape needs no words."""
    if isinstance(schema, list):
        for number, part in enumerate(schema):
            yield from undescribed(part, f"{path}[{number}]")
    if not isinstance(schema, dict):
        return
    for key, inside in schema.get("properties", {}).items():
        if isinstance(inside, dict) and not {"description", "$ref"} & set(inside):
            yield f"{path}.{key}"
    for key, inside in schema.items():
        if key not in ("if", "then", "else", "not", "allOf", "enum", "examples"):
            parts = inside.items() if key in ("properties", "$defs", "patternProperties") else ()
            for name, part in parts:
                yield from undescribed(part, f"{path}.{name}")
            if not parts:
                yield from undescribed(inside, path)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_each_key_is_described(kind: str, shipped: Words) -> None:
    assert list(undescribed(SCHEMAS[kind](shipped))) == []
    assert list(undescribed(SCHEMAS[kind](ANY_WORDS))) == []


@pytest.mark.parametrize("kind", [kind for kind in SCHEMAS if kind != "config"])
def test_managers_read_the_descriptions_in_their_language(kind: str, shipped: Words) -> None:
    english = Words("en", shipped.vocabulary, shipped.languages, (), shipped.steps, shipped.texts)
    dutch, other = (list(descriptions(SCHEMAS[kind](words))) for words in (shipped, english))
    assert len(dutch) == len(other)
    assert sum(one == same for one, same in zip(dutch, other, strict=True)) == 0


def descriptions(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("description"), str):
            yield schema["description"]
        for inside in schema.values():
            yield from descriptions(inside)
    elif isinstance(schema, list):
        for inside in schema:
            yield from descriptions(inside)


def test_a_key_without_a_shape_and_a_shape_without_a_key_are_noticed() -> None:
    with pytest.raises(KeyError, match="due"):
        table(("id", "due"), {"id": {}})
    with pytest.raises(KeyError, match="no reader knows due"):
        table(("id",), {"id": {}, "due": {}})


SECTIONS: dict[str, tuple[type[BaseModel], str]] = {
    "the file": (File, "{}"),
    "organisation": (Organisation, "[organisation]\n{}"),
    "mail": (MailOptions, "[mail]\n{}"),
    "teams": (Team, '[[teams]]\nid = "north"\n{}'),
    "people": (Person, '[[people]]\nid = "w1"\nname = "w1"\n{}'),
    "away": (
        Absence,
        '[[people]]\nid = "w1"\nname = "w1"\n[[people.away]]\nfrom = 2026-03-01\nuntil = 2026-03-02\n{}',
    ),
    "limits": (Limits, "[limits]\n{}"),
    "retention": (Retention, "[retention]\n{}"),
    "web": (Web, "[web]\n{}"),
}
"""Each section of the config with what it needs; further lines take the place of the braces."""


@pytest.mark.parametrize("section", SECTIONS)
def test_a_key_that_a_section_of_the_config_does_not_have_is_refused(section: str) -> None:
    by, (_, text) = validator("config", ANY_WORDS), SECTIONS[section]
    assert said(text.format(""), by) == []
    [refused] = said(text.format('zzz = "x"'), by)
    assert "'zzz' was unexpected" in refused


@pytest.mark.parametrize("section", SECTIONS)
def test_each_setting_of_the_config_refuses_what_is_of_another_kind(section: str) -> None:
    by, (model, text) = validator("config", ANY_WORDS), SECTIONS[section]
    for name, field in model.model_fields.items():
        key = field.alias or name
        without = re.sub(rf"^{key} = .*\n", "", text, flags=re.MULTILINE)
        for value in ("{ x = [1] }", "[[{}]]"):
            assert said(without.replace("{}", f"{key} = {value}"), by) != [], (key, value)


@pytest.mark.parametrize("kind", TYPES)
def test_each_kind_of_source_has_its_own_keys(kind: str, shipped: Words) -> None:
    one = next(
        shape
        for shape in SCHEMAS["config"](shipped)["properties"]["sources"]["items"]["oneOf"]
        if shape["properties"]["type"]["const"] == kind
    )
    own = {field.alias or name for name, field in source_module(kind).Options.model_fields.items()}
    assert {key for key in one["properties"] if not key.endswith("_file")} == own


def test_a_secret_may_stand_in_a_file_of_its_own() -> None:
    by = validator("config", ANY_WORDS)
    assert said('database_file = "secret"\n[mail]\npassword_file = "secret"\n', by) == []
    source = '[[sources]]\nname = "db"\ntype = "sql"\nquery = "SELECT 1"\n'
    assert said(f'{source}url_file = "secret"\n', by) == []
    assert said(source, by) == []  # it may come from the environment
    assert said(f'{source}query_file = "query"\n', by) != []


def test_what_codes_stand_for_are_words_of_the_vocabulary(shipped: Words) -> None:
    by = validator("config", shipped)
    source = '[[sources]]\nname = "a"\ntype = "csv"\npath = "export"\n'
    assert (
        said(source + 'codes = { situation = { CO = "crisis-shelter", X = "" }, trust = { J = "yes" } }', by)
        == []
    )
    assert said(source + 'codes = { situation = { CO = "crisis-sheltr" } }', by) != []
    assert said(source + 'codes = { trust = { J = "ja" } }', by) != []
    assert said(source + 'facts = { trust = "Band" }', by) == []
    assert said(source + 'facts = { trsut = "Band" }', by) != []
    hmis = '[[sources]]\nname = "a"\ntype = "hmis-csv"\npath = "export"\n'
    assert said(hmis + 'project_types = { "2" = "long-stay", "3" = "" }\nkept_home = "kept-home"', by) == []
    assert said(hmis + 'projects = { "109" = { situation = "stret" } }', by) != []
    iwmo = '[[sources]]\nname = "a"\ntype = "iwmo"\npath = "messages"\nsecret_file = "key"\n'
    assert (
        said(iwmo + 'products = { "10" = "guidance", "16/CO" = "" }\nreasons = { "38" = "left" }', by) == []
    )
    assert said(iwmo + 'products = { "10" = "guidence" }', by) != []
    assert said(iwmo + 'reasons = { "38" = "guidance" }', by) != []
