"""The source as it goes into a config: TOML to start from, with what nobody could guess as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cti.i18n import mark, say
from cti.probe.looking import Found, name_of, shown_url

SITUATION = mark("rows: {n}; which situation is this? Leave it empty where it says nothing")
ASKED = {
    "role": mark("rows: {n}; which role is this? Leave it empty where they are to be left out"),
    "team": mark("rows: {n}; which team of the config is this? Not needed where it is called so"),
}

TABLES = ("columns", "codes", "facts", "search")


def config_text(found: Found, lang: str) -> str:
    """The `[[sources]]` of a config."""
    return "\n".join(_lines(found, lang)) + "\n"


def _lines(found: Found, lang: str) -> Iterator[str]:
    yield "[[sources]]"
    yield f"name = {_value(name_of(found.kind))}"
    yield f"type = {_value(found.kind)}"
    hidden = shown_url(found.settings)
    for key, value in found.settings.items():
        if key in TABLES:
            continue
        if key == "url" and hidden is not None:
            note = say(lang, mark("the address with its password stands alone in this file"))
            yield f'url_file = "registration-url"    # {note}: {hidden}'
            continue
        yield f"{key} = {_value(value)}"
    for table in TABLES:
        entries = found.settings.get(table)
        if table == "codes":
            yield from _codes(found, lang)
        elif entries:
            yield from ("", f"[sources.{table}]")
            yield from (f"{_key(name)} = {_value(value)}" for name, value in entries.items())


def _codes(found: Found, lang: str) -> Iterator[str]:
    known: Mapping[str, Mapping[str, str]] = found.settings.get("codes", {})
    unknown = found.guess.unknown if found.guess is not None else {}
    for name in dict.fromkeys((*known, *unknown)):
        yield from ("", f"[sources.codes.{name}]")
        yield from (f"{_key(code)} = {_value(word)}" for code, word in known.get(name, {}).items())
        for code, count in sorted(unknown.get(name, {}).items(), key=lambda one: (-one[1], one[0])):
            asked = say(lang, ASKED.get(name, SITUATION), n=count)
            yield f'#{_key(code)} = ""    # {asked}'


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
