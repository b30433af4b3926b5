"""Mail addresses, as they can stand in an envelope."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(?:\.[^\s@<>,;:\"()\[\]\\.]+)*")


def is_address(text: str) -> bool:
    """Whether this can stand in an envelope as it is: "w1@example.org", in any script, without a name around it."""
    return len(text) <= 254 and text.isprintable() and _ADDRESS.fullmatch(text) is not None
