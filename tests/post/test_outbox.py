from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from cti.post.outbox import LEASE, Failed, Outbox, Outcome, Retry, Sent, Settled, Tally, retry, send_out
from tests.channels.build import NOW, many, message


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 1), (1, 5), (2, 15), (3, 60), (4, 60), (1000, 60)])
def test_a_mail_that_did_not_go_is_tried_after_1_5_15_and_60_minutes_and_then_hourly(
    attempts: int, minutes: int
) -> None:
    assert retry(message(1, attempts=attempts), NOW, "busy") == Retry(
        NOW + timedelta(minutes=minutes), "busy"
    )


def test_a_run_tells_what_became_of_its_messages() -> None:
    ends: dict[int, Outcome] = {1: Sent(), 2: Retry(NOW, "busy"), 3: Failed("no such user"), 4: Sent()}
    full = many(4)

    def channel(outbox: Outbox, now: datetime) -> str:
        outbox.settle([(one, ends[one.id or 0]) for one in outbox.claim(10)])
        return "the server hangs up"

    assert send_out(full.outbox(NOW), channel, NOW) == Tally(2, 1, 1, "the server hangs up")
    assert full.outcomes == {number: [end] for number, end in ends.items()}


def test_what_could_not_be_written_down_is_not_counted() -> None:
    def settle(ended: Sequence[Settled]) -> None:
        raise OSError("disk full")

    def channel(outbox: Outbox, now: datetime) -> None:
        outbox.settle([(one, Sent()) for one in outbox.claim(10)])

    with pytest.raises(OSError, match="disk full"):
        send_out(Outbox(lambda most: [message(1)], settle), channel, datetime(2026, 3, 16, tzinfo=UTC))


def test_a_claim_outlasts_the_slowest_message_that_may_still_begin() -> None:
    slowest = timedelta(minutes=10)  # the most that `data_timeout` allows
    assert LEASE / 2 + slowest < LEASE
