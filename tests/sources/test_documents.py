"""The documents name every setting, and what they say of codes is what is done."""

import re

import pytest

from cti.sources import LISTS, TYPES, source_module
from cti.sources.base import SourceOptions
from cti.sources.columns import COLUMNS
from cti.sources.hmis_csv.codes import SITUATION_OF_DESTINATION, SITUATION_OF_TYPE
from cti.sources.hmis_csv.options import ProjectOptions
from cti.sources.iwmo.codes import SAYS_OF_PRODUCT, SAYS_OF_REASON
from cti.sources.people import options as people
from tests.project import ROOT

SOURCES = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
HMIS = (ROOT / "docs" / "hmis.md").read_text(encoding="utf-8")
IWMO = (ROOT / "docs" / "iwmo.md").read_text(encoding="utf-8")
PEOPLE = (ROOT / "docs" / "people.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", TYPES)
def test_every_setting_is_told_of(kind: str) -> None:
    text = PEOPLE if kind in LISTS else SOURCES + {"hmis-csv": HMIS, "iwmo": IWMO}.get(kind, "")
    told = re.findall(r"`([a-z_]+)`", " ".join(re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE)))
    everywhere = SourceOptions.model_fields if kind in LISTS else ()
    assert [
        name for name in source_module(kind).Options.model_fields if name not in (*told, *everywhere)
    ] == []


def test_every_setting_of_a_project_is_told_of() -> None:
    assert [name for name in ProjectOptions.model_fields if f"`{name}" not in HMIS] == []


def test_every_column_is_told_of() -> None:
    assert [name for name in COLUMNS if f"`{name}`" not in SOURCES] == []
    assert [name for name in people.COLUMNS if f"`{name}`" not in PEOPLE] == []


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def test_the_destinations_are_those_of_the_code() -> None:
    told = {
        int(code): cells[1].strip("`")
        for cells in rows(HMIS)
        if re.fullmatch(r"\d+(, \d+)*", cells[0]) and cells[1].startswith("`")
        for code in cells[0].split(", ")
    }
    assert told == SITUATION_OF_DESTINATION


def test_the_project_types_are_those_of_the_code() -> None:
    told = {
        int(number): cells[1].strip("`")
        for cells in rows(HMIS)
        if len(cells) == 3 and re.match(r"\d", cells[0]) and cells[1].startswith("`")
        for number in re.findall(r"(?<!\S)\d+(?= [a-z])", cells[0])
    }
    assert told == SITUATION_OF_TYPE


def coded(heading: str) -> dict[str, str]:
    """Codes of a table of docs/iwmo.md, each with the word that it stands for; "nothing" and "unknown" are no words."""
    table = next(part for part in IWMO.split("\n\n") if part.startswith(f"| {heading} |"))
    return {
        code: re.sub("^(nothing|unknown)$", "", cells[1].strip("`"))
        for cells in rows(table)[2:]
        for code in re.findall(r"\b\d\d\b", cells[0])
    }


def test_the_products_of_iwmo_are_those_of_the_code() -> None:
    assert coded("product category") == SAYS_OF_PRODUCT


def test_the_reasons_of_iwmo_are_those_of_the_code() -> None:
    assert coded("RedenBeeindiging") == SAYS_OF_REASON
