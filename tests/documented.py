"""Runs the examples of docs/commands.md as they stand there. `python -m tests.documented` writes what they say now into it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.project import ROOT

COMMANDS = ROOT / "docs" / "commands.md"

Run = Callable[[list[str], Path], str]
"""Runs `cti` with these arguments in this folder; gives all that it wrote."""

# What differs from day to day, or changes whenever someone adds a rule.
VARYING = (
    (re.compile(r"(?<=since )\d{4}-\d{2}-\d{2}$", re.MULTILINE), "…"),
    (re.compile(r"\d+ rules? .*? tests"), "…"),
    (re.compile(r"(?<=all )\d+(?= tests pass)"), "…"),
)


@dataclass(frozen=True)
class Example:
    """A command line of the document, and what it is said to write."""

    command: str
    output: str

    @property
    def words(self) -> list[str]:
        """The arguments of `cti`."""
        return shlex.split(self.command)[1:]

    def matches(self, written: str) -> bool:
        """Whether this was written; `…` stands for anything, and blanks at the ends of lines do not count."""
        said = re.escape(_trimmed(self.output)).replace("…", ".*?")
        return re.fullmatch(said, _trimmed(written), re.DOTALL) is not None


def examples(text: str) -> Iterator[Example]:
    """The examples in the blocks called `console`, in order; each begins with `$ `."""
    for block in re.finditer(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block[1], flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield Example(command, output)


def replay(text: str, folder: Path, run: Run) -> Iterator[tuple[Example, str]]:
    """Runs the examples one after another in an empty folder; gives each with what it wrote.

    Behind `cti init` stands what the document says: the export is in its place, and the vocabulary begins in January.
    """
    place = folder
    for example in examples(text):
        written = run(example.words, place)
        if example.words[0] == "init":
            place = folder / example.words[1]
            vocabulary = place / "rules" / "vocabulary.toml"
            since = re.sub(r"^since\s*=.*$", "since = 2026-01-01", vocabulary.read_text(), flags=re.MULTILINE)
            vocabulary.write_text(since)
            export = re.search(r"^```csv\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
            assert export is not None
            (place / "export" / "events.csv").write_text(export[1])
        yield example, written.replace(place.as_posix(), "…")


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().split("\n"))


def _written_anew(text: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        for example, written in replay(text, Path(folder).resolve(), _in_a_process):
            for varying, instead in VARYING:
                written = varying.sub(instead, written)
            before = f"$ {example.command}\n{example.output}"
            assert before in text
            text = text.replace(before, f"$ {example.command}\n{_trimmed(written)}\n", 1)
    return text


def _in_a_process(words: list[str], folder: Path) -> str:
    command = [sys.executable, "-m", "cti", "--lang", "en", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


if __name__ == "__main__":
    COMMANDS.write_text(_written_anew(COMMANDS.read_text(encoding="utf-8")), encoding="utf-8")
