from datetime import date, timedelta
from itertools import pairwise

from cti.sample.staff import TEAMS, staff

START, END = date(2023, 1, 1), date(2026, 1, 1)
WORKERS = staff(1, START, END)


def test_there_are_25_workers_in_four_teams() -> None:
    assert [worker.id for worker in WORKERS] == [f"w{n}" for n in range(1, 26)]
    assert {worker.team for worker in WORKERS} == set(TEAMS)


def test_each_worker_has_a_deputy_in_the_same_team() -> None:
    team = {worker.id: worker.team for worker in WORKERS}
    for worker in WORKERS:
        assert worker.deputy != worker.id and team[worker.deputy] == worker.team


def test_absences_do_not_overlap_and_take_some_five_to_eight_weeks_a_year() -> None:
    for worker in WORKERS:
        away = worker.absences
        assert all(one.last < other.first for one, other in pairwise(away))
        assert all(one.first <= one.last for one in away)
    total = sum((a.last - a.first + timedelta(days=1)).days for worker in WORKERS for a in worker.absences)
    assert 28 <= total / 3 / len(WORKERS) <= 56


def test_most_work_part_time_and_all_on_weekdays() -> None:
    assert all(set(worker.works) <= {"mon", "tue", "wed", "thu", "fri"} for worker in WORKERS)
    assert sum(len(worker.works) < 5 for worker in WORKERS) > len(WORKERS) / 2
