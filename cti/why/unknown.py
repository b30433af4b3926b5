"""What was not known yet on a day, in words."""

from __future__ import annotations

from cti.core.events import Assignment, Closed, Event, Expected, Fact, Stay
from cti.i18n import mark, say
from cti.sentences import fact_label, in_words, situation_label
from cti.why.known import Unknown
from cti.why.words import Words


def unknown_in_words(words: Words, one: Unknown) -> str:
    """What a record says now and did not say then, and when that came in."""
    if one.after is None and one.before is not None:
        what = say(words.lang, "deleted since: {before}", before=event_in_words(words, one.before))
    elif one.before is None and one.after is not None:
        what = event_in_words(words, one.after)
    elif one.before is not None and one.after is not None:
        before, after = event_in_words(words, one.before), event_in_words(words, one.after)
        what = say(words.lang, "{after}; until then: {before}", after=after, before=before)
    else:
        what = ""
    source = f"{one.id.source} {one.id.ref}"
    known, seen = words.calendar.day(one.known), words.calendar.day(one.seen)
    if known == seen:
        return say(
            words.lang,
            "{what} – recorded on {known} ({source})",
            what=what,
            known=words.day(known),
            source=source,
        )
    text = mark("{what} – recorded on {known}, read here on {seen} ({source})")
    return say(words.lang, text, what=what, known=words.day(known), seen=words.day(seen), source=source)


def event_in_words(words: Words, event: Event) -> str:
    """What a record says: "crisis shelter from Mon 2 Mar"."""
    match event:
        case Stay(situation, begin, end, destination):
            where = situation_label(words.lang, situation, words.vocabulary)
            text = mark("“{where}” from {begin}")
            if end is not None:
                text = mark("“{where}” from {begin} until {end}")
            if end is not None and destination is not None:
                text = mark("“{where}” from {begin} until {end}, then “{to}”")
            to = situation_label(words.lang, destination, words.vocabulary)
            return say(words.lang, text, where=where, begin=words.day(begin), end=words.day(end), to=to)
        case Expected(situation, day):
            where = situation_label(words.lang, situation, words.vocabulary)
            text = (
                mark("“{where}” expected, no day known")
                if day is None
                else mark("“{where}” expected on {day}")
            )
            return say(words.lang, text, where=where, day=words.day(day))
        case Fact(name, value, day):
            fact = fact_label(words.lang, name, words.vocabulary)
            said = in_words(words.lang, name, value, words.vocabulary)
            return say(
                words.lang, "“{fact}” is “{value}” from {day}", fact=fact, value=said, day=words.day(day)
            )
        case Assignment(day, worker, team):
            who = ", ".join(part for part in (words.person(worker), team) if part)
            return say(words.lang, "{who} responsible from {day}", who=who, day=words.day(day))
        case Closed(day):
            return say(words.lang, "file closed on {day}", day=words.day(day))
    return say(words.lang, "an answer")
