"""`[mail]` and `[[sources]]`: each is described by the options of its channel or its kind of source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from os.path import exists, isfile
from pathlib import Path
from typing import Any

from cti.channels.options import Options as MailOptions
from cti.config.checks import HERE, near_name
from cti.config.findings import missing_key, read_section
from cti.config.mistakes import Drop, KeyPath, Mistake, Put, mistake
from cti.config.senders import sender_mistakes
from cti.i18n import mark
from cti.problems import closest
from cti.sources import LISTS, TYPES, http, source_module
from cti.sources.base import SourceOptions

OTHER_NAMES = {
    "hmis": "hmis-csv",
    "hud": "hmis-csv",
    "csv-folder": "csv",
    "database": "sql",
    "sqlite": "sql",
    "cloudevents": "http",
    "wmo": "iwmo",
    "istandaarden": "iwmo",
}


def mail_of(written: Mapping[str, Any], folder: Path) -> tuple[MailOptions | None, list[Mistake]]:
    """The options of `[mail]` with their paths made absolute, and what is wrong with them."""
    options, found = read_section(MailOptions, dict(written), ("mail",))
    if options is None:
        return None, found
    if options.user and not options.password and "password" not in written:
        text = mark("[mail] has a user but no password; write it in a file and name that as password_file")
        found.append(mistake(("mail", "user"), text))
    if options.password and not options.user:
        found.append(mistake(("mail", "password"), mark("[mail] has a password but no user")))
    if options.password and options.security == "none" and options.host not in HERE:
        text = mark("{key} = {value}: the password would go over the network unencrypted")
        found.append(mistake(("mail", "security"), text, Put("starttls"), "warning"))
    if options.ca_file and not isfile(folder / options.ca_file):
        found.append(mistake(("mail", "ca_file"), mark("{key} = {value}: there is no such file"), Drop()))
    place = {"folder": (folder / options.folder).as_posix()}
    if options.ca_file:
        place["ca_file"] = (folder / options.ca_file).as_posix()
    return options.model_copy(update=place), found


def sources_of(written: Any, folder: Path) -> tuple[list[SourceOptions], list[Mistake]]:
    """The sources that could be read, and what is wrong with all of them."""
    sources: list[SourceOptions] = []
    found: list[Mistake] = []
    names: dict[str, int] = {}
    pushing: list[tuple[KeyPath, http.Options]] = []
    if not isinstance(written, list):
        return sources, found
    for index, entry in enumerate(written):
        at: KeyPath = ("sources", index)
        if not isinstance(entry, dict):
            continue
        options = _source(entry, at, found)
        if options is None:
            continue
        if options.name in names:
            better = next(
                f"{options.name}-{n}"
                for n in range(2, len(written) + 2)
                if f"{options.name}-{n}" not in names
            )
            names[better] = index
            text = mark("two sources have the name {name}")
            found.append(mistake((*at, "name"), text, Put(better), name=options.name))
        names.setdefault(options.name, index)
        found.extend(_missing_path(options, entry, at, folder))
        sources.append(options)
        if isinstance(options, http.Options):
            pushing.append((at, options))
    found.extend(sender_mistakes(pushing))
    return sources, found


def _source(entry: dict[str, Any], at: KeyPath, found: list[Mistake]) -> SourceOptions | None:
    kind = entry.get("type")
    if kind is None:
        found.append(missing_key((*at, "type"), "csv"))
        return None
    if not isinstance(kind, str) or kind not in TYPES:
        guess = OTHER_NAMES.get(str(kind).lower()) or closest(str(kind), TYPES)
        text = mark("{key} = {value}: there is no such kind of source; there are {kinds}")
        found.append(
            mistake((*at, "type"), text, Put(guess) if guess else None, guess=guess, kinds=list(TYPES))
        )
        return None
    model = source_module(kind).Options
    options, wrong = read_section(model, entry, at)
    found.extend(wrong)
    return options


def _missing_path(options: SourceOptions, entry: dict[str, Any], at: KeyPath, folder: Path) -> list[Mistake]:
    """A folder or file to read that is not there. A warning: a network drive may come up later than the service."""
    written = entry.get("path")
    if not isinstance(written, str):
        return []
    # A pattern has nothing at its own name; the folder before it is what must be there.
    place = folder / written.split("*")[0].rpartition("/")[0] if "*" in written else folder / written
    if exists(place):
        return []
    guess = near_name(place)
    better = (Path(written).parent / guess).as_posix() if guess else None
    text = mark("{key} = {value}: there is nothing at {place}, so source {name} has nothing to read")
    mend = Put(better) if better else None
    return [
        mistake((*at, "path"), text, mend, "warning", guess=better, place=place.as_posix(), name=options.name)
    ]


def unknown_teams(written: Any, teams: Sequence[str] | None) -> Iterator[Mistake]:
    """Teams that a source names and the config does not have."""
    for index, entry in enumerate(written if isinstance(written, list) else ()):
        for path, team in _teams_in(entry):
            if isinstance(team, str) and teams is not None and team not in teams:
                guess = closest(team, teams)
                text = mark("{key} = {value}: there is no such team")
                mend = Put(guess) if guess else Drop() if len(path) == 1 else None
                yield mistake(("sources", index, *path), text, mend, guess=guess)


def _teams_in(entry: Any) -> Iterator[tuple[KeyPath, object]]:
    """Where a source names a team: for itself, for single projects, and for codes of a list of people."""
    if isinstance(entry, dict):
        yield ("team",), entry.get("team")
        projects = entry.get("projects")
        for name, project in projects.items() if isinstance(projects, dict) else ():
            yield ("projects", name, "team"), project.get("team") if isinstance(project, dict) else None
        codes = entry.get("codes")
        named: list[tuple[KeyPath, object]] = [(("teams",), entry.get("teams"))]
        named.append((("codes", "team"), codes.get("team") if isinstance(codes, dict) else None))
        for place, teams in named if str(entry.get("type")) in LISTS else ():
            for name, team in teams.items() if isinstance(teams, dict) else ():
                yield (*place, name), team or None
