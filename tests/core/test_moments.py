"""Moments of transitions and of workers."""

from __future__ import annotations

from cti.core.rules import Changes
from tests.core.build import (
    day,
    history,
    planned,
    rule,
    stay,
    step,
    worker,
)


def test_a_change_of_worker_prompts_the_worker_of_before() -> None:
    plan = planned(
        history(stay("a", "long-stay", "1-5"), worker("w", "w1", "1-5"), worker("x", "w2", "4-1")),
        rule("r", Changes(), step("hand-over", 0, to="previous-worker")),
    )
    assert [(e.day, e.worker) for e in plan.values()] == [(day("4-1"), "w1")]
