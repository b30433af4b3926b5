import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2

from tests.cli.terminal import Terminal


def test_the_demo_shows_what_was_recognised_planned_and_told(cti: Terminal) -> None:
    shown = cti.ok("demo", "--once", "--clients", "40", "--weeks", "2")
    assert "An invented organisation lives in demo" in shown
    assert "40 clients, 25 workers" in shown
    for part in (
        "Recognised: clients came into",
        "Planned: prompts",
        "Told: ",
        "each of them is a file in demo/outbox",
    ):
        assert part in shown
    mails = sorted(path.as_posix() for path in Path("demo/outbox").glob("*.eml"))
    assert mails and mails[-1] in shown
    # What it made is an organisation like any other, and nothing in it waits to be done.
    assert "Nothing would change" in cti.ok("-c", "demo/config.toml", "plan")
    assert cti("-c", "demo/config.toml", "check").code == 0
    assert cti("-c", "demo/config.toml", "transitions", "--json").json


def test_the_demo_overwrites_nothing_but_a_demo(cti: Terminal) -> None:
    Path("demo").mkdir()
    Path("demo/thesis.txt").write_text("mine")
    said = cti("demo", "--once", "--clients", "20")
    assert (said.code, said.err) == (1, "demo holds something else than a demo; name another folder\n")
    assert Path("demo/thesis.txt").read_text() == "mine"


def test_the_demo_of_one_time_is_the_same_again_and_goes_on_from_there(cti: Terminal) -> None:
    made = ["demo", "--once", "--clients", "20", "--weeks", "1", "--now", "2026-03-16T10:00"]
    first = cti.ok(*made)
    assert cti.ok(*made) == first
    assert cti("-c", "demo/config.toml", "plan", "--json").json["now"] == "2026-03-16T10:00:00+01:00"


def test_a_time_that_is_none_makes_no_demo(cti: Terminal) -> None:
    said = cti("demo", "--once", "--now", "monday")
    assert said.code == 2
    assert said.err.startswith("--now monday: not a time")
    assert not Path("demo").exists()


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def test_the_demo_serves_its_pages_with_a_way_in_for_each_role(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "cti",
        "--lang",
        "en",
        "demo",
        "--clients",
        "20",
        "--weeks",
        "1",
        "--port",
    ]
    process = subprocess.Popen(
        [*command, str(free_port())], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    ways: dict[str, str] = {}
    who = ""
    for line in process.stdout:
        if re.fullmatch(r"  (a|an|the) [a-z ]+, \S+:\n", line):
            who = line.strip()
        elif "/login/" in line:
            ways[who] = line.strip()
        elif line.startswith("Later you log in"):
            break
    assert [way.split(",")[0] for way in ways] == [
        "a worker",
        "the lead of that team",
        "a manager",
        "an administrator",
    ]
    with httpx2.Client(follow_redirects=True) as browser:
        page = browser.get(next(iter(ways.values())))
        sign = re.search(r'name="sign" value="([^"]+)"', page.text)
        assert sign is not None
        inside = browser.post(next(iter(ways.values())), data={"sign": sign[1]})
        assert inside.url.path == "/prompts"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")


def test_the_demo_says_at_once_that_its_port_is_taken(cti: Terminal) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        said = cti("demo", "--port", str(other.getsockname()[1]))
    assert said.code == 1
    assert "the pages cannot be served on 127.0.0.1" in said.err
    assert not Path("demo").exists()
