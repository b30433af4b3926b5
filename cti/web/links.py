"""Links to come in by mail: signed, good for a quarter of an hour, used once by a button. They say who, never about whom."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from cti.core.messages import Message
from cti.core.people import Person
from cti.engine.wording import mail_texts
from cti.i18n import format_when
from cti.post.delivery import mailbox
from cti.post.render import identity
from cti.post.routing import to_person
from cti.store import logins, outbox
from cti.web.session import keyed
from cti.web.site import Site

LASTS = timedelta(minutes=15)
FOR_ADDRESS = 4
"""Links that one address is sent within that time."""
FROM_PLACE = 60
"""Links asked for from one place within that time: a whole office may share one address on the internet."""


class TooMany(Exception):
    """Too many links were asked for from this place."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was signed by us: whose it is, where it leads then, and whether its time has passed."""

    person: str
    nonce: str
    then: str
    over: bool


def ask(site: Site, address: str, place: str, then: str, now: datetime) -> None:
    """Puts a link for each person with this address into the outbox. Raises TooMany.

    An address that nobody has, or that was sent enough links just now, gets none; what is done for it is the same otherwise.
    """
    key = site.cookies.key
    owners: list[Person | None] = [*site.owners(address)]
    hashed, from_place = keyed(key, "address", mailbox(address)), keyed(key, "place", place)
    with site.system.database.write() as tx:
        for_address, all_from_place = logins.asked_since(tx, hashed, from_place, now - LASTS)
        if all_from_place >= FROM_PLACE:
            raise TooMany
        for owner in owners or [None]:
            known = owner is not None and for_address < FOR_ADDRESS
            link = Link(owner.id if owner is not None else "", secrets.token_urlsafe(18), then, False)
            message = _message(site, link, owner, now)
            person = owner.id if known and owner is not None else None
            logins.note(tx, logins.Request(_hash(key, link), hashed, from_place, now, person))
            if known:
                outbox.enqueue(tx, [message], now, site.config.calendar)


def made(site: Site, person: Person, then: str, now: datetime) -> str:
    """The address by which this person comes in once, without a mail: for the sample organisation, which sends none."""
    link = Link(person.id, secrets.token_urlsafe(18), then, False)
    with site.system.database.write() as tx:
        nobody = b""
        logins.note(tx, logins.Request(_hash(site.cookies.key, link), nobody, nobody, now, person.id))
    return _address(site, link, now)


def read(site: Site, text: str, now: datetime) -> Link | None:
    """The link that a text is, used or not; None where we never signed it, or whose person has left."""
    try:
        person, nonce, then, until = _signer(site).loads(text)
    except (BadSignature, TypeError, ValueError):
        return None
    if person not in site.staff.people:
        return None
    return Link(person, nonce, then, now.timestamp() > until)


def unused(site: Site, link: Link) -> bool:
    """Whether nobody has come in by it."""
    with site.system.database.read() as tx:
        return logins.is_unused(tx, _hash(site.cookies.key, link))


def use(site: Site, link: Link, now: datetime) -> bool:
    """Uses it. False where it was used before."""
    with site.system.database.write() as tx:
        return logins.use(tx, _hash(site.cookies.key, link), now)


def _message(site: Site, link: Link, owner: Person | None, now: datetime) -> Message:
    config = site.config
    to = to_person(owner, site.staff) if owner is not None else None
    texts = mail_texts(site.system)
    language = texts.language(to.language if to is not None else None)
    values: dict[str, object] = {
        "link": _address(site, link, now),
        "name": owner.name if owner is not None else "",
        "until": format_when(language, now + LASTS, config.calendar.zone),
    }
    worded = texts.mail("login", language, values)
    return Message(
        id=None,
        kind="login",
        person=link.person,
        address=to.address if to is not None else "",
        subject=worded.subject,
        text=worded.text,
        html=worded.html,
        message_id=identity([link.nonce, "login"], str(config.mail.sender)),
        in_reply_to=None,
        references=(),
        items=(),
        day=config.calendar.day(now),
    )


def _address(site: Site, link: Link, now: datetime) -> str:
    until = int((now + LASTS).timestamp())
    return (
        f"{site.config.base_url}/login/{_signer(site).dumps([link.person, link.nonce, link.then, until])!s}"
    )


def _signer(site: Site) -> URLSafeSerializer:
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(site.cookies.key, salt="login", signer_kwargs=options)


def _hash(key: bytes, link: Link) -> bytes:
    return keyed(key, "link", link.nonce)
