"""Each mistake that a manager easily makes is told in one clear line, with its place and its remedy, in English and Dutch."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import Fault, mend, read_faults, try_fault, write
from tests.rulebook.house import FILES, check_house

FAULTS = {file.stem: read_faults(file) for file in sorted((Path(__file__).parent / "faults").glob("*.toml"))}


def test_nothing_is_said_of_a_folder_in_which_nothing_is_wrong(tmp_path: Path) -> None:
    try_fault(tmp_path, FILES, Fault("none", "none", "", ""), check_house)


@pytest.mark.parametrize(
    "fault",
    [pytest.param(fault, id=f"{kind}: {fault.name}") for kind, faults in FAULTS.items() for fault in faults],
)
def test_a_mistake_is_told_and_mended(fault: Fault, tmp_path: Path) -> None:
    try_fault(tmp_path, FILES, fault, check_house)


def test_a_rule_file_with_another_name_takes_its_texts_and_its_past_along(tmp_path: Path) -> None:
    write(
        tmp_path, {name.replace("rules/crisis-intake", "rules/intake"): text for name, text in FILES.items()}
    )
    assert mend(tmp_path, check_house) == ()
    assert 'was = ["crisis-intake"]' in (tmp_path / "rules/intake.toml").read_text(encoding="utf-8")
    assert (tmp_path / "templates/prompts/intake/propose.nl.md").is_file()


def test_most_mistakes_come_with_the_line_that_mends_them() -> None:
    faults = [fault for kind in FAULTS.values() for fault in kind]
    assert len(faults) >= 120
    assert sum(not fault.left for fault in faults) >= 0.9 * len(faults)


def test_no_two_mistakes_are_one() -> None:
    faults = [(fault.file, fault.old, fault.new) for kind in FAULTS.values() for fault in kind]
    assert len(set(faults)) == len(faults)
