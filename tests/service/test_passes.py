"""The heartbeat of the passes, which nothing stops but who began it."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.smtp import Envelope

from cti import log
from cti.engine.locks import PLAN
from cti.service.clock import clock
from cti.service.passes import Passes
from cti.store import sources
from tests.channels.server import Server, serving
from tests.engine.house import House, when
from tests.engine.test_mail import MAIL
from tests.service.waiting import PATIENCE, wait_for


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the service logs, with the process's own logging put back afterwards."""
    root, level = logging.getLogger(), logging.getLogger().level
    handlers = list(root.handlers)
    text = io.StringIO()
    log.start(text)
    yield text
    root.handlers[:] = handlers
    root.setLevel(level)


def running(service: Passes) -> threading.Thread:
    thread = threading.Thread(target=service.run)
    thread.start()
    return thread


def test_a_pass_that_fails_is_logged_and_the_next_one_comes(house: House, stream: io.StringIO) -> None:
    times = iter(range(1000))

    def unreliable() -> datetime:
        if next(times) == 0:
            raise RuntimeError("cliënt-4711 broke the clock")
        return clock()

    service = Passes(house.system, unreliable)
    thread = running(service)
    wait_for(lambda: 'event="pass failed"' in stream.getvalue())
    service.beat()
    wait_for(lambda: len(house.stored()) == 1)
    service.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    said = stream.getvalue()
    assert "error=RuntimeError" in said
    assert "4711" not in said


def test_what_is_in_hand_is_finished_before_the_service_stops(house: House, stream: io.StringIO) -> None:
    for number in range(2000):
        house.rows.append(
            {"id": f"n{number}", "client": f"n{number}", "recorded": "2026-03-02T12:00:00", "situation": "street",
             "begin": "2026-03-02"}
        )  # fmt: skip
    house.type_in("3-3", "last", "last", situation="street", begin="2026-03-03")
    service = Passes(house.system)
    thread = running(service)
    time.sleep(0.3)
    service.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    with house.system.database.read() as tx:
        count = tx.exec_driver_sql("SELECT count(*) FROM client").scalar()
        planned = tx.exec_driver_sql("SELECT count(*) FROM client WHERE changed > planned").scalar()
    # Each part is done as a whole or not at all, whenever the stop came.
    assert (count, planned) in ((2002, 0), (2002, 2002), (0, 0))


def test_a_stop_in_the_middle_of_the_mail_is_followed_by_the_end(house: House) -> None:
    async def stop(server: Server, envelope: Envelope) -> str:
        service.stop()
        await asyncio.sleep(0.3)  # by then the service waits for what is in hand
        return "250 OK"

    with serving(Server(at_data=stop)) as port:
        house.mail = MAIL.format(port=port)
        house.web = f'ping = "http://127.0.0.1:{port}/"'  # of which is thought when the mail has gone
        house.configure()
        service = Passes(house.system, lambda: when("3-16"))
        thread = running(service)
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert [row.sent_at is not None for row in house.stored()] == [True]


def test_another_process_that_ticks_is_let_go_first(
    house: House, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti.service.passes.TRIES", 1)
    house.tick("3-10")
    service = Passes(house.system, lambda: when("3-17", 10))
    with house.system.database.lock(PLAN):
        thread = running(service)
        wait_for(lambda: 'event="pass left to another process" job=plan' in stream.getvalue())
        # What is due by the plan as it stands waits for nobody's planning.
        wait_for(lambda: [row.sent_at is not None for row in house.stored()] == [True])
    service.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def _reads_at(house: House, now: datetime) -> Passes:
    return Passes(house.system, lambda: now)


def test_a_source_that_another_service_has_just_read_is_not_read_again_at_its_pace(house: House) -> None:
    now = when("3-17", 10)
    house.tick("3-17", 10)
    [source] = house.system.config.sources
    for later, reads in ((timedelta(seconds=149), False), (timedelta(seconds=151), True)):
        _reads_at(house, now + later)._read_again(source)
        with house.system.database.read() as tx:
            assert (sources.source_state(tx, "registration").last_read_at == now + later) is reads


def test_a_service_whose_tables_another_version_has_changed_does_nothing_more(
    house: House, stream: io.StringIO
) -> None:
    with house.system.database.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    service = Passes(house.system)
    thread = running(service)
    wait_for(lambda: 'event="pass left to another version" job=source reason=TooNew' in stream.getvalue())
    service.stop()
    thread.join(PATIENCE)
    with house.system.database.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM record").scalar() == 0


def test_each_source_has_its_own_pace_and_the_rest_of_the_day_its_own_jobs(house: House) -> None:
    service = Passes(house.system)
    assert service.jobs() == {
        "source:registration": "interval[0:05:00]",
        "due": "interval[0:01:00]",
        "calendars": "interval[0:01:00]",
        "digest": "cron[hour='9', minute='0', second='1']",
        "housekeeping": "cron[hour='3', minute='17']",
    }


def test_each_webhook_is_told_beside_the_passes_and_one_that_fails_stops_nothing(
    house: House, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti.service.passes.WEBHOOK_SECONDS", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        house.web = (
            f'[[webhooks]]\nname = "tasks"\nurl = "http://127.0.0.1:{taken.getsockname()[1]}/4711"\n'
            f'secret = "whsec_{"A" * 32}"\n'
        )
        house.configure()
        service = Passes(house.system, lambda: when("3-16"))
        assert service.jobs()["webhook:tasks"] == "interval[0:00:01]"
        thread = running(service)
        wait_for(lambda: 'event="webhook not heard" webhook=tasks reason=ConnectError' in stream.getvalue())
        service.stop()
        thread.join(PATIENCE)
    assert [row.sent_at is not None for row in house.stored()] == [True]
    assert "4711" not in stream.getvalue()


def test_the_clock_is_aware() -> None:
    assert clock().tzinfo is UTC
