"""A second reading of what was told: by the mails that went out, by the config, and by the plan.

For a client and a day it says of each step: told, covered, or why not, with a word.
"""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tests.second.days import dutch_holidays
from tests.second.life import Life
from tests.second.line import DAY
from tests.second.plan import Plan, Planned, Rules
from tests.second.records import Answers, Journal

OPENS, CLOSES = time(9), time(17)
MOMENT = timedelta(microseconds=1)
KEPT_BACK = ("day-off", "outside-hours", "cap", "mailed", "no-message")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Mail:
    """One thing that a mail said of a prompt: which kind of thing, on which day, in a mail made when, to which address. `other`
    is the number of the prompt that speaks for it, where it is covered."""

    kind: str
    day: date
    made: datetime
    address: str
    other: int


@dataclass(frozen=True)
class Prompt:
    """A prompt of which something was said: our number, what it is of, and what was said."""

    number: int
    rule: str
    step: str
    name: str
    names: frozenset[str]
    mails: tuple[Mail, ...]


def read_prompts(database: Path) -> dict[str, list[Prompt]]:
    """All prompts of which mails said something, by client."""
    found: dict[int, tuple[str, Prompt]] = {}
    asked = """SELECT prompt.id, client.ref, prompt.rule, prompt.step, prompt.name, prompt.names, item.kind, message.day,
        message.created_at, message.address, item.number FROM message_item AS item
        JOIN message ON message.id = item.message JOIN prompt ON prompt.id = item.prompt_id
        JOIN client ON client.id = prompt.client_id ORDER BY message.id, item.kind, item.number"""
    with sqlite3.connect(database) as tables:
        for number, client, rule, step, name, names, kind, day, made, address, other in tables.execute(asked):
            mail = Mail(
                kind, date.fromisoformat(day), datetime.fromisoformat(f"{made}+00:00"), address, other
            )
            before = found.get(number)
            mails = (*before[1].mails, mail) if before else (mail,)
            known = frozenset(tomllib.loads(f"names = {names}")["names"])
            found[number] = client, Prompt(number, rule, step, name, known, mails)
    by_client: dict[str, list[Prompt]] = {}
    for client, prompt in found.values():
        by_client.setdefault(client, []).append(prompt)
    return by_client


class House:
    """The organisation by its config: who works when, who stands in, how many prompts a mail holds."""

    def __init__(self, config: Path) -> None:
        read: dict[str, Any] = tomllib.loads(config.read_text(encoding="utf-8"))
        about = read.get("organisation", {})
        self.people = {person["id"]: person for person in read.get("people", [])}
        self.inboxes = {team["id"]: team["inbox"] for team in read.get("teams", []) if "inbox" in team}
        self.closed = set(about.get("closing_days", []))
        self.cap = about.get("cap", 3)
        self.teams = {source["name"]: source.get("team") for source in read["sources"]}
        self._works: dict[date, bool] = {}

    def works(self, day: date) -> bool:
        """Whether the organisation works on that day."""
        if day not in self._works:
            holidays = dutch_holidays(day.year)
            self._works[day] = day.weekday() < 5 and day not in holidays and day not in self.closed
        return self._works[day]

    def reads(self, who: str | None, day: date) -> bool:
        """Whether this person (None: an inbox) is mailed on that day."""
        works = self.people[who].get("works") if who is not None else None
        return self.works(day) and (not works or WEEK[day.weekday()] in works)

    def recipient(self, who: str | None, team: str | None, day: date) -> tuple[str | None, str] | None:
        """The worker, else the deputy, else the team's inbox, else nobody: the person, if it is one, and the address."""
        seen = set[str]()
        person = who
        while person is not None and person in self.people and person not in seen:
            seen.add(person)
            away = [a for a in self.people[person].get("away", []) if a["from"] <= day <= a["until"]]
            if not away:
                address = self.people[person].get("address")
                if address:
                    return person, address
                break
            person = next((a["deputy"] for a in away if a.get("deputy")), None)
        team = team or (self.people[who].get("team") if who in self.people else None)
        return (None, self.inboxes[team]) if team in self.inboxes else None


