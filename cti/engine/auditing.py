"""Noting in the audit trail who saw and did what, and what an auditor calls it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from cti.engine.people import known_staff
from cti.engine.system import System
from cti.i18n import mark
from cti.store import audit as trail

WHAT: Mapping[str, str] = {
    "came-in": mark("came in"),
    "went-out": mark("ended all their sessions"),
    "saw-prompt": mark("saw a prompt"),
    "saw-client": mark("saw a client"),
    "saw-trail": mark("read the audit trail"),
    "took-trail": mark("took the audit trail along as a file"),
    "took-answers": mark("took answers along as a file"),
    "saw-dossier": mark("read all that is held on a client"),
    "erased": mark("erased a client"),
    "answered": mark("answered a prompt"),
    "took-back": mark("took an answer back"),
    "snoozed": mark("put a prompt off"),
    "woken": mark("no longer put a prompt off"),
    "handed-over": mark("handed a prompt over"),
    "handed-back": mark("handed a prompt back"),
    "recorded": mark("recorded facts"),
    "unrecorded": mark("took a recorded fact back"),
    "expected": mark("recorded an expected move"),
    "unexpected": mark("took an expected move back"),
    "away": mark("set an absence"),
    "not-away": mark("took an absence back"),
    "resumed": mark("had mail go again from a copy that was put back"),
}
"""Everything that is noted, by its word in the trail: what an auditor reads, in English; `say` translates it."""


def audit(
    tx: Connection,
    system: System,
    by: str | None,
    what: str,
    at: datetime,
    client: int | None = None,
    prompt: int | None = None,
) -> None:
    """Notes that the person `by` (None: at the command line) did `what`, a word of WHAT, about that client or prompt (our
    numbers)."""
    if what not in WHAT:
        raise ValueError(f"{what} is not noted in the audit trail")
    person = known_staff(tx, system).people.get(by or "") if by else None
    trail.add(tx, at, by or "", person.role if person is not None else "", what, client, prompt)
