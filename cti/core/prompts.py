"""Prompts as values: what the plan wants, what stands in the store, and what a prompt's state is called.

Every column of a stored prompt has one owner: the planner, the person who answers, or the post office. None writes another's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from cti.core.events import Value

WANTED = "wanted"
"""The standing of a prompt that should be sent when it is due. Every other standing says why not."""

STANDINGS = (
    WANTED,
    "waiting",  # for the step it comes after, or for a day
    "condition",  # its conditions do not hold at due
    "moved-on",  # the client's next transition came before it was due
    "fulfilled",  # what was expected has happened
    "lapsed",  # what was expected did not happen in time
    "closed",  # the file was closed
    "too-late",  # its window had passed when the moment became known
    "skipped",  # known too late, and the step says late = "skip"
    "stale",  # the "is this still current?" prompt stands in its place
    "asked",  # another step puts the same question for this transition
    "before-since",  # due before the day from which the rule prompts
    "gone",  # its record was retracted, or the rule no longer has the step
)

PLACE = ("rule", "step", "name")
"""What a prompt's key is made of."""

STILL_CURRENT = ("still-current", "ask")
"""Rule and step id of the prompt that asks whether a moment that became known late is still current."""


class Reason(NamedTuple):
    """Why a prompt is wanted or not: a code of STANDINGS, and the facts that decided, as (name, value) pairs."""

    code: str
    facts: tuple[tuple[str, Value | None], ...] = ()


class Planned(NamedTuple):
    """One step for one client at one moment, as the plan has it. Times are aware, in UTC.

    `name` names the moment, `names` are all names it answers to. `day` is the moment's day. `due` is None while the step waits.
    `until` None: open. `wanted_at` is the due before lateness moved it (which of several overdue steps is the latest).
    `text` is the variant chosen at due.
    """

    rule: str
    step: str
    name: str
    names: tuple[str, ...]
    client: str
    day: date
    known: datetime
    due: datetime | None
    wanted_at: datetime | None
    until: datetime | None
    role: str
    text: str
    reason: Reason
    worker: str | None = None
    """The worker whom `previous-worker` means, where the role is that."""

    @property
    def key(self) -> str:
        """The prompt's identity: rule, step and the moment's name."""
        return f"{self.rule}/{self.step}/{self.name}"

    @property
    def wanted(self) -> bool:
        return self.reason.code == WANTED

    @property
    def asked_by(self) -> str | None:
        """The key of the prompt that puts the same question in its place, if one does."""
        if self.reason.code != "asked":
            return None
        about = dict(self.reason.facts)
        return "/".join(str(about[part]) for part in PLACE)

    def asks_for(self) -> Reason:
        """Why another prompt is not wanted: this one puts its question."""
        return Reason("asked", tuple(zip(PLACE, (self.rule, self.step, self.name), strict=True)))


@dataclass(frozen=True, slots=True)
class Stored:
    """A prompt as it stands in the store: the planner's, the person's and the post office's columns.

    `id` is our own number. `names` are remembered when it is sent. `rulebook` is the digest of the one
    that made it: by which it was told, else by which it was planned last.
    """

    id: int
    plan: Planned
    rulebook: str = ""
    # the person's
    answer: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    """The id of the person who answered; None where that was not said."""
    snoozed_until: datetime | None = None
    handed_to: str | None = None
    """The colleague to whom it was handed over, in place of whoever its role comes down to."""
    handed_by: str | None = None
    handed_at: datetime | None = None
    handed_times: int = 0
    """How often it changed hands, also where it came back."""
    # the post office's
    sent_at: datetime | None = None
    covered_by: int | None = None
    """Our number of the prompt whose message named this one as missed."""
    unroutable: bool = False
    told_standing: str | None = None
    told_due: date | None = None

    @property
    def final(self) -> bool:
        """Whether a person or the post office has decided something that no plan undoes."""
        return self.sent_at is not None or self.answer is not None or self.covered_by is not None

    @property
    def told(self) -> bool:
        """Whether it is final, or a message that tells it is on its way. (What its reader was told is noted with the message.)"""
        return self.final or self.told_standing is not None


def state(prompt: Stored, now: datetime) -> str:
    """What the prompt's state is called at `now` (design, law 13)."""
    wanted = prompt.plan.wanted
    if prompt.answer is not None:
        return "answered"
    if prompt.covered_by is not None:
        return "covered"
    if prompt.sent_at is not None:
        if wanted:
            return "sent"
        return "withdrawn" if prompt.plan.reason.code == "gone" else "settled"
    if not wanted:
        code = prompt.plan.reason.code
        if code == "waiting" and (prompt.plan.until is None or now < prompt.plan.until):
            return "pending"
        if code == "too-late":
            return "expired"
        if code in ("skipped", "stale", "condition", "asked", "before-since"):
            return "skipped"
        return "withdrawn"
    if prompt.plan.until is not None and prompt.plan.until <= now:
        return "expired"
    return "unroutable" if prompt.unroutable else "pending"


@dataclass(frozen=True, slots=True)
class Change:
    """What a plan changes in the store: kind is create, move, withdraw, revive, rename, drop or update."""

    kind: str
    plan: Planned
    before: Stored | None = None
