"""Replaying a time with the rules that were in force gives the prompts that ticking really made, prompt by prompt."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from shutil import rmtree
from zoneinfo import ZoneInfo

import pytest

from cti.core.prompts import Stored
from cti.engine.answering import answer
from cti.engine.rulebooks import in_force
from cti.workshop.replay import replay
from cti.workshop.replayed import Prompted
from cti.workshop.simulate import Days, as_adopted, past_of
from tests.cli.terminal import Terminal
from tests.engine.sample import Sample, sample
from tests.workshop.drafting import RENAMED, change

LAST = date(2026, 1, 15)
FIRST = LAST - timedelta(days=120)
ZONE = ZoneInfo("Europe/Amsterdam")
SENT = tuple[str, str, str, date]
"""Client, rule, step and day."""


def opening(day: date) -> datetime:
    return datetime.combine(day, time(9), ZONE)


def live_through(made: Sample) -> None:
    """A pass each morning. On two days of three the export brings news; some prompts are answered; twice the rules change."""
    export = made.folder / "export" / "events.csv"
    with export.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    export.unlink()
    recorded = header.index("recorded")
    rows.sort(key=lambda row: row[recorded])
    rmtree(made.folder / "rules" / "tests")
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        if number % 3 != 1:
            until = datetime.combine(day, time(2))
            new = sum(datetime.fromisoformat(row[recorded]) < until for row in rows)
            with export.with_name(f"events-{number}.csv").open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows([header, *rows[:new]])
            del rows[:new]
        if number == 40:
            change(made.folder / "rules")
        if number == 80:
            call_sooner(made.folder / "rules" / "crisis-intake.toml")
        made.tick(opening(day), force=True)
        answer_some(made, opening(day) + timedelta(hours=6))


def call_sooner(rule: Path) -> None:
    text = rule.read_text(encoding="utf-8")
    assert '"2 weeks"' in text
    rule.write_text(text.replace('"2 weeks"', '"9 days"'), encoding="utf-8")


def answer_some(made: Sample, now: datetime) -> None:
    """Every third prompt is answered on the day on which it is sent."""
    rules = in_force(made.system, now, "test").rulebook
    steps = {(rule.id, step.id): step for rule in rules.rules for step in rule.steps}
    for row in sent(made):
        step = steps.get((row.plan.rule, row.plan.step))
        today = row.sent_at is not None and now - row.sent_at < timedelta(hours=12)
        if today and row.answer is None and row.id % 3 == 0 and step is not None and step.answers is not None:
            words = [kind.name for kind in rules.vocabulary.answers[step.answers].values() if not kind.asks]
            answer(made.system, rules, str(row.id), words[row.id % len(words)], now)


def sent(made: Sample) -> list[Stored]:
    return [row for row in made.prompts(opening(LAST)) if row.sent_at is not None]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    made = sample(tmp_path_factory.mktemp("lived") / "x", LAST, size=90, since=FIRST)
    live_through(made)
    return made


def test_a_replay_gives_the_prompts_that_were_really_sent(lived: Sample) -> None:
    really = {
        (row.plan.client, row.plan.rule, row.plan.step, row.plan.name, row.sent_at) for row in sent(lived)
    }
    past = past_of(lived.system, Days(FIRST, LAST))
    eras = as_adopted(lived.system)
    assert len(eras) == 3
    assert past.reached, "some records came after the pass that could have known of them"
    found = replay(past.histories, eras, past.house, past.passes, reached=past.reached)
    assert {told_as(told) for told in found.told if not told.covered} == really
    assert len(really) > 50
    assert sum(row.answer is not None for row in sent(lived)) > 10


def told_as(told: Prompted) -> tuple[str, str, str, str, datetime]:
    return told.plan.client, told.plan.rule, told.plan.step, told.plan.name, told.at


def test_so_does_the_command_next_to_a_draft_that_tells_nothing(
    lived: Sample, capfd: pytest.CaptureFixture[str]
) -> None:
    silent = lived.folder / "silent"
    silent.mkdir()
    for file in (lived.folder / "rules").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        off = "" if file.name == "vocabulary.toml" or "\noff " in text else "off = true\n"
        (silent / file.name).write_text(off + text, encoding="utf-8")
    cti = Terminal(capfd)
    command = [
        "rules",
        "simulate",
        "--rules",
        str(silent),
        "--adopted",
        "--from",
        FIRST.isoformat(),
        "--json",
    ]
    said = cti("-c", str(lived.folder / "config.toml"), *command)
    assert said.code == 0, said.err
    found = said.json
    assert Counter(of_command(found["differences"])) == Counter(map(of_row, sent(lived)))


def of_command(differences: list[dict[str, str]]) -> Iterator[SENT]:
    for entry in differences:
        assert entry["kind"] == "removed"
        yield entry["client"], entry["rule"], entry["step"], date.fromisoformat(entry["before"])


def of_row(row: Stored) -> SENT:
    assert row.sent_at is not None
    rule = RENAMED[1] if row.plan.rule == RENAMED[0] else row.plan.rule
    return row.plan.client, rule, row.plan.step, row.sent_at.astimezone(ZONE).date()
