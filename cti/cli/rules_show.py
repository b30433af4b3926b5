"""`cti rules show`: a rule drawn as a time line and told in sentences, with example days."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from cti.cli.dates import read_day
from cti.cli.output import add, err, line, out, show_problems, table, write_json
from cti.cli.rules import place_of
from cti.cli.session import Session
from cti.cli.timeline_drawn import drawn
from cti.core.rules import Rule, Rulebook
from cti.i18n import mark, say
from cti.problems import Problems, closest, problem
from cti.rulebook.folder import read_folder
from cti.sentences import label
from cti.workshop.chart import chart
from cti.workshop.svg import draw
from cti.workshop.telling import Told, ToldStep, headline, tell, titles_of
from cti.workshop.timeline import Span, TimedStep, Timeline, example_day, timeline
from cti.workshop.wording import moment

PLAIN_WIDTH = 80
"""Where there is no terminal to fit."""
MOST_WIDTH = 110
"""Longer lines are hard to read."""


def show_rule(
    asked: Session, rule_id: str | None, folder: Path | None, svg: Path | None, on: str | None, as_json: bool
) -> None:
    """Prints a rule, or all of them in a line each where none is named. Raises Problems where there is no such rule."""
    place = place_of(asked, folder)
    loaded = read_folder(place.folder, place.languages, place.templates, place.desks, place.base)
    rulebook = loaded.rulebook or loaded.kept
    if rulebook is None:
        show_problems(err(), [one for one in loaded.problems if one.level == "error"], asked.lang)
        line(err(), say(asked.lang, "These errors come first; then the rules can be shown."), "bold")
        raise typer.Exit(1)
    if rule_id is None:
        _show_all(rulebook, asked.lang, as_json)
        return
    rule = rulebook.rule(rule_id)
    if rule is None:
        text = mark('there is no rule "{name}"')
        guess = closest(rule_id, [known.id for known in rulebook.rules])
        raise Problems([problem(text, name=rule_id, guess=guess)])
    day = read_day(on, "--on") or example_day(asked.now().date())
    shown = timeline(rule, rulebook, place.calendar, day)
    told = tell(asked.lang, shown, rulebook.vocabulary, titles_of(loaded.files, asked.lang, place.languages))
    if svg is not None:
        svg.write_text(draw(asked.lang, shown, told), encoding="utf-8")
    if as_json:
        write_json(_data(shown, told))
    elif svg is not None:
        line(err(), say(asked.lang, "The time line stands in {file}.", file=svg.as_posix()))
    else:
        _show(out(), asked.lang, shown, told)


# --- all of them ------------------------------------------------------------------------------------------------------


def _show_all(rulebook: Rulebook, lang: str, as_json: bool) -> None:
    if as_json:
        write_json(
            [
                {
                    "rule": rule.id,
                    "title": label(lang, rule.title, rule.id),
                    "moment": moment(lang, rule.on, rulebook.vocabulary),
                    "steps": [step.id for step in rule.steps],
                    "off": rule.off,
                }
                for rule in rulebook.rules
            ]
        )
        return
    made = table(say(lang, "rule"), say(lang, "steps"), say(lang, "title"), right=[say(lang, "steps")])
    for rule in rulebook.rules:
        add(made, rule.id, len(rule.steps), _title(rule, lang), style="dim" if rule.off else "")
    console = out()
    console.print(made)
    line(console, say(lang, "One of them drawn:  cti rules show RULE"))


def _title(rule: Rule, lang: str) -> str:
    title = label(lang, rule.title, rule.id)
    return say(lang, "{title} (off)", title=title) if rule.off else title


# --- one of them ------------------------------------------------------------------------------------------------------


def _show(console: Console, lang: str, shown: Timeline, told: Told) -> None:
    width = min(console.width, MOST_WIDTH) if console.is_terminal else PLAIN_WIDTH
    for text, style in (
        (f"{told.title}  ({shown.rule.id})", "bold"),
        (told.why, ""),
        (f"{told.head} →", "bold"),
    ):
        for folded in wrap(text, width):
            line(console, folded, style)
    line(console, "")
    for row in drawn(lang, chart(shown), told, width):
        console.print(row, soft_wrap=True)
    for number, step in enumerate(told.steps, 1):
        line(console, "")
        _print(console, f"{number}  ", headline(step), width, "bold")
        _print(console, "   ", f"{step.id} · {step.after}", width, "dim")
        for said in step.lines:
            lead = "   " + ("  " * (said.depth - 1) + "– " if said.depth else "")
            _print(console, lead, said.text, width, "dim" if said.aside else "")
    line(console, "")
    for note in told.notes:
        _print(console, "", note, width, "dim")


def _print(console: Console, lead: str, text: str, width: int, style: str) -> None:
    """The text folded behind its lead."""
    for number, folded in enumerate(wrap(text, width - len(lead), break_on_hyphens=False)):
        begin = lead if number == 0 else " " * len(lead)
        console.print(Text(begin) + Text(folded, style=style), soft_wrap=True)


# --- for scripts ------------------------------------------------------------------------------------------------------


def _data(shown: Timeline, told: Told) -> dict[str, Any]:
    return {
        "rule": shown.rule.id,
        "title": told.title,
        "off": shown.rule.off,
        "moment": told.head,
        "day": shown.day.isoformat(),
        "steps": [_step_data(timed, said) for timed, said in zip(shown.steps, told.steps, strict=True)],
        "notes": list(told.notes),
    }


def _step_data(timed: TimedStep, said: ToldStep) -> dict[str, Any]:
    step = timed.step
    return {
        "step": step.id,
        "title": said.title,
        "text": step.text,
        "to": step.to,
        "after": step.after,
        "asks": step.asks,
        "answers": step.answers,
        "urgent": step.urgent,
        "outlives": step.outlives,
        "late": step.late,
        "comes": _span_data(timed.span),
        "later": _span_data(timed.later),
        "unanswered": _span_data(timed.unanswered),
        "undated": _span_data(timed.undated),
        "reminders": [day.isoformat() for day in timed.reminders],
        "escalation": None
        if timed.escalation is None or step.escalate is None
        else {"day": timed.escalation.isoformat(), "to": step.escalate.to},
        "same_question": [{"rule": rule, "step": other} for rule, other in timed.same_question],
        "sentences": [headline(said), *(f"{'– ' if one.depth else ''}{one.text}" for one in said.lines)],
    }


def _span_data(span: Span | None) -> dict[str, str | None] | None:
    if span is None:
        return None
    until = span.until.isoformat() if span.until is not None else None
    return {"due": span.due.isoformat(), "until": until, "standing": span.standing}
