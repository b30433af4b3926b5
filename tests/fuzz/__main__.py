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
MOST = 20
"""So many inputs that broke a reader are enough to look into."""

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
    pieces = range(asked.first, asked.first + asked.inputs)
    broke = [name for name in asked.targets or names if _breaks(name, asked.seed, pieces, asked.workers)]
    return 1 if broke else 0


def _breaks(target: str, seed: int, numbers: range, workers: int) -> bool:
    """Whether any input broke it. A reader that breaks again and again is not fed to the end."""
    began, done, broken = time.monotonic(), 0, 0
    with ProcessPoolExecutor(workers) as pool:
        pieces = [numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE)]
        waiting = {pool.submit(feed, target, seed, piece): len(piece) for piece in pieces}
        for future in as_completed(waiting):
            for one in future.result():
                _keep(one)
                broken += 1
            done += waiting[future]
            rate = done / (time.monotonic() - began)
            end = "\n" if done == len(numbers) else "\r"
            told = f"{target}: {done:,} of {len(numbers):,}, {rate:,.0f} a second, {broken} broke it "
            print(told, end=end, file=sys.stderr)
            if broken >= MOST:
                print(file=sys.stderr)
                pool.shutdown(cancel_futures=True)
                break
    return broken > 0


def _keep(one: Broken) -> None:
    KEPT.mkdir(exist_ok=True)
    file = KEPT / f"{one.target}-{one.seed}-{one.number}"
    file.write_bytes(one.data)
    print(f"\n{one.target}: input {one.number} of seed {one.seed}, kept in {file}:\n{one.what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
