"""What tests of the schemas share: a TOML text as a language server hands it to a schema, and what a schema says of it."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time
from typing import Any

from jsonschema import Draft202012Validator as Draft202012Validator  # type: ignore[import-untyped]

from cti.workshop.schema import SCHEMAS, Shape, Words


def seen(value: Any) -> Any:
    """A TOML value as JSON: days and times become texts, as language servers make them."""
    if isinstance(value, dict):
        return {key: seen(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [seen(inside) for inside in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def validator(kind: str, words: Words) -> Any:
    """A validator of that kind of file, whose schema is right itself."""
    schema = SCHEMAS[kind](words)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def said(text: str, by: Any) -> list[str]:
    """What a schema says of the text of a TOML file."""
    return [
        f"{error.json_path}: {error.message[:160]}" for error in by.iter_errors(seen(tomllib.loads(text)))
    ]


def fits(shape: Shape, value: object) -> bool:
    """Whether a single value fits a part of a schema."""
    return bool(Draft202012Validator(shape).is_valid(seen(value)))


def kind_of(file: str) -> str | None:
    """Which schema describes the file; None for texts."""
    if file.startswith("rules/tests/"):
        return "tests"
    if file == "rules/vocabulary.toml":
        return "vocabulary"
    if file.endswith(".toml"):
        return "rule" if file.startswith("rules/") else "config"
    return None
