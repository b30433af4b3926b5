"""What a text is filled in with is worked out of what is known of the client."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cti.core.calendar import Calendar
from cti.core.events import Assignment, Event, Expected, History, Record, RecordId, Stay, Version
from cti.core.planner import plan
from cti.core.prompts import Planned
from cti.core.rules import Changes, Rulebook
from cti.rulebook.texts import ALWAYS_FILLED, VARIABLES
from cti.variables import Words, variables
from tests.core.build import VOCABULARY, delay, enters, expects, rule, step

CALENDAR = Calendar()
WORDS = Words("Onderdak", "regio@example.org", "het buurthuis", "de gemeente")
BOOK = Rulebook(
    VOCABULARY,
    (
        rule("intake", enters("long-stay"), step("map", 14)),
        rule("coming", expects("own-home"), step("before", delay(2, "weeks", before=True))),
        rule("change", Changes(), replace(step("hand-over", 1), to="previous-worker")),
    ),
)


def known(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def history(*events: tuple[date, Event]) -> History:
    records = (
        Record(RecordId("s", f"r{number}", type(event).__name__), (Version(event, known(day)),))
        for number, (day, event) in enumerate(events)
    )
    return History("c1", tuple(sorted(records, key=lambda record: record.id)))


MARCH = date(2026, 3, 2)
LIFE = history(
    (MARCH, Stay("crisis-shelter", MARCH, date(2026, 3, 30))),
    (MARCH + timedelta(days=28), Stay("long-stay", date(2026, 3, 30))),
    (MARCH, Assignment(MARCH, "w1", "north")),
    (date(2026, 6, 1), Assignment(date(2026, 6, 1), "w2")),
    (date(2026, 6, 2), Expected("own-home", date(2026, 9, 1))),
)


def planned(name: str) -> Planned:
    (found,) = [entry for entry in plan(LIFE, BOOK, CALENDAR) if entry.rule == name]
    return found


def said(name: str, language: str = "en") -> dict[str, str]:
    names = {"w1": "Worker one", "w2": "Worker two"}
    about = planned(name)
    return dict(variables(about, LIFE, VOCABULARY, CALENDAR, WORDS, lambda who: names.get(who, ""), language))


def test_all_variables_that_texts_know_are_there() -> None:
    assert said("intake").keys() == VARIABLES.keys()


def test_those_that_are_always_filled_are_filled_even_where_nothing_is_known() -> None:
    nothing = variables(planned("intake"), None, VOCABULARY, CALENDAR, Words("Onderdak"), str, "en")
    unknown = {name for name, value in nothing.items() if not value}
    assert unknown.isdisjoint(set(ALWAYS_FILLED) - {"situation"})


def test_a_transition_is_told_with_both_its_sides() -> None:
    values = said("intake")
    assert values["situation"] == VOCABULARY.situations.get("long-stay", {}).get("en", "long-stay")
    assert values["from_situation"] == VOCABULARY.situations.get("crisis-shelter", {}).get(
        "en", "crisis-shelter"
    )
    assert (values["client"], values["day"], values["worker"]) == ("c1", "Monday 30 March 2026", "Worker one")
    assert values["due"] == "Monday 13 April 2026"
    assert values["expected_day"] == ""


def test_what_is_foreseen_is_told_with_its_day() -> None:
    values = said("coming", "nl")
    assert values["expected_day"] == "dinsdag 1 september 2026"
    assert values["situation"] == VOCABULARY.situations.get("own-home", {}).get("nl", "own-home")


def test_a_change_of_worker_is_told_with_both_names() -> None:
    values = said("change")
    assert (values["worker"], values["previous_worker"]) == ("Worker two", "Worker one")


def test_the_organisation_is_told_in_its_own_words() -> None:
    values = said("intake")
    assert [values[name] for name in ("organisation", "coordinator", "places", "funding")] == [
        "Onderdak",
        "regio@example.org",
        "het buurthuis",
        "de gemeente",
    ]
