"""A refusal is kept until someone asks, in whatever language they read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cti.engine.refused import problem_data, problem_of
from cti.problems import problem
from cti.rulebook.words import Toml
from cti.store.codec import dumps, loads
from tests.faults import Fault, broken, said, write
from tests.rulebook.house import FILES, check_house
from tests.rulebook.test_faults import FAULTS

SOME = [fault for faults in FAULTS.values() for fault in faults][::9]


@pytest.mark.parametrize("fault", SOME, ids=lambda fault: fault.name)
def test_a_mistake_in_a_folder_reads_the_same_when_it_was_kept(fault: Fault, tmp_path: Path) -> None:
    write(tmp_path, broken(FILES, fault))
    found = check_house(tmp_path)
    kept = [problem_of(loads(dumps(problem_data(one)))) for one in found]
    assert [said(kept, lang) for lang in ("en", "nl")] == [said(found, lang) for lang in ("en", "nl")]
    assert [one.suggestion for one in kept] == [one.suggestion for one in found]


def test_what_stands_in_a_message_reads_the_same_when_it_was_kept() -> None:
    text = "{day} {number} {words} {guess} {nothing} {label}"
    one = problem(
        text,
        day=date(2026, 3, 2),
        number=3,
        words=("a", Toml("b")),
        guess=Toml("3 weeks"),
        nothing=None,
        label={"en": "yes", "nl": "ja"},
    )
    again = problem_of(loads(dumps(problem_data(one))))
    assert again.message("nl") == one.message("nl") == 'maandag 2 maart 2026 3 a, "b" "3 weeks" None ja'
