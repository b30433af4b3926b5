"""Delays and times of day, in English and Dutch, and what was probably meant by what is none."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.core.rules import Delay, Unit
from cti.rulebook.delay import read_days, read_delay, read_span, read_time, read_working_days
from cti.rulebook.meant import guess_delay
from cti.rulebook.words import Wrong
from cti.rulebook.written import LONGEST, write_delay


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("14 days", Delay(14, "days")),
        ("1 day", Delay(1, "days")),
        ("3 working days", Delay(3, "working days")),
        ("1 working day", Delay(1, "working days")),
        ("2 weeks before", Delay(2, "weeks", before=True)),
        ("6 weeks", Delay(6, "weeks")),
        ("1 month", Delay(1, "months")),
        ("same working day", Delay(0, "working days")),
        ("14 dagen", Delay(14, "days")),
        ("3 werkdagen", Delay(3, "working days")),
        ("2 weken ervoor", Delay(2, "weeks", before=True)),
        ("1 maand", Delay(1, "months")),
        ("zelfde werkdag", Delay(0, "working days")),
        ("dezelfde werkdag", Delay(0, "working days")),
        ("  14   Days ", Delay(14, "days")),
    ],
)
def test_a_delay_is_read(text: str, delay: Delay) -> None:
    assert read_delay(text) == delay


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3 worknig days", "3 working days"),
        ("14", "14 days"),
        ("two weeks", "2 weeks"),
        ("twee weken", "2 weken"),
        ("14days", "14 days"),
        ("2w", "2 weeks"),
        ("a week", "1 week"),
        ("half a year", "6 months"),
        ("2 years", "24 months"),
        ("48 hours", "2 days"),
        ("1.5 weeks", "10 days"),
        ("-2 weeks", "2 weeks before"),
        ("2 weeks befor", "2 weeks before"),
        ("2 weeks in advance", "2 weeks before"),
        ("3 weken vooraf", "3 weken ervoor"),
        ("3 wrkdagen", "3 werkdagen"),
        ("10 business days", "10 working days"),
        ("2 weeks after", "2 weeks"),
        ("same workng day", "same working day"),
        ("immediately", "same working day"),
        ("meteen", "zelfde werkdag"),
        ("soon", None),
        ("", None),
        ("3 weeks 2 days", None),
        ("veertien dagen", "14 dagen"),
        ("14 dagen na de intake", "14 dagen"),
        ("2 business days after intake", "2 working days"),
        ("P14D", "14 days"),
        ("P2W", "2 weeks"),
        ("een paar dagen", None),
        ("a few days", None),
        ("9" * 400 + " days", None),
    ],
)
def test_what_was_probably_meant_is_found(text: str, meant: str | None) -> None:
    assert guess_delay(text) == meant


@given(text=st.text(max_size=30))
def test_what_is_suggested_can_be_read(text: str) -> None:
    meant = guess_delay(text)
    assert meant is None or read_delay(meant).amount >= 0


@given(
    amount=st.integers(1, 120), unit=st.sampled_from(list(LONGEST)), before=st.booleans(), dutch=st.booleans()
)
def test_a_written_delay_reads_as_itself(amount: int, unit: Unit, before: bool, dutch: bool) -> None:
    delay = Delay(amount, unit, before)
    assert read_delay(write_delay(delay, "nl" if dutch else "en")) == delay


def test_a_delay_of_more_than_ten_years_is_a_slip() -> None:
    with pytest.raises(Wrong, match="ten years"):
        read_delay("140 months")


@pytest.mark.parametrize(("text", "better"), [("2 weeks before", "2 weeks"), ("0 days", "1 day")])
def test_a_span_is_longer_than_nothing_and_goes_forward(text: str, better: str) -> None:
    with pytest.raises(Wrong) as wrong:
        read_span(text)
    assert wrong.value.better == better


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("5 days", "5 working days"),
        ("14 days", "10 working days"),
        ("2 weken", "10 werkdagen"),
        ("1 maand", "20 werkdagen"),
    ],
)
def test_reminders_count_working_days(text: str, better: str) -> None:
    with pytest.raises(Wrong) as wrong:
        read_working_days(text)
    assert wrong.value.better == better


def test_the_limits_of_the_vocabulary_are_days() -> None:
    assert read_days("6 weeks") == 42
    assert read_days("14 dagen") == 14
    with pytest.raises(Wrong) as wrong:
        read_days("1 month")
    assert wrong.value.better == "30 days"


@pytest.mark.parametrize("value", ["09:00", "9:00", time(9), time(9, 0, 30)])
def test_a_time_of_day_is_read(value: object) -> None:
    assert read_time(value) == time(9)


@pytest.mark.parametrize(
    ("value", "better"),
    [
        ("9.30", "09:30"),
        ("9", "09:00"),
        ("5 pm", "17:00"),
        ("om 9 uur", "09:00"),
        (9, "09:00"),
        (9.3, "09:30"),
    ],
)
def test_a_time_that_is_written_otherwise_is_understood(value: object, better: str) -> None:
    with pytest.raises(Wrong) as wrong:
        read_time(value)
    assert wrong.value.better == better


@pytest.mark.parametrize("value", ["25:00", "half ten", "", True, 24, None])
def test_a_time_that_nobody_understands_gets_no_suggestion(value: object) -> None:
    with pytest.raises(Wrong) as wrong:
        read_time(value)
    assert wrong.value.better is None
