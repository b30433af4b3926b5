"""Packages of Node that tests use, installed when the first test asks for one, and once for each environment."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

WANTED = Path(__file__).parent / "package.json"


@cache
def packages() -> Path:
    """The folder with the packages that package.json names; a skip where there is no Node or no npm.

    It stands in the environment of Python, so that `make clean` takes it along. Of several test processes one installs.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no Node with npm on this machine")
    wanted = WANTED.read_bytes()
    place = Path(sys.prefix) / "node" / hashlib.sha256(wanted).hexdigest()[:12]
    place.mkdir(parents=True, exist_ok=True)
    with (place / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / ".ready").exists():
            (place / "package.json").write_bytes(wanted)
            command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
            done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"npm could not install what the tests use:\n{done.stderr}"
            (place / ".ready").touch()
    return place / "node_modules"
