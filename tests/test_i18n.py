"""Texts reach people in their language, and none is forgotten."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from cti.i18n import LOCALE, catalogue, format_day, format_when, language_from_env, mark, say, say_count
from tests import messages

TUESDAY = date(2026, 3, 3)
HOME = ZoneInfo("Europe/Amsterdam")


def test_a_text_is_said_in_dutch_and_in_english() -> None:
    assert say("nl", "did you mean {guess}?", guess="3 dagen") == "bedoelde u 3 dagen?"
    assert say("en", "did you mean {guess}?", guess="3 days") == "did you mean 3 days?"


def test_a_text_without_translation_is_said_in_english() -> None:
    assert say("nl", "nobody has translated {this}", this="it") == "nobody has translated it"


def test_a_language_without_a_catalogue_reads_english() -> None:
    assert say("de", "did you mean {guess}?", guess="x") == "did you mean x?"


def test_braces_that_hold_no_name_are_left_alone() -> None:
    text = "write { not = [...] } or {} for {field}"
    assert say("en", text, field="when") == "write { not = [...] } or {} for when"


def test_what_fills_a_placeholder_is_not_filled_again() -> None:
    assert say("en", "{field} is wrong", field="{other}", other="x") == "{other} is wrong"


def test_a_missing_param_is_noticed() -> None:
    with pytest.raises(KeyError, match="guess"):
        say("en", "did you mean {guess}?")


def test_a_day_in_a_text_is_written_out() -> None:
    assert say("nl", "due on {day}", day=TUESDAY) == "due on dinsdag 3 maart 2026"


def test_a_list_in_a_text_is_joined_with_commas() -> None:
    assert (
        say("en", "one of {choices}", choices=("yes", "no", TUESDAY))
        == "one of yes, no, Tuesday 3 March 2026"
    )


def test_one_and_more_have_texts_of_their_own() -> None:
    said = [say_count("en", "{n} prompt for {who}", "{n} prompts for {who}", n, who="w1") for n in (0, 1, 2)]
    assert said == ["0 prompts for w1", "1 prompt for w1", "2 prompts for w1"]


def test_a_marked_text_is_the_text_itself() -> None:
    assert mark("a text") == "a text"


@pytest.mark.parametrize(
    ("lang", "said"),
    [("nl", "dinsdag 3 maart 2026"), ("en", "Tuesday 3 March 2026"), ("xx", "Tuesday 3 March 2026")],
)
def test_a_day_is_written_in_words(lang: str, said: str) -> None:
    assert format_day(lang, TUESDAY) == said


def test_a_time_is_told_as_people_there_read_it() -> None:
    assert format_when("nl", datetime(2026, 3, 29, 0, 59, tzinfo=UTC), HOME) == "zondag 29 maart 2026, 01:59"
    assert format_when("nl", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), HOME) == "zondag 29 maart 2026, 03:00"


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "en"),
        ({"LANG": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "nl"}, "nl"),
        ({"LANG": "nl-BE"}, "nl"),
        ({"LANG": "nld_something"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "nl_NL.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": ""}, "en"),
        ({"LANG": "nl_NL.UTF-8", "LC_ALL": ""}, "nl"),
        ({"LC_ALL": "en_GB.UTF-8", "CTI_LANG": "nl"}, "nl"),
        ({"LC_ALL": "nl_NL.UTF-8", "CTI_LANG": "en"}, "en"),
    ],
)
def test_the_language_at_the_terminal_is_the_persons(environ: dict[str, str], lang: str) -> None:
    assert language_from_env(environ) == lang


def test_each_text_in_the_code_has_its_dutch() -> None:
    dutch = dict(catalogue("nl"))
    wrong = [
        f"{module}: {fault}"
        for module, source in messages.sources().items()
        for fault in messages.faults(messages.texts_in(source), dutch)
    ]
    wrong += [
        f"{page}: {fault}"
        for page, template in messages.pages().items()
        for fault in messages.faults(messages.texts_in_page(template), dutch)
    ]
    assert "\n".join(wrong) == ""


def test_no_text_is_put_together_before_it_is_translated() -> None:
    wrong = [
        f"{module}:{line}"
        for module, source in messages.sources().items()
        for line, expression in messages.said(source)
        if messages.built(expression)
    ]
    assert not wrong


def test_no_dutch_is_left_over() -> None:
    used = {value for source in messages.sources().values() for value in messages.constants(source)}
    used |= {text for template in messages.pages().values() for text in messages.texts_in_page(template)}
    templates = "\n".join(file.read_text() for file in messages.TEMPLATES.rglob("*") if file.is_file())
    assert not [text for text in catalogue("nl") if text not in used and text not in templates]


def test_no_dutch_stands_twice() -> None:
    written = (LOCALE / "nl.po").read_text().splitlines()
    ids = [line for line in written if line.startswith("msgid ") and line != 'msgid ""']
    assert sorted(ids) == sorted(set(ids))


def test_no_dutch_is_marked_as_doubtful_or_left_empty() -> None:
    with (LOCALE / "nl.po").open("rb") as stream:
        read = [message for message in read_po(stream, locale="nl", abort_invalid=True) if message.id]
    assert not [message.id for message in read if message.fuzzy or not message.string]


def test_the_check_notices_a_text_without_dutch_and_one_with_other_placeholders() -> None:
    source = """
say(lang, "plain" if here else "other")
i18n.say(lang, text="named {n}")
Problem("error", "a problem", {})
problem("another {field}")
REASONS = {"x": mark("later")}
log.warning("not for people")
"""
    texts = messages.texts_in(source)
    assert texts == {"plain", "other", "named {n}", "a problem", "another {field}", "later"}
    dutch = {text: text for text in texts} | {"named {n}": "genoemd {m}"}
    del dutch["plain"]
    assert messages.faults(texts, dutch) == [
        "other placeholders in the Dutch of 'named {n}'",
        "no Dutch for 'plain'",
    ]


def test_the_check_notices_a_text_that_is_put_together() -> None:
    source = 'say(lang, f"{n} prompts")\nsay(lang, "a" + b)\nsay(lang, "fine")\nsay(lang, REASONS[code])'
    assert [line for line, expression in messages.said(source) if messages.built(expression)] == [1, 2]
