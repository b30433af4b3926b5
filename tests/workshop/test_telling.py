"""A rule in sentences: what comes when, to whom, and under which conditions."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from cti.core.rules import (
    All,
    AnyOf,
    AtLeast,
    Changes,
    Condition,
    Entered,
    Enters,
    Escalate,
    Expects,
    Is,
    Later,
    Not,
    Older,
    On,
    Records,
    Remind,
    Rule,
    Situation,
    Step,
    Variant,
    Within,
)
from cti.core.vocabulary import FactKind, Vocabulary
from cti.rulebook.folder import read_folder
from cti.workshop.telling import Told, as_text, headline, spoken, tell, titles_of
from cti.workshop.timeline import timeline
from cti.workshop.wording import IF as IF_LEAD
from cti.workshop.wording import inline, moment, told, when_and_unless
from tests.core.build import CALENDAR, book, day, delay, enters, expects, rule, step

TOP = Path(__file__).parents[2]
MONDAY = day("3-2")
WORDS = Vocabulary(
    situations={
        "street": {"nl": "op straat", "en": "on the street"},
        "own-home": {"nl": "eigen woning", "en": "own home"},
    },
    facts={
        "trust": FactKind(
            "trust",
            "choice",
            {"growing": {"nl": "in opbouw", "en": "growing"}, "yes": {"nl": "ja", "en": "yes"}, "no": {}},
            {"nl": "vertrouwen", "en": "trust"},
        ),
        "tolk": FactKind("tolk", "yes/no", label={"nl": "tolk nodig", "en": "needs an interpreter"}),
        "map": FactKind("map", "date", label={"nl": "kaart gemaakt op", "en": "mapped on"}),
        "children": FactKind("children", "number", label={"nl": "kinderen", "en": "children"}),
    },
    answers={},
)
TRUST = Is("trust", ("growing",))
TOLK = Is("tolk", (True,))
MAP = Within("map", delay(6, "months"))


def say(one: Rule, lang: str = "en") -> Told:
    rulebook = replace(book(one), vocabulary=WORDS)
    return tell(lang, timeline(one, rulebook, CALENDAR, MONDAY), WORDS, {"rule/call": "Call someone"})


def lines(*steps: Step, lang: str = "en", on: On | None = None) -> list[str]:
    """The lines of the last step to read."""
    said = say(rule("rule", on or enters("street"), *steps), lang)
    return ["– " * line.depth + line.text for line in said.steps[-1].lines]


@pytest.mark.parametrize(
    ("condition", "english", "dutch"),
    [
        (TRUST, "“trust” is “growing”", "“vertrouwen” is “in opbouw”"),
        (
            Is("trust", ("growing", "no")),
            "“trust” is “growing” or “no”",
            "“vertrouwen” is “in opbouw” of “no”",
        ),
        (Is("trust", ("yes",), True), "“trust” is not “yes”", "“vertrouwen” is niet “ja”"),
        (Is("trust", ("no", "yes", "growing")), "“trust” is known", "“vertrouwen” is bekend"),
        (Is("trust", ("no", "yes", "growing"), True), "“trust” is not known", "“vertrouwen” is niet bekend"),
        (TOLK, "“needs an interpreter” is “yes”", "“tolk nodig” is “ja”"),
        (Is("tolk", (True, False)), "“needs an interpreter” is known", "“tolk nodig” is bekend"),
        (Is("gone", ("x",)), "“gone” is “x”", "“gone” is “x”"),
        (MAP, "“mapped on” is at most 6 months ago", "“kaart gemaakt op” is hooguit 6 maanden geleden"),
        (
            Older("map", delay(1, "weeks")),
            "“mapped on” is more than 1 week ago",
            "“kaart gemaakt op” is meer dan 1 week geleden",
        ),
        (AtLeast("children", 2), "“children” is 2 or more", "“kinderen” is 2 of meer"),
        (Situation(("street",)), "the situation is “on the street”", "de situatie is “op straat”"),
        (
            Situation(("street", "own-home"), True),
            "the situation is not “on the street” or “own home”",
            "de situatie is niet “op straat” of “eigen woning”",
        ),
        (
            Entered("street"),
            "the client came into “on the street” before",
            "de cliënt kwam eerder in “op straat”",
        ),
        (
            Entered("street", 3, delay(12, "months")),
            "the client came into “on the street” 3 times or more in the last 12 months",
            "de cliënt kwam hooguit 12 maanden geleden 3 keer of vaker in “op straat”",
        ),
        (
            Entered("street", 3),
            "the client came into “on the street” 3 times or more",
            "de cliënt kwam 3 keer of vaker in “op straat”",
        ),
        (
            Entered("street", 1, delay(2, "weeks")),
            "the client came into “on the street” in the last 2 weeks",
            "de cliënt kwam hooguit 2 weken geleden in “op straat”",
        ),
        (Not(TRUST), "not: “trust” is “growing”", "niet: “vertrouwen” is “in opbouw”"),
        (
            All((TRUST, TOLK)),
            "“trust” is “growing”, and “needs an interpreter” is “yes”",
            "“vertrouwen” is “in opbouw”, en “tolk nodig” is “ja”",
        ),
    ],
    ids=repr,
)
def test_a_condition_is_told_by_its_labels(condition: Condition, english: str, dutch: str) -> None:
    assert (inline("en", condition, WORDS), inline("nl", condition, WORDS)) == (english, dutch)


@pytest.mark.parametrize(
    ("on", "english", "dutch"),
    [
        (
            enters("street"),
            "a client's situation becomes “on the street”",
            "de situatie van een cliënt wordt “op straat”",
        ),
        (
            Enters(("street",), ("own-home",)),
            "a client's situation becomes “on the street”, coming from “own home”",
            "de situatie van een cliënt wordt “op straat”, en was “eigen woning”",
        ),
        (
            Enters(("street",), ("own-home",), True),
            "a client's situation becomes “on the street”, but not coming from “own home”",
            "de situatie van een cliënt wordt “op straat”, en was niet “eigen woning”",
        ),
        (
            Expects(("own-home",)),
            "“own home” is expected for a client",
            "voor een cliënt wordt “eigen woning” verwacht",
        ),
        (Records("trust", ("yes", "no")), "“trust” becomes “yes” or “no”", "“vertrouwen” wordt “ja” of “no”"),
        (Records("map"), "a day is known for “mapped on”", "voor “kaart gemaakt op” is een dag bekend"),
        (Changes(), "another worker takes over", "een andere werker neemt het over"),
    ],
    ids=repr,
)
def test_what_a_rule_answers_to_is_told(on: On, english: str, dutch: str) -> None:
    assert (moment("en", on, WORDS), moment("nl", on, WORDS)) == (english, dutch)


def test_what_was_written_as_when_and_unless_is_told_apart_again() -> None:
    assert when_and_unless(None) == (None, None)
    assert when_and_unless(TRUST) == (TRUST, None)
    assert when_and_unless(Not(TRUST)) == (None, TRUST)
    assert when_and_unless(All((TRUST, TOLK, Not(MAP)))) == (All((TRUST, TOLK)), MAP)
    assert when_and_unless(All((TRUST, Not(MAP)))) == (TRUST, MAP)


def test_alternatives_become_a_list_and_so_do_those_within_it() -> None:
    either = AnyOf((All((TRUST, TOLK)), All((TRUST, AnyOf((TOLK, MAP, AtLeast("children", 1)))))))
    said = [(line.depth, line.text) for line in told("en", IF_LEAD, either, WORDS)]
    assert said == [
        (0, "if one of these holds:"),
        (1, "“trust” is “growing”, and “needs an interpreter” is “yes”"),
        (1, "all of these hold:"),
        (2, "“trust” is “growing”"),
        (2, "one of these holds:"),
        (3, "“needs an interpreter” is “yes”"),
        (3, "“mapped on” is at most 6 months ago"),
        (3, "“children” is 1 or more"),
    ]


def test_a_step_is_told_in_a_headline_and_sentences() -> None:
    call = step(
        "call",
        14,
        when=All((TOLK, Not(MAP))),
        later=Later(TRUST, delay(1, "weeks")),
        expires=delay(4, "weeks"),
        remind=Remind(delay(5, "working days"), 2),
        escalate=Escalate(delay(10, "working days"), "team-lead"),
        variants=(Variant(TOLK, "rule/other"),),
    )
    said = say(rule("rule", enters("street"), call))
    assert said.head == "A client's situation becomes “on the street”; for example on Monday 2 March 2026"
    assert headline(said.steps[0]) == "Monday 16 March: “Call someone”, to the worker"
    assert (said.steps[0].id, said.steps[0].after) == ("call", "after 14 days")
    assert [line.text for line in said.steps[0].lines] == [
        "If “needs an interpreter” is “yes”",
        "Unless “mapped on” is at most 6 months ago",
        "On Monday 23 March instead (1 week later) if “trust” is “growing”",
        "Open until Monday 13 April; reminders on Monday 23 March, Monday 30 March; a word to the team lead on Monday 30 March",
        "Worded as “rule/other” if “needs an interpreter” is “yes”",
    ]
    assert [line.aside for line in said.steps[0].lines] == [False, False, False, False, True]


def test_the_same_is_told_in_dutch() -> None:
    call = step("call", 14, when=TOLK, later=Later(TRUST, delay(1, "weeks")), expires=delay(4, "weeks"))
    said = say(rule("rule", enters("street"), call), "nl")
    assert said.head == "De situatie van een cliënt wordt “op straat”; bijvoorbeeld op maandag 2 maart 2026"
    assert headline(said.steps[0]) == "Maandag 16 maart: “Call someone”, aan de werker"
    assert [line.text for line in said.steps[0].lines] == [
        "Als geldt: “tolk nodig” is “ja”",
        "Pas op maandag 23 maart (1 week later) als geldt: “vertrouwen” is “in opbouw”",
        "Open tot maandag 13 april",
    ]
    assert said.notes == (
        "Wat open staat eindigt als de situatie van de cliënt verandert, en als het dossier sluit.",
        "Zolang iets niet bekend is, geldt “is …” niet en “is niet …” wel.",
    )


@pytest.mark.parametrize(
    ("due", "more", "said"),
    [
        (delay(3, "working days"), {}, "after 3 working days"),
        (delay(0, "working days"), {}, "the same working day"),
        (delay(0), {}, "the same day"),
        (delay(14), {"at": time(15, 30)}, "after 14 days, at 15:30"),
    ],
)
def test_what_a_day_counts_from_is_told(due: object, more: dict[str, object], said: str) -> None:
    assert say(rule("rule", enters("street"), step("call", due, **more))).steps[0].after == said  # type: ignore[arg-type]


def test_days_before_and_after_another_step_are_told() -> None:
    before = say(rule("rule", expects("own-home"), step("call", delay(2, "weeks", before=True)))).steps[0]
    assert (before.day, before.after) == ("Monday 16 February", "2 weeks before")
    second = say(
        rule("rule", enters("street"), step("call", 14, expires=delay(7)), step("more", 7, after="call"))
    ).steps[1]
    assert (second.day, second.after) == ("Monday 23 March", "7 days after the answer to step “call”")
    assert second.lines[0].text == "If nobody answers step “call”: on Monday 30 March"


def test_the_manners_of_a_step_are_told() -> None:
    assert lines(step("call", 3, urgent=True, outlives=True, late="skip")) == [
        "Open until the client's situation changes",
        "Urgent: sent at once, not with the daily mail",
        "Stays open when the client's situation changes",
        "Left out where the moment becomes known only after this day",
    ]
    assert lines(step("call", 3, late="ask"))[1].startswith(
        "Where the moment becomes known only after this day"
    )


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("previous-worker", "to the worker of before"),
        ("team", "to the team's inbox"),
        ("team-lead", "to the team lead"),
        ("intake", "to the desk “intake”"),
    ],
)
def test_a_role_is_told_as_people_call_it(to: str, said: str) -> None:
    assert say(rule("rule", enters("street"), step("call", 3, to))).steps[0].to == said


def test_a_step_that_does_not_come_says_why() -> None:
    asked = (step("first", 3, asks="conference"), step("second", 14, asks="conference"))
    assert lines(*asked)[0] == "Does not come here: an earlier step of this rule asks the same"
    lapsed = lines(step("call", 30), on=expects("own-home"))
    assert lapsed[0] == "Does not come: what was expected is given up by then"
    never = say(rule("rule", Enters(("unknown",), ("unknown",)), step("call", 3))).steps[0]
    assert (never.day, never.lines[0].text) == ("", "No day can be worked out for this step")
    assert headline(never) == "“Call someone”, to the worker"


def test_an_expectation_tells_when_it_is_over_and_what_holds_without_a_day() -> None:
    said = say(rule("rule", expects("own-home"), step("call", 3)))
    assert said.steps[0].lines[0].text == (
        "Where no day is known it counts from the day this was recorded: from Monday 2 March it is Thursday 5 March"
    )
    assert said.notes == (
        "What is open ends when the situation becomes “own home”, 14 days after the day if it has not by then, and when the "
        "file is closed.",
    )


def test_a_rule_that_is_off_says_so_first() -> None:
    off = replace(rule("rule", enters("street"), step("call", 3)), off=True)
    assert say(off).notes[0] == "This rule is off: it prompts nothing."


def test_a_day_of_another_year_has_its_year() -> None:
    assert spoken("en", day("2026-3-2"), MONDAY) == "Monday 2 March"
    assert spoken("nl", day("2027-1-4"), MONDAY) == "maandag 4 januari 2027"


def test_titles_come_in_the_readers_language_or_in_another() -> None:
    files = {
        "templates/prompts/a/both.nl.md": "# Twee\n",
        "templates/prompts/a/both.en.md": "# Two\n",
        "templates/prompts/a/one.nl.md": "# Een\n\nmeer",
        "templates/prompts/a/none.nl.md": "geen titel",
        "rules/a.toml": "# geen tekst",
    }
    assert titles_of(files, "en", ("nl", "en")) == {"a/both": "Two", "a/one": "Een"}
    assert titles_of(files, "nl", ("nl", "en")) == {"a/both": "Twee", "a/one": "Een"}


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_each_rule_that_is_shipped_can_be_told(lang: str) -> None:
    loaded = read_folder(TOP / "rules", ("nl", "en"), TOP / "templates", ())
    assert loaded.rulebook is not None
    for one in loaded.rulebook.rules:
        line = timeline(one, loaded.rulebook, CALENDAR, MONDAY)
        said = tell(lang, line, loaded.rulebook.vocabulary, titles_of(loaded.files, lang, ("nl", "en")))
        assert len(said.steps) == len(one.steps)
        # a title is there for each text, so no path of one is left
        assert "/" not in as_text(said).replace("http://", "")
