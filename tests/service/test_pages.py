"""How the web server listens."""

from __future__ import annotations

import asyncio
import socket

from cti.service.pages import listen


def test_no_part_of_an_answer_waits_for_the_one_before_it() -> None:
    async def sends_at_once() -> bool:
        found: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            theirs: socket.socket = writer.get_extra_info("socket")
            found.set_result(bool(theirs.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
            writer.close()

        with listen("127.0.0.1", 0) as taken:
            async with await asyncio.start_server(answer, sock=taken):
                _, writer = await asyncio.open_connection(*taken.getsockname())
                sent = await found
                writer.close()
        return sent

    assert asyncio.run(sends_at_once())
