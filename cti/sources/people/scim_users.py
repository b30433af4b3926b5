"""Users of a SCIM 2.0 service, read as people: which id, which address of several, which group is a team or a role."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from cti.address import is_address
from cti.core.people import Person, Role
from cti.i18n import mark
from cti.sources.base import Batch, Counts, Note, PeopleRead, Quarantined, mask, note
from cti.sources.files import plain
from cti.sources.parse import text_of, usable_id, yes_or_no
from cti.sources.people.scim_server import ENTERPRISE, Answered
from cti.sources.people.words import spoken

User = Mapping[str, Any]

_EXTENSION = ENTERPRISE.lower()


class Reader:
    """Reads the Users of one server. `id` names the attribute that is a person's id; `teams` and `roles` say which groups are
    which, in the order in which they count; `team` is everyone's who is in none."""

    def __init__(
        self,
        source: str,
        id: str,
        teams: Mapping[str, str],
        roles: Mapping[str, str],
        team: str | None,
        groups: Answered,
    ) -> None:
        self.source, self.id, self.team = source, id, team
        self.teams, self.roles = _plainly(teams), _plainly(roles)
        self.names = {plain(name): name for name in (*teams, *roles)}
        known = [group for group in groups.resources if isinstance(group, dict)]
        self.groups_whole = groups.whole and len(known) == len(groups.resources)
        self.labels: dict[str, set[str]] = defaultdict(set)
        """The names and ids of the groups of each member, by the server's own id of it."""
        self.seen: set[str] = set()
        for group in known:
            own = _labels([group], "id", "displayname")
            self.seen |= own
            for member in _tables(group, "members"):
                self.labels[_text(member, "value")] |= own
        self.people: dict[str, Person] = {}
        self.unread: list[Quarantined] = []
        self.doubtful: set[str] = set()
        self.left_out: Counter[str] = Counter()
        self.nameless = 0

    def batch(self, users: Answered, managers_lead: bool) -> Batch:
        """What the Users say. One that cannot be read stops none of the others."""
        ids: dict[str, str] = {}
        managers: set[str] = set()
        read = 0
        for user in users.resources:
            person = self._person(user)
            if person is None:
                continue
            if person.id in self.people:
                reason = mark("another row says otherwise of the same id; the first one holds")
                self._quarantine(person.id, self.id, person.id, reason)
                continue
            read += person.id not in self.doubtful
            self.people[person.id] = person
            ids[_text(user, "id")] = person.id
            managers.add(_text(_table(_table(user, _EXTENSION), "manager"), "value"))
        for one in managers & ids.keys() if managers_lead else ():
            person = self.people[ids[one]]
            self.people[person.id] = replace(person, role="team-lead") if person.role == "worker" else person
        whole = users.whole and self.groups_whole and not self.nameless and bool(self.people)
        counts = Counts(read, dict(self.left_out), len(users.resources) - read - self.left_out.total())
        return Batch(
            people=PeopleRead(tuple(self.people.values()), {}, frozenset(self.doubtful), whole),
            quarantined=tuple(self.unread),
            counts=counts,
            notes=tuple(self._notes(users)),
        )

    def _person(self, user: Any) -> Person | None:
        """Who that is; None for whoever does not work here, or cannot be told."""
        if not isinstance(user, dict):
            self.nameless += 1
            self._quarantine("", "", "", mark("not a User as SCIM 2.0 has it; the server has to mend it"))
            return None
        inner = _table(user, _EXTENSION)
        id = _text(inner if self.id == "employeeNumber" else user, self.id.lower())
        if yes_or_no(_text(user, "active")) is False:
            self.left_out["active"] += 1
            return None
        if not usable_id(id):
            self.left_out["id"] += 1  # an account of a machine, say
            return None
        groups = self.labels[_text(user, "id")] | _labels(_tables(user, "groups"), "value", "display")
        places = groups | _labels([inner], "department")
        offices = groups | _labels(_tables(user, "roles"), "value", "display")
        self.seen |= places | offices
        role, team = _first(self.roles, offices), _first(self.teams, places)
        if role == "" or (role is None and team is None and self.names):
            self.left_out["codes" if role == "" else "groups"] += 1
            return None
        address: str | None = _address(_tables(user, "emails"))
        if address and not is_address(address):
            self._quarantine(id, "emails", address, mark("not a mail address"))
            address = None
        name = _name(user)
        language = spoken(_text(user, "preferredlanguage"))
        return Person(
            id,
            name if usable_id(name) else id,
            address or None,
            cast(Role, role or "worker"),
            team or self.team,
            language,
        )

    def _quarantine(self, ref: str, field: str, value: str, reason: str) -> None:
        self.unread.append(Quarantined(ref, self.source, None, field, mask(value), reason))
        if ref:
            self.doubtful.add(ref)

    def _notes(self, users: Answered) -> Iterator[Note]:
        if not users.whole:
            text = mark("the server tells of {total} people and gives {n}; nobody is taken for gone")
            yield note(text, total=users.total, n=len(users.resources))
        strange = [name for label, name in self.names.items() if label not in self.seen]
        if strange:
            text = mark("groups of teams and roles that the server does not have: {groups}")
            yield note(text, groups=", ".join(strange))


def _plainly(words: Mapping[str, str]) -> dict[str, str]:
    return {plain(name): word for name, word in words.items()}


def _first(words: Mapping[str, str], labels: set[str]) -> str | None:
    return next((word for label, word in words.items() if label in labels), None)


def _labels(tables: Iterable[User], *names: str) -> set[str]:
    return {plain(text) for table in tables for name in names if (text := _text(table, name))}


def _address(emails: list[User]) -> str:
    """The work address, of several the primary one; without one, the primary or the first."""
    work = [one for one in emails if _text(one, "type").lower() == "work"]
    best = sorted(work or emails, key=lambda one: one.get("primary") is not True)
    return _text(best[0], "value") if best else ""


def _name(user: User) -> str:
    name = _table(user, "name")
    whole = " ".join(text for part in ("givenname", "familyname") if (text := _text(name, part)))
    return _text(user, "displayname") or _text(name, "formatted") or whole


def _table(user: User, name: str) -> User:
    said = user.get(name)
    return said if isinstance(said, dict) else {}


def _tables(user: User, name: str) -> list[User]:
    said = user.get(name)
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _text(user: User, name: str) -> str:
    said = user.get(name)
    return text_of(said) if isinstance(said, str | int | bool) else ""
