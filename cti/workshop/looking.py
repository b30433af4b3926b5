"""Looks a draft through, and simulates it: in a process of its own, since that takes seconds to a minute.

`python -m cti.workshop.looking CONFIG look|simulate|figures` does what `cti.workshop.findings` (of figures:
`cti.workshop.outlook`) says is under way, and leaves there what it found. It reads no clock: the time is that at which someone
asked for it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cti import log
from cti.config import load
from cti.core.prompts import Planned
from cti.engine import System, last_tick
from cti.engine.gate import too_much
from cti.engine.rulebooks import standing
from cti.i18n import mark, say
from cti.problems import Problem
from cti.remedies import remedies
from cti.rulebook.check import Checked
from cti.sentences import label, reason
from cti.store.database import open_database
from cti.workshop.disclosure import shown
from cti.workshop.draft import changed, read_draft, see_draft
from cti.workshop.findings import Findings, Lack, Said, found, go_on
from cti.workshop.outlook import work_out
from cti.workshop.page import body
from cti.workshop.preview import KINDS, Preview, preview
from cti.workshop.report import report
from cti.workshop.simulate import YEAR, Days, simulate
from cti.workshop.stage import stage_of
from cti.workshop.verdict import Outcome, run_tests

HEADS = {
    "created": mark("new"),
    "moved": mark("moved"),
    "withdrawn": mark("withdrawn"),
    "revived": mark("revived"),
    "readdressed": mark("to someone else"),
    "waiting": mark("over a limit"),
}
"""The kinds of changes as heads of columns."""


def look_through(system: System) -> None:
    """Checks the draft, runs its tests, and works out what it would change; does nothing where no such work was begun."""
    _carry_out(system, "checking", _look)


def _look(system: System, work: Findings) -> None:
    config = system.config
    seen = see_draft(config)
    if seen is None or seen.digest != work.digest:
        _fails(system, work)
        return
    checked = read_draft(config, seen)
    rulebook, rules = checked.loaded.rulebook, standing(system)
    before = rules.rulebook.digest if rules is not None else ""
    usable = rulebook is not None and all(problem.level != "error" for problem in checked.problems)
    said = {lang: Said(lacks=tuple(_lacks(checked.problems, lang))) for lang in config.languages}
    changes = list(changed(rules.files, checked.loaded.files)) if rules is not None else []
    if rulebook is None or not usable:
        _keep(system, work, stage="checked", standing=before, said=said, changed=changes)
        return
    stage = stage_of(checked.loaded, config.languages, config.calendar, config.words)
    outcomes = list(run_tests(checked.tests, stage))
    failed = [outcome for outcome in outcomes if not outcome.passed]
    counts = {"tests": len(outcomes), "failed": len(failed)}
    plan = preview(system, rulebook, checked, work.since, tested=True)
    said = {lang: _words(system, lang, checked, failed, plan) for lang in config.languages}
    same = rulebook.digest == before
    known: dict[str, Any] = {
        "usable": True,
        "rulebook": rulebook.digest,
        "same": same,
        "standing": before,
        "said": said,
        "changed": changes,
    }
    _keep(system, work, stage="checked", **known, **counts)


def simulate_draft(system: System) -> None:
    """Replays the year up to the last pass with the draft and with the rules in force; does nothing where that was not begun."""
    _carry_out(system, "simulating", _simulate)


def _simulate(system: System, work: Findings) -> None:
    config = system.config
    seen, rules, last = see_draft(config), standing(system), last_tick(system)
    draft = read_draft(config, seen).loaded.rulebook if seen is not None else None
    if seen is None or seen.digest != work.digest or draft is None or rules is None or last is None:
        _fails(system, work)
        return
    told = 0

    def on_the_way(done: int, of: int) -> None:
        nonlocal told
        tenth = 10 * done // of * 10 if of else 0
        if told < tenth < 100:
            told = tenth
            _keep(system, work, done=tenth)

    day = config.calendar.day(last)
    compared = simulate(system, rules.rulebook, draft, Days(day - YEAR, day), on_the_way)
    books = (rules.rulebook, draft)
    said = {
        lang: Said(one.lacks, one.failing, one.kinds, one.changes, one.over, body(compared, books, lang))
        for lang, one in work.said.items()
    }
    _keep(system, work, stage="simulated", said=said)


def _carry_out(system: System, stage: str, do: Callable[[System, Findings], None]) -> None:
    """Does the work that was begun at this stage, and says so where it fails."""
    with system.database.read() as tx:
        work = found(tx)
    if work is None or work.stage != stage:
        return
    try:
        do(system, work)
    except BaseException as failure:
        _fails(system, work, failure)
        if not isinstance(failure, Exception):
            raise  # the service stops, and this with it


def _keep(system: System, work: Findings, **other: Any) -> None:
    """Keeps it, unless someone has begun another work meanwhile."""
    with system.database.write() as tx:
        now = found(tx)
        if now is not None and (now.digest, now.since) == (work.digest, work.since):
            go_on(tx, work, **other)


def _fails(system: System, work: Findings, failure: BaseException | None = None) -> None:
    if isinstance(failure, Exception):
        log.error("draft not looked through", failure)
    _keep(system, work, stage="failed")


def _words(system: System, lang: str, checked: Checked, failed: list[Outcome], plan: Preview) -> Said:
    def why(planned: Planned) -> str:
        return reason(lang, planned, plan.rulebook, system.config.calendar)

    some = [kind for kind in (*KINDS, "waiting") if any(counts[kind] for counts in plan.per_rule.values())]
    changes = [
        (_title(lang, rule, plan), tuple(shown(counts[kind]) for kind in some))
        for rule, counts in plan.per_rule.items()
    ]
    return Said(
        tuple(_lacks(checked.problems, lang)),
        tuple(report(outcome, lang, why) for outcome in failed),
        tuple(say(lang, HEADS[kind]) for kind in some),
        tuple(changes),
        tuple(too_much(over).sentence(lang) for over in plan.planning.held),
    )


def _title(lang: str, rule: str, plan: Preview) -> str:
    found = plan.rulebook.rule(rule)
    return label(lang, found.title, rule) if found is not None else rule


def _lacks(problems: tuple[Problem, ...], lang: str) -> Iterator[Lack]:
    for problem in problems:
        yield Lack(problem.level, problem.sentence(lang), "\n".join(remedies(problem, lang)))


def main(config: str, work: str) -> None:
    """Does one work. Others on this machine go before."""
    log.start()
    # Who is told to stop says first that the work is not done.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    if hasattr(os, "nice"):
        os.nice(10)
    read = load(Path(config), os.environ)
    system = System(read, open_database(read.database))
    {"look": look_through, "simulate": simulate_draft, "figures": work_out}[work](system)


if __name__ == "__main__":
    main(*sys.argv[1:])
