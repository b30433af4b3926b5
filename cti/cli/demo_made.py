"""Makes the sample organisation of `cti demo`, and lives through its last weeks day by day."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from cti.cli.layout import lay_out
from cti.cli.output import Progressing
from cti.cli.refusal import Refusal
from cti.config import load
from cti.core.calendar import ONE_DAY, Calendar
from cti.core.prompts import Stored
from cti.core.rules import Rulebook
from cti.engine import System, Tick, tick
from cti.engine.answering import NOT_RELEVANT, answer, answers_for
from cti.engine.rulebooks import read
from cti.i18n import mark, say
from cti.problems import Problems
from cti.sample.events import append_events
from cti.sample.organisation import Organisation, write
from cti.store import prompts as stored_prompts
from cti.store import schema
from cti.store.database import open_database

MARKER = ".cti-demo"
ZONE = ZoneInfo("Europe/Amsterdam")
"""That of the sample organisation's config."""

PORT = 8080
"""Where the pages of the sample organisation are served, as its config says."""

MORNING = time(9, 5)
ANSWERED = 0.5
"""The share of prompts that workers of the sample answer, some days after they were told."""


@dataclass(frozen=True)
class Wish:
    """What to make: how many clients, how many weeks to live through, the seed of it all, and the port of its pages."""

    clients: int
    weeks: int
    seed: int
    port: int = PORT


@dataclass
class Demo:
    """What was made: where, and what its passes did together."""

    folder: Path
    wish: Wish
    system: System
    rulebook: Rulebook
    organisation: Organisation
    first: date
    last: Tick
    counts: Counter[str] = field(default_factory=Counter)


def made(folder: Path, now: datetime, wish: Wish, lang: str, shown: Progressing) -> Demo:
    """Lays out the sample organisation in `folder` and runs it to `now`. Its database stays open."""
    _make_room(folder)
    today = now.astimezone(ZONE).date()
    first = today - timedelta(weeks=wish.weeks)
    # Rules count from a little before the first day lived through, as they would for an organisation that begins then.
    lay_out(folder, first - timedelta(weeks=6))
    (folder / MARKER).touch()
    seen = datetime.combine(first, time())
    organisation = write(folder, wish.seed, today=today, clients=wish.clients, until=seen)
    if wish.port != PORT:
        _serve_at(folder / "config.toml", wish.port)
    system, rulebook = _opened(folder / "config.toml")
    moments = [*_mornings(system.config.calendar, first, today), now.astimezone(UTC)]
    counts: Counter[str] = Counter()
    done = Tick(moments[-1])
    for number, moment in enumerate(moments, 1):
        local = system.config.calendar.local(moment).replace(tzinfo=None)
        # Each day's export holds what was typed in since the last one, so that reading it is a matter of rows, not of years.
        append_events(folder / "export" / f"{local:%Y-%m-%d}.csv", organisation.records, seen, local)
        seen = local
        done = tick(system, moment, force=number == 1, by="cti demo")
        counts.update({name: count for name, count in done.data().items() if isinstance(count, int)})
        counts["answered"] += _answers(system, rulebook, moment, wish.seed)
        shown(number, len(moments), say(lang, "Living through {day}", day=local.date().isoformat()))
    return Demo(folder, wish, system, rulebook, organisation, first, done, counts)


def _opened(file: Path) -> tuple[System, Rulebook]:
    config = load(file, {})
    database = open_database(config.database)
    schema.ensure(database)
    system = System(config, database)
    loaded = read(system)
    if loaded.rulebook is None:
        raise Problems(loaded.problems)
    return system, loaded.rulebook


def _serve_at(file: Path, port: int) -> None:
    text = file.read_text(encoding="utf-8").replace(f"http://localhost:{PORT}", f"http://localhost:{port}")
    file.write_text(f"{text}\n[web]\nport = {port}\n", encoding="utf-8")


def _mornings(calendar: Calendar, first: date, today: date) -> list[datetime]:
    """The hour of the daily mail on each working day from the first until yesterday."""
    days = (first + ONE_DAY * number for number in range((today - first).days))
    return [calendar.at(day, MORNING) for day in days if calendar.works(day)]


def _make_room(folder: Path) -> None:
    """An earlier demo is thrown away; anything else is left alone."""
    if (folder / MARKER).exists():
        shutil.rmtree(folder)
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal(
            mark("{folder} holds something else than a demo; name another folder"), folder=folder.as_posix()
        )


def _answers(system: System, rulebook: Rulebook, now: datetime, seed: int) -> int:
    """Some workers answer, a few days after they were told; each prompt is answered always or never, on the same day."""
    count = 0
    with system.database.read() as tx:
        waiting = list(stored_prompts.sent_unanswered(tx))
    for row in waiting:
        said = _said(row, rulebook, now, seed)
        if said is not None:
            answer(system, rulebook, str(row.id), said, now, by=row.plan.worker)
            count += 1
    return count


def _said(row: Stored, rulebook: Rulebook, now: datetime, seed: int) -> str | None:
    rng = Random(f"{seed} {row.plan.key}")
    willing, patience = rng.random() < ANSWERED, timedelta(days=rng.randint(1, 6))
    # Answers that ask for facts would need someone who knows them.
    kinds = answers_for(rulebook, row)
    simple = [name for name, kind in kinds.items() if not kind.asks and kind is not NOT_RELEVANT]
    if not willing or not simple or row.sent_at is None or now - row.sent_at < patience:
        return None
    return rng.choice(simple)
