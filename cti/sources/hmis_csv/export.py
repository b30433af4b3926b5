"""What an export says about itself: its year, whether it is a full one, and the period that it covers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cti.core.events import Event, Stay
from cti.i18n import mark
from cti.problems import Problems, problem
from cti.sources.hmis_csv.codes import FULL_REFRESH, OLD_DESTINATIONS, UPDATED_IN_PERIOD, code
from cti.sources.hmis_csv.tables import ExitRow, ExportRow
from cti.sources.parse import DayReader

YEARS = (2024, 2026)


@dataclass(frozen=True, slots=True)
class Period:
    """The days of which a full export holds every enrolment, both included."""

    first: date
    last: date

    def covers(self, event: Event) -> bool:
        """Whether an enrolment that says this would be in the export. An expectation without a day cannot tell."""
        if isinstance(event, Stay):
            return event.begin <= self.last and (event.end is None or event.end >= self.first)
        day = getattr(event, "day", None)
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class About:
    """`period` None: what is missing from the export tells nothing. `made` is its ExportDate, where that is in ISO."""

    period: Period | None
    made: str | None


def about(rows: Sequence[ExportRow], day_of: DayReader) -> About:
    """What Export.csv says. Several rows (some systems write one for each organisation) count for what they agree on.

    Raises Problems for a year that is not read: its codes mean something else.
    """
    if not rows:
        raise Problems([problem(mark("Export.csv has no row; is the export complete?"), file="Export.csv")])
    for row in rows:
        year = re.search(r"(?<!\d)(20\d\d)(?!\d)", row.CSVVersion)
        if year is None:
            text = mark("Export.csv does not say its CSVVersion; the years {years} are read")
            raise Problems(
                [problem(text, file="Export.csv", line=row.line, field="CSVVersion", years=list(YEARS))]
            )
        if int(year[1]) not in YEARS:
            text = mark(
                "this is an HMIS CSV export of FY{year}; the years {years} are read, as codes differ from year to year. "
                "Let the registration system export one of these"
            )
            raise Problems(
                [
                    problem(
                        text,
                        file="Export.csv",
                        line=row.line,
                        field="CSVVersion",
                        year=year[1],
                        years=list(YEARS),
                    )
                ]
            )
    made = max((row.ExportDate for row in rows if re.match(r"\d{4}-\d\d-\d\d", row.ExportDate)), default=None)
    full = all(
        code(row.ExportDirective) == FULL_REFRESH and code(row.ExportPeriodType) != UPDATED_IN_PERIOD
        for row in rows
    )
    firsts = [day_of(row.ExportStartDate) for row in rows]
    lasts = [day_of(row.ExportEndDate) for row in rows]
    first = max((day for day in firsts if day is not None), default=None)
    last = min((day for day in lasts if day is not None), default=None)
    if not full or first is None or last is None or None in firsts or None in lasts:
        return About(None, made)
    return About(Period(first, last), made)


def check_codes(exits: Sequence[ExitRow]) -> None:
    """Refuses an export whose destinations are codes of FY2022 and before, whatever year it says it is."""
    codes = [code(row.Destination) for row in exits]
    old = sum(number in OLD_DESTINATIONS for number in codes)
    new = sum(number is not None and number >= 100 for number in codes)
    if old > new:
        text = mark(
            "{old} of {n} destinations are codes of FY2022 or before (such as 10 for what is now 410); the years {years} are "
            "read. Let the registration system export one of these"
        )
        raise Problems(
            [problem(text, file="Exit.csv", field="Destination", old=old, n=len(codes), years=list(YEARS))]
        )
