"""What is held on a client, in sentences: what was registered, who worked with them, what was prompted, mailed and seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from cti.cli.dates import plain_day, short_time
from cti.core.calendar import Calendar
from cti.core.events import Answer, Assignment, Closed, Event, Expected, Fact, Stay
from cti.core.vocabulary import Vocabulary
from cti.engine.audited import role_said, what_said
from cti.i18n import mark, say
from cti.sentences import fact_label, facts_in_words, in_words, situation_label, why_unread
from cti.store.codec import dumps, event_of
from cti.store.linked import Row
from cti.store.quarantine import Unread

Rows = dict[str, list[Row]]

IN_SENTENCES = frozenset(
    (
        *("client", "record", "version", "assignment", "prompt", "prompt_name", "message", "message_item"),
        *(
            "message_body",
            "quarantine",
            "inbox",
            "source",
            "webhook_told",
            "webhook_event",
            "feed_item",
            "audit",
        ),
    )
)
"""The tables that the sections tell of. (The names of a prompt are how it is found again, and stand in `--json`.)"""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language for rows of the tables."""

    lang: str
    vocabulary: Vocabulary
    calendar: Calendar

    def sections(self, rows: Rows) -> Iterator[tuple[str, list[str]]]:
        """Each heading with its sentences; those with nothing beneath them are left out."""
        parts = (
            (say(self.lang, "Registered, or entered here"), self._records(rows)),
            (say(self.lang, "Who works with the client"), self._assignments(rows)),
            (say(self.lang, "Prompts to workers"), self._prompts(rows)),
            (say(self.lang, "Mails about them"), self._mails(rows)),
            (say(self.lang, "What could not be read"), self._unread(rows)),
            (say(self.lang, "Pushed to us and not read yet, or not to be read"), self._pushed(rows)),
            (say(self.lang, "What the sources go on from"), self._states(rows)),
            (say(self.lang, "Told to other programs"), self._told_others(rows)),
            (say(self.lang, "In the calendars of workers"), self._calendars(rows)),
            (say(self.lang, "Who saw or did what"), self._seen(rows)),
            (say(self.lang, "Also held; --json has it"), self._others(rows)),
        )
        for title, said in parts:
            if found := list(said):
                yield title, found

    def situation(self, name: str) -> str:
        return f"“{situation_label(self.lang, name, self.vocabulary)}”"

    def day(self, day: date | datetime | None) -> str:
        if day is None:
            return ""
        return plain_day(self.lang, self.calendar.day(day) if isinstance(day, datetime) else day)

    def time(self, moment: datetime) -> str:
        return short_time(self.lang, moment, self.calendar.zone)

    def event(self, event: Event) -> str:
        """What a record says."""
        lang, day = self.lang, self.day
        match event:
            case Stay(situation, begin, end, to):
                text = mark("{where} from {begin}")
                if end is not None:
                    text = mark("{where} from {begin} until {end}")
                if end is not None and to is not None:
                    text = mark("{where} from {begin} until {end}, then {to}")
                where, then = self.situation(situation), self.situation(to) if to is not None else ""
                return say(lang, text, where=where, begin=day(begin), end=day(end), to=then)
            case Expected(situation, None):
                return say(lang, "{where} expected, no day known", where=self.situation(situation))
            case Expected(situation, when):
                return say(lang, "{where} expected on {day}", where=self.situation(situation), day=day(when))
            case Fact(name, value, since):
                fact = fact_label(lang, name, self.vocabulary)
                said = in_words(lang, name, value, self.vocabulary)
                return say(lang, "“{fact}”: {value}, from {day}", fact=fact, value=said, day=day(since))
            case Assignment(since, worker, team):
                who = ", ".join(part for part in (worker, team) if part)
                return say(lang, "worked with by {who} from {day}", who=who, day=day(since))
            case Closed(since, reason):
                return say(lang, "file closed on {day} ({reason})", day=day(since), reason=reason)
            case Answer(prompt, answer, at, facts, _, by, note):
                parts = [
                    say(
                        lang,
                        "answered “{answer}” to {prompt}, {time}",
                        answer=answer,
                        prompt=prompt,
                        time=self.time(at),
                    )
                ]
                parts += [say(lang, "by {who}", who=by)] if by is not None else []
                parts += [facts_in_words(lang, facts, self.vocabulary)] if facts else []
                parts += [say(lang, "note: {note}", note=note)] if note is not None else []
                return "; ".join(parts)

    def _records(self, rows: Rows) -> Iterator[str]:
        names = {row["id"]: f"{row['source']} {row['ref']}" for row in rows["record"]}
        for number, versions in groupby(rows["version"], lambda row: row["record_id"]):
            yield names.get(number) or say(self.lang, "a record that is another client's now")
            for row in versions:
                said = self.event(event_of(dumps(row["event"]))) if row["event"] is not None else None
                yield say(
                    self.lang,
                    "  {said} – known {known}, read here {learned}",
                    said=said or say(self.lang, "taken back"),
                    known=self.day(row["known"]),
                    learned=self.day(row["learned"]),
                )

    def _assignments(self, rows: Rows) -> Iterator[str]:
        for row in rows["assignment"]:
            who = ", ".join(part for part in (row["worker"], row["team"]) if part) or "–"
            text = (
                mark("{who}, until {until}")
                if row["until"] is not None
                else mark("{who}, until further notice")
            )
            if row["day"] > date.min:
                text = (
                    mark("{who}, from {day} until {until}")
                    if row["until"] is not None
                    else mark("{who}, from {day}")
                )
            yield say(self.lang, text, who=who, day=self.day(row["day"]), until=self.day(row["until"]))

    def _prompts(self, rows: Rows) -> Iterator[str]:
        for row in rows["prompt"]:
            done = [
                say(self.lang, text, when=self.time(row[name]), who=row["handed_to"], answer=row["answer"])
                for name, text in (
                    ("sent_at", mark("mailed {when}")),
                    ("handed_at", mark("handed to {who}, {when}")),
                    ("snoozed_until", mark("put off until {when}")),
                    ("answered_at", mark("answered “{answer}”, {when}")),
                )
                if row[name] is not None
            ]
            due = say(self.lang, "due {day}", day=self.day(row["due"])) if row["due"] is not None else ""
            standing = row["standing"] if row["standing"] != "wanted" else ""
            about = [part for part in (due, standing, *done) if part]
            yield f"{row['id']} {row['rule']}/{row['step']}: {', '.join(about)}"

    def _mails(self, rows: Rows) -> Iterator[str]:
        mails = {row["id"]: row for row in rows["message"]}
        waiting = {row["id"] for row in rows["message_body"]}
        for item in rows["message_item"]:
            mail = mails[item["message"]]
            text = mark("to {who} about prompt {prompt} ({kind}), {when}")
            who, when = mail["person"] or mail["address"], self.time(mail["sent_at"] or mail["created_at"])
            said = say(self.lang, text, who=who, prompt=item["prompt_id"], kind=item["kind"], when=when)
            yield f"{said}; {say(self.lang, 'waits, with its words')}" if mail["id"] in waiting else said

    def _unread(self, rows: Rows) -> Iterator[str]:
        for row in rows["quarantine"]:
            told = {name: row[name] for name in ("source", "ref", "file", "line", "field", "value", "reason")}
            entry = Unread(**told, params=tuple((one, two) for one, two in row["params"]))
            yield f"{row['source']} {row['ref']}, {row['field']}: {why_unread(self.lang, entry)}"

    def _pushed(self, rows: Rows) -> Iterator[str]:
        for row in rows.get("inbox", ()):
            when = short_time(self.lang, row["received_at"], self.calendar.zone)
            yield f"{row['source']}, {when}: {row['kind']} {dumps(row['fields'])}"

    def _states(self, rows: Rows) -> Iterator[str]:
        yield from (f"{row['name']} {row['ref']}: {dumps(row['state'])}" for row in rows["source"])

    def _told_others(self, rows: Rows) -> Iterator[str]:
        told, waits = (
            mark("{hook}, of prompt {prompt}: told {n} times"),
            mark("{hook}, of prompt {prompt}: waits"),
        )
        for row in rows.get("webhook_told", ()):
            yield say(self.lang, told, hook=row["hook"], prompt=row["prompt_id"], n=row["number"])
        for row in rows.get("webhook_event", ()):
            yield say(self.lang, waits, hook=row["hook"], prompt=row["prompt_id"])

    def _calendars(self, rows: Rows) -> Iterator[str]:
        for row in rows.get("feed_item", ()):
            text = mark("{who}: prompt {prompt} on {day}")
            yield say(self.lang, text, who=row["person"], prompt=row["prompt_id"], day=self.day(row["day"]))

    def _others(self, rows: Rows) -> Iterator[str]:
        """What has no sentences of its own, so that nothing is kept silent."""
        for name, found in rows.items():
            if name not in IN_SENTENCES and found:
                yield f"{name}: {len(found)}"

    def _seen(self, rows: Rows) -> Iterator[str]:
        for row in rows["audit"]:
            who = row["person"] or say(self.lang, "command line")
            role = f" ({role_said(self.lang, row['role'])})" if row["role"] else ""
            yield f"{self.time(row['at'])}, {who}{role}: {what_said(self.lang, row['what'])}"
