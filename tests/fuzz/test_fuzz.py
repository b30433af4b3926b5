"""Whatever comes from outside, a reader takes it or refuses it in its own way. `make fuzz` feeds each a million such inputs."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.dice import Target
from tests.fuzz.feeding import feed
from tests.fuzz.targets import targets

INPUTS = 60


@pytest.mark.parametrize("target", [pytest.param(target, id=target.name) for target in targets()])
def test_nothing_breaks_a_reader(target: Target) -> None:
    broken = feed(target.name, 0, range(INPUTS))
    assert not broken, "\n".join(f"input {one.number}: {one.data!r}\n{one.what}" for one in broken[:3])


@pytest.mark.parametrize("target", [pytest.param(target, id=target.name) for target in targets()])
def test_inputs_differ_and_are_the_same_for_the_same_seed(target: Target) -> None:
    first, again = ([target.rolled(Random(n)) for n in range(40)] for _ in range(2))
    assert first == again and len(set(first)) > 30


def test_what_breaks_a_reader_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.exports.usable_id", lambda text: text != "c1")
    [one, *_] = feed("csv-events", 0, range(20))
    assert "AssertionError" in one.what
