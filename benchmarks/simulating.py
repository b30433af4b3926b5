"""How long `cti rules simulate` takes over a year of a large organisation.

    python -m benchmarks.simulating [CLIENTS]

Makes the sample organisation with 5,000 clients (or so many), reads it in, moves one step in a draft of its rules, and replays
the year before with the rules in force and with the draft. Prints the time that passed, and the time on the processor: two
processes are at work at once, so on two processors that nobody else uses, little more than half of the latter passes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.engine.sample import sample
from tests.workshop.drafting import draft

TODAY = date(2026, 1, 15)
YEAR = timedelta(days=365)


def main() -> None:
    """Makes the organisation, and measures the command."""
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
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
        said = subprocess.run(command, capture_output=True, text=True, check=True)
        passed, after = time.perf_counter() - began, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    print(next(line for line in said.stdout.splitlines() if line.startswith("prompts told")))
    print(f"{clients:,} clients: {passed:.0f} s passed, {spent:.0f} s on the processor")


if __name__ == "__main__":
    main()
