"""The sample organisation, lived through: passes on some days, workers who answer some prompts, a mail that is full with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from cti.config import load
from cti.engine.answering import answer, answers_for
from cti.engine.rulebooks import in_force
from cti.engine.system import System
from cti.sample.events import append_events
from cti.store import prompts
from tests.engine.sample import Sample, sample

ZONE = ZoneInfo("Europe/Amsterdam")
LAST = date(2026, 1, 15)
TEN, THREE = time(10), time(15)


@dataclass(frozen=True)
class Lived:
    """The organisation with its passes, from the first day on."""

    made: Sample
    first: date
    passes: tuple[datetime, ...]

    @property
    def system(self) -> System:
        return self.made.system


def live(folder: Path, size: int, weeks: int, seed: int = 1) -> Lived:
    """So many clients and weeks up to a day in January. A pass is left out now and then, as if the machine had stood still; what
    is two months old already counts when it all begins."""
    first = LAST - timedelta(weeks=weeks)
    begin = datetime.combine(first, TEN)
    made = sample(folder, LAST, size=size, since=first - timedelta(days=60), until=begin)
    config = folder / "config.toml"
    narrow = "[organisation]\ncap = 1\nclosing_days = [2025-12-24, 2025-12-31]\n"
    config.write_text(
        config.read_text(encoding="utf-8").replace("[organisation]\n", narrow), encoding="utf-8"
    )
    made.system = System(load(config, {}), made.system.database)
    rng, passes, before = Random(seed), [begin.replace(tzinfo=ZONE)], begin
    made.tick(passes[0], force=True)
    for number in range(1, weeks * 7 + 1):
        now = datetime.combine(first + timedelta(days=number), TEN)
        if rng.random() < 0.4:
            continue
        append_events(folder / "export" / "events.csv", made.organisation.records, before, now)
        before = now
        passes.append(now.replace(tzinfo=ZONE))
        made.tick(passes[-1], force=True)
        _answer_some(made, passes[-1])
    return Lived(made, first, tuple(passes))


def _answer_some(made: Sample, now: datetime) -> None:
    """About half of the prompts are answered within a week, each always in the same way."""
    rulebook = in_force(made.system, now, "test").rulebook
    with made.system.database.read() as tx:
        waiting = list(prompts.sent_unanswered(tx))
    for row in waiting:
        rng = Random(row.plan.key)
        willing, patience = rng.random() < 0.5, timedelta(days=rng.randint(0, 6))
        over = row.plan.until is not None and row.plan.until <= now
        simple = [name for name, kind in answers_for(rulebook, row).items() if not kind.asks]
        if willing and not over and row.sent_at is not None and now - row.sent_at >= patience:
            at = datetime.combine(now.date(), THREE, ZONE)
            answer(made.system, rulebook, str(row.id), rng.choice(simple), at)
