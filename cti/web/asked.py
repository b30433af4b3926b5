"""One request: who asks, in which language, when, about what; and whether they may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hmac import compare_digest
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from cti.core.people import Person
from cti.engine.people import language_of
from cti.web.guard import Access, Relation, may
from cti.web.reach import relation_to
from cti.web.session import Session, round_of
from cti.web.site import Site

SAFE = ("GET", "HEAD")


class NotIn(Exception):
    """Nobody has logged in here; `then` is where to go after that."""

    def __init__(self, then: str) -> None:
        super().__init__(then)
        self.then = then


class Foreign(Exception):
    """A form that is not one of ours, or of a session that is over."""


@dataclass(frozen=True)
class Asked:
    """A request that was let in. `form` holds what was sent, the first value of each field; `all_of` has the others.

    `fresh`: the browser has no session yet and is given this one.
    """

    site: Site
    request: Request
    session: Session
    person: Person | None
    lang: str
    now: datetime
    fresh: bool = False
    relation: Relation = "none"
    form: Mapping[str, str] = field(default_factory=dict)
    sent: FormData = field(default_factory=FormData, repr=False)

    @property
    def you(self) -> Person:
        """The person; only where the address is for people who have logged in."""
        assert self.person is not None, "this address is for people who have logged in"
        return self.person

    @property
    def today(self) -> date:
        """The day it is where the organisation works."""
        return self.site.config.calendar.day(self.now)

    def all_of(self, name: str) -> tuple[str, ...]:
        """All values that were sent under a name: of boxes that can be ticked together."""
        return tuple(value for value in self.sent.getlist(name) if isinstance(value, str))


def known(request: Request) -> Asked:
    """Who asks, as far as the cookies tell; nothing of it is judged yet."""
    site: Site = request.app.state.site
    now = site.now()
    session = site.cookies.session(request)
    hours = site.config.web.session_hours
    person = session.whose(site.staff, now, hours) if session is not None else None
    if session is not None and person is not None:
        person = _still(site, session, person)
    if session is not None and session.person is not None and person is None:
        session = None  # it ended: its sign ends with it
    lang = language(request, site, person)
    return Asked(site, request, session or Session.new(), person, lang, now, fresh=session is None)


def _still(site: Site, session: Session, person: Person) -> Person | None:
    """The person, with the language they chose; None where they ended all their sessions since."""
    with site.system.database.read() as tx:
        if round_of(tx, person.id) != session.round:
            return None
        return replace(person, language=language_of(tx, person.id) or person.language)


async def admit(request: Request) -> Asked:
    """Lets a request in. Raises NotIn, Foreign, and HTTPException: 403 for a page of other roles, 404 for things of clients
    that are not one's own, which so does not tell whether they are there."""
    access = access_of(request.scope["endpoint"])
    asked = await run_in_threadpool(known, request)
    _without_null(request.url.path, *request.query_params.values())
    if request.method not in SAFE and access.form:
        sent = await request.form(max_files=0, max_fields=200)
        asked = _with_form(asked, sent)
        _without_null(*(value for _, value in sent.multi_items() if isinstance(value, str)))
        if not _ours(request, asked):
            raise Foreign
    if access.roles is None:
        return asked
    if asked.person is None:
        raise NotIn(_path(request) if request.method in SAFE else "/")
    if asked.person.role not in access.roles:
        raise HTTPException(404 if access.about is not None else 403)
    if access.about is not None:
        number = number_of(request.path_params.get(access.about))
        if number is None:
            raise HTTPException(404)
        relation = await run_in_threadpool(
            relation_to, asked.site, asked.person, access.about, number, asked.today
        )
        asked = replace(asked, relation=relation)
    if not may(asked.person, access, asked.relation):
        raise HTTPException(404)
    return asked


Asking = Annotated[Asked, Depends(admit)]
"""What every route function takes: the request, let in."""


def access_of(endpoint: Callable[..., Any]) -> Access:
    """Who may come to the address that this function answers. One that does not say is for nobody."""
    access = getattr(endpoint, "access", None)
    if not isinstance(access, Access):
        raise HTTPException(404)
    return access


def language(request: Request, site: Site, person: Person | None) -> str:
    """The language to answer in: the one chosen here, the person's, the browser's, the organisation's."""
    spoken = site.config.languages
    team = site.staff.teams.get(person.team) if person is not None and person.team else None
    theirs = (person.language or (team.language if team else None)) if person is not None else None
    header = request.headers.get("accept-language", "") if person is None else ""
    accepted = [part.split(";")[0].strip()[:2].lower() for part in header.split(",")]
    for wanted in (site.cookies.language(request), theirs, *accepted):
        if wanted in spoken:
            return str(wanted)
    return site.config.language


def _with_form(asked: Asked, sent: FormData) -> Asked:
    form = {name: value for name, value in reversed(sent.multi_items()) if isinstance(value, str)}
    return replace(asked, form=form, sent=sent)


def _without_null(*texts: str) -> None:
    """Refuses what no keyboard sends: PostgreSQL takes no text with a null character in it."""
    if any("\x00" in text for text in texts):
        raise HTTPException(404)


def _ours(request: Request, asked: Asked) -> bool:
    """Whether a form comes from a page of ours: the browser says so where it can, and it bears the session's sign."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return False
    return not asked.fresh and same(asked.form.get("sign", ""), asked.session.sign)


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, found out in the same time whatever they are."""
    return compare_digest(one.encode(), other.encode())


def number_of(text: object) -> int | None:
    """One of our numbers, as it stands in an address; None for what is none."""
    said = str(text)
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 18 else None


def _path(request: Request) -> str:
    path = quote(request.url.path, safe="/")
    return f"{path}?{request.url.query}" if request.url.query else path
