"""The administrator's page: how the service does in words, and what waits for a hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cti.core.calendar import Calendar
from cti.engine.health import Health, Source
from cti.i18n import format_when, mark, say, say_count
from cti.sentences import why_unread
from cti.store.outbox import Failed
from cti.store.quarantine import Unread
from cti.store.webhooks import Standing

_When = Callable[[datetime | None], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is looked after. `tone`: "good", "look" or "bad"."""

    name: str
    says: str
    tone: str = "good"


@dataclass(frozen=True, slots=True)
class Field:
    """A field that could not be read, without anything of its client."""

    source: str
    place: str
    field: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class State:
    """The page. `status` is `Health.status`."""

    status: str
    lines: tuple[Line, ...]
    sources: tuple[Line, ...]
    unread: tuple[Field, ...]
    refused: tuple[Line, ...]
    wrong: tuple[str, ...]
    """Why a changed rules folder is not taken over."""


def state_of(
    lang: str, found: Health, unread: Sequence[Unread], refused: Sequence[Failed], calendar: Calendar
) -> State:
    """The page for this reader."""

    def when(at: datetime | None) -> str:
        return format_when(lang, at, calendar.zone) if at is not None else say(lang, "never")

    return State(
        status=found.status,
        lines=tuple(_lines(lang, found, when)),
        sources=tuple(Line(one.name, *_source(lang, one, when)) for one in found.sources),
        unread=tuple(_field(lang, entry) for entry in unread),
        refused=tuple(_refused(refused)),
        wrong=tuple(one.sentence(lang) for one in found.refused.problems) if found.refused else (),
    )


def _lines(lang: str, found: Health, when: _When) -> Iterator[Line]:
    yield Line(say(lang, "last pass"), when(found.last_tick), "bad" if found.still else "good")
    if found.died:
        says = say_count(
            lang,
            "begun anew {n} time within the hour; the log says why",
            "begun anew {n} times within the hour; the log says why",
            found.died,
        )
        yield Line(say(lang, "the process of the passes"), says, "look")
    if found.rules is None:
        yield Line(say(lang, "rules"), say(lang, "none yet"), "bad")
    else:
        rules = found.rules
        text = mark("number {number} ({digest}), since {when}, by {by}")
        says = say(lang, text, number=rules.number, digest=rules.digest[:8], when=when(rules.at), by=rules.by)
        yield Line(say(lang, "rules in force"), says)
    if found.refused is not None:
        text = mark("not taken over since {when}")
        yield Line(say(lang, "changed rules"), say(lang, text, when=when(found.refused.at)), "look")
    queued, failed = found.mail["queued"] + found.mail["claimed"], found.mail["failed"]
    says = say_count(lang, "{n} message waits", "{n} messages wait", queued)
    if found.late_since is not None:
        says = say(lang, "{says}, the oldest since {when}", says=says, when=when(found.late_since))
    yield Line(say(lang, "mail"), says)
    if found.copy_of is not None:
        text = mark(
            "a copy of {when} was put back; no mail goes until cti db resume says what was sent since"
        )
        yield Line(say(lang, "database"), say(lang, text, when=when(found.copy_of)), "look")
    if failed:
        says = say_count(lang, "{n} message was refused", "{n} messages were refused", failed)
        yield Line(say(lang, "refused mail"), says, "look")
    if found.unroutable:
        says = say_count(lang, "{n} prompt", "{n} prompts", found.unroutable)
        yield Line(say(lang, "without an address"), says, "look")
    if found.unplannable:
        says = say_count(lang, "{n} client", "{n} clients", found.unplannable)
        yield Line(say(lang, "cannot be planned"), says, "look")
    for hook in found.webhooks:
        tone = "look" if found.unheard(hook) else "good"
        yield Line(say(lang, "webhook {name}", name=hook.name), _webhook(lang, hook, when), tone)
    for held in found.held:
        text = mark("{kind} of {of}, since {when}; cti plan shows the numbers")
        said = say(
            lang, text, kind=say(lang, HELD.get(held.kind, held.kind)), of=held.of, when=when(held.since)
        )
        yield Line(say(lang, "over a limit"), said, "look")


HELD = {
    "retractions": mark("retractions"),
    "people": mark("people gone from a list"),
    "withdrawals": mark("withdrawals"),
    "due": mark("prompts at once"),
    "clock": mark("the clock"),
    "rules": mark("changed rules"),
}
"""What can be over a limit."""


def _source(lang: str, one: Source, when: _When) -> tuple[str, str]:
    says = say(lang, "read {read}; something new {new}", read=when(one.read_at), new=when(one.new_at))
    if one.error is not None:
        return f"{says}. {say(lang, 'The last reading failed: {error}', error=one.error)}", "bad"
    if one.quiet:
        return f"{says}. {say(lang, 'That is long ago: is the export still made?')}", "look"
    if one.unread:
        count = say_count(lang, "{n} field could not be read", "{n} fields could not be read", one.unread)
        return f"{says}; {count}", "look"
    return says, "good"


def _webhook(lang: str, one: Standing, when: _When) -> str:
    says = say_count(lang, "{n} event waits", "{n} events wait", one.waiting)
    if one.failing_since is not None:
        text = mark("{says}. Nothing has arrived since {when}: {error}")
        says = say(lang, text, says=says, when=when(one.failing_since), error=one.error)
    if one.failed:
        given_up = say_count(lang, "{n} event was given up", "{n} events were given up", one.failed)
        says = f"{says}. {given_up}"
    return says


def _field(lang: str, entry: Unread) -> Field:
    place = entry.file if entry.line is None else f"{entry.file}:{entry.line}"
    return Field(entry.source, place, entry.field, entry.value, why_unread(lang, entry))


def _refused(refused: Iterable[Failed]) -> Iterator[Line]:
    for one in refused:
        yield Line(one.message.address, one.error, "look")
