"""What keeps a changed rules folder from coming into force: errors, tests of its own that fail, a plan that looks wrong.

The folder is judged as a whole, and swapped in one go or not at all (design, section 6 and law 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cti.core.limits import Held
from cti.core.rules import Rulebook
from cti.engine.planning import over_limits
from cti.engine.system import System
from cti.i18n import mark
from cti.problems import Problem, problem
from cti.rulebook.check import Checked, read_with_tests
from cti.rulebook.seen import Seen
from cti.workshop.stage import stage_of
from cti.workshop.verdict import run_tests


@dataclass(frozen=True, slots=True)
class Judged:
    """A rules folder as it was read, and why it may not come into force: `problems` say it, `held` has the numbers.

    `tested` is how many of its own tests passed; none where they were not run.
    """

    checked: Checked
    problems: tuple[Problem, ...] = ()
    held: tuple[Held, ...] = ()
    tested: int = 0

    @property
    def rulebook(self) -> Rulebook | None:
        """The rulebook to adopt; None where the folder may not come into force."""
        return None if self.problems else self.checked.loaded.rulebook


def judge(
    system: System,
    seen: Seen,
    now: datetime,
    standing: str | None,
    force: bool,
    folders: tuple[Path, Path] | None = None,
) -> Judged:
    """Judges the folder as it was seen. `standing` is the digest of the rulebook in force, None where there is none yet.
    `folders` are those of the rules and of the templates, by default the config's.

    Rules that mean what those in force mean, under other comments, are as right as these. Where nothing stands yet, and with
    `force`, errors alone keep a folder out.
    """
    config = system.config
    desks = tuple(config.staff.desks)
    rules, templates = folders or (config.rules, config.templates)
    checked = read_with_tests(rules, config.languages, templates, desks, config.folder, seen)
    rulebook = checked.loaded.rulebook
    if rulebook is not None and rulebook.digest == standing:
        return Judged(checked)
    errors = tuple(found for found in checked.problems if found.level == "error")
    if rulebook is None or errors:
        return Judged(checked, errors or checked.problems)
    if standing is None or force:
        return Judged(checked)
    failing = failures(checked, system)
    if failing:
        return Judged(checked, failing)
    held = over_limits(system, rulebook, now)
    return Judged(checked, tuple(too_much(over) for over in held), held, len(checked.tests))


def failures(checked: Checked, system: System) -> tuple[Problem, ...]:
    """The folder's own tests that fail."""
    config = system.config
    stage = stage_of(checked.loaded, config.languages, config.calendar, config.words)
    return tuple(
        problem(
            mark('the test "{name}" fails; cti rules test shows how'),
            file=outcome.test.file,
            line=outcome.test.line,
            name=outcome.test.name,
        )
        for outcome in run_tests(checked.tests, stage)
        if not outcome.passed
    )


def too_much(over: Held) -> Problem:
    """That a change is over a limit, with its numbers."""
    if over.what == "due":
        text = mark("would prompt about {clients} clients at once, which is over the limit of {limit}")
    else:
        text = mark("would withdraw the prompts of {clients} clients, which is over the limit of {limit}")
    return problem(text, rule=over.of, clients=over.clients, limit=over.limit)
