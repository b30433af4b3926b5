"""Who may see and do what: plain data beside each address, and one pure function that judges it.

A worker sees their own clients, a team lead the team's, a manager the rules and counts, an administrator health and no clients,
an auditor the trail and no clients (design, section 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cti.core.people import Person, Role

Relation = Literal["own", "team", "none"]
"""What someone has to do with a client: it is theirs, it is their team's (and they lead it), or nothing."""

Thing = Literal["client", "prompt"]
"""What an address is about; the number of one stands in the address under this name."""

ROLES: tuple[Role, ...] = ("worker", "team-lead", "manager", "administrator", "auditor")
CARE: frozenset[Role] = frozenset(("worker", "team-lead"))
"""Those who work with clients."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come to an address. `roles` None: anyone, also who has not logged in.

    `about`: the address is of one client or prompt, and only those may come who have to do with it. `relations` narrows that.
    `form`: what is sent there is one of our own forms, and bears its sign; False only for what machines send, signed otherwise.
    """

    roles: frozenset[Role] | None
    about: Thing | None = None
    relations: frozenset[Relation] = frozenset(("own", "team"))
    form: bool = True


ANYONE = Access(None)
EVERYONE = Access(frozenset(ROLES))
"""Everybody who has logged in."""


def only(*roles: Role) -> Access:
    """These roles; nothing about one client."""
    return Access(frozenset(roles))


STEERS = only("manager", "auditor")
"""The rules and the counts, to look at; nothing on such a page is about a client."""


def of(about: Thing, *relations: Relation) -> Access:
    """Those who work with clients, where they have to do with this one (by default: their own or the team that they lead)."""
    return Access(CARE, about, frozenset(relations or ("own", "team")))


def may(person: Person | None, access: Access, relation: Relation) -> bool:
    """Whether this person (None: nobody has logged in) may come there. `relation` counts only where it is about a client."""
    if access.roles is None:
        return True
    if person is None or person.role not in access.roles:
        return False
    return access.about is None or relation in access.relations
