"""`make fuzz`: feeds each reader with inputs that are nearly right, on all processors, and keeps those that break one.

    python -m tests.fuzz [TARGET …] [--inputs N] [--seed N] [--from N]

Input N of a seed is always the same, so a run that was cut off is gone on with by --from, and one that broke a reader is made
again by --from N --inputs 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.fuzz.feeding import Broken, feed
from tests.fuzz.targets import targets

AT_ONCE = 2000
KEPT = Path(".fuzz")


def main() -> int:
    """Feeds, tells how far it is, and gives the exit code."""
    names = [target.name for target in targets()]
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description="Feed readers with inputs that are nearly right."
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(names)}; else all")
    parser.add_argument("--inputs", type=int, default=1_000_000, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="first", help="the number of the first input")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    if unknown := set(asked.targets) - set(names):
        parser.error(f"no target: {', '.join(sorted(unknown))}")
    broken = [
        one
        for name in asked.targets or names
        for one in _fed(name, asked.seed, range(asked.first, asked.first + asked.inputs), asked.workers)
    ]
    for one in broken:
        KEPT.mkdir(exist_ok=True)
        file = KEPT / f"{one.target}-{one.seed}-{one.number}"
        file.write_bytes(one.data)
        print(f"{one.target}: input {one.number} of seed {one.seed}, kept in {file}:\n{one.what}")
    return 1 if broken else 0


def _fed(target: str, seed: int, numbers: range, workers: int) -> list[Broken]:
    """All that broke it. The first few are told; a reader that breaks at once is not fed to the end."""
    broken: list[Broken] = []
    began, done = time.monotonic(), 0
    with ProcessPoolExecutor(workers) as pool:
        pieces = [numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE)]
        waiting = {pool.submit(feed, target, seed, piece): len(piece) for piece in pieces}
        for future in as_completed(waiting):
            broken += future.result()
            done += waiting[future]
            rate = done / (time.monotonic() - began)
            end = "\n" if done == len(numbers) else "\r"
            print(
                f"{target}: {done:,} of {len(numbers):,}, {rate:,.0f} a second, {len(broken)} broke it ",
                end=end,
                file=sys.stderr,
            )
            if len(broken) >= 20:
                print(file=sys.stderr)
                pool.shutdown(cancel_futures=True)
                break
    return broken


if __name__ == "__main__":
    sys.exit(main())
