"""What became of messages is written down beside the sending, some at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from cti.channels.settling import Settling
from cti.post.outbox import Sent, Settled
from tests.channels.build import message


def settled(number: int) -> Settled:
    return message(number), Sent()


def numbers(ended: Sequence[Settled]) -> list[int]:
    return [one.id or 0 for one, _ in ended]


def test_what_ends_while_one_transaction_runs_is_written_in_the_next_all_at_once() -> None:
    written: list[list[int]] = []
    others_ended = threading.Event()

    def write(ended: Sequence[Settled]) -> None:
        assert others_ended.wait(10)
        written.append(numbers(ended))

    async def send() -> None:
        settling = Settling(write, 1)
        for number in range(1, 5):
            settling.settle(settled(number))
            if number == 1:
                await asyncio.sleep(0.01)  # the first transaction begins
        others_ended.set()
        await settling.end()

    asyncio.run(send())
    assert [number for some in written for number in some] == [1, 2, 3, 4]
    assert written[-1] == [2, 3, 4]


def test_what_may_wait_is_written_when_it_fills_half_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cti.channels.settling._MOMENT", 60.0)
    half = asyncio.Event()
    written: list[list[int]] = []

    async def send() -> None:
        loop = asyncio.get_running_loop()

        def write(ended: Sequence[Settled]) -> None:
            written.append(numbers(ended))
            loop.call_soon_threadsafe(half.set)

        settling = Settling(write, 6)
        settling.settle(settled(1), settled(2))
        await asyncio.sleep(0)
        assert written == []
        settling.settle(settled(3))
        await half.wait()

    asyncio.run(send())
    assert written == [[1, 2, 3]]


def test_no_more_are_taken_in_hand_than_may_be_unwritten() -> None:
    written: list[int] = []
    go_on = threading.Event()

    def write(ended: Sequence[Settled]) -> None:
        assert go_on.wait(10)
        written.extend(numbers(ended))

    async def send() -> None:
        settling = Settling(write, 3)
        for number in range(1, 4):
            await settling.room()
            settling.settle(settled(number))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(settling.room(), 0.1)
        go_on.set()
        await settling.room()
        settling.back()
        await settling.end()

    asyncio.run(send())
    assert written == [1, 2, 3]


def test_where_it_cannot_be_written_down_everyone_who_waits_for_room_learns_so() -> None:
    def write(ended: Sequence[Settled]) -> None:
        raise OSError("disk full")

    async def line(settling: Settling) -> None:
        while True:
            await settling.room()
            settling.settle(settled(1))

    async def send() -> list[BaseException | None]:
        settling = Settling(write, 2)
        ends = await asyncio.gather(*(line(settling) for _ in range(5)), return_exceptions=True)
        with pytest.raises(OSError, match="disk full"):
            await settling.end()
        return ends

    assert [str(end) for end in asyncio.run(send())] == ["disk full"] * 5
