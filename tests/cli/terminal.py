"""The command line as someone at a terminal meets it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from cti.cli.main import run_command


@dataclass(frozen=True)
class Said:
    """How a command ended: its exit code, and what it wrote to standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Terminal:
    """Runs commands in this process, and reads what they write."""

    capfd: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Said:
        self.capfd.readouterr()
        code = run_command(arguments)
        out, err = self.capfd.readouterr()
        return Said(code, out, err)

    def ok(self, *arguments: str) -> str:
        """The standard output of a command that must go well."""
        said = self(*arguments)
        assert said.code == 0, said
        return said.out
