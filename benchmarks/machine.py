"""On what was measured: a figure without its machine says little."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """Processor, cores, memory and system, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores, {memory:.0f} GiB, {_system()}"


def versions() -> str:
    """What cti and the libraries under it are, in one line."""
    libraries = ("cti", "SQLAlchemy", "psycopg", "aiosmtplib", "aiosmtpd", "APScheduler")
    named = ", ".join(f"{name} {version(name)}" for name in libraries)
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {named}"


def ticks() -> tuple[int, int]:
    """The time of all processors so far, and how much of it the host of a virtual machine kept to itself; zeros where nobody
    tells."""
    told = Path("/proc/stat")
    if not told.exists():
        return 0, 0
    spent = [int(part) for part in told.read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    return sum(spent), spent[7] if len(spent) > 7 else 0


def kept_back(before: tuple[int, int], after: tuple[int, int]) -> str:
    """What the host kept to itself between two times, where that is more than a fiftieth: such figures are no figures."""
    share = share_kept(before, after)
    return f" The host kept {share:.0%} of the processors back meanwhile." if share > 0.02 else ""


def share_kept(before: tuple[int, int], after: tuple[int, int]) -> float:
    """The share of all processors' time that the host kept to itself between two times."""
    every, kept = after[0] - before[0], after[1] - before[1]
    return kept / every if every else 0.0


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or platform.machine()


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.system()
    return f"{name}, {platform.machine()}"
