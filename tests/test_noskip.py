"""A run that promises to leave nothing out keeps its promise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = {
    "test_runs.py": "def test_runs(): pass",
    "test_skips.py": "import pytest\ndef test_skips(): pytest.skip('no browser here')",
    "test_marked.py": "import pytest\n@pytest.mark.skipif(True, reason='no server')\ndef test_marked(): pass",
    "test_module.py": "import pytest\npytest.importorskip('a_module_that_is_not_there')",
    "test_known.py": "import pytest\n@pytest.mark.xfail\ndef test_known(): assert False",
}


def outcome(folder: Path, *files: str, no_skip: str) -> tuple[int, str]:
    """Pytest's exit code and report for some files of the suite."""
    for name in files:
        (folder / name).write_text(SUITE[name])
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.noskip",
        "-p",
        "no:cacheprovider",
        "--rootdir=.",
    ]
    root = Path(__file__).parent.parent
    # Other plugins take most of the time that such a run takes, and have no part in it.
    environ = os.environ | {
        "CTI_NO_SKIP": no_skip,
        "PYTHONPATH": str(root),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    done = subprocess.run(
        [*command, *files], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("test_skips.py", "no browser here"),
        ("test_marked.py", "no server"),
        ("test_module.py", "a_module_that_is_not_there"),
    ],
)
def test_a_skip_fails_the_run_that_allows_none(tmp_path: Path, file: str, reason: str) -> None:
    code, report = outcome(tmp_path, "test_runs.py", file, no_skip="1")
    assert code != 0
    assert reason in report


def test_an_ordinary_run_shows_skips_and_passes(tmp_path: Path) -> None:
    code, report = outcome(tmp_path, "test_runs.py", "test_skips.py", "test_module.py", no_skip="")
    assert code == 0
    assert "1 passed, 2 skipped" in report


def test_what_is_expected_to_fail_is_no_skip(tmp_path: Path) -> None:
    code, report = outcome(tmp_path, "test_runs.py", "test_known.py", no_skip="1")
    assert code == 0
    assert "1 xfailed" in report
