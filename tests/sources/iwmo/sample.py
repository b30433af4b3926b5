"""The sample organisation as iWmo messages: the stays in shelters and sheltered living, as they were typed in day by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from cti.sample.records import Record, Stay, Version
from tests.sources.iwmo.messages import Product, message, started, stopped

CATEGORY = {"crisis-shelter": "16", "long-stay": "15"}
REASONS = {
    "own-home": "19",
    "long-stay": "38",
    "crisis-shelter": "39",
    "with-others": "22",
    "institution": "36",
    "street": "37",
}
"""The code that is sent for each destination; `MEANT` tells a source so, as some of them stand for something else by default."""

MEANT = {code: situation for situation, code in REASONS.items()}
ONE_DAY = timedelta(days=1)

Line = tuple[str, Product]
"""A kind of message, and a product in it."""


def number_of(client: str) -> int:
    """The number of a client of the sample: "c00042"."""
    return int(client.removeprefix("c"))


def is_ours(record: Record) -> bool:
    """Whether a record is a stay that iWmo knows, of which no version has no days (a bed that was not taken is no delivery)."""
    said = [version.content for version in record.versions if version.content is not None]
    return all(isinstance(one, Stay) and one.situation in CATEGORY and one.end != one.begin for one in said)


def write_messages(folder: Path, records: Iterable[Record]) -> int:
    """Writes a message for every change of every stay that iWmo knows; returns their number."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for allocation, record in enumerate(filter(is_ours, records), 1):
        for before, after in pairwise((None, *_last_of_each_day(record.versions))):
            assert after is not None
            for kind, product in _lines(allocation, before, after):
                client = before.client if product["StatusAanlevering"] == "3" and before else after.client
                count += 1
                text = message(kind, f"{after.recorded:%Y-%m-%d}", [product], number_of(client), count)
                (folder / f"{count:06}-wmo{kind}.xml").write_text(text, encoding="utf-8")
    return count


def _last_of_each_day(versions: Iterable[Version]) -> list[Version]:
    return list({version.recorded.date(): version for version in versions}.values())


def _lines(number: int, before: Version | None, after: Version) -> Iterator[Line]:
    old = before.content if before is not None else None
    new = after.content
    same = before is not None and before.client == after.client
    told = [] if old is None else list(_told(number, old, "1"))
    wanted = [] if new is None else list(_told(number, new, "1"))
    for kind, product in reversed(told):
        if not same or (kind, product) not in wanted:
            yield kind, {**product, "StatusAanlevering": "3"}
    for line in wanted:
        if not same or line not in told:
            yield line


def _told(number: int, stay: object, status: str) -> Iterator[Line]:
    assert isinstance(stay, Stay)
    category = CATEGORY[stay.situation]
    yield "305", started(category, stay.begin.isoformat(), number, status)
    if stay.end is not None:
        last = (stay.end - ONE_DAY).isoformat()
        reason = "02" if stay.died else REASONS.get(stay.destination or "", "21")
        yield "307", stopped(category, stay.begin.isoformat(), last, reason, number, status)
