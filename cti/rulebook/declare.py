"""New words of the vocabulary: what to write in its file, so that a word which it lacks is one of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from cti.core.vocabulary import FactType
from cti.i18n import say
from cti.problems import Edit, corrected
from cti.rulebook.words import ID, NO, YES
from cti.tomlfile import TomlFile, literal, literal_key

OF_DATES = ("within", "older")


def new_situation(file: TomlFile, name: object, languages: Sequence[str]) -> tuple[Edit, ...]:
    """A situation of that name; nothing where it cannot be one."""
    if not isinstance(name, str) or not ID.fullmatch(name):
        return ()
    label = literal(_label(name, languages))
    return _block(file, "situations", f"[situations.{name}]\nlabel = {label}")


def new_answer_set(file: TomlFile, name: object, languages: Sequence[str]) -> tuple[Edit, ...]:
    """An answer set of that name, with one answer to begin with."""
    if not isinstance(name, str) or not ID.fullmatch(name):
        return ()
    label = literal({lang: say(lang, "Done") for lang in languages or ("en",)})
    return _block(file, "answers", f"[answers.{name}.done]\nlabel = {label}")


def new_fact(file: TomlFile, name: object, sample: object, languages: Sequence[str]) -> tuple[Edit, ...]:
    """A fact of that name, of the type that `sample` suggests: a value, or what a condition asks of it; None: it says nothing."""
    if not isinstance(name, str) or not ID.fullmatch(name):
        return ()
    kind, words = _type_of(sample)
    lines = [
        f"[facts.{name}]",
        f"type  = {literal(kind)}",
        f"label = {literal(_label(name, languages))}",
    ]
    if kind == "choice":
        lines.append(f"values = {literal({word: _label(word, languages) for word in words})}")
    return _block(file, "facts", "\n".join(lines))


def new_value(file: TomlFile, fact: str, word: object, languages: Sequence[str]) -> tuple[Edit, ...]:
    """A further value of a choice fact that the file declares."""
    if not isinstance(word, str) or not ID.fullmatch(word):
        return ()
    pair = f"{literal_key(word)} = {literal(_label(word, languages))}"
    return _that_reads(file, file.addition(("facts", fact, "values"), pair))


def _label(word: str, languages: Sequence[str]) -> dict[str, str]:
    return dict.fromkeys(languages or ("en",), word.replace("-", " "))


def _type_of(sample: object) -> tuple[FactType, tuple[str, ...]]:
    """The type of a fact that may be this, and for a choice its words."""
    if isinstance(sample, dict):
        if any(key in OF_DATES for key in sample):
            return "date", ()
        sample = next(iter(sample.values()), None)
    several = sample if isinstance(sample, list) else [sample]
    first = several[0] if several else None
    if isinstance(first, bool) or first is None or str(first).lower() in (*YES, *NO):
        return "yes/no", ()
    if isinstance(first, date | datetime) or first == "today":
        return "date", ()
    if isinstance(first, int | float):
        return "number", ()
    words = tuple(dict.fromkeys(word for word in several if isinstance(word, str) and ID.fullmatch(word)))
    return ("choice", words) if words else ("yes/no", ())


def _block(file: TomlFile, section: str, block: str) -> tuple[Edit, ...]:
    """A table with its header, behind the last of its section, else at the end of the file."""
    line = file.last_line((section,) if section in file.values else ())
    return _that_reads(file, Edit("below", file.name, f"\n{block}", line))


def _that_reads(file: TomlFile, edit: Edit) -> tuple[Edit, ...]:
    """The edit, if the file is still TOML with it: tables may be written in ways that a further one does not fit in."""
    line = edit.line or 1
    text = edit.text if edit.how == "instead" else f"{file.line_text(line)}\n{edit.text}"
    try:
        tomllib.loads(corrected(file.text, line, text))
    except tomllib.TOMLDecodeError:
        return ()
    return (replace(edit, new_word=True),)
