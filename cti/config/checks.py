"""What does not fit in a config although each value by itself is well written: paths, addresses of pages, hours, languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from os.path import exists, isdir
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from cti.config.mistakes import Call, Drop, KeyPath, Mistake, Put, mistake, shown
from cti.config.model import File, Organisation, Person, Team
from cti.config.values import countries, slug
from cti.i18n import mark
from cti.problems import closest

POSTGRES = "postgresql+psycopg"
HERE = ("localhost", "127.0.0.1", "::1")

# --- the database -----------------------------------------------------------------------------------------------------


def database_url(written: str, folder: Path) -> tuple[str, Mistake | None]:
    """The SQLAlchemy URL of the database, a relative path of SQLite made absolute; or what is wrong with it."""
    path: KeyPath = ("database",)
    try:
        url = make_url(written)
    except ValueError:
        text = mark(
            "{key} = {value}: what stands behind the host is no port; an @, : or / in a password is written as %40, %3A or %2F"
        )
        return written, mistake(path, text)
    except ArgumentError:
        better = (
            f"sqlite:///{written}" if written.endswith((".db", ".sqlite", ".sqlite3")) else "sqlite:///cti.db"
        )
        text = mark('{key} = {value}: not the address of a database; write "sqlite:///cti.db", say')
        return written, mistake(
            path, text, Put(better), guess=better if better != "sqlite:///cti.db" else None
        )
    backend = url.drivername
    if backend == "sqlite":
        return _sqlite(url, written, folder)
    if backend in ("postgres", "postgresql", POSTGRES):
        found = None
        if not url.database:
            found = mistake(path, mark("{key} = {value}: the name of the database is missing at the end"))
        return url.set(drivername=POSTGRES).render_as_string(hide_password=False), found
    near = closest(backend.split("+")[0], ("sqlite", "postgresql"))
    guess = None if near is None else (POSTGRES if near == "postgresql" else near) + written[len(backend) :]
    text = mark("{key} = {value}: cti keeps its data in SQLite or PostgreSQL, not in {backend}")
    return written, mistake(path, text, Put(guess) if guess else None, guess=guess, backend=backend)


def _sqlite(url: URL, written: str, folder: Path) -> tuple[str, Mistake | None]:
    path: KeyPath = ("database",)
    if url.host:
        better = f"sqlite:///{url.host}{'/' + url.database if url.database else ''}"
        return written, mistake(
            path, mark("{key} = {value}: a file needs three slashes"), Put(better), guess=better
        )
    if not url.database or url.database == ":memory:":
        text = mark(
            "{key} = {value}: a database in memory forgets everything when the program stops; name a file"
        )
        return written, mistake(path, text, Put("sqlite:///cti.db"))
    file = folder / url.database
    if not isdir(file.parent):
        text = mark("{key} = {value}: there is no folder {folder}")
        return written, mistake(path, text, Put(f"sqlite:///{file.name}"), folder=file.parent.as_posix())
    return url.set(database=file.as_posix()).render_as_string(hide_password=False), None


def has_password(database: str) -> bool:
    """Whether the URL holds a password, or may hold one where it cannot be taken apart (a port that is no number)."""
    try:
        return bool(make_url(database).password)
    except (ArgumentError, ValueError):
        return "@" in database


# --- addresses and folders --------------------------------------------------------------------------------------------


def base_url_mistake(written: str) -> Mistake | None:
    """What is wrong with the address under which the pages will be found."""
    path: KeyPath = ("base_url",)
    try:
        parts = urlsplit(written)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or " " in written:
        bare = written.split("://", 1)[-1].strip().strip("/").replace(" ", "")
        scheme = "http" if bare.split(":")[0].split("/")[0] in HERE else "https"
        better = f"{scheme}://{bare}" if bare and _names_host(f"{scheme}://{bare}") else None
        text = mark('{key} = {value}: not the address of a page; write "https://cti.example.org", say')
        return mistake(path, text, Put(better) if better else None, guess=better)
    if parts.query or parts.fragment:
        better = written.split("?", 1)[0].split("#", 1)[0]
        return mistake(path, mark("{key} = {value}: nothing may follow a ? or #"), Put(better), guess=better)
    if parts.scheme == "http" and host not in HERE:
        text = mark("{key} = {value}: links would go over the network unencrypted; use https")
        return mistake(path, text, Put("https" + written.removeprefix("http")), "warning")
    return None


def _names_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def client_url_mistake(written: str | None) -> Mistake | None:
    """What is wrong with the address of a client in the registration system."""
    if written is None:
        return None
    path: KeyPath = ("web", "client_url")
    if not written.startswith(("http://", "https://")):
        text = mark("{key} = {value}: not the address of a page; it begins with https://")
        return mistake(path, text, Drop())
    if "{client}" not in written:
        better = written.rstrip("/") + "/{client}"
        text = mark("{key} = {value}: write {hint} where the client's reference goes")
        return mistake(path, text, Put(better), guess=better, hint="{client}")
    return None


def ping_mistake(written: str | None) -> Mistake | None:
    """What is wrong with the address that is asked after each good pass."""
    if written is None or written.startswith(("http://", "https://")):
        return None
    text = mark("{key} = {value}: not the address of a page; it begins with https://")
    return mistake(("web", "ping"), text, Drop())


def folder_mistakes(file: File, folder: Path) -> Iterator[Mistake]:
    """Folders that are not there."""
    for key, written in (("rules", file.rules), ("templates", file.templates)):
        place = folder / written
        if isdir(place):
            continue
        named = shown((key,), str(written))  # which the config may leave unsaid
        if exists(place):
            yield mistake((key,), mark("{key} = {value}: this is no folder"), value=named)
            continue
        guess = near_name(place)
        better = (Path(written).parent / guess).as_posix() if guess else None
        text = mark("{key} = {value}: there is no such folder ({place})")
        mend = Put(better) if better else None
        yield mistake((key,), text, mend, guess=better, place=place.as_posix(), value=named)


def near_name(place: Path) -> str | None:
    """What stands beside a path that does not exist and has nearly its name."""
    try:
        beside = sorted(entry.name for entry in place.parent.iterdir())
    except (OSError, ValueError):
        return None
    return closest(place.name, beside)


# --- the organisation -------------------------------------------------------------------------------------------------


def organisation_mistakes(organisation: Organisation, written: Mapping[str, object]) -> Iterator[Mistake]:
    """Hours in the wrong order, and parts of a country that it does not have."""
    if organisation.closes <= organisation.opens:
        text = mark("the organisation closes at {closes}, before it opens at {opens}")
        key, better = _later_closing(organisation, written)
        yield mistake(
            ("organisation", key),
            text,
            Put(better),
            opens=f"{organisation.opens:%H:%M}",
            closes=f"{organisation.closes:%H:%M}",
        )
    elif organisation.digest_at is not None and not (
        organisation.opens <= organisation.digest_at < organisation.closes
    ):
        text = mark(
            "{key} = {value}: outside working hours, so that what falls due at opening is told a day later"
        )
        yield mistake(("organisation", "digest_at"), text, Put(f"{organisation.opens:%H:%M}"), "warning")
    parts = countries().get(organisation.country, [])
    if organisation.subdivision is not None and organisation.subdivision not in parts:
        at: KeyPath = ("organisation", "subdivision")
        guess = closest(organisation.subdivision, parts)
        text = mark("{key} = {value}: {country} has no such part; it has {parts}")
        if not parts:
            text = mark("{key} = {value}: no parts of {country} are known")
        yield mistake(
            at, text, Put(guess) if guess else Drop(), guess=guess, country=organisation.country, parts=parts
        )


def _later_closing(organisation: Organisation, written: Mapping[str, object]) -> tuple[str, str]:
    """The key to mend where the hours are reversed, with a better hour: the one that was written, in the afternoon."""
    if "closes" in written:
        hour = organisation.closes.hour + 12
        if hour < 24 and time(hour, organisation.closes.minute) > organisation.opens:
            return "closes", f"{hour:02d}:{organisation.closes.minute:02d}"
        return "closes", "23:59" if organisation.opens >= time(17) else "17:00"
    return "opens", "09:00"


# --- languages and desks ----------------------------------------------------------------------------------------------


def language_mistakes(
    languages: Sequence[str], teams: Sequence[tuple[int, Team]], people: Sequence[tuple[int, Person]]
) -> Iterator[Mistake]:
    """Languages named twice, and people who read one that the rules need not have."""
    if len(set(languages)) < len(languages):
        text = mark("{key} = {value}: a language stands there twice")
        yield mistake(("languages",), text, Put(list(dict.fromkeys(languages))))
    for table, entries in (("teams", teams), ("people", people)):
        for index, entry in entries:
            if entry.language is not None and entry.language not in languages:
                text = mark("{key} = {value}: the config's languages are {languages}")
                yield mistake((table, index, "language"), text, Put(languages[0]), languages=list(languages))


def desk_name_mistakes(desks: Mapping[str, object]) -> Iterator[Mistake]:
    """Names of desks that no rule could use."""
    for name in desks:
        plain = slug(name)
        if name != plain:
            text = mark('desk "{name}": the name of a desk has small letters, digits and hyphens only')
            yield mistake(
                ("desks", name), text, Call(plain) if plain else None, name=name, guess=plain or None
            )
