"""`cti prompts`: what is to be said, and what was said."""

from __future__ import annotations

from collections import Counter

from cti.cli.dates import short_time
from cti.cli.output import add, line, out, table, write_json
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.cli.states import ALL, OPEN, STATES
from cti.core.calendar import Calendar
from cti.core.prompts import Stored, state
from cti.core.rules import Rulebook
from cti.i18n import mark, say, say_count
from cti.problems import closest
from cti.sentences import reason
from cti.store import prompts as stored_prompts


def show_prompts(asked: Session, of_state: str | None, client: str | None, as_json: bool) -> None:
    """Prints prompts by due."""
    lang = asked.lang
    if of_state is not None and of_state not in (*STATES, ALL):
        guess = closest(of_state, STATES)
        raise Refusal(
            mark("--state {state}: there is no such state; there are {states}"),
            2,
            state=of_state if guess is None else f"{of_state} ({guess}?)",
            states=[*STATES, ALL],
        )
    with asked.system() as system:
        rulebook, now = asked.rulebook(system), asked.as_of(system)
        calendar = system.config.calendar
        with system.database.read() as tx:
            rows = list(stored_prompts.listing(tx, now, None, client))
    every = sorted(((state(row, now), row) for row in rows), key=_by_due)
    states = tuple(STATES) if of_state == ALL or (of_state is None and as_json) else OPEN
    wanted = (of_state,) if of_state in STATES else states
    found = [(name, row) for name, row in every if name in wanted]
    if as_json:
        write_json([_data(name, row, lang, rulebook, calendar) for name, row in found])
    else:
        _show(found, Counter(name for name, _ in every if name not in wanted), lang, rulebook, calendar)


def _by_due(entry: tuple[str, Stored]) -> tuple[bool, float, int]:
    due = entry[1].plan.due
    return due is None, due.timestamp() if due else 0.0, entry[1].id


def _data(name: str, row: Stored, lang: str, rulebook: Rulebook, calendar: Calendar) -> dict[str, str | None]:
    plan = row.plan
    return {
        "key": plan.key,
        "client": plan.client,
        "rule": plan.rule,
        "step": plan.step,
        "role": plan.role,
        "due": calendar.local(plan.due).isoformat() if plan.due else None,
        "until": calendar.local(plan.until).isoformat() if plan.until else None,
        "state": name,
        "reason": reason(lang, plan, rulebook, calendar),
        "rulebook": row.rulebook,
    }


def _show(
    found: list[tuple[str, Stored]], others: Counter[str], lang: str, rulebook: Rulebook, calendar: Calendar
) -> None:
    console = out()
    if found:
        shown = table(
            say(lang, "no."), say(lang, "client"), say(lang, "prompt"), say(lang, "for"), say(lang, "due"),
            say(lang, "state"), say(lang, "why"), right=[say(lang, "no.")],
        )  # fmt: skip
        for name, row in found:
            plan = row.plan
            add(
                shown,
                row.id,
                plan.client,
                f"{plan.rule}/{plan.step}",
                plan.role,
                short_time(lang, plan.due, calendar.zone) if plan.due else "–",
                say(lang, STATES[name]),
                reason(lang, plan, rulebook, calendar),
            )
        console.print(shown)
        line(console, "")
        line(console, say_count(lang, "{n} prompt", "{n} prompts", len(found)), "dim")
    elif others:
        line(console, say(lang, "No prompts of this kind."))
    else:
        line(
            console,
            say(lang, "No prompts yet. They come once a source was read and a moment recognised:  cti tick"),
        )
    if others:
        counts = [f"{count} {say(lang, STATES[name])}" for name, count in sorted(others.items())]
        line(console, say(lang, "Not shown: {counts}  (--state all shows everything)", counts=counts), "dim")
