"""The schemas of what may be pushed: those of the code, true of what is taken. `python -m tests.sources.test_http_schema` writes
their files anew."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator, meta

from cti.sources.columns import COLUMNS
from cti.sources.http import Options
from cti.sources.http.envelope import SINGLE, Delivered, Unusable, delivered
from cti.sources.http.kinds import FIELDS, KINDS, PREFIX
from cti.sources.http.schema import example, schema, text
from tests.project import ROOT

FOLDER = ROOT / "docs" / "events"
DOCUMENT = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
SENDER = Options.model_validate({"name": "ecd", "type": "http", "token": "x" * 40})


def taken(event: dict[str, Any]) -> Delivered:
    [found] = delivered({"content-type": SINGLE}, json.dumps(event).encode(), SENDER, signed=False)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_of_a_schema_is_what_the_code_says(kind: str) -> None:
    assert (FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8") == text(kind)


def test_there_is_no_schema_of_anything_else() -> None:
    assert {file.name.removesuffix(".schema.json") for file in FOLDER.iterdir()} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_schema_is_right_by_it_and_is_taken(kind: str) -> None:
    meta.validate(schema(kind))
    by = Draft202012Validator(schema(kind), validate_formats=True)
    assert list(by.iter_errors(example(kind))) == []
    found = taken(example(kind))
    assert (found.kind, found.client) == (kind, "1042")
    assert found.fields == KINDS[kind].example


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_schema_demands_of_an_event_is_demanded(kind: str) -> None:
    for name in schema(kind)["required"]:
        lacking = {key: value for key, value in example(kind).items() if key != name}
        with pytest.raises(Unusable) as refused:
            taken(lacking)
        assert [fault.field for fault in refused.value.faults] == [name]


def test_the_fields_are_columns_by_the_same_names() -> None:
    assert set(FIELDS) | {"client", "recorded", "retracted"} == set(COLUMNS)


def test_the_document_names_each_type_with_its_fields() -> None:
    told = re.findall(
        r"^\| \[`cti\.(\w+)`\]\(events/\1\.schema\.json\) \|.*\| ?(.*?) ?\|$", DOCUMENT, re.MULTILINE
    )
    assert {kind: re.findall(r"`(\w+)`", fields) for kind, fields in told} == {
        name: [field.name for field in kind.fields] for name, kind in KINDS.items()
    }


def test_the_event_of_the_document_is_the_example_of_its_schema() -> None:
    blocks = [
        json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    ]
    assert [block for block in blocks if str(block.get("type")).startswith(PREFIX)] == [example("stay")]


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in KINDS:
        (FOLDER / f"{name}.schema.json").write_text(text(name), encoding="utf-8")
