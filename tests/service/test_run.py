"""The service as one command: two processes, ended by a signal and going on when one of them dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from urllib.request import urlopen

import pytest

from tests.browser.visit import free_port
from tests.engine.house import House
from tests.service.waiting import PATIENCE, children, wait_for


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
    # Ctrl-C reaches the one that was begun; systemd tells all processes of a service.
    for pid in [*(children(process.pid) if number == signal.SIGTERM else ()), process.pid]:
        os.kill(pid, number)
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
    assert not any('event="passes died"' in line for line in lines)
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


def until(process: subprocess.Popen[str], event: str) -> None:
    """Reads the log up to the line of this event."""
    assert process.stderr is not None
    assert any(f'event="{event}"' in line for line in process.stderr), f"no {event}"


def is_there(pid: int) -> bool:
    said = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return said.stdout.strip() not in ("", "Z")


def test_a_process_of_the_passes_that_dies_is_begun_anew_and_that_is_shown(house: House) -> None:
    house.port = free_port()
    house.web = 'host = "127.0.0.1"'
    house.configure()
    process = start(house)
    try:
        until(process, "pass done")
        [passes] = children(process.pid)
        os.kill(passes, signal.SIGKILL)
        until(process, "passes died")
        until(process, "pass done")
        assert children(process.pid) != [passes]
        with urlopen(f"http://127.0.0.1:{house.port}/health") as answer:
            said = json.load(answer)
        assert (said["status"], said["died"]) == ("look", 1)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def test_the_process_of_the_passes_ends_when_that_of_the_pages_dies(house: House) -> None:
    process = start(house)
    until(process, "pass done")
    [passes] = children(process.pid)
    process.kill()
    process.communicate(timeout=PATIENCE)
    wait_for(lambda: not is_there(passes))
