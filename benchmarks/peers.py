"""Peers, installed for the benchmarks alone, into `.bench` beside this folder: cti itself never needs them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

PLACE = Path(__file__).parent.parent / ".bench"


class Absent(Exception):
    """A peer that cannot be had here, with why."""


def python(*requirements: str) -> Path:
    """A folder with these packages ("zen-engine==2.1.3"), to be put on `sys.path` or in `PYTHONPATH`. Raises Absent."""
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]
    return _had("python", requirements, lambda place: [*install, str(place), *requirements])


def node(*packages: str) -> Path:
    """A folder whose `node_modules` holds these packages ("json-logic-js@2.0.5"). Raises Absent."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise Absent("there is no Node.js here")
    options = ["--silent", "--no-audit", "--no-fund", "--no-save"]
    return _had(
        "node", packages, lambda place: ["npm", "install", *options, "--prefix", str(place), *packages]
    )


def _had(kind: str, names: tuple[str, ...], command: Callable[[Path], list[str]]) -> Path:
    place = PLACE / kind / blake2b(" ".join(sorted(names)).encode(), digest_size=6).hexdigest()
    if (place / "whole").exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    done = subprocess.run(command(place), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Absent(f"could not be installed: {said[-1] if said else 'no reason given'}")
    (place / "whole").touch()
    return place
