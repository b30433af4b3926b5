"""A service that is stopped in the middle of a mail, as a machine that sleeps, and goes on when another has long taken over."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from cti.engine import LAST_POSTED, last_done
from tests.engine.house import House, when
from tests.service.waiting import wait_for
from tests.torture.reckoning import entries, reckon
from tests.torture.registration import CALL, furnish
from tests.torture.war import Post, Replica, post_office


def test_one_that_stands_still_for_longer_than_its_claim_holds_repeats_the_mail_in_hand(
    tmp_path: Path,
) -> None:
    with post_office(tmp_path / "post.log") as post:
        house = furnish(tmp_path / "house", "sqlite:///cti.db", post.port)
        house.moves_in("1-5", "s1", "crisis-shelter")
        url = f"sqlite:///{house.folder}/cti.db"
        one, other = (Replica(house, url, tmp_path / "said.log") for _ in range(2))
        try:
            one.beat((when("1-5", 9, 5), None))
            wait_for(lambda: last_done(house.system, LAST_POSTED) == when("1-5", 9, 5))
            post.trap("TEXT", "stop")
            one.beat((when("1-8", 9, 5), None))
            wait_for(lambda: looked(post).stopped == {one.pid})
            other.beat((when("1-8", 10), None))
            wait_for(lambda: looked(post).accepted == 2)
            os.kill(one.pid, signal.SIGCONT)
            wait_for(lambda: not looked(post).open)
            one.beat((when("1-8", 11), None))
            wait_for(lambda: done(house, 11))
        finally:
            for replica in (one, other):
                replica.kill()
                replica.bury()
            house.system.database.close()
        found = reckon(entries(post.log), {("c1", CALL)}, set())
    assert found.kept
    assert (found.told, found.mails, found.repeats) == (1, 2, 1)


def looked(post: Post) -> Post:
    """The mail server's process, as it is now."""
    post.look()
    return post


def done(house: House, hour: int) -> bool:
    return last_done(house.system, LAST_POSTED) == when("1-8", hour)
