"""The repository speaks of itself alone, in files that can be read."""

import os
import re

from tests.project import ROOT, files, modules, name

MOST_LINES = 400
# Written in pieces, so that this file does not name what it looks for.
REGISTRIES = re.compile(
    "|".join(("pypi" + r"\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "deb" + r"ian\.org"))
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.}$<-])/(?:home|root|Users|work|mnt|farm|tmp)/[\w.-]+|\.\./sha" + "red|[A-Z]:\\\\Users"
)
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "raise NotImplemented" + "Error")))


def texts() -> dict[str, str]:
    """The text of every file of the project, by its name."""
    return {name(file): file.read_text(encoding="utf-8") for file in files()}


def lines_with(pattern: re.Pattern[str], *, but: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{file}:{number}: {line.strip()}"
        for file, text in texts().items()
        if file not in but
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_registrys_address() -> None:
    assert lines_with(REGISTRIES) == []


def test_no_file_names_a_path_of_some_machine() -> None:
    assert lines_with(MACHINE_PATHS, but=(".ci/run",)) == []


def test_nothing_is_left_unfinished() -> None:
    assert lines_with(UNFINISHED) == []


def test_files_are_small_enough_to_read() -> None:
    long = {file: len(text.splitlines()) for file, text in texts().items() if file.endswith(".py")}
    assert {file: count for file, count in long.items() if count > MOST_LINES} == {}


def test_each_module_says_what_it_is_for() -> None:
    silent = [
        module for module, source in modules("cti").items() if source.strip() and not source.startswith('"""')
    ]
    assert silent == []


def test_texts_have_plain_line_ends_and_end_with_one() -> None:
    assert [
        file for file, text in texts().items() if "\r" in text or (text and not text.endswith("\n"))
    ] == []


def test_what_is_run_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
