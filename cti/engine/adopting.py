"""The managers' draft is put in force by hand: as it was looked through, as a whole and at once, within the limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cti.engine import Busy
from cti.engine.gate import judge
from cti.engine.locks import PLAN
from cti.engine.outcome import Planning
from cti.engine.planning import replan
from cti.engine.rulebooks import look, put_in_force
from cti.engine.system import System
from cti.i18n import mark
from cti.problems import Problems, problem
from cti.store import rulebooks
from cti.workshop.draft import folders_of, see_draft


@dataclass(frozen=True, slots=True)
class Adopted:
    """The number that the rulebook has from now on, and what it changed in the prompts."""

    number: int
    planning: Planning


class Altered(Exception):
    """The draft is not as it was looked through, or gone. Nothing was done."""


class OverLimit(Problems):
    """The draft is right, and what it changes is over a limit. Nothing was done."""


def adopt(system: System, digest: str, now: datetime, by: str, force: bool = False) -> Adopted:
    """Puts the draft in force and plans by it; it holds until someone changes a file in the rules folder.

    `digest` is that of the draft as it was looked through (`Seen.digest`). `force` lets through what is over a limit. Raises
    Busy, Altered, OverLimit, and Problems where the draft has errors, fails a test of its own, or is in force already.
    """
    with system.database.lock(PLAN) as mine:
        if not mine:
            raise Busy
        draft = see_draft(system.config)
        if draft is None or draft.digest != digest:
            raise Altered
        with system.database.read() as tx:
            standing = rulebooks.in_force(tx)
        before = standing.digest if standing is not None else None
        judged = judge(system, draft, now, before, force=False, folders=folders_of(system.config))
        if judged.held and not force:
            raise OverLimit(judged.problems)
        if judged.problems and not judged.held:
            raise Problems(judged.problems)
        loaded = judged.checked.loaded
        assert loaded.rulebook is not None, "what was judged right has a rulebook"
        if loaded.rulebook.digest == before:
            raise Problems([problem(mark("these rules are in force already"))])
        seen = look(system)
        with system.database.write() as tx:
            put_in_force(tx, loaded.rulebook, loaded.files, seen, by, now)
            number = rulebooks.number_in_force(tx)
        assert number is not None
        return Adopted(number, replan(system, loaded.rulebook, now, force))
