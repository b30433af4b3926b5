"""A command that is silent for a while gives a sign of life, in a terminal only."""

from __future__ import annotations

import io
import threading

import pytest

from cti.cli.output import out
from cti.cli.waiting import waiting


class Screen(io.StringIO):
    """Standard error; `written` is set once something stands there."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal
        self.written = threading.Event()

    def isatty(self) -> bool:
        return self.terminal

    def flush(self) -> None:
        self.written.set()


def test_the_sign_is_wiped_out_when_the_command_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(terminal=True)
    monkeypatch.setattr("sys.stderr", screen)
    with waiting(lambda: "One moment", after=0):
        assert screen.written.wait(60)
        assert screen.getvalue() == "One moment\r"
        out()
        assert screen.getvalue() == "One moment\r          \r"


def test_who_speaks_soon_gives_no_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(terminal=True)
    monkeypatch.setattr("sys.stderr", screen)
    with waiting(lambda: "One moment", after=3600):
        out()
    assert screen.getvalue() == ""


def test_without_a_terminal_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", Screen(terminal=False))
    before = threading.active_count()
    with waiting(lambda: "One moment", after=3600):
        assert threading.active_count() == before
