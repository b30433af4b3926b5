import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from cti import log


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the log writes, with the process's own logging put back afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    text = io.StringIO()
    log.start(text)
    yield text
    root.handlers[:] = handlers
    root.setLevel(level)


def test_an_event_is_one_line_with_its_numbers(stream: io.StringIO) -> None:
    log.info("tick done", created=3, seconds=0.25, source="registration", late=True, next=None)
    line = stream.getvalue()
    assert line.count("\n") == 1
    assert (
        ' level=info event="tick done" created=3 seconds=0.250 source=registration late=yes next=none\n'
        in line
    )


def test_a_time_is_written_in_full(stream: io.StringIO) -> None:
    log.info("tick", now=datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert "now=2026-03-02T09:00:00+00:00" in stream.getvalue()


@pytest.mark.parametrize(
    "fields",
    [
        {"client": "C-1042"},
        {"address": "w1@example.org"},
        {"source": "w1@example.org"},
        {"rule": "two words"},
    ],
)
def test_a_word_that_may_be_about_a_person_is_hidden(stream: io.StringIO, fields: dict[str, str]) -> None:
    log.info("tick", **fields)
    assert stream.getvalue().rstrip().endswith("=hidden")


def test_an_event_that_was_put_together_from_data_is_hidden(stream: io.StringIO) -> None:
    log.log.info("mail to w1@example.org")
    assert stream.getvalue().rstrip().endswith("event=event")


def test_of_an_exception_the_class_and_the_place_are_logged_and_the_message_is_not(
    stream: io.StringIO,
) -> None:
    try:
        try:
            raise KeyError("client C-1042")
        except KeyError as cause:
            raise RuntimeError("w1@example.org") from cause
    except RuntimeError as failure:
        log.error("tick failed", failure)
    line = stream.getvalue()
    assert "error=RuntimeError<KeyError" in line
    assert "at=tests/test_log.py:" in line
    assert "C-1042" not in line and "example.org" not in line
    assert line.count("\n") == 1


def test_of_a_library_the_log_keeps_who_spoke_and_not_what_was_said(stream: io.StringIO) -> None:
    logging.getLogger("sqlalchemy.engine").error("parameters: %s", "C-1042")
    line = stream.getvalue()
    assert "event=library logger=sqlalchemy.engine at=test_log:" in line
    assert "C-1042" not in line
