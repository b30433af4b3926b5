"""The privacy fact sheet: what it says of settings and terms is what the program does, in both languages alike."""

import re
from datetime import timedelta

import pytest
from pydantic import BaseModel

from cti.config.model import File
from cti.core.events import Answer, Assignment, Closed, Event, Expected, Fact, Stay
from cti.store import logins
from cti.web import links
from tests.project import ROOT

SHEETS = {lang: (ROOT / "docs" / f"privacy.{lang}.md").read_text(encoding="utf-8") for lang in ("en", "nl")}
MINUTES, DAYS = (
    {"en": r"(\d+) minutes", "nl": r"(\d+) minuten"},
    {"en": r"for (\d+) day", "nl": r"blijft (\d+) dag"},
)


def defaults(text: str) -> dict[str, str]:
    """Each setting that a sheet tells the default of."""
    return dict(re.findall(r"^\| `(\[\w+\] \w+)` \| (\S+) \|", text, re.MULTILINE))


def default(setting: str) -> object:
    section, name = re.fullmatch(r"\[(\w+)\] (\w+)", setting).groups()  # type: ignore[union-attr]
    found = getattr(File(), section)
    assert isinstance(found, BaseModel)
    return getattr(found, name)


@pytest.mark.parametrize("lang", SHEETS)
def test_each_default_that_is_told_is_the_programs(lang: str) -> None:
    told = defaults(SHEETS[lang])
    assert set(told) >= {
        *(f"[retention] {name}" for name in type(File().retention).model_fields),
        "[web] session_hours",
    }
    assert told == {setting: str(default(setting)) for setting in told}


@pytest.mark.parametrize("lang", SHEETS)
def test_the_terms_of_coming_in_are_the_programs(lang: str) -> None:
    [minutes], [days] = re.findall(MINUTES[lang], SHEETS[lang]), re.findall(DAYS[lang], SHEETS[lang])
    assert timedelta(minutes=int(minutes)) == links.LASTS
    assert timedelta(days=int(days)) == logins.KEPT


def test_what_goes_out_without_a_setting_holds_no_content() -> None:
    options = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    assert re.search(r'^#content = "none"', options, re.MULTILINE)
    assert 'content = "full"' in SHEETS["en"] and 'content = "full"' in SHEETS["nl"]


def test_all_that_a_registration_can_say_is_on_the_sheet() -> None:
    named = {
        Stay: "stays",
        Expected: "expected",
        Fact: "facts",
        Assignment: "which worker",
        Answer: "answers",
        Closed: "closed",
    }
    assert set(named) == set(Event.__args__)
    kept = SHEETS["en"].split("\n## ")[2]
    assert [word for word in named.values() if word not in kept] == []


def test_both_languages_tell_the_same_in_the_same_order() -> None:
    def shape(text: str) -> list[str]:
        return [
            re.sub(r"^(#+ |- |\d\. |\| |).*", r"\1", line)
            for line in text.splitlines()
            if re.match(r"#|- |\d\.|\|", line)
        ]

    assert shape(SHEETS["en"]) == shape(SHEETS["nl"])

    def code(text: str) -> list[str]:
        return sorted(re.findall(r"`([^`\n]+)`", text))

    assert code(SHEETS["en"]) == code(SHEETS["nl"])
