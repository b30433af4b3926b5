"""What a public sample export brings is explained as a second reading of the rules has it."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from random import Random

from cti.config import load
from cti.engine.system import System
from cti.store.database import open_database
from cti.why.data import data
from cti.why.telling import told
from tests.exports.conftest import NOW, SINCE, Begun
from tests.exports.place import ZONE
from tests.second.compared import differences, every_step
from tests.second.plan import read_rules
from tests.second.post import House, Reading
from tests.second.records import Journal, read_tables

DAYS = 200


def test_the_explanation_agrees_with_a_second_reading_of_the_rules(begun: Begun) -> None:
    made, now = begun(SINCE), datetime.fromisoformat(NOW)
    config = load(made.folder / "config.toml", {})
    journal = Journal(ZONE, [now])
    answers = read_tables(journal, made.folder / "cti.db")
    rules = read_rules(made.folder / "rules")
    reading = Reading(rules, House(made.folder / "config.toml"), journal, made.folder / "cti.db", answers)
    system = System(config, open_database(config.database))
    rng, clients = Random(1), sorted({row.plan.client for row in made.prompts()})
    wrong: list[str] = []
    outcomes = Counter[str]()
    for number in range(DAYS):
        client = rng.choice(clients)
        day = date(2022, 9, 30 if number % 2 else rng.randint(1, 29))
        found = told(system, client, "en", now, day)
        assert found is not None
        explained = data(found, config.calendar)
        wrong += differences(explained, reading, client, day)
        outcomes.update(step["outcome"] for step in every_step(explained))
    system.database.close()
    assert "\n".join(wrong) == ""
    assert len(outcomes) >= 8, "the sample is of some variety"
