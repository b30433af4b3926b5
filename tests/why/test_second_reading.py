"""Every prompt and every absent prompt of random client-days is explained as a second reading of the rules has it.

The reading (`tests.second`) imports nothing of the product: it reads the rule files, the rows of the registration and the mails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from cti.why.data import data
from cti.why.telling import told
from tests.project import imports, modules
from tests.second.compared import differences, every_step
from tests.second.plan import read_rules
from tests.second.post import House, Reading
from tests.second.records import Journal, read_events, read_tables
from tests.why.lived import LAST, ZONE, Lived, live

DAYS = 200
BEFORE = timedelta(days=25)
"""So long before the first pass days are asked about, too."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live(tmp_path_factory.mktemp("lived") / "x", 45, 6)


@pytest.fixture(scope="module")
def reading(lived: Lived) -> Reading:
    return reading_of(lived)


def reading_of(lived: Lived) -> Reading:
    folder = lived.made.folder
    rules = read_rules(folder / "rules")
    journal = Journal(ZONE, list(lived.passes))
    read_events(
        journal, folder / "export" / "events.csv", {name: kind["type"] for name, kind in rules.facts.items()}
    )
    answers = read_tables(journal, folder / "cti.db", only="cti")
    return Reading(rules, House(folder / "config.toml"), journal, folder / "cti.db", answers)


def client_days(lived: Lived, reading: Reading, count: int, seed: int) -> Iterator[tuple[str, date]]:
    """Random clients on random days; half of them around days on which the client was told of."""
    rng = Random(seed)
    clients = sorted({one.client for versions in reading.journal.records.values() for one in versions})
    told = sorted(
        (client, mail.day)
        for client, prompts in reading.prompts.items()
        for prompt in prompts
        for mail in prompt.mails
    )
    length = (LAST - lived.first + BEFORE).days
    for number in range(count):
        if number % 2:
            client, day = rng.choice(told)
            yield client, min(LAST, max(lived.first, day + timedelta(days=rng.randint(-4, 1))))
        else:
            yield rng.choice(clients), LAST - timedelta(days=rng.randint(0, length))


def compare(lived: Lived, reading: Reading, count: int, seed: int) -> tuple[list[str], Counter[str]]:
    """Where the two differ, and what became of the steps in the sample."""
    wrong: list[str] = []
    outcomes = Counter[str]()
    calendar = lived.system.config.calendar
    for client, day in client_days(lived, reading, count, seed):
        found = told(lived.system, client, "en", lived.passes[-1], day)
        explained = data(found, calendar) if found is not None else {"rules": [], "asked": [], "gone": []}
        wrong += differences(explained, reading, client, day)
        outcomes.update(step["outcome"] for step in every_step(explained))
    return wrong, outcomes


def test_the_explanation_agrees_with_a_second_reading_of_the_rules(lived: Lived, reading: Reading) -> None:
    wrong, outcomes = compare(lived, reading, DAYS, seed=3)
    assert "\n".join(wrong) == ""
    assert len(outcomes) >= 8, "the sample is of some variety"


@pytest.mark.long
def test_so_it_does_for_a_larger_organisation_and_many_days(tmp_path: Path) -> None:
    large = live(tmp_path / "x", 250, 14, seed=5)
    wrong, _ = compare(large, reading_of(large), 4000, seed=7)
    assert "\n".join(wrong) == ""


def test_the_second_reading_knows_nothing_of_the_product() -> None:
    assert [
        f"{module}:{line} imports {name}"
        for module, source in modules("tests").items()
        if module.startswith("tests.second")
        for line, name in imports(source)
        if name.startswith("cti")
    ] == []
