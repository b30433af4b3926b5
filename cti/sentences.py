"""Reasons in words: why a prompt is wanted, or why not, in the reader's language."""

from __future__ import annotations

from datetime import date

from cti.core.calendar import Calendar
from cti.core.events import Value
from cti.core.prompts import Planned
from cti.core.rules import Rulebook
from cti.core.vocabulary import Labels, Vocabulary
from cti.i18n import format_day, say
from cti.store.quarantine import Unread


def reason(lang: str, planned: Planned, rulebook: Rulebook, calendar: Calendar) -> str:
    """One sentence for a prompt's standing: the reason's code with its facts and days."""
    vocabulary = rulebook.vocabulary
    known = format_day(lang, calendar.day(planned.known))
    due = format_day(lang, calendar.day(planned.due)) if planned.due else ""
    until = format_day(lang, calendar.day(planned.until)) if planned.until else ""
    facts = facts_in_words(lang, planned.reason.facts, vocabulary)
    about = dict(planned.reason.facts)
    match planned.reason.code:
        case "wanted" if planned.rule == "still-current":
            return say(lang, "this became known only on {known}, so first: is it still current?", known=known)
        case "wanted" if until:
            return say(lang, "due on {due}, and current until {until}", due=due, until=until)
        case "wanted":
            return say(lang, "due on {due}", due=due)
        case "waiting" if about.get("waits-for") == "day":
            return say(lang, "waits until a day is known")
        case "waiting":
            return say(lang, 'waits for the answer to step "{step}"', step=about.get("waits-for"))
        case "condition" if facts:
            return say(lang, "its conditions do not hold on {due}: {facts}", due=due, facts=facts)
        case "condition":
            return say(lang, "its conditions do not hold on {due}", due=due)
        case "moved-on":
            return say(lang, "the client's next transition, on {until}, came before it was due", until=until)
        case "fulfilled":
            return say(lang, "what was expected had come about by {until}", until=until)
        case "lapsed":
            return say(lang, "what was expected had not come about by {until}", until=until)
        case "closed":
            return say(lang, "the file was closed when it was due")
        case "too-late":
            return say(
                lang,
                "its time had passed on {until}, before it was known on {known}",
                until=until,
                known=known,
            )
        case "skipped":
            return say(lang, "it was known only on {known}, and this step skips what is late", known=known)
        case "stale":
            return say(
                lang, 'it was known only on {known}; "is this still current?" takes its place', known=known
            )
        case "asked":
            return say(
                lang,
                'rule "{rule}", step "{step}" asks the same question at this transition',
                rule=about.get("rule"),
                step=about.get("step"),
            )
        case "before-since":
            return say(lang, "it would have been due before the day from which this rule prompts")
        case _:
            return say(lang, "the record behind it was withdrawn, or the rules no longer have this step")


def facts_in_words(lang: str, facts: tuple[tuple[str, Value | None], ...], vocabulary: Vocabulary) -> str:
    """Facts with their values, as the vocabulary labels them: "trust: growing, network: unknown"."""
    return ", ".join(
        f"{fact_label(lang, fact, vocabulary)}: {in_words(lang, fact, value, vocabulary)}"
        for fact, value in facts
    )


def fact_label(lang: str, fact: str, vocabulary: Vocabulary) -> str:
    """The fact's label in the reader's language; its name where it has none."""
    kind = vocabulary.facts.get(fact)
    return label(lang, kind.label, fact) if kind is not None else fact


def in_words(lang: str, fact: str, value: Value | None, vocabulary: Vocabulary) -> str:
    """A fact's value in the reader's language."""
    if value is None:
        return say(lang, "unknown")
    if isinstance(value, bool):
        return say(lang, "yes") if value else say(lang, "no")
    kind = vocabulary.facts.get(fact)
    if isinstance(value, str) and kind is not None and value in kind.values:
        return label(lang, kind.values[value], value)
    return format_day(lang, value) if isinstance(value, date) else str(value)


def situation_label(lang: str, situation: str | None, vocabulary: Vocabulary) -> str:
    """The situation's label in the reader's language; its name where it has none."""
    if situation is None:
        return ""
    return label(lang, vocabulary.situations.get(situation, {}), situation)


def label(lang: str, labels: Labels, name: str) -> str:
    """The label in that language, else in English, else the first there is, else the name."""
    return labels.get(lang) or labels.get("en") or next(iter(labels.values()), name)


def why_unread(lang: str, entry: Unread) -> str:
    """Why a field could not be read."""
    return say(lang, entry.reason, **({"field": entry.field, "value": entry.value} | dict(entry.params)))
