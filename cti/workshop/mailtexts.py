"""The organisation's own mail texts, tried before anybody is sent one: whether they can be made, and whether they tell too much.

With content "none" a mail says that prompts wait, and nothing of whom or what (law 11). The values that it is filled in with
hold nothing of a client; what stands in the text itself can still tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from cti.core.messages import MessageKind
from cti.core.vocabulary import Vocabulary
from cti.i18n import mark
from cti.post.markdown import Trusted
from cti.post.render import About, Paragraph
from cti.post.texts import TextError, Texts
from cti.problems import Problem
from cti.rulebook.textdoubts import tells
from cti.shipped import folder

CLIENT = "client-0000"
"""A reference that stands in no text, so that it is found where it comes through."""

COUNTS = (
    *("waiting", "prompts", "urgent", "reminders", "escalations", "withdrawn", "moved", "reinstated"),
    *("changed", "covered", "others", "left", "handed"),
)


def mail_text_problems(
    templates: Path, languages: Sequence[str], vocabulary: Vocabulary, base: Path, unprotected: bool
) -> Iterator[Problem]:
    """What is wrong with the mail texts in the templates folder; files are called from `base` on. `unprotected`: mails go out
    without their content, and may tell nothing of clients."""
    texts = Texts([templates, folder("templates")], languages)
    for kind in get_args(MessageKind):
        for lang in languages:
            file = templates / "mail" / f"{kind}.{lang}.md"
            if file.is_file():
                name = (file.relative_to(base) if file.is_relative_to(base) else file).as_posix()
                yield from _made(texts, kind, lang, name, file)
                yield from _telling(file, name, lang, vocabulary) if unprotected else ()


def _made(texts: Texts, kind: str, lang: str, name: str, file: Path) -> Iterator[Problem]:
    try:
        texts.mail(kind, lang, _values(kind, ()))
        full = texts.mail(kind, lang, _values(kind, (_client(),)))
    except TextError as error:
        text = mark("{what}: this mail cannot be made")
        place = name if error.file.endswith(file.name) else error.file
        yield Problem("error", text, {"what": error.what}, place, error.line)
        return
    if CLIENT in full.subject:
        text = mark(
            "the subject names the client: anyone who sees the mailbox can read it; take it out of the first line"
        )
        yield Problem("error", text, {}, name, 1)


def _telling(file: Path, name: str, lang: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").split("\n"), 1):
        plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", line)
        for labels in vocabulary.situations.values():
            if tells(labels.get(lang, ""), plain):
                text = mark(
                    'this mail says "{words}": it goes out unprotected, and tells nothing of what happens to clients; '
                    "leave it out"
                )
                yield Problem("warning", text, {"words": labels[lang]}, name, number)


def _values(kind: str, clients: Sequence[About]) -> dict[str, object]:
    return {
        **dict.fromkeys(COUNTS, 1),
        **{"until": "x", "kind": kind, "link": "https://x", "help": "x", "clients": tuple(clients)},
    }


def _client() -> About:
    return About(CLIENT, (Paragraph("prompt", None, False, "x", Trusted("x"), "x", "x", ()),))
