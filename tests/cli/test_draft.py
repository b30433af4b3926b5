"""A draft that moves one step, adds a rule, removes a rule and renames another: `plan` and `simulate` show these differences, and
no others.

What they are is worked out here a second time, by laying side by side what either rulebook plans and tells.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cti.core.planner import plan
from cti.core.prompts import Planned
from cti.core.rules import Rulebook
from cti.engine.rulebooks import read
from cti.workshop.replay import daily, replay
from cti.workshop.replayed import House, Prompted
from cti.workshop.simulate import counting_from
from tests.cli.terminal import Terminal
from tests.engine.sample import Sample, sample
from tests.workshop.drafting import MOVED, REMOVED, RENAMED, draft, rename

LAST = date(2026, 1, 15)
FIRST = LAST - timedelta(days=365)
NOW = datetime(2026, 1, 15, 18, tzinfo=ZoneInfo("Europe/Amsterdam"))
AT = f"{NOW:%Y-%m-%dT%H:%M}"
DAYS = ("--from", FIRST.isoformat(), "--since", FIRST.isoformat())

Key = tuple[str, str, str, str]
"""Client, rule and step by the names of the draft, and the moment."""

Change = tuple[str, str, str, str]
"""What becomes of a prompt, with its client, rule and step."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample organisation, whose rules prompt since a few months; with the draft, and with one that only renames."""
    made = sample(tmp_path_factory.mktemp("sample") / "x", LAST, size=160, since=LAST - timedelta(days=150))
    made.tick(NOW, force=True)
    draft(made.folder / "rules", made.folder / "draft")
    shutil.copytree(made.folder / "rules", made.folder / "renamed")
    shutil.rmtree(made.folder / "renamed" / "tests")
    rename(made.folder / "renamed")
    return made


def rulebook(made: Sample, folder: str) -> Rulebook:
    found = read(made.system, made.folder / folder)
    assert found.rulebook is not None, found.problems
    return found.rulebook


def now_called(rule: str) -> str:
    return RENAMED[1] if rule == RENAMED[0] else rule


def key_of(planned: Planned) -> Key:
    return planned.client, now_called(planned.rule), planned.step, planned.name


def asked(cti: Terminal, made: Sample, command: str) -> dict[str, list[dict[str, object]]]:
    said = cti("-c", str(made.folder / "config.toml"), *command.split(), "--json")
    assert said.code == 0, said.err
    found: dict[str, list[dict[str, object]]] = said.json
    return found


# --- simulate ---------------------------------------------------------------------------------------------------------


def told(made: Sample, rules: Rulebook) -> Mapping[Key, tuple[Prompted, date]]:
    """What a year by these rules would have told, with its day."""
    config = made.system.config
    passes = daily(config.calendar, config.habits, FIRST, LAST)
    house = House(config.calendar, config.staff, config.habits)
    found = replay(made.histories(), counting_from(rules, FIRST), house, passes)
    return {
        key_of(prompt.plan): (prompt, config.calendar.day(prompt.at))
        for prompt in found.told
        if not prompt.covered
    }


def test_simulate_shows_exactly_the_differences_that_the_draft_makes(cti: Terminal, made: Sample) -> None:
    before, after = told(made, rulebook(made, "rules")), told(made, rulebook(made, "draft"))
    expected = set(day_by_day(before, after))
    found = asked(cti, made, f"rules simulate --rules {made.folder / 'draft'} {' '.join(DAYS)}")[
        "differences"
    ]
    shown = {
        (entry["client"], entry["rule"], entry["step"], entry["before"], entry["after"]) for entry in found
    }
    assert {entry[:3] for entry in shown} == {entry[:3] for entry in expected}
    outside = {entry for entry in shown - expected if entry[:3] in {key[:3] for key in expected - shown}}
    assert shown - outside <= expected, "a day that differs is one before the year, or after it"

    own = [entry for entry in found if not entry["knock_on"]]
    kinds = {(entry["kind"], entry["rule"], entry["step"]) for entry in own}
    assert kinds == {("added", "outreach", "visit"), ("removed", REMOVED, "where-to"), ("moved", *MOVED)}
    assert len(own) > 50
    for rule, told_of in (("outreach", after), (REMOVED, before)):
        every = [key[0] for key in told_of if key[1] == rule]
        assert sorted(every) == sorted(str(entry["client"]) for entry in own if entry["rule"] == rule)

    alike = {
        key[:3]
        for key in before.keys() & after.keys()
        if window(before[key][0].plan) == window(after[key][0].plan)
    }
    beside = [entry for entry in found if entry["knock_on"]]
    assert 0 < len(beside) < 10
    for entry in beside:
        # Told otherwise only because of the rest, it is planned alike.
        assert (
            entry["kind"] in ("added", "removed") or (entry["client"], entry["rule"], entry["step"]) in alike
        )


