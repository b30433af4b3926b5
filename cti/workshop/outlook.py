"""Figures that take a while: how late records come in, and what dates say of critical time intervention. Worked out when someone
asks, in a process beside the service, and kept in the database; counted so that nothing tells of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from cti import log
from cti.engine import System, last_tick
from cti.engine.rulebooks import standing
from cti.store import clients, meta
from cti.store.histories import histories
from cti.workshop.disclosure import is_small, shown, withheld
from cti.workshop.fidelity import Item, fidelity
from cti.workshop.findings import LOST
from cti.workshop.lateness import Late, Lateness, Suffering, lateness
from cti.workshop.simulate import YEAR, Days

KEY = "outlook"

Stage = Literal["working", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The figures as they may be shown, and when someone (`by`) asked for them. `records` and `steps` are the lateness of a year
    up to the last pass; `cti` has a row for each question: rule, name, phase, known, yes, no; the last two None where they
    would tell too much."""

    since: datetime
    by: str
    stage: Stage = "working"
    first: str = ""
    last: str = ""
    records: tuple[Mapping[str, Any], ...] = ()
    steps: tuple[Mapping[str, str], ...] = ()
    cti: tuple[Mapping[str, str | None], ...] = ()

    def under_way(self, now: datetime) -> bool:
        """Whether someone works on it still."""
        return self.stage == "working" and now - self.since < LOST


def found(tx: Connection) -> Outlook | None:
    """The figures that were worked out last; None where nobody asked yet."""
    kept = meta.get(tx, KEY)
    if kept is None:
        return None
    lists = {name: tuple(kept[name]) for name in ("records", "steps", "cti")}
    return Outlook(**(kept | lists | {"since": datetime.fromisoformat(kept["since"])}))


def keep(tx: Connection, outlook: Outlook) -> None:
    """Keeps the figures, in place of those of before."""
    meta.put(tx, KEY, asdict(outlook) | {"since": outlook.since.isoformat()})


def begin(tx: Connection, since: datetime, by: str) -> bool:
    """Notes that they are being worked out; False, and nothing is noted, where they are already."""
    before = found(tx)
    if before is not None and before.under_way(since):
        return False
    keep(tx, Outlook(since, by))
    return True


def work_out(system: System) -> None:
    """Works the figures out; does nothing where that was not begun."""
    with system.database.read() as tx:
        begun = found(tx)
    if begun is None or begun.stage != "working":
        return
    done = Outlook(begun.since, begun.by, "failed")
    try:
        done = _worked_out(system, begun)
    except Exception as failure:
        log.error("figures not worked out", failure)
    finally:
        with system.database.write() as tx:
            keep(tx, done)


def _worked_out(system: System, begun: Outlook) -> Outlook:
    rules, last = standing(system), last_tick(system)
    if rules is None or last is None:
        return Outlook(begun.since, begun.by, "failed")
    calendar = system.config.calendar
    today = calendar.day(last)
    late = lateness(system, rules.rulebook, Days(today - YEAR, today))
    with system.database.read() as tx:
        every = [history for _, history in histories(tx, clients.client_ids(tx))]
    items = fidelity(every, rules.rulebook, calendar, today)
    return outlook_of(begun, late, items)


def outlook_of(begun: Outlook, late: Lateness, items: tuple[Item, ...]) -> Outlook:
    """The figures as they may be shown."""
    return Outlook(
        begun.since,
        begun.by,
        "done",
        late.first.isoformat(),
        late.last.isoformat(),
        tuple(map(_record, late.records)),
        tuple(map(_step, late.steps)),
        tuple(map(_item, items)),
    )


def _record(late: Late) -> dict[str, Any]:
    """A group of fewer than five records is named, and no days of it. The worst is always that of one record."""
    days: dict[str, Any] = {}
    if not is_small(late.count):
        days = {"median": late.median, "nine_in_ten": late.nine_in_ten}
    return {"source": late.source, "team": late.team, "kind": late.kind, "count": shown(late.count), **days}


def _step(one: Suffering) -> dict[str, str]:
    rule, step = one.step
    counts = {"told": one.told, "late": one.late, "too_late": one.too_late}
    return {"rule": rule, "step": step, **{name: shown(count) for name, count in counts.items()}}


def _item(item: Item) -> dict[str, str | None]:
    parts = (item.yes, item.known - item.yes)
    tells = withheld(item.known, [parts])
    yes, no = (None, None) if tells else map(shown, parts)
    return asdict(item.question) | {"known": shown(item.known), "yes": yes, "no": no}
