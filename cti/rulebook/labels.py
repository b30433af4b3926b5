"""Labels: a text per language, as `{ nl = "crisisopvang", en = "crisis shelter" }`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from cti.core.vocabulary import Labels
from cti.i18n import mark
from cti.rulebook.table import Table
from cti.rulebook.words import Wrong, nearest, read_text

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


def read_labels(table: Table, key: str, languages: Sequence[str], example: str) -> Labels:
    """The labels under a key, which must be there in each of the languages; `example` is a text that could stand there."""
    value = table.values.get(key)
    wanted = languages or ("en",)
    if value is None:
        table.note_missing(mark("{name} is missing"), key, dict.fromkeys(wanted, example))
        return {}
    meant = dict.fromkeys(wanted, value) if isinstance(value, str) and value.strip() else None
    inside = table.table(key, meant)
    return {} if inside is None else _per_language(inside, languages)


def _per_language(table: Table, languages: Sequence[str]) -> Labels:
    labels: dict[str, str] = {}
    missing = [lang for lang in languages if lang not in table.values]
    for lang in table.values:
        guess = nearest(lang, missing) or _by_name(lang, missing)
        if guess is not None or not LANGUAGE.fullmatch(lang):
            table.note_wrong_key(mark('"{name}" is not a language of the config'), lang, guess)
            if guess is not None:
                missing.remove(guess)
            continue
        text = table.take(lang, _read_label(table))
        if text is not None:
            labels[lang] = text
    for lang in missing:
        example = next((text for text in labels.values()), lang)
        table.note_missing(
            mark("{name} is missing: the config wants this text in each of its languages"), lang, example
        )
    return labels


def _read_label(table: Table) -> Callable[[object], str]:
    """A reader of a label; another language's stands in for one that is empty."""
    others = (text for text in table.values.values() if isinstance(text, str) and text.strip())

    def read(value: object) -> str:
        if isinstance(value, str) and not value.strip():
            raise Wrong(mark("{field} is empty"), better=next(others, None))
        return read_text(value)

    return read


NAMES = {"nl": ("dutch", "nederlands", "ned", "nld"), "en": ("english", "engels", "eng")}


def _by_name(word: str, missing: Sequence[str]) -> str | None:
    return next((lang for lang in missing if word.lower() in NAMES.get(lang, ())), None)
