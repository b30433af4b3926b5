"""How each project of an export is read: by its type, or as the config says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cti.core.vocabulary import Vocabulary
from cti.i18n import mark
from cti.problems import Problem, Problems, closest, problem
from cti.sources.hmis_csv.codes import (
    BEGINS_OF_TYPE,
    HOUSING,
    PROJECT_TYPES,
    SITUATION_OF_DESTINATION,
    SITUATION_OF_TYPE,
    Begins,
    code,
)
from cti.sources.hmis_csv.options import Options
from cti.sources.hmis_csv.tables import ProjectRow


@dataclass(frozen=True, slots=True)
class Project:
    """How the enrolments of one project are read. `situation` None: they make no stay. `type` None: not stated."""

    type: int | None
    situation: str | None
    begins: Begins
    team: str | None
    left_out: bool


@dataclass(frozen=True, slots=True)
class Mapped:
    """The mapping in force: projects by id, situations by destination, and what a home that was kept leads to."""

    projects: Mapping[str, Project]
    destinations: Mapping[int, str | None]
    kept_home: str | None
    team: str | None


def mapped(options: Options, rows: Iterable[ProjectRow], vocabulary: Vocabulary) -> Mapped:
    """The defaults with the config's changes. Raises Problems for a situation that the vocabulary lacks.

    A project of which the type cannot be read is not among the projects, unless the config says what it is: its enrolments
    are quarantined.
    """
    types = dict(SITUATION_OF_TYPE) | {code(name): word for name, word in options.project_types.items()}
    projects: dict[str, Project] = {}
    for row in rows:
        if row.ProjectID:
            found = _project(options, row.ProjectID, code(row.ProjectType), types)
            if found is not None:
                projects[row.ProjectID] = found
    for name in options.projects.keys() - projects.keys():
        found = _project(options, name, None, types)
        if found is not None:
            projects[name] = found
    destinations: dict[int, str | None] = dict(SITUATION_OF_DESTINATION)
    for name, word in options.destinations.items():
        destinations[code(name) or 0] = word or None
    _check(options, projects.values(), vocabulary)
    return Mapped(projects, destinations, options.kept_home or None, options.team)


def _project(
    options: Options, name: str, kind: int | None, types: Mapping[int | None, str]
) -> Project | None:
    own = options.projects.get(name)
    if kind not in PROJECT_TYPES:
        kind = None
    said = own.situation if own is not None else None
    if kind is None and said is None and not (own is not None and own.left_out):
        return None
    situation = (said if said is not None else types.get(kind, "")) or None
    begins = own.begins if own is not None else None
    if begins is None:
        begins = BEGINS_OF_TYPE.get(kind, "entry") if kind is not None else "entry"
        if kind in HOUSING and situation != "own-home":
            # A supportive housing project that is read as a group home is entered on its EntryDate.
            begins = "entry"
    return Project(
        kind,
        situation,
        begins,
        own.team if own is not None else None,
        own.left_out if own is not None else False,
    )


def _check(options: Options, projects: Iterable[Project], vocabulary: Vocabulary) -> None:
    used = [
        *((f"project_types.{name}", word) for name, word in options.project_types.items()),
        *((f"projects.{name}.situation", own.situation) for name, own in options.projects.items()),
        *((f"destinations.{name}", word) for name, word in options.destinations.items()),
        ("kept_home", options.kept_home),
    ]
    # What types are read as by default, where the config does not say otherwise.
    said_here = {word for _, word in used}
    types = sorted({project.situation for project in projects if project.situation} - said_here)
    found: list[Problem] = []
    for field, word in [*used, *(("project_types", word) for word in types)]:
        if word and word not in vocabulary.situations:
            text = mark('source "{source}": {setting} = "{word}", a situation that the vocabulary lacks')
            guess = closest(word, vocabulary.situations)
            found.append(
                problem(text, field=field, source=options.name, setting=field, word=word, guess=guess)
            )
    said = {code(name) for name in options.destinations}
    default = {word for number, word in SITUATION_OF_DESTINATION.items() if number not in said}
    if missing := sorted(default - vocabulary.situations.keys()):
        text = mark(
            'source "{source}": destinations are read as {missing}, which the vocabulary lacks; add them there, or give the '
            "destinations other situations"
        )
        found.append(problem(text, field="destinations", source=options.name, missing=missing))
    if found:
        raise Problems(found)
