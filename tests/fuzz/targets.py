"""What is fed: each reader of what comes from outside. It may refuse, in the way it says it does; it may not fail in another way,
hang, or take what is not valid."""

from __future__ import annotations

from functools import cache

from tests.fuzz.dice import Target
from tests.fuzz.exports import export_targets
from tests.fuzz.messages import message_target
from tests.fuzz.people import people_targets
from tests.fuzz.pushes import push_target
from tests.fuzz.resources import resource_target
from tests.fuzz.rules import rule_targets
from tests.fuzz.texts import text_targets


@cache
def targets() -> tuple[Target, ...]:
    """All readers of what comes from outside."""
    return (
        *export_targets(),
        resource_target(),
        message_target(),
        push_target(),
        *people_targets(),
        *rule_targets(),
        *text_targets(),
    )
