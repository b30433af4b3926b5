"""The service is killed, again and again, while people type: nothing is lost, and what comes twice is the same mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgres import missing, postgres, postgres_database
from tests.torture.__main__ import report
from tests.torture.reckoning import WINDOW
from tests.torture.war import War, torture


def promises_are_kept(war: War, window: int = 1) -> None:
    """Against the mail server's log. A kill leaves at most the mail in hand without a note; so does a cut of its connection."""
    found = war.reckoning
    assert found is not None and found.kept, report(war, 0)
    assert found.told > 0
    assert found.repeats <= window * war.kills.total() + war.cut


def test_twenty_kills_lose_nothing_and_repeat_only_the_mail_in_hand(tmp_path: Path) -> None:
    promises_are_kept(torture(tmp_path, "sqlite:///cti.db", kills=20, replicas=1, seed=1))


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3])
def test_two_hundred_kills_on_sqlite(tmp_path: Path, seed: int) -> None:
    promises_are_kept(torture(tmp_path, "sqlite:///cti.db", kills=200, replicas=1, seed=seed))


@pytest.mark.long
def test_a_hundred_kills_while_many_mails_wait_repeat_no_more_than_are_on_their_way(tmp_path: Path) -> None:
    war = torture(tmp_path, "sqlite:///cti.db", kills=100, replicas=1, seed=5, rush=True)
    promises_are_kept(war, WINDOW)


@pytest.mark.long
@pytest.mark.postgres
def test_two_hundred_kills_of_two_replicas_on_postgresql(tmp_path: Path) -> None:
    if (why := missing()) is not None:
        pytest.skip(why)
    with postgres() as server, postgres_database(server) as url:
        promises_are_kept(torture(tmp_path, url, kills=200, replicas=2, seed=4))
