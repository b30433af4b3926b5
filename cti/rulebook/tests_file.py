"""Reads rules/tests/*.toml: the managers' own tests. Each has what happens to one client, and what must be prompted when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from cti.core.people import Person
from cti.core.vocabulary import Labels
from cti.i18n import mark
from cti.problems import Problem
from cti.rulebook.cast import read_cast
from cti.rulebook.context import Context
from cti.rulebook.expected import Absence, Expectation, Kind, read_absence, read_expectation
from cti.rulebook.happening import Happening, read_happening
from cti.rulebook.labels import read_labels
from cti.rulebook.stepnames import StepNames, tables_in
from cti.rulebook.table import Table
from cti.rulebook.words import nearest, read_count, read_day, read_text
from cti.tomlfile import TomlFile, literal

KEYS = ("name", "rule", "since", "until", "people", "closing_days", "cap", "events", "expect", "not")


@dataclass(frozen=True)
class RuleTest:
    """A test. With `rule` only that rule's prompts are compared (and "is this still current?").

    `expect` is complete: any other prompt fails the test, and where it names a reminder, an escalation or a notice, any other of
    that kind. None: only what must not happen is looked at. What comes after `until` is not looked at. `people` None: everybody
    is always there; `cap` None: there is none. `file` and `line` say where the test stands. A `name` that is one text is that in
    each language.
    """

    name: Labels
    file: str
    line: int
    happenings: tuple[Happening, ...]
    rule: str | None = None
    since: date | None = None
    until: date | None = None
    expect: tuple[Expectation, ...] | None = None
    absent: tuple[Absence, ...] = ()
    people: tuple[Person, ...] | None = None
    teams: tuple[str, ...] = ()
    closing_days: tuple[date, ...] = ()
    cap: int | None = None

    @property
    def kinds(self) -> frozenset[Kind]:
        """What is compared: prompts, and the kinds that `expect` names."""
        return frozenset({"prompt", *(entry.kind for entry in self.expect or ())})


def read_tests(
    file: TomlFile, context: Context, steps: StepNames, found: list[Problem]
) -> tuple[RuleTest, ...]:
    """The tests of a file that can be read; what is wrong with the others goes to `found`."""
    top = Table.top(file, found)
    meant = {"test": "tests", "testen": "tests", "proef": "tests"}
    top = top.only(("tests",), meant=meant, elsewhere=OF_A_TEST, homes=top.entries("tests"))
    if "tests" not in top:
        top.note(mark("the file has no [[tests]]"), level="warning")
    tests = []
    for table in top.tables("tests"):
        before = len(found)
        test = _test(replace(table, field=""), context, steps)
        if test is not None and all(problem.level != "error" for problem in found[before:]):
            tests.append(test)
    return tuple(tests)


def _note_no_events(table: Table, rule: str | None, context: Context, steps: StepNames) -> None:
    """A test needs something that happens: for example what its rule answers to, on the first day that it expects something."""
    text = mark("the test has no events: nothing happens to the client")
    days = [entry.get("day") for entry in tables_in(table.values.get("expect"))]
    day = min((day for day in days if isinstance(day, date)), default=context.lexicon.vocabulary.since)
    situation = steps.enters.get(rule or "") or next(iter(context.lexicon.vocabulary.situations), None)
    example = [{"day": day, "situation": situation}]
    if situation is None or day == date.min:
        table.note(text)
    elif "events" in table:
        suggestion = table.file.replace_value(table.path_to("events"), literal(example))
        table.note(text, suggestion=suggestion, line=table.file.line(table.path_to("events")))
    else:
        table.note_missing(text, "events", example)


def _name(table: Table, context: Context) -> Labels:
    """What a test is called: one text, or one in each language of the config."""
    example = "what must happen, in one sentence"
    if isinstance(table.values.get("name"), dict):
        return read_labels(table, "name", context.languages, example)
    name = table.need("name", read_text, example)
    return {} if name is None else dict.fromkeys(context.languages or ("en",), name)


OF_A_TEST = {key: mark('"{name}" belongs to a test: write it below its [[tests]]') for key in KEYS}


def _test(table: Table, context: Context, steps: StepNames) -> RuleTest | None:
    table = table.only(
        KEYS,
        meant={
            "title": "name",
            "naam": "name",
            "regel": "rule",
            "gebeurtenissen": "events",
            "verwacht": "expect",
            "niet": "not",
            "event": "events",
            "expected": "expect",
            "expects": "expect",
            "absent": "not",
            "staff": "people",
            "workers": "people",
            "team": "people",
            "mensen": "people",
            "medewerkers": "people",
            "closed": "closing_days",
            "closed-days": "closing_days",
            "holidays": "closing_days",
            "sluitingsdagen": "closing_days",
            "max": "cap",
            "maximum": "cap",
            "limit": "cap",
        },
    )
    name = _name(table, context)
    rule = table.take("rule", steps.rule) or nearest(table.values.get("rule"), steps.steps)
    happenings: list[Happening] = []
    if not table.values.get("events"):
        _note_no_events(table, rule, context, steps)
    events = list(table.tables("events"))
    for event in events:
        happening = read_happening(event, context, steps, happenings)
        if happening is not None:
            happenings.append(happening)
    if "expect" not in table and not table.values.get("not"):
        table.note_missing(mark("the test expects nothing: give `expect`, `not`, or both"), "expect", [])
    cast = read_cast(table, events, happenings, context)
    expect = tuple(read_expectation(entry, rule, context, steps, cast) for entry in table.tables("expect"))
    absent = tuple(read_absence(entry, rule, steps) for entry in table.tables("not"))
    if not name:
        return None
    return RuleTest(
        name=name,
        file=table.file.name,
        line=table.file.line(table.path),
        happenings=tuple(happenings),
        rule=rule,
        since=table.take("since", read_day),
        until=table.take("until", read_day),
        expect=tuple(entry for entry in expect if entry is not None) if "expect" in table else None,
        absent=tuple(entry for entry in absent if entry is not None),
        people=cast.people,
        teams=cast.teams,
        closing_days=table.items("closing_days", read_day) or (),
        cap=table.take("cap", read_count),
    )
