"""docs/commands.md tells what is there: every command and every option. What documents show is what is really written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from cti.cli.app import app
from tests.cli.terminal import Terminal
from tests.documented import COMMANDS, LANGUAGES, replay
from tests.project import ROOT

TEXT = COMMANDS.read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    """What stands under each heading of a command: `## cti rules check [DIR]` is "rules check"."""
    parts = re.split(r"^## cti (.+)$", TEXT, flags=re.MULTILINE)
    found = zip(parts[1::2], parts[2::2], strict=True)
    return {
        " ".join(word for word in head.split() if word.islower()): f"{head}\n{text}" for head, text in found
    }


def commands() -> Iterator[tuple[str, list[str]]]:
    """Each command of the program with its options (the longest name of each) and arguments."""

    def below(command: object, name: str) -> Iterator[tuple[str, list[str]]]:
        inner = getattr(command, "commands", None)
        if inner is not None:
            for word, one in inner.items():
                yield from below(one, f"{name} {word}".strip())
            return
        params = getattr(command, "params", [])
        yield (
            name,
            [max(param.opts, key=len) if param.opts[0][0] == "-" else param.metavar for param in params],
        )

    return below(typer.main.get_command(app), "")


@pytest.fixture
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def test_each_command_is_documented_and_each_documented_command_is_there() -> None:
    assert list(sections()) == [name for name, _ in commands()]


@pytest.mark.parametrize(
    ("name", "options"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_option_is_documented_and_each_documented_option_is_there(name: str, options: list[str]) -> None:
    text = sections()[name]
    told = set(re.findall(r"`(--[a-z-]+)", text)) | set(
        re.findall(r"`\[?([A-Z]{3,})\]?`", text.split("\n")[0])
    )
    heading = set(re.findall(r"\[?\b([A-Z]{3,})\b\]?", text.split("\n")[0]))
    expected = {option for option in options if option.startswith("--") and option != "--help"}
    assert told == expected
    assert heading == {option.strip("[]") for option in options if not option.startswith("--")}


@pytest.mark.parametrize("document", LANGUAGES, ids=lambda file: file.name)
def test_a_document_is_true_from_its_first_command_to_its_last(
    document: Path, cti: Terminal, tmp_path: Path
) -> None:
    def run(words: list[str], folder: Path) -> str:
        os.chdir(folder)  # the fixture goes back in the end
        said = cti("--lang", LANGUAGES[document], *words)
        return said.out + said.err

    for example, written in replay(document.read_text(encoding="utf-8"), tmp_path, run):
        assert example.matches(written), (
            f"$ {example.command}\n{written}\npython -m tests.documented writes it anew"
        )


@pytest.mark.parametrize(
    "file", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in ROOT.glob("docs/*.md"))]
)
def test_each_command_that_a_document_names_is_there(file: str) -> None:
    """In code, `cti` is followed by a command of the program, or by one of its own options."""
    known = {name.split()[0] for name, _ in commands()}
    pairs = {name for name, _ in commands() if " " in name}
    text = (ROOT / file).read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^\s*(?:\$ )?|&& )cti ([a-z]+)(?: ([a-z]+))?", text, re.MULTILINE)
    for first, second in named:
        assert first in known, f"{file}: cti {first}"
        if first in ("rules", "audit", "db"):
            assert f"{first} {second}" in pairs, f"{file}: cti {first} {second}"
