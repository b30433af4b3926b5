"""Days, moments and the like are read as registrations write them, or not at all."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.sources.parse import day_reader, moment_reader, number, text_of, usable_id, yes_or_no
from tests.sources.build import HOME

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01", "20260301", "2026-03-01 00:00:00", "2026-03-01T13:45:00+01:00", "01-03-2026", "1-3-2026"],
)
def test_a_day_is_read_in_the_order_of_the_config_and_in_iso(text: str) -> None:
    assert day_reader("dd-mm-yyyy")(text) == DAY


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ("mm/dd/yyyy", "03/01/2026"),
        ("dd.mm.yyyy", "1.3.2026"),
        ("yyyy/mm/dd", "2026/03/01"),
        ("d m yyyy", "1 3 2026"),
    ],
)
def test_other_orders_and_signs_are_read_too(order: str, text: str) -> None:
    assert day_reader(order)(text) == DAY
    assert day_reader(order)(text + " 13:45") == DAY


@pytest.mark.parametrize(
    "text", ["2026-02-30", "0001-01-01", "1753-01-01", "01-03-26", "tomorrow", "", "2026-3"]
)
def test_what_is_no_day_is_not_made_one(text: str) -> None:
    assert day_reader("dd-mm-yyyy")(text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T13:45:00+01:00", datetime(2026, 3, 1, 12, 45, tzinfo=UTC)),
        ("2026-03-01T12:45:00Z", datetime(2026, 3, 1, 12, 45, tzinfo=UTC)),
        ("2026-07-01 13:45", datetime(2026, 7, 1, 11, 45, tzinfo=UTC)),
        ("01-07-2026 13:45:30", datetime(2026, 7, 1, 11, 45, 30, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("01-07-2026 25:00", None),
        ("32-07-2026 13:00", None),
        ("never", None),
        ("0001-01-01 00:00:00", None),
    ],
)
def test_a_moment_without_an_offset_is_local(text: str, moment: datetime | None) -> None:
    assert moment_reader(HOME, "dd-mm-yyyy")(text) == moment


@pytest.mark.parametrize(
    ("text", "flag"), [("Ja", True), ("NEE", False), ("1", True), ("false", False), ("perhaps", None)]
)
def test_yes_and_no_have_their_usual_words(text: str, flag: bool | None) -> None:
    assert yes_or_no(text) is flag


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("2,5", 2.5), ("-1.0", -1), ("1e9", None), ("many", None)]
)
def test_a_number_may_have_a_decimal_comma(text: str, value: float | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (" a ", "a"),
        (True, "yes"),
        (12, "12"),
        (12.0, "12"),
        (Decimal("12.0"), "12"),
        (DAY, "2026-03-01"),
        (b"\x01\xff", "01ff"),
    ],
)
def test_a_cell_is_text_whatever_the_database_gave(cell: object, text: str) -> None:
    assert text_of(cell) == text


@given(st.text(max_size=300))
def test_no_text_breaks_a_reader(text: str) -> None:
    day_reader("dd-mm-yyyy")(text)
    moment_reader(HOME, "dd-mm-yyyy")(text)
    yes_or_no(text)
    number(text)
    usable_id(text)


@pytest.mark.parametrize("text", ["", "a\nb", "a\x00", "caf\ufffd", "x" * 201])
def test_a_reference_has_no_signs_that_no_database_keeps(text: str) -> None:
    assert not usable_id(text)
