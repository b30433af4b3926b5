"""What the states of a prompt are called for people."""

from __future__ import annotations

from cti.i18n import mark

STATES = {
    "pending": mark("pending"),
    "sent": mark("sent"),
    "answered": mark("answered"),
    "settled": mark("settled"),
    "withdrawn": mark("withdrawn"),
    "expired": mark("expired"),
    "skipped": mark("skipped"),
    "covered": mark("covered"),
    "unroutable": mark("unroutable"),
}
OPEN = ("pending", "sent", "unroutable")
"""What still asks for something; the table shows these where no state is asked for."""
ALL = "all"
