"""An earlier rulebook is put in force again: as a whole and at once, within the limits of any other change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cti.core.rules import Rulebook
from cti.engine import Busy
from cti.engine.gate import too_much
from cti.engine.locks import PLAN
from cti.engine.outcome import Planning
from cti.engine.planning import over_limits, replan
from cti.engine.rulebooks import look, put_in_force
from cti.engine.system import System
from cti.i18n import mark
from cti.problems import Problems, problem
from cti.rulebook.folder import from_files
from cti.store import rulebooks
from cti.store.rulebooks import Adopted


@dataclass(frozen=True, slots=True)
class Restored:
    """The number that the rulebook has from now on, and what it changed in the prompts."""

    number: int
    planning: Planning


def restore(system: System, number: int, now: datetime, by: str, force: bool = False) -> Restored:
    """Puts the rulebook with our number in force again, and plans by it; it holds until someone changes a file in the folder.

    Raises Busy, and Problems, having changed nothing, where there is no such rulebook, where it does not fit the config, and
    where what it changes is over a limit. With `force` it need only be readable.
    """
    with system.database.lock(PLAN) as mine:
        if not mine:
            raise Busy
        seen = look(system)
        with system.database.read() as tx:
            earlier = rulebooks.adopted(tx, number)
        if earlier is None:
            text = mark("there is no rulebook {number}; cti rules history lists them")
            raise Problems([problem(text, number=number)])
        rulebook = _usable(system, earlier, force)
        held = () if force else over_limits(system, rulebook, now)
        if held:
            raise Problems(too_much(over) for over in held)
        with system.database.write() as tx:
            put_in_force(tx, rulebook, earlier.files, seen, by, now)
            new = rulebooks.number_in_force(tx)
        assert new is not None
        return Restored(new, replan(system, rulebook, now, force))


def _usable(system: System, earlier: Adopted, force: bool) -> Rulebook:
    """The rulebook, if it fits the languages and desks that the config has by now; with `force` whatever it fits."""
    config = system.config
    loaded = from_files(earlier.files, config.languages, tuple(config.staff.desks))
    errors = [found for found in loaded.problems if found.level == "error"]
    if errors and force:
        loaded = from_files(earlier.files)
    elif errors:
        raise Problems(errors)
    if loaded.rulebook is None:
        raise Problems(loaded.problems)
    return loaded.rulebook
