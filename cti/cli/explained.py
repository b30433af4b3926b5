"""An explanation for people and for scripts: what the rules make of one client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from rich.console import Console
from rich.text import Text

from cti import phrases
from cti.cli.dates import short_day
from cti.cli.output import line
from cti.cli.states import STATES
from cti.core.calendar import Calendar
from cti.core.events import Value
from cti.core.explain import Explanation, MomentWhy, Part, RuleWhy
from cti.core.moments import Moment
from cti.core.program import compile_rulebook
from cti.core.prompts import Planned, Stored, state
from cti.core.rules import Rulebook
from cti.i18n import say
from cti.sentences import label, reason, situation_label

YES, NO = "✔", "·"


class Told:
    """Puts an explanation into words, with the state of each prompt as it stands in the store."""

    def __init__(
        self, lang: str, rulebook: Rulebook, calendar: Calendar, rows: Iterable[Stored], now: datetime
    ) -> None:
        self.lang, self.rulebook, self.calendar, self.now = lang, rulebook, calendar, now
        self._program = compile_rulebook(rulebook, calendar)
        self._rows: dict[tuple[str, str, str], Stored] = {}
        for row in rows:
            for name in {row.plan.name, *row.plan.names}:
                self._rows.setdefault((row.plan.rule, row.plan.step, name), row)

    def answered(self, why: RuleWhy) -> list[MomentWhy]:
        """The moments that the rule really answers to: of its value, or out of its situations; none where it is off."""
        return [
            moment
            for moment in why.moments
            if any(rule.rule.id == why.rule.id for rule in self._program.answering(moment.moment))
        ]

    # --- for scripts ----------------------------------------------------------------------------------------------------

    def data(self, why: Explanation) -> dict[str, object]:
        """The explanation as scripts read it."""
        spells = why.life.spells
        return {
            "client": why.life.client,
            "situation": spells[-1].situation if spells else None,
            "since": spells[-1].begin.isoformat() if spells else None,
            "rules": [self._rule_data(rule) for rule in why.rules],
            "asked": [self._step_data(planned, ()) for planned in why.asked],
        }

    def _rule_data(self, why: RuleWhy) -> dict[str, object]:
        return {
            "rule": why.rule.id,
            "title": label(self.lang, why.rule.title, why.rule.id),
            "off": why.rule.off,
            "moments": [
                {
                    "moment": moment.moment.name,
                    "kind": moment.moment.kind,
                    "what": moment.moment.what,
                    "day": moment.moment.day.isoformat() if moment.moment.day else None,
                    "known": self.calendar.local(moment.moment.known).isoformat(),
                    "steps": [self._step_data(step.planned, step.parts) for step in moment.steps],
                }
                for moment in self.answered(why)
            ],
        }

    def _step_data(self, planned: Planned, parts: Sequence[Part]) -> dict[str, object]:
        vocabulary = self.rulebook.vocabulary
        return {
            "key": planned.key,
            "step": planned.step,
            "wanted": planned.wanted,
            "role": planned.role,
            "due": self.calendar.local(planned.due).isoformat() if planned.due else None,
            "until": self.calendar.local(planned.until).isoformat() if planned.until else None,
            "state": self._state(planned),
            "code": planned.reason.code,
            "reason": reason(self.lang, planned, self.rulebook, self.calendar),
            "conditions": [
                {
                    "condition": phrases.condition(self.lang, part.condition, vocabulary),
                    "value": _plain(part.value),
                    "holds": part.holds,
                }
                for part in parts
            ],
        }

    def _state(self, planned: Planned) -> str | None:
        row = self._rows.get((planned.rule, planned.step, planned.name))
        return state(row, self.now) if row is not None else None

    # --- for people -----------------------------------------------------------------------------------------------------

    def show(self, why: Explanation, console: Console) -> None:
        """Prints the explanation; rules that had nothing to answer to share one line."""
        self._show_line(why, console)
        silent: list[str] = []
        for rule in why.rules:
            moments = self.answered(rule)
            if not moments:
                silent.append(rule.rule.id + (f" ({say(self.lang, 'off')})" if rule.rule.off else ""))
                continue
            title = label(self.lang, rule.rule.title, rule.rule.id)
            line(console, "")
            console.print(Text(title, style="bold") + Text(f"  {rule.rule.id}", style="dim"), soft_wrap=True)
            for moment in moments:
                self._show_moment(moment, console)
        if why.asked:
            line(console, "")
            line(
                console,
                say(self.lang, "Known so late that it is first asked whether it is still current"),
                "bold",
            )
            for planned in why.asked:
                self._show_step(planned, (), console)
        if silent:
            line(console, "")
            line(
                console, say(self.lang, "Nothing to answer to for this client: {rules}", rules=silent), "dim"
            )

    def _show_line(self, why: Explanation, console: Console) -> None:
        line(console, say(self.lang, "Client {client}", client=why.life.client), "bold")
        for spell in why.life.spells:
            until = short_day(self.lang, spell.end) if spell.end else say(self.lang, "now")
            situation = situation_label(self.lang, spell.situation, self.rulebook.vocabulary)
            line(console, f"  {short_day(self.lang, spell.begin)} – {until}  {situation}")
        if not why.life.spells:
            line(console, "  " + say(self.lang, "no stay is registered"))
        for shut in why.life.shut:
            day = short_day(self.lang, self.calendar.day(shut.begin))
            line(console, "  " + say(self.lang, "the file was closed on {day}", day=day))

    def _show_moment(self, why: MomentWhy, console: Console) -> None:
        happened = why.moment
        line(console, "  " + " · ".join(self._about(happened)))
        if not why.steps:
            line(console, "    " + say(self.lang, "before the day from which this rule prompts"), "dim")
        for step in why.steps:
            self._show_step(step.planned, step.parts, console)

    def _about(self, happened: Moment) -> Iterator[str]:
        yield short_day(self.lang, happened.day) if happened.day else say(self.lang, "no day known")
        yield phrases.moment(self.lang, happened, self.rulebook.vocabulary)
        yield say(self.lang, "known since {day}", day=short_day(self.lang, self.calendar.day(happened.known)))

    def _show_step(self, planned: Planned, parts: Sequence[Part], console: Console) -> None:
        yes = planned.wanted
        now = self._state(planned)
        shown = Text(f"    {YES if yes else NO} ", style="green" if yes else "dim")
        shown += Text(planned.step, style="bold" if yes else "")
        shown += Text(f" → {planned.role}" if yes else "", style="dim")
        shown += Text(f"  [{say(self.lang, STATES[now])}]" if now else "", style="cyan")
        shown += Text(f"  {reason(self.lang, planned, self.rulebook, self.calendar)}")
        console.print(shown, soft_wrap=True)
        for part in parts:
            line(console, f"        {phrases.part(self.lang, part, self.rulebook.vocabulary)}", "dim")


def _plain(value: Value | None) -> object:
    return value.isoformat() if isinstance(value, date) else value
