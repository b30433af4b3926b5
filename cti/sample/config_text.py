"""The config of the sample organisation: its source, its teams, and the people who work there with their absences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from cti.sample.hmis_codes import PROJECTS
from cti.sample.staff import TEAMS
from cti.sample.truth import Truth, Worker

RECENT = timedelta(days=400)
"""Absences that ended longer ago stand in no config any more."""

SOURCES = {
    "events": ('type  = "csv"', 'mode  = "events"'),
    "snapshots": ('type  = "csv"', 'mode  = "snapshots"'),
    "hmis-2024": ('type  = "hmis-csv"',),
    "hmis-2026": ('type  = "hmis-csv"',),
}


def config_text(truth: Truth, dialect: str, today: date) -> str:
    """The text of config.toml. The registration is read from the folder `export`, mails go into the folder `outbox`."""
    return "\n".join([*_head(), *_source(dialect), *_teams(), *_people(truth, today)]) + "\n"


def _head() -> Iterator[str]:
    yield from (
        "# An invented organisation, made from a seed: no client, no worker and no address in it is real.",
        "",
        'database  = "sqlite:///cti.db"',
        'base_url  = "http://localhost:8080"',
        'timezone  = "Europe/Amsterdam"',
        'languages = ["nl", "en"]',
        'rules     = "rules"',
        'templates = "templates"',
        "",
        "[mail]",
        'transport = "folder"',
        'folder    = "outbox"',
        "",
        "[organisation]",
        'name        = "Sample organisation"',
        'coordinator = "conferences@example.org"',
        "",
    )


def _source(dialect: str) -> Iterator[str]:
    yield from ("[[sources]]", 'name  = "registration"', *SOURCES[dialect], 'path  = "export"')
    if dialect.startswith("hmis"):
        # HMIS names no worker, so what is prompted goes to the inbox of the project's team.
        yield f'team  = "{TEAMS[0]}"'
        yield ""
        yield "[sources.projects]"
        # Advice and a day shelter make no stay, and take no client over from a team.
        for project in (project for project in PROJECTS if project.situation is not None):
            yield f'{project.id} = {{ team = "{project.team}" }}'
    yield ""


def _teams() -> Iterator[str]:
    for team in TEAMS:
        yield from ("[[teams]]", f'id    = "{team}"', f'inbox = "{team}@example.org"', "")


def _people(truth: Truth, today: date) -> Iterator[str]:
    for team in TEAMS:
        yield from _person(f"lead-{team}", "team-lead", team)
    for role in ("manager", "administrator"):
        yield from _person(role, role, None)
    for worker in truth.workers:
        yield from _person(worker.id, "worker", worker.team, worker.works, _away(worker, today - RECENT))


def _person(
    who: str, role: str, team: str | None, works: Sequence[str] = (), away: Iterable[str] = ()
) -> Iterator[str]:
    yield from ("[[people]]", f'id      = "{who}"', f'name    = "{who}"')
    yield from (f'address = "{who}@example.org"', f'role    = "{role}"')
    if team is not None:
        yield f'team    = "{team}"'
    if works:
        yield "works   = [" + ", ".join(f'"{day}"' for day in works) + "]"
    entries = list(away)
    if entries:
        yield from ("away    = [", *entries, "]")
    yield ""


def _away(worker: Worker, earliest: date) -> Iterator[str]:
    for absence in worker.absences:
        if absence.last >= earliest:
            yield f'    {{ from = {absence.first}, until = {absence.last}, deputy = "{worker.deputy}" }},'