@dataclass(frozen=True)
class Verdict:
    """What the second reading says of a step on a day: what became of it, and what the plan makes of it."""

    plan: Planned
    outcome: str


class Reading:
    """The second reading of an organisation: its files and its tables."""

    def __init__(
        self, rules: Rules, house: House, journal: Journal, database: Path, answers: Answers
    ) -> None:
        self.rules, self.house, self.journal, self.answers = rules, house, journal, answers
        self.prompts = read_prompts(database)
        self._mailed: dict[tuple[str, date], list[Mail]] = {}
        for prompts in self.prompts.values():
            for mail in (mail for prompt in prompts for mail in prompt.mails):
                self._mailed.setdefault((mail.address, mail.day), []).append(mail)

    def at(self, day: date, hour: time) -> datetime:
        """A wall time there."""
        return datetime.combine(day, hour, self.journal.zone)

    def life(self, client: str, at: datetime) -> Life:
        """The client's life as it was known then."""
        return Life(self.journal, self.journal.by(client, at), self.rules.facts, self.rules.gap)

    def plan(self, client: str, at: datetime) -> tuple[Life, list[Planned]]:
        """What is planned by what was known then."""
        life = self.life(client, at)
        said = [answer for read, answer in self.answers.get(client, ()) if read <= at]
        return life, Plan(life, self.rules, said, self.at, self.house.works).steps()

    def verdicts(self, client: str, day: date) -> list[Verdict]:
        """What became of each step by the end of that day: what begins at midnight is of the next one."""
        end = self.journal.midnight(day + DAY) - MOMENT
        life, planned = self.plan(client, end)
        told = self._told(client, planned, end)
        stands = asked_once(planned, told)
        if end < self.journal.passes[0]:
            return self._without_us(stands, life, day, end)
        found = [
            Verdict(plan, self._outcome(plan, told.get(index), life, day, end))
            for index, plan in enumerate(stands)
        ]
        waits = [one.plan for one in found if one.outcome in KEPT_BACK]
        return [
            replace(one, outcome="later-step")
            if one.outcome in KEPT_BACK and any(_later_step(other, one.plan) for other in waits)
            else one
            for one in found
        ]

    def _told(self, client: str, planned: Sequence[Planned], end: datetime) -> Mapping[int, Prompt]:
        """Which prompt of which something was said by then belongs to which step: the one that bears its name, else one whose
        names it shares."""
        found: dict[int, Prompt] = {}
        for prompt in self.prompts.get(client, ()):
            mails = tuple(mail for mail in prompt.mails if mail.made <= end)
            own = [
                (index, plan)
                for index, plan in enumerate(planned)
                if (plan.rule, plan.step) == (prompt.rule, prompt.step)
            ]
            for fits in (
                [index for index, plan in own if plan.of.name == prompt.name],
                [index for index, plan in own if prompt.name in plan.of.names],
                [index for index, plan in own if prompt.names & plan.of.names],
            ):
                if fits and mails:
                    free = [index for index in fits if index not in found]
                    found.setdefault((free or fits)[0], replace(prompt, mails=mails))
                    break
        return found

    def _outcome(self, plan: Planned, told: Prompt | None, life: Life, day: date, end: datetime) -> str:
        if told is not None:
            return "told" if any(mail.kind == "prompt" for mail in told.mails) else "covered"
        if plan.code != "wanted" or plan.due is None:
            return plan.code
        if plan.until is not None and plan.until <= end:
            return "expired"
        if plan.due > end:
            return "pending"
        return self._kept_back(plan, life, day)

    def _kept_back(self, plan: Planned, life: Life, day: date) -> str:
        """Why what is due was not told by the end of the day, although it is wanted and current."""
        to = self.recipient(plan, life, day)
        if to is None:
            return "unroutable"
        if plan.urgent:
            return "no-message" if self.house.works(day) else "outside-hours"
        if not self.house.reads(to[0], day):
            return "day-off"
        mails = self._mailed.get((to[1], day), [])
        new = [mail for mail in mails if mail.kind == "prompt"]
        if not mails:
            return "no-message"
        full = to[0] is not None and len(new) >= self.house.cap
        return "cap" if full and plan.due is not None and plan.due <= mails[0].made else "mailed"

    # --- before the first pass ----------------------------------------------------------------------------------------------

    def _without_us(self, planned: Sequence[Planned], life: Life, day: date, end: datetime) -> list[Verdict]:
        """What would have been told by then, had there been a pass on each day; of what would have gone together only the latest
        step of a moment, which speaks for the others."""
        first = [self._first_day(plan, life) if plan.code == "wanted" else None for plan in planned]
        found = []
        for plan, comes in zip(planned, first, strict=True):
            outcome = plan.code
            if plan.code == "wanted" and plan.due is not None:
                over = plan.until is not None and plan.until <= end
                outcome = (
                    "expired" if over else "pending" if plan.due > end else self._kept_back(plan, life, day)
                )
                if comes is not None and (over or comes <= day):
                    outcome = "would-come"
                later = [
                    other
                    for other, theirs in zip(planned, first, strict=True)
                    if outcome == "would-come" and theirs == comes and _later_step(other, plan)
                ]
                outcome = "covered" if later else outcome
            found.append(Verdict(plan, outcome))
        return found

    def _first_day(self, plan: Planned, life: Life) -> date | None:
        """The first day on which whoever has the role is mailed while the prompt is current."""
        assert plan.due is not None
        day = plan.due.astimezone(self.journal.zone).date()
        for _ in range(100):
            to = self.recipient(plan, life, day)
            works = to is not None and (
                self.house.works(day) if plan.urgent else self.house.reads(to[0], day)
            )
            moment = max(self.at(day, OPENS), plan.due)
            if works and plan.until is not None and plan.until <= moment:
                return None
            if works and (not plan.urgent or moment < self.at(day, CLOSES)):
                return day
            day += DAY
        return None

    # --- who ----------------------------------------------------------------------------------------------------------------

    def recipient(self, plan: Planned, life: Life, day: date) -> tuple[str | None, str] | None:
        """Whoever has the role of the step on that day."""
        worker, team = life.assigned(day)
        if plan.role == "previous-worker":
            who = plan.of.before
            own = self.house.people.get(who or "", {}).get("team")
            return self.house.recipient(who, own or team or self._team(worker), day)
        return self.house.recipient(worker, team or self._team(worker), day)

    def _team(self, worker: str | None) -> str | None:
        named = self.house.people.get(worker or "", {}).get("team")
        return named or next((team for team in self.house.teams.values() if team), None)


def _later_step(other: Planned, plan: Planned) -> bool:
    same = (other.rule, other.of, other.role) == (plan.rule, plan.of, plan.role)
    known = other.wanted is not None and plan.wanted is not None and other.wanted > plan.wanted
    return same and other.code == "wanted" and known


def asked_once(planned: Sequence[Planned], told: Mapping[int, Prompt]) -> list[Planned]:
    """Steps with the same `asks` put one question: of those wanted for one transition, the earliest is prompted and covers the
    rest; but a question that was put stands (page 15)."""
    groups: dict[tuple[str, str], list[int]] = {}
    for index, plan in enumerate(planned):
        if plan.asks is not None and plan.code == "wanted":
            groups.setdefault((plan.asks, plan.of.turn), []).append(index)
    found = list(planned)
    for group in groups.values():
        first = min(group, key=lambda index: (planned[index].due or planned[index].of.known, index))
        put = [index for index in group if index in told]
        stands = first if first in put or not put else min(put, key=lambda i: planned[i].of.day or date.max)
        for index in group:
            if index != stands:
                found[index] = replace(planned[index], code="asked")
    return found
