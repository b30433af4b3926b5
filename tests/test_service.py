"""The service: a real process that is stopped by a signal, and a heartbeat that nothing stops but a signal."""

from __future__ import annotations

import io
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cti import log
from cti.service import Service, clock
from tests.engine.house import House, simple_rule, when

PATIENCE = 60
"""Seconds after which something that should have happened did not; a busy machine is slow."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    house.moves_in("3-2", "s1", "crisis-shelter", client="cliënt-4711")
    return house


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


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def start(house: House) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cti", "run"],
        cwd=house.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_the_service_works_until_a_signal_and_leaves_with_0(house: House, number: signal.Signals) -> None:
    process = start(house)
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line)
        if 'event="pass done"' in line:
            break
    process.send_signal(number)
    out, rest = process.communicate(timeout=PATIENCE)
    lines += rest.splitlines(keepends=True)
    assert process.returncode == 0, lines
    assert out == ""
    events = [line.split("event=")[1].split(" ")[0].strip('"\n') for line in lines]
    assert events[0] == "service" and 'event="service started"' in lines[0]
    assert 'event="service stopped"' in lines[-1]
    # The first pass reads at once, whatever the pace of the sources.
    assert any('event="source read" source=registration read=1' in line for line in lines)
    assert all(line.startswith("time=") for line in lines)
    assert "4711" not in "".join(lines) and "example.org" not in "".join(lines)
    [state] = [row.plan.client for row in house.stored()]
    assert state == "cliënt-4711"


def test_a_broken_config_is_refused_clearly(house: House) -> None:
    config = house.folder / "config.toml"
    config.write_text(config.read_text().replace('"csv"', '"cvs"'))
    process = start(house)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "there is no such kind of source" in err and "Traceback" not in err


def test_an_old_schema_is_refused_with_the_command_that_upgrades_it(house: House) -> None:
    with house.system.database.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    process = start(house)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "cti db upgrade" in err


def running(service: Service) -> threading.Thread:
    thread = threading.Thread(target=service.run)
    thread.start()
    return thread


def test_a_pass_that_fails_is_logged_and_the_next_one_comes(house: House, stream: io.StringIO) -> None:
    times = iter(range(1000))

    def unreliable() -> datetime:
        if next(times) == 0:
            raise RuntimeError("cliënt-4711 broke the clock")
        return clock()

    service = Service(house.system, unreliable)
    thread = running(service)
    wait_for(lambda: 'event="pass failed"' in stream.getvalue())
    service.beat()
    wait_for(lambda: len(house.stored()) == 1)
    service.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    said = stream.getvalue()
    assert "error=RuntimeError at=tests/test_service.py" in said or "error=RuntimeError" in said
    assert "4711" not in said


def test_a_pass_in_hand_is_finished_before_the_service_stops(house: House, stream: io.StringIO) -> None:
    for number in range(2000):
        house.rows.append(
            {"id": f"n{number}", "client": f"n{number}", "recorded": "2026-03-02T12:00:00", "situation": "street",
             "begin": "2026-03-02"}
        )  # fmt: skip
    house.type_in("3-3", "last", "last", situation="street", begin="2026-03-03")
    service = Service(house.system)
    thread = running(service)
    wait_for(lambda: 'event="service started"' in stream.getvalue())
    time.sleep(0.3)
    service.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    with house.system.database.read() as tx:
        count = tx.exec_driver_sql("SELECT count(*) FROM client").scalar()
        planned = tx.exec_driver_sql("SELECT count(*) FROM client WHERE changed > planned").scalar()
    # All or nothing: either the pass had not begun when the stop came, or it was finished.
    assert (count, planned) in ((2002, 0), (0, 0))


def test_another_process_that_ticks_is_let_go_first(house: House, stream: io.StringIO) -> None:
    service = Service(house.system)
    with house.system.database.tick_lock():
        thread = running(service)
        wait_for(lambda: 'event="pass left to another process"' in stream.getvalue())
    service.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_each_source_has_its_own_pace_and_the_rest_of_the_day_its_own_jobs(house: House) -> None:
    service = Service(house.system)
    assert service.jobs() == {
        "start": "at once",
        "source:registration": "interval[0:05:00]",
        "due": "interval[0:01:00]",
        "calendars": "interval[0:01:00]",
        "digest": "cron[hour='9', minute='0', second='1']",
        "housekeeping": "cron[hour='3', minute='17']",
    }


def test_each_webhook_is_told_beside_the_passes_and_one_that_fails_stops_nothing(
    house: House, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti.service.WEBHOOK_SECONDS", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        house.web = (
            f'[[webhooks]]\nname = "tasks"\nurl = "http://127.0.0.1:{taken.getsockname()[1]}/4711"\n'
            f'secret = "whsec_{"A" * 32}"\n'
        )
        house.configure()
        service = Service(house.system, lambda: when("3-16"))
        assert service.jobs()["webhook:tasks"] == "interval[0:00:01]"
        thread = running(service)
        wait_for(lambda: 'event="webhook not heard" webhook=tasks reason=ConnectError' in stream.getvalue())
        service.stop()
        thread.join(PATIENCE)
    assert [row.sent_at is not None for row in house.stored()] == [True]
    assert "4711" not in stream.getvalue()


def test_the_clock_is_aware() -> None:
    assert clock().tzinfo is UTC
