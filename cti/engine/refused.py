"""That a changed rules folder may not come into force, and why: kept until the folder is right, for whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from cti.problems import Problem
from cti.rulebook.words import Plain
from cti.store import meta
from cti.store.codec import value_data, value_of

FOLDER_REFUSED = "folder-refused"


@dataclass(frozen=True, slots=True)
class Refused:
    """What the folder looked like (its digest), with which config it was judged, since when it is refused, and why."""

    digest: str
    config: str
    at: datetime
    problems: tuple[Problem, ...]


def refused(tx: Connection) -> Refused | None:
    """The refusal that stands; None where the folder is as right as it was when it was read last."""
    said = meta.get(tx, FOLDER_REFUSED)
    if said is None:
        return None
    problems = tuple(map(problem_of, said["problems"]))
    return Refused(said["digest"], said["config"], datetime.fromisoformat(said["at"]), problems)


def keep(tx: Connection, new: Refused | None) -> None:
    """Remembers a refusal, None: that there is none. One for the same reasons stands since it was first told."""
    if new is None:
        meta.put(tx, FOLDER_REFUSED, None)
        return
    problems = [problem_data(problem) for problem in new.problems]
    before = meta.get(tx, FOLDER_REFUSED)
    same = before is not None and (before["digest"], before["problems"]) == (new.digest, problems)
    at = before["at"] if same else new.at.isoformat()
    meta.put(tx, FOLDER_REFUSED, {"digest": new.digest, "config": new.config, "at": at, "problems": problems})


_PLACE = ("file", "line", "rule", "step", "field", "suggestion")


def problem_data(problem: Problem) -> dict[str, Any]:
    """A problem as JSON takes it, without what could be written elsewhere."""
    params = {name: _param(value) for name, value in problem.params.items()}
    place = {name: getattr(problem, name) for name in _PLACE if getattr(problem, name) is not None}
    return {"level": problem.level, "text": problem.text, "params": params, **place}


def problem_of(data: Mapping[str, Any]) -> Problem:
    """The problem of what `problem_data` made; it reads the same in each language."""
    place: dict[str, Any] = {name: data[name] for name in _PLACE if name in data}
    params = {name: _value(value) for name, value in data["params"].items()}
    return Problem(data["level"], data["text"], params, **place)


def _param(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_param(item) for item in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value_data(value)
    if isinstance(value, Mapping):
        return {"per-language": dict(value)}
    return value if isinstance(value, str | int | float | None) else {"reads": str(value)}


def _value(data: Any) -> object:
    if isinstance(data, list):
        return [_value(item) for item in data]
    if isinstance(data, dict) and "per-language" in data:
        return data["per-language"]
    return Plain(data["reads"]) if isinstance(data, dict) and "reads" in data else value_of(data)
