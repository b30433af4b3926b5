"""The server the tests run on clears away what an earlier run left, however that ended."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import PREFIX, clear_left_behind


@pytest.fixture
def left() -> Iterator[Path]:
    """What a run leaves in whose midst the machine stopped: a server's folder, and no server."""
    # A socket's path has room for a hundred characters; pytest's own folders may have longer names.
    with tempfile.TemporaryDirectory() as short:
        folder = Path(short) / f"{PREFIX}-left"
        (folder / "data").mkdir(parents=True)
        yield folder


def test_what_a_power_cut_left_is_cleared_away(left: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (left / "data" / "postmaster.pid").write_text(f"{gone.pid}\n{left / 'data'}\n")
    clear_left_behind(left.parent / f"{PREFIX}-own")
    assert not left.exists()


def test_a_process_that_got_the_number_of_a_server_that_is_gone_lives_on(left: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    ) as stranger:
        (left / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n{left / 'data'}\n")
        clear_left_behind(left.parent / f"{PREFIX}-own")
        assert stranger.poll() is None
    assert not left.exists()
