"""What is done by one at a time, however many services work on one database: the names of the locks.

Delivery has none: each message is claimed by itself. Nor have pages, but where they plan a client at once.
"""

from __future__ import annotations

from cti.engine.system import System

PLAN = "plan"
"""Which rules are in force, and planning by them."""

POST = "post"
"""Making messages."""

CALENDARS = "calendars"
"""Bringing people's calendars up to date."""


def of_source(name: str) -> str:
    """Reading the source of that name."""
    return f"source:{name}"


def everything(system: System) -> tuple[str, ...]:
    """All that a pass does: for whoever makes a whole one, or changes what all of them go by."""
    return (PLAN, POST, *(of_source(source.name) for source in system.config.sources))
