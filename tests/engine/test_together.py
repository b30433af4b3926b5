"""Passes, mail and people write to one PostgreSQL at the same time: each waits for the other, and never both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text

from cti.engine import plan, read
from cti.engine.posting import make_messages
from cti.engine.rulebooks import standing
from cti.store import clients, prompts
from cti.store.tables import prompt
from tests.engine.house import House, simple_rule, when
from tests.postgres import missing, postgres, postgres_database
from tests.service.waiting import wait_for

pytestmark = pytest.mark.postgres

NOW = when("3-16", 10)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Two clients about whom something is due; the mail about the second comes first, by its address."""
    if (why := missing()) is not None:
        pytest.skip(why)
    with postgres() as server, postgres_database(server) as url:
        made = House(tmp_path, url)
        made.only_rule("intake", simple_rule(), call="Bel even")
        for number, worker in ((1, "w2"), (2, "w1")):
            made.moves_in("3-2", f"s{number}", "crisis-shelter", client=f"c{number}", worker=worker)
        made.tick("3-2", 13)
        yield made
        made.system.database.close()


def beside(house: House, work: Callable[[], object]) -> Future[object]:
    """Has this done in another thread, and returns when it waits for what somebody else holds."""
    done = ThreadPoolExecutor(1).submit(work)

    def waits() -> bool:
        with house.system.database.read() as tx:
            asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            return bool(tx.scalar(text(f"{asked} AND wait_event_type = 'Lock'")))

    wait_for(waits)
    return done


def test_an_answer_and_a_planning_of_the_same_client(house: House) -> None:
    system = house.system
    house.moves_in("3-3", "s1", "crisis-shelter", begin="3-3", client="c1", worker="w2")
    read(system, NOW, "registration")
    with system.database.write() as tx:
        clients.mark_dirty(tx, [1])
        done = beside(house, lambda: plan(system, NOW))
        prompts.record_answer(tx, 1, "done", NOW)
    done.result()
    plan(system, NOW)
    assert [row.answer for row in house.stored()] == ["done", None]


def test_making_messages_and_a_planning_of_what_they_are_about(house: House) -> None:
    rules, system = standing(house.system), house.system
    assert rules is not None
    with system.database.write() as tx:
        tx.execute(select(prompt.c.id).where(prompt.c.id == 1).with_for_update())
        done = beside(house, lambda: make_messages(system, rules, NOW))
        tx.execute(select(prompt.c.id).where(prompt.c.id == 2).with_for_update())
    made = done.result()
    assert getattr(made, "messages", 0) == 2
