"""An explanation on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from cti.cli.dates import short_day
from cti.cli.output import line
from cti.i18n import format_day, say
from cti.why.telling import Told, ToldRule, ToldStep

TOLD, COMING, STUCK, NO = ("✔", "green"), ("→", "cyan"), ("!", "bold red"), ("·", "dim")


def show(told: Told, lang: str, console: Console) -> None:
    """Prints the explanation; rules without a step for this client have a line each at the end."""
    _show_head(told, lang, console)
    silent: list[ToldRule] = []
    for rule in told.rules:
        if not rule.answered:
            silent.append(rule)
            continue
        line(console, "")
        console.print(Text(rule.title, style="bold") + Text(f"  {rule.rule}", style="dim"), soft_wrap=True)
        for moment in rule.moments:
            line(console, f"  {moment.sentence}", "dim" if moment.silent else "")
            for step in moment.steps:
                _show_step(step.plan.step, step, console)
    _show_steps(
        say(lang, "Known so late that it is first asked whether it is still current"), told.asked, console
    )
    _show_steps(say(lang, "Told, and deleted since"), told.gone, console)
    _show_silent(silent, lang, console)


def _show_head(told: Told, lang: str, console: Console) -> None:
    head = say(lang, "Client {client}", client=told.client)
    if told.day is not None:
        asked = format_day(lang, told.day)
        head = say(lang, "Client {client}, as known on {day}", client=told.client, day=asked)
    line(console, head, "bold")
    for begin, end, _, label in told.spells:
        until = short_day(lang, end) if end else say(lang, "now")
        line(console, f"  {short_day(lang, begin)} – {until}  {label}")
    if not told.spells:
        line(console, "  " + say(lang, "no stay is registered"))
    for day in told.closed:
        line(console, "  " + say(lang, "the file was closed on {day}", day=short_day(lang, day)))
    for note in told.notes:
        line(console, note, "yellow")
    if told.summary:
        line(console, "")
        line(console, told.summary, "bold")
    if told.unknown:
        line(console, say(lang, "Not known yet on that day:"))
        for text in told.unknown:
            line(console, f"  {text}")


def _show_steps(title: str, steps: Iterable[ToldStep], console: Console) -> None:
    for number, step in enumerate(steps):
        if number == 0:
            line(console, "")
            line(console, title, "bold")
        _show_step(f"{step.plan.rule}/{step.plan.step}", step, console)


def _show_step(name: str, step: ToldStep, console: Console) -> None:
    sign, style = _sign(step)
    shown = Text(f"    {sign} ", style=style)
    shown += Text(name, style="bold" if sign != NO[0] else "")
    shown += Text(f"  {step.sentence}")
    console.print(shown, soft_wrap=True)
    for one in step.lines:
        line(console, f"        {one.text}", "dim")


def _sign(step: ToldStep) -> tuple[str, str]:
    if step.stuck:
        return STUCK
    if step.coming:
        return COMING
    return TOLD if step.tellings or step.came else NO


def _show_silent(silent: list[ToldRule], lang: str, console: Console) -> None:
    """Of rules that had a moment of their kind the last one, with why they do not answer to it; the others share a line."""
    near = [rule for rule in silent if rule.moments and not rule.off]
    early = [rule for rule in near if rule.moments[-1].silent == "since"]
    for number, rule in enumerate(rule for rule in near if rule not in early):
        if number == 0:
            line(console, "")
            line(console, say(lang, "Not answered by:"))
        line(console, f"  {rule.rule}  {rule.moments[-1].sentence}", "dim")
    if early:
        days = [(rule.rule, rule.moments[-1].moment.day) for rule in early]
        named = [f"{name} ({short_day(lang, day)})" if day else name for name, day in days]
        line(console, "")
        text = say(
            lang, "What happened lies before the day from which the rule prompts: {rules}", rules=named
        )
        line(console, text, "dim")
    others = [
        rule.rule + (f" ({say(lang, 'off')})" if rule.off else "") for rule in silent if rule not in near
    ]
    if others:
        line(console, "")
        line(console, say(lang, "Nothing to answer to for this client: {rules}", rules=others), "dim")
