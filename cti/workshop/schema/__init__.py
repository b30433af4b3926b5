"""JSON Schemas of the files that people write, so that their editor completes words and marks what is wrong.

They are made of what the readers know, and name the words of the rules folder that is at hand. A schema sees one file by itself:
whether a text is there, or a step that another waits for, only `cti rules check` can say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from cti.workshop.schema.config import config_schema
from cti.workshop.schema.rule import rule_schema
from cti.workshop.schema.scenarios import tests_schema
from cti.workshop.schema.shapes import Shape
from cti.workshop.schema.vocabulary import vocabulary_schema
from cti.workshop.schema.words import Words, words_of

__all__ = ["FOLDER", "SCHEMAS", "Shape", "Words", "schema_text", "words_of", "write_schemas"]

SCHEMAS: Mapping[str, Callable[[Words], Shape]] = {
    "rule": rule_schema,
    "vocabulary": vocabulary_schema,
    "tests": tests_schema,
    "config": config_schema,
}
"""By the kind of file that it describes."""

FOLDER = ".schema"
"""Where the files look for their schemas: beside config.toml and the rules folder. Each names its own in its first line, as
`#:schema ../.schema/rule.json`; the language servers for TOML go by that."""


def schema_text(kind: str, words: Words) -> str:
    """A schema as the text of a file."""
    return json.dumps(SCHEMAS[kind](words), indent=2, ensure_ascii=False) + "\n"


def write_schemas(place: Path, words: Words, kinds: tuple[str, ...] = tuple(SCHEMAS)) -> tuple[Path, ...]:
    """Writes the schemas into the folder `place`/.schema, over those that are there; gives the files."""
    folder = place / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    files = tuple(folder / f"{kind}.json" for kind in kinds)
    for kind, file in zip(kinds, files, strict=True):
        file.write_text(schema_text(kind, words), encoding="utf-8")
    return files
