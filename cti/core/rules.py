"""Rules as values: what a rule answers to, its steps, and the conditions that must hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from cti.core.events import Value
from cti.core.vocabulary import Labels, Vocabulary

Unit = Literal["days", "working days", "weeks", "months"]
Late = Literal["now", "skip", "ask"]


@dataclass(frozen=True, slots=True)
class Delay:
    """A distance in time, as "3 working days" or "2 weeks before". Months clip (31 January + 1 month is 28 February)."""

    amount: int
    unit: Unit
    before: bool = False


# --- conditions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Is:
    """The fact has one of these values; with `negated`, it has none of them (an unknown fact satisfies that too)."""

    fact: str
    values: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Within:
    """The date fact lies at most `delay` before the moment of judging (a day still to come is within)."""

    fact: str
    delay: Delay


@dataclass(frozen=True, slots=True)
class Older:
    """The date fact lies more than `delay` before the moment of judging."""

    fact: str
    delay: Delay


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The number fact is at least this."""

    fact: str
    number: float


@dataclass(frozen=True, slots=True)
class Situation:
    """The client stands in one of these situations; with `negated`, in none of them."""

    situations: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """The client entered `situation` at least `at_least` times, in the last `within` where that is given."""

    situation: str
    at_least: int = 1
    within: Delay | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these holds."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these holds."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """This does not hold (`unless`)."""

    of: Condition


Condition = Is | Within | Older | AtLeast | Situation | Entered | All | AnyOf | Not


# --- what a rule answers to --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enters:
    """The client comes into one of these situations, out of one of `origins` (None: any; negated: any but these)."""

    situations: tuple[str, ...]
    origins: tuple[str, ...] | None = None
    origins_negated: bool = False


@dataclass(frozen=True, slots=True)
class Expects:
    """One of these situations is foreseen."""

    situations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """The fact comes to have one of these values; for a date fact `values` is empty and the moment's day is the date."""

    fact: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Another worker takes over."""

    what: Literal["worker"] = "worker"


On = Enters | Expects | Records | Changes


# --- steps ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Later:
    """Where `when` holds at the unpostponed due, the step comes `by` later."""

    when: Condition
    by: Delay


@dataclass(frozen=True, slots=True)
class Remind:
    every: Delay
    times: int


@dataclass(frozen=True, slots=True)
class Escalate:
    after: Delay
    to: str


@dataclass(frozen=True, slots=True)
class Variant:
    """Another wording where `when` holds at due: the path of a text below templates/prompts, without language."""

    when: Condition
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a rule; for one client at one moment it becomes a prompt."""

    id: str
    due: Delay
    to: str
    """A role: worker, previous-worker, team-lead, team, or a staff desk of the config."""
    text: str
    """Path below templates/prompts, without language: "crisis-intake/map-network"."""
    at: time | None = None
    """Local time of day; None: when the organisation opens."""
    after: str | None = None
    later: Later | None = None
    when: Condition | None = None
    """`when` and `unless` of the file, joined; None: always."""
    asks: str | None = None
    answers: str | None = None
    expires: Delay | None = None
    outlives: bool = False
    late: Late = "now"
    urgent: bool = False
    remind: Remind | None = None
    escalate: Escalate | None = None
    variants: tuple[Variant, ...] = ()
    sources: tuple[str, ...] = ()
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the time after an entry: from the end of the phase before it (the first from the day of the entry) until so long
    after that day."""

    id: str
    label: Labels
    until: Delay


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the organisation. `steps` stand so that each comes behind the one it waits for."""

    id: str
    title: Labels
    why: Labels
    on: On
    steps: tuple[Step, ...]
    since: date | None = None
    off: bool = False
    was: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Vocabulary and rules together, with the digest of the files they were read from."""

    vocabulary: Vocabulary
    rules: tuple[Rule, ...]
    digest: str = ""

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of this id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)
