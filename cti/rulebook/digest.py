"""The digest of a rulebook: the same as long as it means the same, whatever comments and white space do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time

from cti.core.rules import Rulebook


def digest(rulebook: Rulebook, texts: Mapping[str, str]) -> str:
    """A digest over the meaning of the rules and the vocabulary, and over the texts that they use (by file)."""
    meaning = [
        _plain(rulebook.vocabulary),
        [_plain(rule) for rule in sorted(rulebook.rules, key=lambda rule: rule.id)],
        # Answers are shown in the order of the file, so their order is part of what they mean.
        [[name, list(answers)] for name, answers in sorted(rulebook.vocabulary.answers.items())],
        {name: text.replace("\r\n", "\n").rstrip() for name, text in texts.items()},
    ]
    written = json.dumps(meaning, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _plain(value: object) -> object:
    """A value of the core as JSON has it. The name of the class counts: `Within` and `Older` have the same fields."""
    if isinstance(value, str | int | None):
        return value
    names = _fields(value)
    if names is not None:
        return [type(value).__name__, {name: _plain(getattr(value, name)) for name in names}]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def _fields(value: object) -> tuple[str, ...] | None:
    """The names of a dataclass' fields, looked up once for each class; None for another value."""
    kind = type(value)
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None
    return _FIELDS[kind]


_FIELDS: dict[type, tuple[str, ...] | None] = {}
