"""Runs the benchmarks, tells what they measured, and keeps it in RESULTS.md.

    python -m benchmarks [NAME …] [--small]

Without names all of them. `--small` tries them out on a tenth of the work or less, and keeps nothing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks.figures import Row, table
from benchmarks.machine import kept_back, machine, ticks, versions

NAMES = (
    "planning",
    "growth",
    "reading",
    "importing",
    "delivering",
    "latency",
    "simulating",
    "pages",
    "pushing",
)
"""The benchmarks in the order in which they are told: modules with `measure(small)`, whose docstring says what they measure."""

RESULTS = Path(__file__).parent / "RESULTS.md"

Measure = Callable[[bool], Iterable[Row]]


def main() -> None:
    """Measures what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures how fast cti is.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(NAMES)}")
    parser.add_argument("--small", action="store_true", help="less work, only to see whether it runs")
    asked = parser.parse_args()
    if strange := [name for name in asked.names if name not in NAMES]:
        parser.error(f"{strange[0]}: not a benchmark; there are {', '.join(NAMES)}")
    print(f"{machine()}\n{versions()}", flush=True)
    for name in asked.names or NAMES:
        module = import_module(f"benchmarks.{name}")
        lines = run(name, (module.__doc__ or "").strip().splitlines()[0], module.measure, asked.small)
        if not asked.small:
            keep(name, lines)


def run(name: str, about: str, measure: Measure, small: bool) -> list[str]:
    """Measures one, prints it, and gives its part of RESULTS.md."""
    began, before = time.perf_counter(), ticks()
    print(f"\n## {name}\n\n{about}\n", flush=True)
    rows = list(measure(small))
    lines = table(rows)
    print("\n".join(lines))
    took = time.perf_counter() - began
    kept = kept_back(before, ticks())
    print(f"\n{took:.0f} s.{kept}", flush=True)
    day = datetime.now(UTC).date().isoformat()
    how = f"`make bench ARGS={name}`, {day}, {took:.0f} s. {machine()}.{kept} {versions()}."
    return [f"## {name}", "", about, "", *lines, "", how, ""]


def keep(name: str, lines: list[str], file: Path = RESULTS) -> None:
    """Puts what was measured in the place of what was measured before; the other benchmarks' parts stay."""
    parts: dict[str, list[str]] = {}
    part = list[str]()
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("## "):
                part = parts.setdefault(line.removeprefix("## "), [])
            part.append(line)
    parts[name] = lines
    told = [line for each in NAMES if each in parts for line in (*parts[each], "")]
    text = "\n".join([*HEAD, *told])
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    file.write_text(text.rstrip() + "\n", encoding="utf-8")


HEAD = (
    "# What was measured",
    "",
    "Written by `make bench`. All of one table was measured in one run on one machine, so ratios hold where figures do not.",
    "`kept` and `MISSED` say whether the bound of the ratio (of the figure, where there is no ratio) is kept.",
    "",
)


if __name__ == "__main__":
    main()
