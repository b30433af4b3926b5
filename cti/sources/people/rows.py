"""The rows of a list of people: one for each person, or several that differ in the absences they tell of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from cti.address import is_address
from cti.core.people import ROLES, Away, Person, Role
from cti.i18n import mark
from cti.problems import Problems, problem
from cti.sources.base import Batch, Context, Counts, PeopleRead, Quarantined, mask
from cti.sources.files import plain
from cti.sources.parse import OPEN_YEAR, day_reader, ended, text_of, usable_id, yes_or_no
from cti.sources.people.options import CODED, RowOptions
from cti.sources.people.words import language_of, weekdays
from cti.sources.rows import Unreadable

MOST = 50_000
"""Rows. What is longer is a list of something else."""

Entry = tuple[int | None, Sequence[object] | None]
"""A row with its line, or None for one that cannot be cut up."""


def people_batch(
    entries: Iterable[Entry], places: Mapping[str, int], file: str, options: RowOptions, context: Context
) -> Batch:
    """What the rows say. A row that cannot be read stops none of the others. Raises Problems where there are far too many."""
    reader = _Reader(places, file, options, context)
    for line, cells in entries:
        reader.rows += 1
        if reader.rows > MOST:
            text = mark("more than {most} rows: this is no list of those who work here")
            raise Problems([problem(text, file=file, most=MOST)])
        reader.take(line, cells)
    return reader.batch()


class _Reader:
    def __init__(self, places: Mapping[str, int], file: str, options: RowOptions, context: Context) -> None:
        self.places, self.file, self.options = places, file, options
        self.teams = context.teams
        self.today = context.now.astimezone(options.zone(context)).date()
        self.day_of = day_reader(options.dates)
        self.codes = {
            name: {plain(code): word for code, word in options.codes.get(name, {}).items()} for name in CODED
        }
        self.people: dict[str, Person] = {}
        self.away: dict[str, list[Away]] = {}
        self.unread: list[Quarantined] = []
        self.doubtful: set[str] = set()
        self.left_out: Counter[str] = Counter()
        self.rows = self.nameless = 0
        self.absences_alone = "address" not in places

    def batch(self) -> Batch:
        # A row that tells no id may be anybody's, and a list without anybody is no house without workers.
        whole = not self.nameless and (bool(self.people) or self.absences_alone)
        bad = len({(entry.line, entry.ref) for entry in self.unread})
        read = self.rows - sum(self.left_out.values()) - bad
        away = {
            one: tuple(sorted(days, key=lambda day: (day.first, day.last))) for one, days in self.away.items()
        }
        found = PeopleRead(tuple(self.people.values()), away, frozenset(self.doubtful), whole)
        counts = Counts(read, dict(self.left_out), bad)
        return Batch(people=found, quarantined=tuple(self.unread), counts=counts)

    def take(self, line: int | None, cells: Sequence[object] | None) -> None:
        """One row."""
        texts = {
            name: text
            for name, at in self.places.items()
            if cells is not None and at < len(cells) and (text := text_of(cells[at]))
        }
        ref = texts.get("id", "")
        try:
            if cells is None:
                reason = mark(
                    "the line does not have the columns of the header; is a quote or a delimiter amiss?"
                )
                raise Unreadable("", "", reason)
            if not usable_id(ref):
                raise Unreadable("id", ref, mark("the row has no id, or one that cannot be read"))
            self._take(texts, ref, line)
        except Unreadable as wrong:
            self._quarantine(wrong, ref if usable_id(ref) else "", line)
            # A row without id and name is a total, or the like.
            self.nameless += not usable_id(ref) and (cells is None or "name" in texts)

    def _take(self, texts: dict[str, str], ref: str, line: int | None) -> None:
        if why := self._gone(texts):
            self.left_out[why] += 1
            return
        if not self.absences_alone:
            if not usable_id(name := texts.get("name", "")):
                reason = mark("a person without a name, or with one that cannot be read; mend it in the list")
                raise Unreadable("name", name, reason)
            role = self.codes["role"].get(plain(texts.get("role", "")), texts.get("role", "worker"))
            if not role:
                self.left_out["codes"] += 1
                return
            if role not in ROLES:
                reason = mark("not a role, nor a code under [sources.codes.role]; the roles are {roles}")
                raise Unreadable("role", texts["role"], reason, roles=", ".join(ROLES))
            self._add(self._person(texts, ref, role, line))
        if away := self._optional(self._away, texts, ref, line):
            self.away.setdefault(ref, []).append(away)

    def _gone(self, texts: dict[str, str]) -> str | None:
        """The column by which this person does not work here any more."""
        if "active" in texts:
            active = yes_or_no(texts["active"])
            if active is None:
                raise Unreadable("active", texts["active"], mark("neither yes nor no"))
            if not active:
                return "active"
        last = self._day(texts, "last_day")
        return "last_day" if last is not None and last < self.today else None

    def _person(self, texts: dict[str, str], ref: str, role: Role, line: int | None) -> Person:
        said: dict[str, Any] = {"team": self.options.team}
        for name, read in (
            ("address", _address),
            ("team", self._team),
            ("language", self._language),
            ("works", weekdays),
        ):
            if name in texts:
                value = self._optional(
                    lambda texts, name=name, read=read: read(texts[name]), texts, ref, line
                )
                said[name] = frozenset() if name == "works" and value is None else value
        return Person(ref, texts["name"], said.pop("address", None), role, **said)

    def _add(self, person: Person) -> None:
        known = self.people.setdefault(person.id, person)
        if replace(known, away=()) != person:
            reason = mark("another row says otherwise of the same id; the first one holds")
            raise Unreadable("id", person.id, reason)

    def _optional(self, read: Any, texts: dict[str, str], ref: str, line: int | None) -> Any:
        """What stands there; None where it cannot be read, which costs nothing else of the row."""
        try:
            return read(texts)
        except Unreadable as wrong:
            self._quarantine(wrong, ref, line)
            return None

    def _team(self, text: str) -> str | None:
        team = self.codes["team"].get(plain(text), text)
        if not team:
            return self.options.team
        if not usable_id(team) or (self.teams is not None and team not in self.teams):
            reason = mark("not a team of the config, nor a code under [sources.codes.team]")
            raise Unreadable("team", text, reason)
        return team

    def _language(self, text: str) -> str | None:
        return language_of(self.codes["language"].get(plain(text), text))

    def _away(self, texts: dict[str, str]) -> Away | None:
        first, last = self._day(texts, "away_from"), self._day(texts, "away_until")
        if first is None:
            return None
        if last is None:
            # Nobody knows yet; each reading says it anew.
            last = date(max(self.today, first).year + 1, 12, 31)
        if last < first:
            raise Unreadable("away_until", texts["away_until"], mark("the absence ends before it begins"))
        deputy = texts.get("deputy")
        if deputy is not None and not usable_id(deputy):
            raise Unreadable("deputy", deputy, mark("not an id of a worker or a team"))
        return Away(first, last, deputy)

    def _day(self, texts: dict[str, str], name: str) -> date | None:
        text = texts.get(name)
        if not text:
            return None
        day = self.day_of(text)
        if day is None or (day.year == OPEN_YEAR and name == "away_from"):
            raise Unreadable(name, text, mark("not a day, or not written as the config says (dates)"))
        return ended(day)

    def _quarantine(self, wrong: Unreadable, ref: str, line: int | None) -> None:
        column = self.options.columns.get(wrong.field, wrong.field)
        params = tuple(sorted(wrong.params.items()))
        self.unread.append(Quarantined(ref, self.file, line, column, mask(wrong.value), wrong.reason, params))
        if ref:
            self.doubtful.add(ref)


def _address(text: str) -> str:
    if not is_address(text):
        raise Unreadable("address", text, mark("not a mail address"))
    return text
