"""What is given to run cti as a service fits what cti is."""

import re
import shlex
import subprocess
import tomllib
from shutil import which

import pytest

from tests.project import ROOT

UNIT = (ROOT / "deploy" / "cti.service").read_text()
CONTAINER = (ROOT / "deploy" / "Dockerfile").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def said(key: str) -> str:
    found = re.search(rf"^{key}=(.*)$", UNIT, re.MULTILINE)
    assert found is not None, key
    return found[1]


def test_the_unit_runs_the_service_and_begins_it_anew() -> None:
    command = shlex.split(said("ExecStart"))
    assert command[0].endswith("/cti") and command[-1] == "run"
    assert said("Restart") == "always"


def test_the_unit_tells_only_the_process_that_ends_both() -> None:
    assert said("KillMode") == "mixed"
    assert said("OOMPolicy") == "continue"


@pytest.mark.skipif(which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_understands_every_line_of_the_unit() -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", ROOT / "deploy" / "cti.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert [line for line in complaints if "cti.service" in line] == []


def test_the_container_holds_what_the_package_is_made_of() -> None:
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.*)$", CONTAINER, re.MULTILINE)
        for name in line.split()[:-1]
    }
    assert all((ROOT / name).exists() for name in copied)
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*wheel["only-include"], PROJECT["readme"], *PROJECT["license-files"]} <= copied
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    assert copied == allowed


def test_the_container_takes_the_versions_that_were_tested() -> None:
    script = re.search(r"sed -n '(s/[^']*/p)' constraints.txt", CONTAINER)
    assert script is not None
    done = subprocess.run(
        ["sed", "-n", script[1], ROOT / "constraints.txt"], capture_output=True, text=True, check=True
    )
    pinned = {line.partition("==")[0] for line in done.stdout.splitlines()}
    needed = {re.split(r"[\[<>=~! ;]", line)[0] for line in PROJECT["dependencies"]}
    assert needed <= pinned


def test_the_container_runs_as_nobody_in_particular() -> None:
    assert re.search(r"^USER [1-9]\d*$", CONTAINER, re.MULTILINE)
    assert re.search(r'^CMD \["cti", .*"run"\]$', CONTAINER, re.MULTILINE)
