"""The main menu: what each role finds there, in this order. The first is where someone comes in."""

from __future__ import annotations

from dataclasses import dataclass

from cti.core.people import Person, Role
from cti.i18n import mark
from cti.web.guard import CARE, ROLES


@dataclass(frozen=True, slots=True)
class Link:
    """A page in the menu, for these roles. `label` is an English text of ours."""

    path: str
    label: str
    roles: frozenset[Role]


MENU = (
    Link("/prompts", mark("My prompts"), CARE),
    Link("/clients", mark("Clients of mine"), CARE),
    Link("/trail", mark("Audit trail"), frozenset(("auditor",))),
    Link("/rules", mark("Rules"), frozenset(("manager", "auditor"))),
    Link("/team", mark("My team"), frozenset(("team-lead",))),
    Link("/counts", mark("Figures"), frozenset(("manager", "auditor"))),
    Link("/admin", mark("The service"), frozenset(("administrator",))),
    Link("/me", mark("Me"), frozenset(ROLES)),
)


def menu(person: Person | None) -> tuple[Link, ...]:
    """What this person finds in the menu."""
    return tuple(link for link in MENU if person is not None and person.role in link.roles)


def home(person: Person) -> str:
    """The page where this person comes in: the first of their menu."""
    return menu(person)[0].path
