"""One truth in five dialects comes to the same transitions and the same prompts, recipients apart.

Each dialect is told week after week what people type in, with all their mistakes, and is read by a whole cti of its own. They are
held against one another on what all that are compared can tell (`told`): event rows, snapshots and CloudEvents tell everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from cti.sample.make import make_truth
from cti.sample.records import Record, Stay
from cti.sample.register import register
from tests.dialects.told import HOUR, as_hmis, as_iwmo, weekly
from tests.dialects.written import ZONE, Told

START = date(2026, 1, 5)
WEEK = timedelta(weeks=1)

Part = Callable[[Iterable[Record]], tuple[Record, ...]]

COMPARED: dict[str, tuple[Part, tuple[str, ...]]] = {
    "everything": (tuple, ("events", "snapshots", "cloudevents")),
    "what HMIS can tell": (as_hmis, ("events", "hmis", "hmis tables")),
    "what iWmo can tell": (as_iwmo, ("events", "hmis", "iwmo")),
}


def compare(folder: Path, of: str, clients: int, weeks: int) -> tuple[int, int]:
    """Tells the dialects that part of the truth and compares them; gives how many transitions and prompts there are."""
    part, dialects = COMPARED[of]
    truth = make_truth(1, START, START + weeks * WEEK, clients)
    records = weekly(part(register(truth)), hour=0 if part is as_iwmo else HOUR)
    houses = [Told(folder / dialect, dialect, truth, records) for dialect in dialects]
    at = datetime(START.year, START.month, START.day, HOUR)  # noqa: DTZ001 - local, as the sample has it
    for _ in range(weeks):
        at += WEEK
        for house in houses:
            house.tell(at - WEEK, at)
    now = at.replace(tzinfo=ZONE)
    first, *others = houses
    for other in others:
        assert other.transitions() == first.transitions(), other.dialect
        # Tables tell no more of a search that is over: what nobody was told of it is gone.
        some = other.dialect == "hmis tables"
        assert other.prompts(now, some) == first.prompts(now, some), other.dialect
    return len(first.transitions()), first.prompts(now).total()


@pytest.mark.parametrize(
    ("of", "transitions", "prompts"),
    [("everything", 60, 180), ("what HMIS can tell", 60, 140), ("what iWmo can tell", 30, 80)],
)
def test_a_season_is_the_same_in_every_dialect(
    of: str, transitions: int, prompts: int, tmp_path: Path
) -> None:
    counted = compare(tmp_path, of, clients=50, weeks=11)
    assert counted[0] >= transitions and counted[1] >= prompts, counted


@pytest.mark.long
@pytest.mark.parametrize("of", COMPARED)
def test_half_a_year_is_the_same_in_every_dialect(of: str, tmp_path: Path) -> None:
    counted = compare(tmp_path, of, clients=60, weeks=26)
    assert min(counted) > 50, counted


def test_a_word_that_one_of_them_lacks_is_noticed(tmp_path: Path) -> None:
    """These comparisons can fail: one stay that is told to one of two houses only is a difference in both."""
    truth = make_truth(1, START, START + 6 * WEEK, 20)
    records = weekly(register(truth))
    [stay, *_] = (one for one in records if isinstance(one.last_content, Stay))
    rest = [one for one in records if one != stay]
    at = datetime(2026, 2, 16, HOUR)  # noqa: DTZ001 - local, as the sample has it
    houses = [
        Told(tmp_path / name, "events", truth, said) for name, said in (("all", records), ("less", rest))
    ]
    for house in houses:
        house.tell(at - 6 * WEEK, at)
    whole, less = houses
    assert whole.transitions() != less.transitions()
    assert whole.prompts(at.replace(tzinfo=ZONE)) != less.prompts(at.replace(tzinfo=ZONE))
