"""What is fed to the reader of iWmo messages."""

from __future__ import annotations

from pathlib import Path

from cti.problems import Problems
from tests.fuzz.dice import Target, words_of
from tests.fuzz.exports import taken
from tests.fuzz.said import problems_are_said
from tests.sources.build import read
from tests.sources.iwmo.messages import SECRET, allocated, message, started, stopped

MESSAGES = (
    message(
        "301",
        "2026-01-02",
        [allocated("15/AB", "2026-01-05", "2026-06-30", "04"), allocated("02", "2026-02-05", number=2)],
        interpreter=True,
    ),
    message("305", "2026-01-06", [started("16", "2026-01-05"), started("02", "2026-01-05", 2, "3")]),
    message(
        "307",
        "2026-03-06",
        [stopped("16", "2026-01-05", "2026-03-01"), stopped("15", "2026-01-05", "2026-03-01", "02", 2)],
    ),
)
ODD = (
    b"9999-12-31",
    b"2199-12-31",
    b"1900-01-01",
    b"<!DOCTYPE a>",
    b"&x;",
    b"<![CDATA[",
    b"]]>",
    b"13",
    b"20",
)


def feed_iwmo(folder: Path, data: bytes) -> None:
    (folder / "message.xml").write_bytes(data)
    try:
        taken(read(folder, "iwmo", path=".", pattern="message.xml", secret=SECRET, team="north"))
    except Problems as refused:
        problems_are_said(refused.problems)


def message_target() -> Target:
    """The reader of iWmo messages."""
    words = words_of(*(one.replace("<", " <").replace(">", "> ") for one in MESSAGES))
    return Target("iwmo", [one.encode() for one in MESSAGES], [*words, *ODD], feed_iwmo, head=2)
