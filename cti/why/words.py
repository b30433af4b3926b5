"""What a condition found, who was meant, which record says so: the small words of an explanation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cti.core.calendar import ONE_DAY, Calendar
from cti.core.events import Value
from cti.core.explain import Explanation
from cti.core.parts import Evidence, Part
from cti.core.people import Staff
from cti.core.rules import Delay, Entered, Is, Situation
from cti.core.vocabulary import Vocabulary
from cti.engine.answering import ANSWER
from cti.i18n import format_short_day, mark, say
from cti.phrases import in_time
from cti.post.delivery import Lack, Recipient
from cti.sentences import fact_label, in_words, label, situation_label
from cti.sources.settings import OURS
from cti.workshop.wording import inline

LACKS: dict[str, str] = {
    "no-worker": mark("no worker is registered for the client, and no inbox of a team"),
    "no-address": mark("the worker has no address, and the team has no inbox"),
    "no-inbox": mark("the team has no inbox"),
    "no-team-lead": mark("the team has no team lead and no inbox"),
    "no-desk": mark("the config names no address for this desk"),
}


Names = Callable[[str, str], str]
"""From rule and step to what a reader calls the step."""


@dataclass(frozen=True)
class Words:
    """Words in one language. `near` is the day whose year goes without saying."""

    lang: str
    vocabulary: Vocabulary
    calendar: Calendar
    staff: Staff
    explanation: Explanation
    near: date
    names: Names | None = None
    """What the steps are called; None: by their ids."""

    def step(self, rule: str, step: object) -> str:
        """A step, as this reader knows it."""
        return self.names(rule, str(step)) if self.names is not None else str(step)

    def rule(self, rule: str) -> str:
        """A rule likewise: by its title where steps have names, else by its id."""
        found = next((one.rule for one in self.explanation.rules if one.rule.id == rule), None)
        named = self.names is not None and found is not None
        return f"“{label(self.lang, found.title, rule)}”" if named and found is not None else rule

    def day(self, day: date | datetime | None) -> str:
        """A day, or the local day of a moment: "Mon 16 Mar"; nothing for None."""
        if day is None:
            return ""
        local = self.calendar.day(day) if isinstance(day, datetime) else day
        return format_short_day(self.lang, local, self.near)

    def day_after(self, day: date) -> str:
        return self.day(day + ONE_DAY)

    def days(self, first: date, last: date) -> str:
        """A day, or several in a row."""
        if first == last:
            return self.day(first)
        return say(self.lang, "{first} to {last}", first=self.day(first), last=self.day(last))

    def joined(self, texts: Sequence[str]) -> str:
        """Things that hold together: "a, b and c"."""
        if len(texts) < 2:
            return "".join(texts)
        return say(self.lang, "{first} and {last}", first=", ".join(texts[:-1]), last=texts[-1])

    # --- conditions -----------------------------------------------------------------------------------------------------

    def needed(self, part: Part) -> str:
        """What a part asks: “trust” is “growing” or “no”."""
        return inline(self.lang, part.condition, self.vocabulary)

    def found(self, part: Part) -> str:
        """What a part found: “trust” is “growing” since Thu 5 Mar (registration f1)."""
        match part.condition:
            case Situation():
                here = situation_label(self.lang, str(part.value), self.vocabulary)
                if not part.evidence:
                    return say(self.lang, "the situation is “{value}”", value=here)
                said = self._said(part.evidence[0])
                return say(self.lang, "the situation is “{value}” {said}", value=here, said=said)
            case Entered(situation, _, within):
                return self._entered(part, situation, within)
        fact = fact_label(self.lang, str(getattr(part.condition, "fact", "")), self.vocabulary)
        if part.value is None or not part.evidence:
            return say(self.lang, "“{fact}” is not known", fact=fact)
        if isinstance(part.value, date):
            words = self.day(part.value)
            text = mark("“{fact}” is {value} ({source})")
            return say(self.lang, text, fact=fact, value=words, source=self.source(part.evidence[0].name))
        value = self._value(part)
        text = mark("“{fact}” is “{value}” {said}")
        return say(self.lang, text, fact=fact, value=value, said=self._said(part.evidence[0]))

    def held(self, parts: Sequence[Part]) -> str:
        """What decided, in one line; what nothing is known of is named together."""
        unknown = [part for part in parts if self._is_unknown(part)]
        said = [self._in_full(part) for part in parts if part not in unknown]
        if unknown:
            names = (str(getattr(part.condition, "fact", "")) for part in unknown)
            facts = [f"“{fact_label(self.lang, name, self.vocabulary)}”" for name in dict.fromkeys(names)]
            said.append(say(self.lang, "nothing is known of {facts}", facts=self.joined(facts)))
        return "; ".join(dict.fromkeys(said))

    def in_the_way(self, part: Part) -> str:
        """What kept a step away: what was missing, or what stood in the way."""
        if part.wanted:
            return say(
                self.lang, "missing: {needed} ({found})", needed=self.needed(part), found=self._it(part)
            )
        return say(self.lang, "in the way: {found}", found=self._in_full(part))

    def _it(self, part: Part) -> str:
        """What a part found, behind what it asks."""
        if isinstance(part.condition, Entered):
            days = self.joined([self.day(entry.day) for entry in part.evidence])
            return (
                say(self.lang, "it did on {days}", days=days) if days else say(self.lang, "it did not happen")
            )
        if part.value is None or not part.evidence:
            return say(self.lang, "not known")
        if isinstance(part.condition, Situation):
            value = f"“{situation_label(self.lang, str(part.value), self.vocabulary)}”"
        elif isinstance(part.value, date):
            source = self.source(part.evidence[0].name)
            return say(self.lang, "it is {value}, {source}", value=self.day(part.value), source=source)
        else:
            value = f"“{self._value(part)}”"
        entry = part.evidence[0]
        known, source = self.calendar.day(entry.known), self.source(entry.name)
        text = mark("it is {value} since {day}, {source}")
        if known > entry.day:
            text = mark("it is {value} since {day}, recorded on {known}, {source}")
        return say(
            self.lang, text, value=value, day=self.day(entry.day), known=self.day(known), source=source
        )

    def _in_full(self, part: Part) -> str:
        """What a part found; where that alone does not tell that it held, with what it asks."""
        if part.holds and not isinstance(part.condition, Is | Situation | Entered):
            value = part.value
            shown = self.day(value) if isinstance(value, date) else str(value)
            source = self.source(part.evidence[0].name) if part.evidence else ""
            text = mark("{needed}: {value} ({source})")
            return say(self.lang, text, needed=self.needed(part), value=shown, source=source)
        return self.found(part)

    def _is_unknown(self, part: Part) -> bool:
        return part.value is None and not isinstance(part.condition, Situation | Entered)

    def _entered(self, part: Part, situation: str, within: Delay | None) -> str:
        into = situation_label(self.lang, situation, self.vocabulary)
        delay = in_time(self.lang, within) if within is not None else ""
        days = self.joined([self.day(entry.day) for entry in part.evidence])
        if not days and within is None:
            return say(self.lang, "the client never came into “{into}”", into=into)
        if not days:
            return say(
                self.lang, "the client did not come into “{into}” in the last {delay}", into=into, delay=delay
            )
        text = mark("the client came into “{into}” on {days}, in the last {delay}")
        if within is None:
            text = mark("the client came into “{into}” on {days}")
        return say(self.lang, text, into=into, days=days, delay=delay)

    def _value(self, part: Part) -> str:
        value: Value | None = part.value
        return in_words(self.lang, str(getattr(part.condition, "fact", "")), value, self.vocabulary)

    # --- records --------------------------------------------------------------------------------------------------------

    def _said(self, evidence: Evidence) -> str:
        """Since when something holds, when that was recorded where it was later, and by which record."""
        day, source = self.day(evidence.day), self.source(evidence.name)
        known = self.calendar.day(evidence.known)
        if known > evidence.day:
            text = mark("since {day}, recorded on {known} ({source})")
            return say(self.lang, text, day=day, known=self.day(known), source=source)
        return say(self.lang, "since {day} ({source})", day=day, source=source)

    def source(self, name: str) -> str:
        """The record of a name: "registration s1", or the prompt to which it was answered."""
        record = self.explanation.record_of(name)
        if record is None:
            return name
        if record.source == OURS and record.part == ANSWER:
            rule, step, *_ = record.ref.split("/", 2)
            if self.names is not None:
                return say(self.lang, "answered to “{title}”", title=self.names(rule, step))
            return say(self.lang, "answer to {rule}/{step}", rule=rule, step=step)
        if record.source == OURS:
            return say(self.lang, "entered here")
        return f"{record.source} {record.ref}"

    # --- people ---------------------------------------------------------------------------------------------------------

    def person(self, who: str | None) -> str:
        """A member of staff by name."""
        found = self.staff.people.get(who) if who is not None else None
        return found.name if found is not None else who or ""

    def recipient(self, to: Recipient | Lack | None) -> str:
        """Who is told: a person by name, else the inbox or desk; nothing for nobody."""
        if not isinstance(to, Recipient):
            return ""
        return to.person.name if to.person is not None else to.address

    def lack(self, lack: Lack) -> str:
        return say(self.lang, LACKS[lack])

    # --- calendars ------------------------------------------------------------------------------------------------------

    def closed(self, first: date, last: date) -> str | None:
        """Why nobody works from the first day to the last: "weekend, Easter Monday"; None where someone does on one of them."""
        found: list[str] = []
        day = first
        while day <= last:
            reason = self._closed_on(day)
            if reason is None:
                return None
            found.append(reason)
            day += ONE_DAY
        return ", ".join(dict.fromkeys(found))

    def _closed_on(self, day: date) -> str | None:
        match self.calendar.why_closed(day):
            case "holiday":
                return self.calendar.holiday(day, self.lang)
            case "closing-day":
                return say(self.lang, "closing day")
            case "weekday":
                return (
                    say(self.lang, "weekend")
                    if day.weekday() > 4
                    else say(self.lang, "closed on this day of the week")
                )
        return None
