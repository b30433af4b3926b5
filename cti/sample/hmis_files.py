"""Client files as HMIS has them: an enrolment with its exits, made of a stay, an expectation of guidance at home, or both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cti.sample.hmis_codes import NIGHT_BY_NIGHT, Project, choose, mark, projects_of
from cti.sample.records import Expected, Record, Stay, Version


@dataclass(slots=True)
class Exit:
    """An exit with when it was typed in first and last; `deleted` where it was taken back."""

    number: int
    day: date
    said: Stay | None
    created: datetime
    updated: datetime
    deleted: datetime | None = None


@dataclass(slots=True)
class Enrolment:
    """An enrolment as known at a moment."""

    id: str
    client: str
    project: Project
    entry: date
    created: datetime
    updated: datetime
    engaged: date | None = None
    move_in: date | None = None
    deleted: datetime | None = None
    exits: list[Exit] = field(default_factory=list)
    nights: list[tuple[date, datetime, datetime | None]] = field(default_factory=list)
    """Bed nights: the night, when it was typed in, and when it was deleted."""


def enrolments(records: Iterable[Record], until: datetime | None) -> Iterator[Enrolment]:
    """The enrolments that were typed in by then, in the order of their ids. What HMIS has no place for is left out."""
    files: dict[str, dict[str, Record]] = {}
    for record in records:
        content = record.last_content
        if isinstance(content, Stay):
            files.setdefault(record.file, {})["stay"] = record
        elif isinstance(content, Expected) and content.situation == "own-home":
            files.setdefault(record.file, {})["expected"] = record
    for name in sorted(files):
        enrolment = _enrolment(name, files[name], until)
        if enrolment is not None:
            yield enrolment


def _enrolment(name: str, parts: Mapping[str, Record], until: datetime | None) -> Enrolment | None:
    stay, plan = parts.get("stay"), parts.get("expected")
    stays = stay.until(until) if stay is not None else ()
    plans = plan.until(until) if plan is not None else ()
    if stay is None or not stays:
        return _foreseen(name, plans) if plans else None
    versions = stays if not plans else (*plans[:1], *stays)
    created = min(version.recorded for version in versions)
    said = [version for version in stays if isinstance(version.content, Stay)]
    now = said[-1].content
    assert isinstance(now, Stay)
    project = _project(name, stay, now.situation)
    enrolment = Enrolment(name, stays[-1].client, project, now.begin, created, _entry_updated(stays))
    if now.situation == "own-home":
        enrolment.entry, enrolment.move_in = _own_home(name, stay, plan, now)
    elif now.situation == "street" and mark(name, "engaged") % 2:
        enrolment.engaged = now.begin
        enrolment.entry = now.begin - timedelta(days=mark(name, "before") % 10)
    elif project.type == NIGHT_BY_NIGHT:
        enrolment.entry = now.begin - timedelta(days=mark(name, "before") % 3)
        enrolment.nights = _nights(name, stay, stays, until)
    enrolment.exits = _exits(name, stays)
    if stays[-1].content is None:
        enrolment.deleted = stays[-1].recorded
    return enrolment


def _project(name: str, stay: Record, situation: str) -> Project:
    projects = projects_of(situation)
    said = [version.content for version in stay.versions]
    if any(isinstance(content, Stay) and content.begin == content.end for content in said):
        projects = [project for project in projects if project.type != NIGHT_BY_NIGHT]
    return choose(projects, name, situation)


def _entry_updated(versions: Iterable[Version]) -> datetime:
    """When what the enrolment itself says (not its exit) was typed in last."""
    before: object = None
    updated: datetime | None = None
    for version in versions:
        content = version.content
        says = (version.client, content.situation, content.begin) if isinstance(content, Stay) else None
        if updated is None or says != before:
            updated, before = version.recorded, says
    assert updated is not None
    return updated


def _own_home(name: str, stay: Record, plan: Record | None, now: Stay) -> tuple[date, date]:
    """EntryDate and MoveInDate. Guidance without a search is sometimes entered after the move, with the true date of the move.

    Then the client's home is known from the exit of the stay before; a MoveInDate before the EntryDate counts from the latter.
    """
    if plan is None:
        early = mark(name, "moved before") % 2 * (1 + mark(name, "days") % 12)
        return now.begin, now.begin - timedelta(days=early)
    begins = [version.content.begin for version in stay.versions if isinstance(version.content, Stay)]
    return min(plan.versions[0].recorded.date(), *begins), now.begin


def _foreseen(name: str, plans: tuple[Version, ...]) -> Enrolment:
    """An enrolment without a move: the search goes on, or was given up by an exit, or the enrolment was deleted."""
    first, last = plans[0], plans[-1]
    project = choose(projects_of("own-home"), name, "own-home")
    enrolment = Enrolment(name, last.client, project, first.recorded.date(), first.recorded, first.recorded)
    if last.content is None and mark(name, "given up") % 2:
        enrolment.deleted = enrolment.updated = last.recorded
    elif last.content is None:
        enrolment.exits = [Exit(1, last.recorded.date(), None, last.recorded, last.recorded)]
    return enrolment


def _exits(name: str, versions: Iterable[Version]) -> list[Exit]:
    """Every exit that was typed in: one that is taken back is deleted, and the next one is another row."""
    exits: list[Exit] = []
    for version in versions:
        content = version.content
        now = exits[-1] if exits and exits[-1].deleted is None else None
        if not isinstance(content, Stay):
            # Some systems delete the exit along with its enrolment, some leave it.
            if now is not None and mark(name, "exit") % 2:
                now.deleted = now.updated = version.recorded
        elif content.end is None:
            if now is not None:
                now.deleted = now.updated = version.recorded
        elif now is None:
            exits.append(Exit(len(exits) + 1, content.end, content, version.recorded, version.recorded))
        elif now.said is None or (now.day, now.said.destination, now.said.died) != (
            content.end,
            content.destination,
            content.died,
        ):
            now.day, now.said, now.updated = content.end, content, version.recorded
    return exits


def _nights(
    name: str, stay: Record, versions: Iterable[Version], until: datetime | None
) -> list[tuple[date, datetime, datetime | None]]:
    """The first night and one in each week after it; a night that a correction takes away is deleted."""
    typed: dict[date, datetime] = {}
    deleted: dict[date, datetime] = {}
    for version in versions:
        nights: set[date] = set()
        content = version.content
        if isinstance(content, Stay) and _project(name, stay, content.situation).type == NIGHT_BY_NIGHT:
            over = content.end or version.recorded.date()
            length = max(1, min((over - content.begin).days, 70))
            nights = {content.begin + timedelta(days=day) for day in range(0, length, 7)}
        for night in nights:
            typed.setdefault(night, version.recorded)
            deleted.pop(night, None)
        for night in typed.keys() - nights:
            deleted.setdefault(night, version.recorded)
    return [(night, typed[night], deleted.get(night)) for night in sorted(typed)]
