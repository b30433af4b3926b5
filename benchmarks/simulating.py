"""`cti rules simulate` over a year of an organisation with 5,000 clients, with a draft that moves one step.

Two processes are at work at once, so on two processors that nobody else uses, little more than half of the time on the processor
passes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.figures import Figure
from tests.engine.sample import sample
from tests.workshop.drafting import draft

TODAY = date(2026, 1, 15)
YEAR = timedelta(days=365)


def measure(small: bool) -> Iterator[Figure]:
    """Makes the organisation, reads it in, and measures the command over the year before, with a draft beside the rules."""
    clients = 200 if small else 5000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "sample"
        made = sample(folder, TODAY, size=clients)
        made.tick(datetime(2026, 1, 15, 18, tzinfo=ZoneInfo("Europe/Amsterdam")), force=True)
        made.system.database.close()
        draft(folder / "rules", folder / "draft")
        since = (TODAY - YEAR).isoformat()
        command = [sys.executable, "-m", "cti", "-c", str(folder / "config.toml"), "rules", "simulate"]
        command += ["--rules", str(folder / "draft"), "--since", since, "--html", str(folder / "page.html")]
        before, began = os.times(), time.perf_counter()
        subprocess.run(command, capture_output=True, text=True, check=True)
        passed, after = time.perf_counter() - began, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    yield Figure(f"{clients:,} clients, time that passed", passed, "s")
    yield Figure("the same, on the processor", spent, "s")
