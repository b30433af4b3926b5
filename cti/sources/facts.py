"""Facts as the vocabulary has them."""

from __future__ import annotations

from cti.core.events import Value
from cti.core.vocabulary import FactKind


def yes_as(kind: FactKind, yes: bool) -> Value | None:
    """Yes or no as this fact says it: a yes/no fact, or a choice between with and without, or yes and no; else None."""
    if kind.type == "yes/no":
        return yes
    words = ("with", "yes") if yes else ("without", "no")
    return next((word for word in words if word in kind.values), None)
