"""Short ways to write down prompts, people and a moment, so that a test reads as what happened at the post office."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from cti.core.calendar import Calendar
from cti.core.events import Assignment
from cti.core.messages import Item, ItemKind, Told
from cti.core.people import Away, Person, Staff, Team
from cti.core.prompts import Planned, Reason, Stored
from cti.core.rules import Delay, Escalate, Remind, Step, Unit
from cti.post.agenda import agenda
from cti.post.delivery import Agenda, Habits

CALENDAR = Calendar()
TEMPLATES = Path(__file__).parents[2] / "templates"
MONDAY = date(2026, 3, 16)


def at(clock: str, day: date = MONDAY) -> datetime:
    """The UTC moment of a wall time in Amsterdam, on Monday 16 March 2026 unless another day is given."""
    return CALENDAR.at(day, time.fromisoformat(clock))


def days(number: int) -> date:
    """So many days after that Monday."""
    return MONDAY + timedelta(days=number)


def prompt(
    number: int = 1,
    client: str = "c1",
    *,
    rule: str = "intake",
    step: str = "map",
    name: str = "",
    due: datetime | None = None,
    until: datetime | None = None,
    role: str = "worker",
    wanted_at: datetime | None = None,
    code: str = "wanted",
    worker: str | None = None,
    waits: bool = False,
    **columns: object,
) -> Stored:
    """A prompt that was due this Monday when the organisation opened, unless said otherwise."""
    due = None if waits else due or at("09:00")
    moment = name or f"n{number}"
    plan = Planned(
        rule,
        step,
        moment,
        (moment,),
        client,
        MONDAY,
        at("08:00"),
        due,
        wanted_at or due,
        until,
        role,
        f"{rule}/{step}",
        Reason(code),
        worker,
    )
    return replace(Stored(number, plan), **columns)  # type: ignore[arg-type]


def sent(number: int = 1, client: str = "c1", *, day: date = MONDAY, **more: object) -> Stored:
    """A prompt that was due and sent that day at nine, and told as wanted."""
    due = at("09:00", day)
    columns: dict[str, object] = {
        "due": due,
        "sent_at": due,
        "told_standing": "wanted",
        "told_due": day,
    } | more
    return prompt(number, client, **columns)  # type: ignore[arg-type]


def told(
    number: int = 1,
    kind: ItemKind = "prompt",
    count: int = 0,
    *,
    day: date = MONDAY,
    person: str | None = "w1",
    address: str | None = None,
) -> Told:
    """What a mail said about a prompt."""
    mail = f"<{number}-{kind}-{count}@example.org>"
    return Told(Item(number, kind, count), day, person, address or f"{person}@example.org", mail)


def person(who: str, team: str | None = "north", **more: object) -> Person:
    return replace(Person(who, f"worker {who[1:]}", f"{who}@example.org", team=team), **more)  # type: ignore[arg-type]


def away(deputy: str | None = None, first: date = MONDAY, last: date = MONDAY) -> tuple[Away, ...]:
    return (Away(first, last, deputy),)


def staff(*people: Person, **inboxes: str | None) -> Staff:
    """These people, beside w1, w2 and the team lead l1 of north, and w3 of south. North has an inbox, south has none."""
    everyone = [
        person("w1"),
        person("w2"),
        person("w3", "south"),
        person("l1", role="team-lead"),
        *people,
    ]
    boxes = {"north": "north@example.org", "south": None, **inboxes}
    teams = {team: Team(team, inbox) for team, inbox in boxes.items()}
    return Staff({one.id: one for one in everyone}, teams, {"housing": "housing@example.org"})


def works_with(**workers: str | None) -> dict[str, Assignment]:
    """Who works with each client: c1="w1"."""
    return {client: Assignment(MONDAY, worker) for client, worker in workers.items()}


def step(
    *,
    urgent: bool = False,
    every: int | None = None,
    times: int = 2,
    unit: Unit = "working days",
    after: int | None = None,
    to: str = "team-lead",
) -> Step:
    """A step with the options that the post office looks at."""
    return Step(
        "map",
        Delay(14, "days"),
        "worker",
        "intake/map",
        urgent=urgent,
        remind=Remind(Delay(every, unit), times) if every else None,
        escalate=Escalate(Delay(after, "working days"), to) if after else None,
    )


def post(
    *prompts: Stored,
    now: datetime | None = None,
    people: Staff | None = None,
    clients: Mapping[str, Assignment] | None = None,
    steps: Mapping[str, Step] | Step | None = None,
    said: Sequence[Told] = (),
    mailed: Collection[str] = (),
    habits: Habits | None = None,
) -> Agenda:
    """The agenda on Monday at nine, all clients being w1's, unless said otherwise."""
    by_prompt: dict[int, list[Told]] = {}
    for one in said:
        by_prompt.setdefault(one.item.prompt, []).append(one)
    everyone = {prompt.plan.client: Assignment(MONDAY, "w1") for prompt in prompts}

    def step_of(rule: str, step_id: str) -> Step | None:
        return steps if isinstance(steps, Step) else (steps or {}).get(step_id)

    return agenda(
        prompts,
        staff=people or staff(),
        calendar=CALENDAR,
        habits=habits or Habits(),
        assigned=everyone if clients is None else clients,
        step=step_of,
        told=by_prompt,
        mailed=mailed,
        now=now or at("09:00"),
    )


def letters(made: Agenda) -> dict[str, list[tuple[str, int]]]:
    """Per mailbox what is told: {"w1@example.org": [("prompt", 1)]}."""
    return {
        delivery.to.address: [(entry.kind, entry.prompt.id) for entry in delivery.entries]
        for delivery in made.deliveries
    }


def waiting(made: Agenda) -> dict[int, str]:
    """Per prompt that waits, why."""
    return {deferred.prompt: deferred.why for deferred in made.deferred}


def lacking(made: Agenda) -> dict[int, str]:
    """Per prompt that nobody can receive, what is missing."""
    return {unroutable.prompt: unroutable.lack for unroutable in made.unroutable}
