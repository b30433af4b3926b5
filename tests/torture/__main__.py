"""`make torture`: kills the service so many times and reckons up with the mail server's log. See docs/faults.md.

`python -m tests.torture --kills 1000 --on postgresql --replicas 2 --seed 1`
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.postgres import postgres, postgres_database
from tests.torture.war import War, torture


def main(arguments: list[str] | None = None) -> int:
    asked = argparse.ArgumentParser(prog="make torture", description=__doc__)
    asked.add_argument("--kills", type=int, default=1000)
    asked.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--replicas", type=int, default=1)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--rush", action="store_true", help="more than fifty mails wait at once each morning")
    asked.add_argument("--keep", type=Path, help="a new folder in which everything stays, to be looked at")
    chosen = asked.parse_args(arguments)
    with ExitStack() as stack:
        folder = chosen.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = "sqlite:///cti.db"
        if chosen.on == "postgresql":
            url = stack.enter_context(postgres_database(stack.enter_context(postgres())))
        began = time.monotonic()

        def watch(war: War) -> None:
            done = war.kills.total()
            told = f"killed {done:,} of {chosen.kills:,} times, {time.monotonic() - began:.0f} s "
            print(told, end="\r" if done < chosen.kills else "\n", file=sys.stderr, flush=True)

        war = torture(folder, url, chosen.kills, chosen.replicas, chosen.seed, chosen.rush, watch)
        rush = ", in a rush" if chosen.rush else ""
        print(f"{chosen.on}, replicas: {chosen.replicas}, seed: {chosen.seed}{rush}")
        print(report(war, time.monotonic() - began))
    return 0 if war.reckoning is not None and war.reckoning.kept else 1


def report(war: War, seconds: float) -> str:
    """What happened, for people."""
    found = war.reckoning
    assert found is not None
    kinds = ", ".join(f"{number} {how}" for how, number in sorted(war.kills.items()))
    lines = [
        f"killed: {war.kills.total()} ({kinds}); connections cut: {war.cut}; passes: {war.passes}; {seconds:.0f} s",
        f"prompts told: {found.told}; mails accepted: {found.mails}; repeated with the same Message-ID, within the window: "
        f"{found.repeats}",
    ]
    broken: dict[str, Sequence[object]] = {
        "lost": found.lost,
        "told without cause": found.unasked,
        "told twice": found.twice,
        "repeated outside the window": found.outside,
        "another text under the same Message-ID": found.anew,
    }
    lines += [f"{what}: {len(which)} {list(which[:20]) or ''}" for what, which in broken.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
