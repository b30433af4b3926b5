"""Rule files are rewritten a thousand times at random while prompts fall due, and nobody notices but those who write them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from cti.core.prompts import Stored
from cti.engine import Tick, tick
from cti.engine.rulebooks import in_force
from cti.rulebook.folder import from_files
from cti.store import rulebooks
from tests.engine.fire import FILES, Shooter
from tests.engine.house import House, when
from tests.project import ROOT

CLIENTS = 30
SHOTS = 1000
TICKS = 50
START, END = when("3-2", 7), when("4-20", 10)
SITUATIONS = ("crisis-shelter", "street")


def besieged(folder: Path) -> House:
    """A house whose clients come in within three weeks, for two workers; each has one prompt to come, some weeks later."""
    house = House(folder, floor=8)
    shutil.rmtree(folder / "rules")
    shutil.rmtree(folder / "templates" / "prompts")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for number in range(CLIENTS):
        situation, day = SITUATIONS[number % 2], f"3-{2 + number % 19}"
        worker = "w1" if number % 4 < 2 else "w2"
        house.moves_in(day, f"s{number}", situation, client=f"c{number}", worker=worker)
    tick(house.system, START)
    return house


def live(house: House, ticks: int, beside: Callable[[], None]) -> None:
    """So many ticks from the start to the end; `beside` is called before each."""
    for number in range(ticks):
        beside()
        now = START + (END - START) * number / ticks
        went_well(tick(house.system, now), house)


def went_well(done: Tick, house: House) -> None:
    """Every part of the pass did its work, by a rulebook that is right."""
    assert done.posting.problems == () and done.posting.error is None
    assert (done.posting.failed, done.posting.unroutable, done.planning.broken) == (0, 0, 0)
    assert all(source.problems == () for source in done.sources)


def peace(house: House) -> None:
    """The last days, in which nobody touches the rules: what was kept back by limits or broken rules comes after all."""
    went_well(tick(house.system, END, force=True), house)
    now = END
    while now <= END + timedelta(days=10):
        now += timedelta(days=1)
        went_well(tick(house.system, now), house)


def told(house: House) -> Counter[str]:
    """How often a mail told of a prompt for the first time, by client; with whatever text, one that was cut off included."""
    found: Counter[str] = Counter()
    for mail in house.mails():
        body = mail.get_body(("plain",))
        assert body is not None
        for section in body.get_content().split("Cliënt c")[1:]:
            number = section.partition("\n")[0]
            again = ("niet meer nodig", "andere dag gekregen", "toch weer nodig")
            if not any(words in section for words in again):
                found[f"c{int(number)}"] += 1
    return found


def nothing_lost_and_nothing_twice(house: House) -> None:
    """Prompt by prompt, in the mails and in the store."""
    everyone = {f"c{number}": 1 for number in range(CLIENTS)}
    assert told(house) == everyone
    rows: list[Stored] = house.stored()
    assert Counter(row.plan.client for row in rows if row.sent_at is not None) == everyone
    with house.system.database.read() as tx:
        asked = "SELECT prompt_id, count(*) FROM message_item WHERE kind = 'prompt' GROUP BY prompt_id"
        items = {row[0]: row[1] for row in tx.exec_driver_sql(asked)}
    assert items == {row.id: 1 for row in rows if row.sent_at is not None}


def each_rulebook_was_right(house: House) -> None:
    """Whatever was in force can be read, and made the prompts that bear its digest."""
    with house.system.database.read() as tx:
        adopted = rulebooks.history(tx, 10_000)
    assert len(adopted) > 1, "some of the shots were good rules"
    for one in {one.digest: one for one in adopted}.values():
        loaded = from_files(one.files)
        assert loaded.rulebook is not None and loaded.rulebook.digest == one.digest
        assert not any(problem.level == "error" for problem in loaded.problems)
    assert {row.rulebook for row in house.stored()} <= {one.digest for one in adopted}
    assert in_force(house.system, END, "test").rulebook.digest == adopted[0].digest


@contextmanager
def under_fire(house: House, seed: int) -> Iterator[Callable[[], None]]:
    """Someone who shoots from a thread of their own; the function lets go of some more shots."""
    shooter, shots = Shooter(house.folder, seed), threading.Semaphore(0)

    def war() -> None:
        for _ in range(SHOTS):
            shots.acquire()
            shooter.shoot()

    thread = threading.Thread(target=war)
    thread.start()
    try:
        yield lambda: shots.release(SHOTS // TICKS)
    finally:
        shots.release(SHOTS)
        thread.join()
        shooter.mend()


def test_a_thousand_rewritings_lose_nothing_and_send_nothing_twice(tmp_path: Path) -> None:
    house = besieged(tmp_path)
    with under_fire(house, seed=1) as more:
        live(house, TICKS, more)
    peace(house)
    nothing_lost_and_nothing_twice(house)
    each_rulebook_was_right(house)


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3])
def test_ten_thousand_rewritings_by_another_process(tmp_path: Path, seed: int) -> None:
    house = besieged(tmp_path)
    command = [sys.executable, "-m", "tests.engine.fire", str(tmp_path), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True) as shooter:
        assert shooter.stdin is not None
        live(house, 600, partial(print, "\n" * 15, file=shooter.stdin, flush=True))
    assert shooter.returncode == 0
    peace(house)
    nothing_lost_and_nothing_twice(house)
    each_rulebook_was_right(house)
