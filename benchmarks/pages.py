"""How long the pages of workers and team leads take with 5,000 clients and 50,000 prompts on SQLite, at rest and during passes.

.venv/bin/python benchmarks/pages.py
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import select

from cti.core.events import Assignment
from cti.engine import tick
from cti.store import assignments, clients, tables
from cti.store.bulk import insert, new_ids
from tests.engine.house import House, when
from tests.web.browser import Browser

CLIENTS, OF_EACH, WORKERS, ASKED = 5_000, 10, 100, 100
NOW = when("3-17", 12)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "house", lead=people())
        house.moves_in("3-2", "r1", "crisis-shelter", client="c1")
        for day in ("3-3", "3-17"):
            house.tick(day)
        fill(house)
        browsers = [Browser(house, lambda: NOW).come_in(f"p{number}") for number in range(5)]
        print(f"{CLIENTS} clients, {CLIENTS * OF_EACH} prompts, {WORKERS} workers; {ASKED} requests each")
        one = own_prompt(house)
        lead = [Browser(house, lambda: NOW).come_in("lead")]
        pages = (
            ("my prompts", "/prompts", browsers),
            ("a prompt", f"/prompts/{one}", browsers[:1]),
            ("clients of mine", "/clients", browsers),
            ("clients of a team of 5,000", "/clients", lead),
            ("a client", "/clients/1", lead),
            ("why, and why not", "/clients/1/why", lead),
        )
        for name, path, who in pages:
            report(f"{name}, at rest", [asked(who[n % len(who)], path) for n in range(ASKED)])
        stop = threading.Event()
        passes: list[float] = []
        worker = threading.Thread(target=ticking, args=(house, stop, passes))
        worker.start()
        for name, path, who in pages:
            report(f"{name}, during passes", [asked(who[n % len(who)], path) for n in range(ASKED)])
        stop.set()
        worker.join()
        print(f"passes meanwhile: {len(passes)}, of {statistics.median(passes):.2f} s")


def people() -> str:
    return "".join(
        f'\n[[people]]\nid = "p{n}"\nname = "p{n}"\naddress = "p{n}@example.org"\nteam = "north"\n'
        for n in range(WORKERS)
    )


def fill(house: House) -> None:
    """Copies of the one client's prompts, ten for each client; the first two of each were sent and wait for an answer."""
    with house.system.database.write() as tx:
        model = dict(tx.execute(select(tables.prompt).limit(1)).mappings().one())
        numbers = list(new_ids(tx, tables.client, CLIENTS))
        row = {"changed": 1, "planned": 1, "situation": "crisis-shelter", "open": True, "problem": None}
        insert(tx, tables.client, [{"id": n, "ref": f"x{n}"} | row for n in numbers])
        courses = {
            n: (
                Assignment(date(2026, 1, 5), f"p{n % WORKERS}", "north"),
                Assignment(date(2027, 1, 4), "p0", "north"),
            )
            for n in numbers
        }
        assignments.put(tx, courses)
        ids = iter(new_ids(tx, tables.prompt, CLIENTS * OF_EACH))
        rows = []
        for client in numbers:
            for each in range(OF_EACH):
                sent = each == 0 and client % 4 == 0
                rows.append(
                    model
                    | {
                        "id": next(ids),
                        "key": f"k{client}/{each}",
                        "client_id": client,
                        "due": NOW + timedelta(days=-1 if sent else 20 * each),
                        "until": NOW + timedelta(days=400),
                        "standing": "wanted" if each < 6 else "condition",
                        "sent_at": NOW - timedelta(hours=3) if sent else None,
                        "follow_at": NOW + timedelta(days=5) if sent else None,
                        "unroutable": False,
                        "covered_by": None,
                    }
                )
        insert(tx, tables.prompt, rows)


def own_prompt(house: House) -> int:
    with house.system.database.read() as tx:
        mine = select(tables.prompt.c.id).join(
            tables.assignment, tables.assignment.c.client_id == tables.prompt.c.client_id
        )
        found = tx.scalar(
            mine.where(
                tables.assignment.c.worker == "p0",
                assignments.on(NOW.date()),
                tables.prompt.c.sent_at.is_not(None),
            ).limit(1)
        )
    assert found is not None
    return int(found)


def ticking(house: House, stop: threading.Event, passes: list[float]) -> None:
    """Passes one after the other, each with a thousand clients to plan anew."""
    at = NOW
    while not stop.is_set():
        with house.system.database.write() as tx:
            clients.mark_dirty(tx, clients.client_ids(tx, 1000, 2000))
        at += timedelta(seconds=1)
        began = time.perf_counter()
        tick(house.system, at)
        passes.append(time.perf_counter() - began)


def asked(browser: Browser, path: str) -> float:
    began = time.perf_counter()
    assert browser.get(path).status_code == 200
    return 1000 * (time.perf_counter() - began)


def report(name: str, times: list[float]) -> None:
    ordered = sorted(times)
    print(
        f"{name}: median {statistics.median(times):.0f} ms, 95th percentile {ordered[int(len(ordered) * 0.95)]:.0f} ms"
    )


if __name__ == "__main__":
    main()
