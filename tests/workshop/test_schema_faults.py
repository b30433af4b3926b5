"""The fault collection against the schemas: what is wrong in a file by itself is refused; what no schema can see is listed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cti.rulebook.folder import read_folder
from cti.workshop.schema import words_of
from tests.faults import Fault, broken, read_faults, write
from tests.project import ROOT
from tests.rulebook.house import DESKS, FILES, LANGUAGES
from tests.workshop.schemas import Checker, kind_of, said, validator

FAULTS = ROOT / "tests" / "rulebook" / "faults"

OTHER_FILE = "it depends on another file, or on the file's own name"
OTHER_PLACE = "it depends on another place in the file"
OWN_WORDS = "the file declares these words itself, and a new one may be used at once"
ONLY_OFFERED = "names of rules, steps and texts are offered, and others taken: they change oftener than schemas are renewed"
DAY_OR_TEXT = "a day and a text are the same to a schema"
NO_BOUNDS = "a schema cannot say between which days a day lies"
ADVICE = "it is a warning: the file can be used"

UNSEEN = {
    "files: a rule file with capitals": OTHER_FILE,
    "files: a rule that takes a name that is taken": OTHER_FILE,
    "rules: a phase that ends with the one before it": OTHER_PLACE,
    "rules: a since beyond the years that are counted in": NO_BOUNDS,
    "rules: an id that is not the file's name": OTHER_FILE,
    "rules: phases of what is no entry": OTHER_PLACE,
    "rules: two rules, and an id of the past in use": OTHER_FILE,
    "steps: a step of the past that is there": OTHER_PLACE,
    "steps: a step that nobody can answer": ADVICE,
    "steps: a step that never expires": ADVICE,
    "steps: a step that waits for itself": OTHER_PLACE,
    "steps: a step whose text is not there": OTHER_FILE,
    "steps: a step with another name": OTHER_FILE,
    "steps: a text that is not there": ONLY_OFFERED,
    "steps: after a step that is misspelt": OTHER_PLACE,
    "steps: after a step that is not there": OTHER_PLACE,
    "steps: escalates after the prompt has expired": ADVICE,
    "steps: steps that wait for each other": OTHER_PLACE,
    "steps: two steps with one id": OTHER_PLACE,
    "tests: a rule that is misspelt": ONLY_OFFERED,
    "tests: a step of another rule": ONLY_OFFERED,
    "tests: a step that is misspelt": ONLY_OFFERED,
    "tests: a variant that is misspelt": ONLY_OFFERED,
    "tests: an answer of another step": OTHER_FILE,
    "tests: an answer to a step that is misspelt": ONLY_OFFERED,
    "tests: an end before the beginning": OTHER_PLACE,
    "vocabulary: a fact by an answer that nobody declared": OWN_WORDS,
    "vocabulary: a since between quotes": DAY_OR_TEXT,
    "vocabulary: an answer that asks a fact that is misspelt": OWN_WORDS,
    "vocabulary: an answer that records a fact that is misspelt": OWN_WORDS,
    "vocabulary: an answer that records a wrong value": OWN_WORDS,
    "vocabulary: an answer that records what nobody declared": OWN_WORDS,
    "vocabulary: no since": ADVICE,
    "whole-way: a closing day between quotes": DAY_OR_TEXT,
    "whole-way: a deputy who is not among the people": OTHER_PLACE,
    "whole-way: a deputy who stands in for themselves": OTHER_PLACE,
    "whole-way: a deputy whom nobody knows": OTHER_PLACE,
    "whole-way: a person that is misspelt": OTHER_PLACE,
    "whole-way: a person whom nobody knows": OTHER_PLACE,
    "whole-way: a worker in an event whom nobody knows": OTHER_PLACE,
    "whole-way: a worker in an event who is not among the people": OTHER_PLACE,
    "whole-way: an absence over the turn of the year": OTHER_PLACE,
    "whole-way: an absence whose days changed places": OTHER_PLACE,
    "whole-way: the name of a text where its words belong": OTHER_PLACE,
    "whole-way: two people with one id": OTHER_PLACE,
}
"""Each fault of which the schemas say nothing, and why they cannot."""


def collection() -> Iterator[tuple[str, Fault]]:
    """The faults in rules, vocabulary and tests, each with its name. Texts have no schema, nor has what is no TOML.

    Doubts are left out: what they speak of can be used.
    """
    for file in sorted(FAULTS.glob("*.toml")):
        if file.stem == "doubts":
            continue
        for fault in read_faults(file):
            if kind_of(fault.file) is None or fault.new is None:
                continue
            try:
                tomllib.loads(broken(FILES, fault)[fault.file])
            except tomllib.TOMLDecodeError:
                continue
            yield f"{file.stem}: {fault.name}", fault


@pytest.fixture(scope="module")
def validators(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Checker]:
    folder: Path = tmp_path_factory.mktemp("house")
    write(folder, FILES)
    loaded = read_folder(folder / "rules", LANGUAGES, folder / "templates", DESKS)
    words = words_of(loaded, "en", LANGUAGES, DESKS)
    return {kind: validator(kind, words) for kind in ("rule", "vocabulary", "tests")}


def test_what_is_wrong_in_a_file_by_itself_is_refused(validators: dict[str, Checker]) -> None:
    """Who adds a fault that a schema cannot see adds it to the list above, with the reason."""
    silent = {
        name
        for name, fault in collection()
        if not said(broken(FILES, fault)[fault.file], validators[kind_of(fault.file) or ""])
    }
    assert sorted(silent) == sorted(UNSEEN)


def test_most_faults_can_be_seen() -> None:
    assert len(UNSEEN) < 0.2 * len(list(collection()))
