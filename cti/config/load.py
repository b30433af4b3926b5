"""From a config file to ready values, or to everything that is wrong with it, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from cti.channels.options import Options as MailOptions
from cti.config import checks
from cti.config.findings import read_section
from cti.config.login import login_mistakes
from cti.config.mistakes import Add, Mistake, mistake, problem_at
from cti.config.model import File, Organisation, Person, Tasks, Team, Web, Webhook
from cti.config.outside import Outside, gather, secrets_for_all
from cti.config.parts import mail_of, sources_of, unknown_teams
from cti.config.people import mistakes_among, staff
from cti.config.webhooks import twice, webhook_mistakes
from cti.core.calendar import Calendar
from cti.core.limits import Limits
from cti.core.people import WEEKDAYS, Staff
from cti.i18n import mark
from cti.post.delivery import Habits
from cti.problems import Problem, Problems, problem
from cti.sources import LISTS
from cti.sources.base import SourceOptions
from cti.tomlfile import TomlFile
from cti.variables import Words

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Config:
    """A config that was read and found right: ready values, all paths absolute.

    `folder` is the config file's own; the sources' relative paths begin there. `warnings` are what deserves a look.
    """

    file: Path
    folder: Path
    database: str = field(repr=False)
    base_url: str
    languages: tuple[str, ...]
    rules: Path
    templates: Path
    mail: MailOptions
    sources: tuple[SourceOptions, ...]
    organisation: Organisation
    calendar: Calendar
    staff: Staff
    habits: Habits
    limits: Limits
    retention_months: int
    quiet_months: int
    audit_years: int
    web: Web
    webhooks: tuple[Webhook, ...] = ()
    tasks: tuple[Tasks, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def language(self) -> str:
        """The language of whoever has none of their own: the first that the config names."""
        return self.languages[0]

    @property
    def listeners(self) -> tuple[str, ...]:
        """All that are told what becomes of prompts, by the names under which that is kept."""
        return (*(hook.name for hook in self.webhooks), *(server.queue for server in self.tasks))

    @property
    def words(self) -> Words:
        """What texts say of the organisation."""
        about = self.organisation
        return Words(about.name, about.coordinator, about.places, about.funding)


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """The config at `path`, with the environment laid over it. Raises Problems with all errors where there is one."""
    config, problems = examine(path, environ)
    if config is None:
        raise Problems(problems)
    return config


def examine(path: Path, environ: Mapping[str, str]) -> tuple[Config | None, tuple[Problem, ...]]:
    """The config at `path` (None where an error keeps it from being used), and every error and warning, by line."""
    name = path.as_posix()
    try:
        file = TomlFile.read(path, name)
    except Problems as broken:
        return None, broken.problems
    except FileNotFoundError:
        return None, (problem(mark("there is no config {path}"), path=name),)
    except OSError:
        return None, (
            problem(mark("the config {path} cannot be read; may this account read it?"), path=name),
        )
    folder = path.absolute().parent
    outside = gather(file.values, folder, environ)
    parts, mistakes = _read(folder, outside)
    unread = {
        one.path for one in outside.mistakes
    }  # what stands for a file that could not be read says nothing
    mistakes = [one for one in mistakes if outside.files.get(one.path) not in unread]
    mistakes = [*outside.mistakes, *mistakes, *secrets_for_all(path, file.values, outside)]
    mistakes = [one for one in mistakes if not _follows(one, mistakes)]
    problems = [
        problem_at(found, file, outside.values, outside.variables, outside.files) for found in mistakes
    ]
    problems.sort(key=lambda one: (one.file != name, one.line or 0))
    if parts is None or any(one.level == "error" for one in problems):
        return None, tuple(problems)
    return _config(path.absolute(), parts, tuple(problems)), tuple(problems)


def _follows(one: Mistake, all_found: Sequence[Mistake]) -> bool:
    """Whether a warning may only be there because something else in its section could not be read."""
    if one.level == "error":
        return False
    errors = [other.path for other in all_found if other.level == "error"]
    if one.path[0] in ("teams", "people"):
        return any(path[0] in ("teams", "people") for path in errors)
    return any(path[:2] == one.path[:2] for path in errors)


# --- reading ----------------------------------------------------------------------------------------------------------


Parts = tuple[File, MailOptions, Sequence[SourceOptions], Sequence[Person], Sequence[Team]]


def _read(folder: Path, outside: Outside) -> tuple[Parts | None, list[Mistake]]:
    """The parts of the config, as far as they can be read, and all that is wrong with them."""
    values = outside.values
    file, found = read_section(
        File, {key: value for key, value in values.items() if key not in ("teams", "people")}
    )
    organisation, _ = read_section(Organisation, _table(values, "organisation"))
    mail, mail_found = mail_of(_table(values, "mail"), folder)
    sources, source_found = sources_of(values.get("sources"), folder)
    teams, team_found = _each(Team, "teams", values)
    people, people_found = _each(Person, "people", values)
    found += mail_found + source_found + team_found + people_found
    found += checks.desk_name_mistakes(_table(values, "desks"))
    ids, team_ids = _ids(values, "people", people), _ids(values, "teams", teams)
    lists = any(
        isinstance(one, dict) and str(one.get("type")) in LISTS for one in _entries(values, "sources")
    )
    found += mistakes_among(people, teams, _table(values, "desks"), ids, team_ids, lists)
    found += unknown_teams(values.get("sources"), team_ids)
    if organisation is not None:
        found += checks.organisation_mistakes(organisation, _table(values, "organisation"))
    if file is not None:
        found += _plain_mistakes(file, folder)
        found += login_mistakes(file.web)
        found += webhook_mistakes(file.webhooks, _entries(values, "webhooks"))
        found += twice(file.tasks, "tasks", mark("two servers for tasks have the name {name}"))
        if all(one.path[0] != "languages" for one in found):
            found += checks.language_mistakes(file.languages, teams, people)
    if file is None or mail is None:
        return None, found
    return (file, mail, sources, [one for _, one in people], [one for _, one in teams]), found


def _config(path: Path, parts: Parts, warnings: tuple[Problem, ...]) -> Config:
    """The config from parts in which no error was found."""
    file, mail, sources, people, teams = parts
    database, _ = checks.database_url(file.database, path.parent)
    return Config(
        file=path,
        folder=path.parent,
        database=database,
        base_url=file.base_url.rstrip("/"),
        languages=file.languages,
        rules=path.parent / file.rules,
        templates=path.parent / file.templates,
        mail=mail,
        sources=tuple(sources),
        organisation=file.organisation,
        calendar=_calendar(file),
        staff=staff(people, teams, file.desks),
        habits=Habits(file.organisation.cap, file.organisation.digest_at),
        limits=Limits(file.limits.share, file.limits.floor),
        retention_months=file.retention.months_after_closing,
        quiet_months=file.retention.months_of_quiet,
        audit_years=file.retention.audit_years,
        web=file.web,
        webhooks=file.webhooks,
        tasks=file.tasks,
        warnings=warnings,
    )


def _plain_mistakes(file: File, folder: Path) -> list[Mistake]:
    _, wrong_database = checks.database_url(file.database, folder)
    wrong_address = checks.base_url_mistake(file.base_url)
    wrong_client = checks.client_url_mistake(file.web.client_url)
    wrong_ping = checks.ping_mistake(file.web.ping)
    return [
        *(one for one in (wrong_database, wrong_address, wrong_client, wrong_ping) if one is not None),
        *checks.folder_mistakes(file, folder),
    ]


def _calendar(file: File) -> Calendar:
    organisation = file.organisation
    return Calendar(
        timezone=file.timezone,
        country=organisation.country,
        subdivision=organisation.subdivision,
        weekdays=frozenset(WEEKDAYS.index(day) for day in organisation.weekdays),
        closing_days=frozenset(organisation.closing_days),
        opens=organisation.opens,
        closes=organisation.closes,
    )


def _each(model: type[M], table: str, values: Mapping[str, Any]) -> tuple[list[tuple[int, M]], list[Mistake]]:
    """The entries of a list, each with its place, and what is wrong with them."""
    written = values.get(table, [])
    if not isinstance(written, list):
        return [], [
            mistake(
                (table,), mark("{key} = {value}: write each of them under a line [[{table}]]"), table=table
            )
        ]
    entries: list[tuple[int, M]] = []
    found: list[Mistake] = []
    for index, entry in enumerate(written):
        one, wrong = read_section(model, entry, (table, index))
        found += [_with_free_id(lack, _written_ids(values, table)) for lack in wrong]
        if one is not None:
            entries.append((index, one))
    return entries, found


def _with_free_id(lack: Mistake, taken: Sequence[str]) -> Mistake:
    """Where an id is missing, one that nobody has yet is proposed."""
    if lack.params.get("name") != "id" or "missing" not in lack.text:
        return lack
    letter = "w" if lack.path[0] == "people" else "team-"
    free = next(f"{letter}{n}" for n in range(1, len(taken) + 2) if f"{letter}{n}" not in taken)
    return replace(lack, mend=Add("id", free))


def _table(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    table = values.get(key)
    return table if isinstance(table, dict) else {}


def _entries(values: Mapping[str, Any], table: str) -> list[Any]:
    entries = values.get(table)
    return entries if isinstance(entries, list) else []


def _ids(values: Mapping[str, Any], table: str, read: Sequence[tuple[int, BaseModel]]) -> list[str] | None:
    """The ids of the entries of a list, or None where one of the entries could not be read."""
    entries = values.get(table, [])
    whole = isinstance(entries, list) and len(read) == len(entries)
    return _written_ids(values, table) if whole else None


def _written_ids(values: Mapping[str, Any], table: str) -> list[str]:
    entries = values.get(table)
    return [
        str(entry["id"])
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and "id" in entry
    ]
