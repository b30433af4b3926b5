"""What is fed to the readers of prompts' texts and of the config."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from cti.config import load
from cti.post.markdown import to_html, to_text
from cti.post.texts import TextError, Texts
from cti.problems import Problems
from cti.rulebook.texts import VARIABLES, check_text
from tests.fuzz.dice import Target, words_of
from tests.fuzz.rules import toml
from tests.fuzz.said import problems_are_said, whole_way
from tests.project import ROOT

TEXTS = (
    "# Teken samen wie er zijn\n\n{{ client }} sinds {{ day }}.\n\n{% if places %}\n- {{ places|upper }}\n{% endif %}\n",
    "# Vraag het\n\n{{ client }} is er *sinds* {{ day }}.\n",
    "# Bel\n\n{% if not places and due %}1. [{{ places }}](https://example.org){% else %}x{% endif %}\n",
    "# Bel\n\n{% set a = due ~ 1 %}{{ a|default('x')|length }}\n",
    "# Bel\n\n{% for one in client %}**{{ one }}**{% endfor %}\n",
    "# Bel\n\n{# nu #}{{ (worker or client)[:2] }} {{ 2 * 3 }}\n",
)
SIGNS = (
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "{% for x in client %}",
    "{% endfor %}",
    "{% raw %}",
    "{% macro f(x) %}",
    "{% include 'x' %}",
    "* 9",
    "** 99",
    "|length",
    "|format(1)",
    "~",
    ".__class__",
    "[k](x:y)",
    "![k](x)",
    "<b>",
    "```",
    "\n===\n",
)


def text_targets() -> tuple[Target, ...]:
    """The readers of what managers and administrators write besides rules."""
    seeds = [text.encode() for text in TEXTS]
    example = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    small = [*_sections(example)]
    whole = [example.encode(), *map(toml, small)]
    return (
        Target("text", seeds, [*words_of(*TEXTS), *(sign.encode() for sign in SIGNS)], feed_text),
        Target("config", whole, words_of(example), feed_config, 0, small, toml),
    )


def _sections(example: str) -> Iterator[dict[str, Any]]:
    """Small configs, each with one thing of the example in it."""
    top = {"database": "sqlite:///cti.db", "base_url": "http://localhost:8080"}
    source = {"name": "r", "type": "csv", "path": "export"}
    yield {**top, "sources": [source]}
    for key, value in tomllib.loads(example).items():
        for part in value if isinstance(value, list) else [value]:
            yield {**top, "sources": [source], key: [part] if isinstance(value, list) else part}


SHOWN = {
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "ul",
    "ol",
    "li",
    "em",
    "strong",
    "code",
    "a",
    "br",
    "hr",
    "blockquote",
}


class _Allowed(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SHOWN, tag
        for name, value in attrs:
            assert name in ("href", "title", "start"), name
            scheme = (value or "").partition(":")[0].strip().lower()
            assert name != "href" or scheme not in ("javascript", "vbscript", "data", "file"), value


def feed_text(folder: Path, data: bytes) -> None:
    """The text of a prompt: what the check takes can be filled in, and what comes of it is safe to show."""
    try:
        source = data.decode()
    except UnicodeDecodeError:
        return
    found = check_text("prompts/a/b.nl.md", source)
    problems_are_said(found)
    wrong = any(problem.level == "error" for problem in found)
    if wrong and not whole_way(data):  # a rulebook that was right once stays in force with such texts
        return
    texts = Texts([{"prompts/a/b.nl.md": source}], ["nl"])
    values = dict.fromkeys(VARIABLES, '<b onclick="x">[k](javascript:y)</b> {{ day }}')
    try:
        text = texts.prompt("a/b", "nl", values)
    except TextError:
        assert wrong, "taken, and cannot be worded"
        return
    for body in (text.body, text.title):
        _Allowed().feed(to_html(body))
        to_text(body)


def feed_config(folder: Path, data: bytes) -> None:
    for place in ("rules", "templates", "export"):
        (folder / place).mkdir(exist_ok=True)
    file = folder / "config.toml"
    file.write_bytes(data)
    try:
        config = load(file, {})
    except Problems as refused:
        problems_are_said(refused.problems)
        return
    assert config.languages and config.calendar.zone and config.sources is not None
    problems_are_said(config.warnings)