def day_by_day(
    before: Mapping[Key, tuple[Prompted, date]], after: Mapping[Key, tuple[Prompted, date]]
) -> Iterator[tuple[str, str, str, str | None, str | None]]:
    """Each prompt that is not told on the same day by both."""
    for key in before.keys() | after.keys():
        then = before[key][1].isoformat() if key in before else None
        now = after[key][1].isoformat() if key in after else None
        if then != now:
            yield *key[:3], then, now


def window(planned: Planned) -> tuple[object, ...]:
    return planned.due, planned.until, planned.role


def test_a_rule_that_is_only_renamed_makes_no_difference(cti: Terminal, made: Sample) -> None:
    found = asked(cti, made, f"rules simulate --rules {made.folder / 'renamed'} {' '.join(DAYS)}")
    assert found["differences"] == []
    steps = {(entry["rule"], entry["step"]): entry for entry in found["steps"]}
    for step in ("before", "after"):
        assert steps[RENAMED[1], step]["before"] == steps[RENAMED[1], step]["after"]
        assert (RENAMED[0], step) not in steps
    assert any(row.plan.rule == RENAMED[0] and current(row.plan) for row in made.prompts(NOW))
    assert asked(cti, made, f"plan --rules {made.folder / 'renamed'} --now {AT}")["changes"] == []


# --- plan -------------------------------------------------------------------------------------------------------------


def test_plan_shows_exactly_the_differences_that_the_draft_makes(cti: Terminal, made: Sample) -> None:
    expected = sorted(planned_otherwise(made, rulebook(made, "rules"), rulebook(made, "draft")))
    found = asked(cti, made, f"plan --rules {made.folder / 'draft'} --now {AT}")["changes"]
    shown = sorted(
        (str(entry["change"]), str(entry["client"]), str(entry["rule"]), str(entry["step"]))
        for entry in found
    )
    assert shown == expected
    kinds = {(change, rule, step) for change, _, rule, step in shown}
    assert kinds >= {("create", "outreach", "visit"), ("move", *MOVED), ("withdraw", REMOVED, "where-to")}
    assert {(rule, step) for _, rule, step in kinds} == {
        MOVED,
        ("outreach", "visit"),
        (REMOVED, "where-to"),
    }


def planned_otherwise(made: Sample, standing: Rulebook, draft: Rulebook) -> Iterator[Change]:
    """What the draft wants otherwise of the prompts that are current or still to come, and were not named in another's mail."""
    calendar = made.system.config.calendar
    covered = {key_of(row.plan) for row in made.prompts(NOW) if row.covered_by is not None}
    for history in made.histories():
        one, other = (
            {key_of(planned): planned for planned in plan(history, rules, calendar)}
            for rules in (standing, draft)
        )
        for key in one.keys() | other.keys():
            was = key in one and current(one[key])
            will = key in other and current(other[key])
            if key in covered or not (was or will):
                continue
            if not was:
                yield "revive" if key in one else "create", *key[:3]
            elif not will:
                yield "withdraw", *key[:3]
            elif one[key].due != other[key].due:
                yield "move", *key[:3]


def current(planned: Planned) -> bool:
    return planned.wanted and (planned.until is None or planned.until > NOW)
