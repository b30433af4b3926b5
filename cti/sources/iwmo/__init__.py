"""The `iwmo` source: a folder of iWmo 3.2 messages, allocations (301), starts (305) and stops (307) of delivery.

How each message is read stands in docs/iwmo.md. Each product of these messages is read, left out, or quarantined; so is each
other message as a whole.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from os.path import isdir
from pathlib import Path

from cti.core.events import Reading
from cti.i18n import mark
from cti.problems import Problem, Problems, problem
from cti.sources.base import (
    Batch,
    Context,
    Counts,
    Note,
    Quarantined,
    State,
    digest,
    mask,
    note,
    settings_digest,
)
from cti.sources.csv_file import opened
from cti.sources.files import find, look
from cti.sources.iwmo.allocations import allocations
from cti.sources.iwmo.codes import CHANGE_DECEASED, DECEASED, PASSED_OVER
from cti.sources.iwmo.lines import Allocated, Line, Stopped, line_of, municipality_of, numbered
from cti.sources.iwmo.message import MAX_BYTES, Fault, Message, Unfinished, read_message, reference
from cti.sources.iwmo.options import Options
from cti.sources.iwmo.products import Meanings, meanings
from cti.sources.iwmo.teller import Teller, by_client

__all__ = ["Options", "read"]

FORM = "1"
"""Raised when this module reads the same messages differently, so that what was read before is read again."""


MOST = 500
"""Nobody has more allocations. A citizen number that does is a placeholder, under which many people would be one client."""


@dataclass
class _Found:
    """What the files of the folder hold, file by file."""

    lines: list[Line] = field(default_factory=list)
    messages: Counter[str] = field(default_factory=Counter)
    read: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    quarantined: list[Quarantined] = field(default_factory=list)
    waiting: dict[str, list[int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(options: Options, state: State, context: Context) -> Batch:
    """Reads all messages of the folder where one is new or changed since `state`, or the settings are.

    All are read each time, as what a message means hangs on the others of its client, in whatever order they come. A message
    that is no longer in the folder takes nothing back.
    """
    path = context.folder / options.path
    files = find(path, options.pattern)
    if not files and not isdir(path) and not (isdir(path.parent) and "*" in path.name):
        text = mark('source "{source}": there is no file or folder {path}')
        raise Problems([problem(text, field="path", source=options.name, path=options.path)])
    meant = meanings(options, context.vocabulary)
    secret = options.secret.get_secret_value()
    settings = settings_digest(options, context.vocabulary, FORM, digest(secret.encode()))
    signature = digest(json.dumps([[file.name, *look(file).as_state()] for file in files]).encode())
    waited = state.get("waiting", {})
    if state.get("settings") == settings and state.get("files") == signature and not waited:
        return Batch(state=state, changed=False)
    found = _Found()
    for file in files:
        _take(file, secret, meant, waited, found)
    # A file that could not be opened may be another time, without having changed.
    read_all = signature if not found.problems else ""
    teller = Teller(options, meant, context.vocabulary, options.zone(context))
    readings: list[Reading] = []
    for of_client in by_client(allocations(found.lines)):
        if len(of_client.allocations) <= MOST:
            readings.extend(teller.readings(of_client))
        else:
            _leave_out({allocation.ref for allocation in of_client.allocations}, meant, found)
    return Batch(
        readings,
        {"settings": settings, "files": read_all, "waiting": found.waiting},
        quarantined=tuple(found.quarantined),
        counts=Counts(found.read, dict(+found.left_out), len(found.quarantined)),
        notes=tuple(_notes(found)),
        problems=tuple(found.problems),
    )


def _take(file: Path, secret: str, meant: Meanings, waited: dict[str, list[int]], found: _Found) -> None:
    """Adds what one file holds."""
    before = look(file).as_state()
    try:
        if before[0] > MAX_BYTES:
            reason = mark("larger than 25 megabytes, which no iWmo message is")
            raise Fault(reason, 1, "")
        with opened(file) as stream:
            data = stream.read()
        message = read_message(data, lambda citizen: reference(secret, citizen))
    except Problems as error:
        found.problems.extend(error.problems)
        return
    except Unfinished:
        if waited.get(file.name) != before:
            found.waiting[file.name] = before
            return
        reason = mark("the message ends before it is complete; have it sent anew")
        found.quarantined.append(_quarantined("", file.name, Fault(reason, 1, "")))
        return
    except Fault as fault:
        found.quarantined.append(_quarantined("", file.name, fault))
        return
    if message.kind in PASSED_OVER:
        found.left_out[f"WMO{message.kind}"] += 1
        return
    found.messages[f"WMO{message.kind}"] += 1
    _rows(file.name, message, meant, found)


def _rows(name: str, message: Message, meant: Meanings, found: _Found) -> None:
    for row in message.rows:
        try:
            if row.fault is not None:
                raise row.fault
            line = line_of(message, row)
        except Fault as fault:
            number = row.values.get("ToewijzingNummer")
            ref = numbered(municipality_of(message), number) if number is not None else ""
            found.quarantined.append(_quarantined(ref, name, fault))
            continue
        found.lines.append(line)
        if _says_something(line, meant):
            found.read += 1
        else:
            found.left_out["products"] += 1


def _leave_out(refs: set[str], meant: Meanings, found: _Found) -> None:
    """Counts the lines of these allocations as left out."""
    for line in found.lines:
        if line.ref in refs:
            if _says_something(line, meant):
                found.read -= 1
            else:
                found.left_out["products"] -= 1
            found.left_out["citizen number"] += 1


def _says_something(line: Line, meant: Meanings) -> bool:
    if line.product is None or meant.product(line.municipality, line.product):
        return True
    if isinstance(line, Stopped):
        return meant.reason(line.product.category, line.reason) == DECEASED
    return isinstance(line, Allocated) and line.change == CHANGE_DECEASED


def _quarantined(ref: str, name: str, fault: Fault) -> Quarantined:
    return Quarantined(ref, name, fault.line, fault.name, mask(fault.value), fault.reason, fault.params)


def _notes(found: _Found) -> Iterable[Note]:
    if found.messages:
        yield note(mark("messages read: {messages}"), messages=_listed(found.messages))
    passed = Counter({name: n for name, n in found.left_out.items() if name.startswith("WMO")})
    if passed:
        text = mark("messages passed over, as they begin and end no stay: {messages}")
        yield note(text, messages=_listed(passed))
    if n := found.left_out["citizen number"]:
        text = mark(
            "products under a citizen number with more than {most} allocations, which is most likely a placeholder: {n}"
        )
        yield note(text, most=MOST, n=n)
    if found.waiting:
        text = mark("{file} is empty or not complete yet; it is read when it is")
        yield from (note(text, file=name) for name in sorted(found.waiting))


def _listed(messages: Counter[str]) -> str:
    return ", ".join(f"{n} × {name}" for name, n in sorted(messages.items()))
