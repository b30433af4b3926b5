"""What is foolish about a text that can be sent: longer than a phone shows, not translated, a title that tells too much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from textwrap import wrap

from jinja2 import TemplateError

from cti.core.vocabulary import Vocabulary
from cti.i18n import mark
from cti.problems import Problem
from cti.rulebook.texts import VARIABLES, environment, lines_ended

LINES = 26
LETTERS = 45
"""What a phone of 390 by 844 points shows below the title and the browser's bars, in letters of 16 points: so many lines of so
many letters. Paragraphs stand a line apart."""

FILLED: Mapping[str, int] = {"client": 6, "day": 24, "due": 24, "expected_day": 24, "organisation": 15}
"""How long the values of variables are, in letters; others are taken to be longer."""

TELLING = 10
"""A label of one word tells nothing by itself where it is shorter than this: "left", "street"."""


def text_doubts(
    texts: Mapping[str, Mapping[str, tuple[str, str]]], languages: Sequence[str], vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Doubts about texts: by text and language, the name of its file in messages and what stands in it."""
    for versions in texts.values():
        for lang, (file, text) in versions.items():
            yield from _long(file, text)
            yield from _telling(file, text, lang, vocabulary)
        yield from _untranslated(versions, languages)


def _long(file: str, text: str) -> Iterator[Problem]:
    count = lines_on_a_phone(text)
    if count > LINES:
        said = mark(
            "the text takes {count} lines on a phone, which shows {most} at a time: leave out what can be missed"
        )
        yield Problem("warning", said, {"count": count, "most": LINES}, file, 1)


@lru_cache(maxsize=2048)
def lines_on_a_phone(text: str) -> int:
    """How many lines the text takes below its title, with every variable filled in; 0 where it cannot be filled in."""
    values = {name: "x" * FILLED.get(name, 30) for name in VARIABLES}
    try:
        filled = environment().from_string(lines_ended(text)).render(values)
    except TemplateError:
        return 0
    body = re.sub(r"\n\s*\n+", "\n\n", filled.partition("\n")[2].strip().replace("**", ""))
    return sum(max(1, len(wrap(line, LETTERS))) for line in body.split("\n")) if body else 0


def _telling(file: str, text: str, lang: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    title = text.partition("\n")[0].strip("# \r")
    for labels in vocabulary.situations.values():
        words = labels.get(lang, "")
        if tells(words, title):
            said = mark(
                'the title says "{words}", and titles stand in lists, where others may read along: say what to do, and leave '
                "what happened to the client to the text below"
            )
            yield Problem("warning", said, {"words": words}, file, 1)


def tells(words: str, text: str) -> bool:
    """Whether a text names a situation by its label, and not just uses a word that others use as well."""
    telling = " " in words or len(words) >= TELLING
    return telling and re.search(rf"\b{re.escape(words)}\b", text, re.IGNORECASE) is not None


def _untranslated(versions: Mapping[str, tuple[str, str]], languages: Sequence[str]) -> Iterator[Problem]:
    """A text that is word for word that of another language; the later of the two languages is to be mended."""
    seen: dict[str, str] = {}
    for lang in languages:
        if lang not in versions:
            continue
        file, text = versions[lang]
        body = " ".join(text.split())
        if body in seen:
            said = mark("this is the text of {other}, word for word: it still has to be translated")
            yield Problem("warning", said, {"other": seen[body]}, file, 1)
        seen.setdefault(body, file)
