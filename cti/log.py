"""The log: one logfmt line per event on standard error, with counts and our own numbers, and nothing about people.

A log is read by more people than may know who is in shelter. So a line is made only of what is named here: numbers,
days, and words of the configuration (`WORDS`). Free text never enters: of an exception the log keeps its class
and the lines of code it passed, not its message, which may quote a row, an address or a client's reference; of
other libraries it keeps who spoke, not what was said.
"""

from __future__ import annotations

import logging
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import TextIO

WORDS = frozenset(
    [
        "database",
        "error",
        "job",
        "kind",
        "level",
        "prompt_state",
        "reason",
        "role",
        "rule",
        "rulebook",
        "setting",
        "source",
        "step",
        "transport",
        "type",
        "version",
        "webhook",
    ]
)
"""The fields that may hold a word; a word of any other field is hidden."""

_WORD = re.compile(r"[A-Za-z0-9_.+/-]{1,64}")
_EVENT = re.compile(r"[a-z0-9 _-]{1,60}")
_HERE = Path(__file__).parent

log = logging.getLogger("cti")


def info(event: str, **fields: object) -> None:
    """Log that something happened. `event` is a fixed phrase ("tick done"), the fields are its numbers."""
    log.info(event, extra={"fields": fields})


def warning(event: str, **fields: object) -> None:
    """Log that something asks for attention, while the service goes on."""
    log.warning(event, extra={"fields": fields})


def error(event: str, failure: BaseException | None = None, **fields: object) -> None:
    """Log that something failed; of `failure` the class and the place, never the message."""
    log.error(event, exc_info=failure, extra={"fields": fields})


def start(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send all logging of this process, that of libraries included, to `stream` (standard error) as lines of ours."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    log.setLevel(level)


class Lines(logging.Formatter):
    """Writes a record as one logfmt line: `time=… level=info event="tick done" created=3`."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts = [f"time={when.replace('+00:00', 'Z')}", f"level={record.levelname.lower()}"]
        if record.name == "cti" or record.name.startswith("cti."):
            event = record.msg if isinstance(record.msg, str) and _EVENT.fullmatch(record.msg) else "event"
            parts.append(f'event="{event}"' if " " in event else f"event={event}")
            parts += [f"{name}={_shown(name, value)}" for name, value in _fields(record).items()]
        else:
            parts += ["event=library", f"logger={record.name}", f"at={record.module}:{record.lineno}"]
        if record.exc_info and record.exc_info[1] is not None:
            parts += [f"error={error_name(record.exc_info[1])}", f"at={places(record.exc_info[2])}"]
        return " ".join(parts)


def error_name(failure: BaseException) -> str:
    """The class of an exception, with the one it came from: "Undelivered<ConnectionRefusedError"."""
    names = [type(failure).__name__]
    cause = failure.__cause__
    while cause is not None and len(names) < 5:
        names.append(type(cause).__name__)
        cause = cause.__cause__
    return "<".join(names)


def places(traceback: TracebackType | None) -> str:
    """Where an exception went, innermost first, in lines of code: "store/prompts.py:88<engine.py:41"."""
    seen = [f"{_short(frame.f_code.co_filename)}:{line}" for frame, line in walk_tb(traceback)]
    return "<".join(reversed(seen[-8:])) or "unknown"


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_HERE):
        return path.relative_to(_HERE).as_posix()
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields = getattr(record, "fields", {})
    return dict(fields) if isinstance(fields, dict) else {}


def _shown(name: str, value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.3f}" if isinstance(value, float) else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if name in WORDS and isinstance(value, str) and _WORD.fullmatch(value):
        return value
    return "hidden"
