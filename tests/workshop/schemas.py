"""What tests of the schemas share: a TOML text as a language server hands it to a schema, and what a schema says of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from jsonschema_rs import Draft202012Validator, meta

from cti.workshop.schema import SCHEMAS, Shape, Words


def seen(value: Any) -> Any:
    """A TOML value as JSON: days and times become texts, as language servers make them."""
    if isinstance(value, dict):
        return {key: seen(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [seen(inside) for inside in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


@dataclass(frozen=True)
class Checker:
    """A schema, and what holds files against it."""

    schema: Shape
    checks: Draft202012Validator


def validator(kind: str, words: Words) -> Checker:
    """A validator of that kind of file, whose schema is right itself."""
    schema = SCHEMAS[kind](words)
    meta.validate(schema)
    return Checker(schema, Draft202012Validator(schema, validate_formats=True))


def said(text: str, by: Checker) -> list[str]:
    """What a schema says of the text of a TOML file: each place, and what is wrong there."""
    errors = by.checks.iter_errors(seen(tomllib.loads(text)))
    return [f"{'.'.join(map(str, ('$', *error.instance_path)))}: {error.message[:160]}" for error in errors]


def fits(shape: Shape, value: object) -> bool:
    """Whether a single value fits a part of a schema."""
    return Draft202012Validator(shape).is_valid(seen(value))


def kind_of(file: str) -> str | None:
    """Which schema describes the file; None for texts."""
    if file.startswith("rules/tests/"):
        return "tests"
    if file == "rules/vocabulary.toml":
        return "vocabulary"
    if file.endswith(".toml"):
        return "rule" if file.startswith("rules/") else "config"
    return None
