"""Runs what documents say: their commands, and the changes to files between them, from start to end in an empty folder.

In a block called `console` stands, behind `$ `, what is typed, and below it what is written then; `…` stands for anything. Other
blocks change a file if they say so behind the language: `file PATH` is all of it, `end of PATH` is added to it, `line of PATH`
stands in the place of the line with the same key, and a block `was PATH` is replaced by the next, which is called `becomes`.

`python -m tests.documented [FILE…]` writes what the commands write now wherever a document says something else.
"""

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
LANGUAGES = {COMMANDS: "en", ROOT / "docs" / "guide.nl.md": "nl", ROOT / "docs" / "guide.en.md": "en"}
"""Each document that can be run, and the language in which it shows what is written."""

Run = Callable[[list[str], Path], str]
"""Runs `cti` with these arguments in this folder; gives all that it wrote."""

# What differs from day to day, or changes whenever someone adds a rule.
VARYING = (
    (re.compile(r'(?<="rulebook": ")[0-9a-f]{64}'), "…"),
    (re.compile(r"\b[0-9a-f]{8}( +\d+)+\b"), "…"),
    (re.compile(r"(?<=since )\d{4}-\d{2}-\d{2}$", re.MULTILINE), "…"),
    (re.compile(r"\d+ (rules?|regels?) .*? tests"), "…"),
    (re.compile(r"(?<=all )\d+(?= tests pass)|(?<=alle )\d+(?= tests (slagen|van))|(?<=all their )\d+"), "…"),
    (re.compile(r"(?<=of )\d+(?= tests fail)|(?<=van de )\d+(?= tests sla)"), "…"),
)

BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A command line of a document, and what it is said to write."""

    command: str
    output: str

    @property
    def words(self) -> list[str]:
        """The program and its arguments."""
        return shlex.split(self.command)

    def matches(self, written: str) -> bool:
        """Whether this was written; `…` stands for anything, and blanks at the ends of lines do not count."""
        said = re.escape(_trimmed(self.output)).replace("…", ".*?")
        return re.fullmatch(said, _trimmed(written), re.DOTALL) is not None


@dataclass(frozen=True)
class Edit:
    """A change to a file: how (`file`, `end of`, `line of` or `was`), which, and the text; of `was` also what it becomes."""

    how: str
    path: str
    text: str
    becomes: str = ""

    def apply(self, folder: Path) -> None:
        """Makes the change, which must fit what stands there."""
        file = folder / self.path
        if self.how == "file":
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text, encoding="utf-8")
            return
        before = file.read_text(encoding="utf-8")
        if self.how == "end of":
            after = f"{before.rstrip()}\n\n{self.text}"
        elif self.how == "line of":
            key = re.escape(self.text.split("=")[0].strip())
            after, found = re.subn(rf"^{key}\s*=.*\n", lambda _: self.text, before, flags=re.MULTILINE)
            assert found == 1, f"{self.path}: {found} lines with {key}"
        else:
            assert before.count(self.text) == 1, (
                f"{self.path} has {before.count(self.text)} times:\n{self.text}"
            )
            after = before.replace(self.text, self.becomes)
        file.write_text(after, encoding="utf-8")


def parts(text: str) -> Iterator[Example | Edit]:
    """What is done in a document, in order."""
    was: Edit | None = None
    for language, info, content in BLOCK.findall(text):
        if language == "console":
            for part in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                yield Example(command, output)
        elif info == "becomes":
            assert was is not None, content
            yield Edit(was.how, was.path, was.text, content)
            was = None
        elif info:
            how, path = re.fullmatch(r"(file|end of|line of|was) (\S+)", info).groups()  # type: ignore[union-attr]
            edit = Edit(how, path, content)
            if how == "was":
                was = edit
            else:
                yield edit
    assert was is None, f"{was} becomes nothing"


def replay(text: str, folder: Path, run: Run) -> Iterator[tuple[Example, str]]:
    """Does what a document says, beginning in an empty folder; gives each command with what it wrote."""
    place = folder
    for part in parts(text):
        if isinstance(part, Edit):
            part.apply(place)
        elif part.words[0] == "cti":
            yield part, run(part.words[1:], place).replace(place.as_posix(), "…")
        elif part.words[0] == "cd":
            place /= part.words[1]
        else:
            subprocess.run(part.words, cwd=place, check=True)


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().split("\n"))


def _written_anew(text: str, lang: str) -> str:
    def in_a_process(words: list[str], folder: Path) -> str:
        command = [sys.executable, "-m", "cti", "--lang", lang, *words]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    place = 0
    with tempfile.TemporaryDirectory() as folder:
        for example, written in replay(text, Path(folder).resolve(), in_a_process):
            before = f"$ {example.command}\n{example.output}"
            place = text.index(before, place)
            now = before
            if not example.matches(written):
                for varying, instead in VARYING:
                    written = varying.sub(instead, written)
                now = f"$ {example.command}\n{_trimmed(written)}\n"
                text = text[:place] + now + text[place + len(before) :]
            place += len(now)
    return text


if __name__ == "__main__":
    for document, lang in LANGUAGES.items():
        if sys.argv[1:] and document.name not in sys.argv[1:]:
            continue
        document.write_text(_written_anew(document.read_text(encoding="utf-8"), lang), encoding="utf-8")
