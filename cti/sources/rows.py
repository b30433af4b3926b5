"""One row, mapped: which record it is, whose, and what it says. Shared by the sources that read rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from cti.core.events import Assignment, Closed, Event, Expected, Fact, Stay, Value
from cti.core.vocabulary import FactKind, Vocabulary
from cti.i18n import mark
from cti.sources.base import Quarantined, mask
from cti.sources.columns import CLOSINGS, Codes, RowOptions
from cti.sources.files import plain
from cti.sources.parse import (
    OPEN_YEAR,
    DayReader,
    day_reader,
    ended,
    moment_reader,
    number,
    text_of,
    usable_id,
    yes_or_no,
)
from cti.sources.since import Since

_SITUATIONS = ("situation", "destination", "expected")


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says: the parts of its record, "stay", "expected", "fact", "assignment", "closed", and "fact:NAME" for further
    facts; those that it does not mention are retracted. Further workers of a snapshot's row are "assignment:2" and on.

    `silent` marks a row that says nothing because its code stands for nothing.
    """

    ref: str
    client: str
    recorded: datetime | None
    parts: dict[str, Event]
    silent: bool = False


class Unreadable(Exception):
    """A cell that cannot be read; becomes a `Quarantined`."""

    def __init__(self, field: str, value: str, reason: str, **params: str) -> None:
        super().__init__(reason)
        self.field, self.value, self.reason, self.params = field, value, reason, params


class Mapper:
    """Reads rows of one header. `places` says where each column stands (`place_columns`), `since` makes them a snapshot's."""

    def __init__(
        self,
        options: RowOptions,
        vocabulary: Vocabulary,
        codes: dict[str, Codes],
        places: dict[str, int],
        zone: tzinfo,
        since: Since | None = None,
    ) -> None:
        self._options = options
        self._vocabulary = vocabulary
        self._codes = codes
        self._places = places
        self._named = tuple(places.items())
        self._day_of = day_reader(options.dates)
        self._moment_of = moment_reader(zone, options.dates)
        self._zone = zone
        self._since = since
        self._seen: set[str] = set()
        self._facts = [(name, name.removeprefix("fact:")) for name in places if name.startswith("fact:")]
        self._names_staff = "worker" in places or "team" in places
        self.parts = self._possible_parts()
        # Rows repeat themselves: what a code stands for, and the day of a time, are worked out once.
        self._words: dict[str, dict[str, str | None]] = {name: {} for name in _SITUATIONS}
        self._noted: dict[datetime, date] = {}

    def _possible_parts(self) -> tuple[str, ...]:
        """The parts that rows under this header may have. Of what has no column the file says nothing, not even that it ended:
        another file may say it."""
        columns = {"situation": "stay", "expected": "expected", "fact": "fact", "closed": "closed"}
        parts = [part for column, part in columns.items() if column in self._places]
        if self._names_staff or (self._options.team is not None and "situation" in self._places):
            parts.append("assignment")
        return (*parts, *(part for part, _ in self._facts))

    def read(self, cells: Sequence[object], file: str, line: int | None) -> Row | Quarantined:
        """The row, or why it could not be read."""
        width = len(cells)
        texts = {
            name: text
            for name, place in self._named
            if place < width
            and (cell := cells[place]) != ""  # as most are
            and (text := cell.strip() if cell.__class__ is str else text_of(cell))
        }
        try:
            return self._row(texts)
        except Unreadable as error:
            params = tuple(sorted(error.params.items()))
            ref = texts.get("id", "")
            column = self._options.columns.get(error.field, error.field)
            return Quarantined(
                ref if usable_id(ref) else "", file, line, column, mask(error.value), error.reason, params
            )

    def _row(self, texts: dict[str, str]) -> Row:
        ref, client = texts.get("id", ""), texts.get("client", "")
        if not ref and not client:
            raise Unreadable("client", "", mark("the row names no record and no client; is it a total?"))
        if not usable_id(ref):
            raise Unreadable("id", ref, mark("the row has no id, or one that cannot be read"))
        if not usable_id(client):
            raise Unreadable("client", client, mark("the row has no client, or one that cannot be read"))
        if self._since is not None:
            if ref in self._seen:
                # Nobody can tell which of the two holds; the first one is no worse a guess than the last.
                reason = mark("another row of this snapshot has the same id; each registration needs its own")
                raise Unreadable("id", ref, reason)
            self._seen.add(ref)
        recorded = self._recorded(texts)
        if self._flag(texts, "retracted"):
            return Row(ref, client, recorded, {})
        silent: list[bool] = []
        parts: dict[str, Event] = {}
        if (stay := self._stay(texts, silent)) is not None:
            parts["stay"] = stay
        if (expected := self._expected(texts, silent)) is not None:
            parts["expected"] = expected
        day = self._day(texts, "day")
        today = self._since.today if self._since else None
        noted = day or (self._day_at(recorded) if recorded else None)
        if "fact" in texts:
            parts["fact"] = self._fact_row(texts, ref, noted)
        for part, name in self._facts:
            if part in texts and (value := self._value(name, texts[part], part)) is not None:
                parts[part] = self._fact(name, value, ref, noted)
        parts.update(self._assignments(texts, ref, stay, day, noted or today))
        if (closed := self._closed(texts)) is not None:
            parts["closed"] = closed
        if not parts and not silent and not texts.keys().isdisjoint(("begin", "end", "destination")):
            raise Unreadable(
                "situation", "", mark("a stay without a situation; fill it in in the registration")
            )
        return Row(ref, client, recorded, parts, bool(silent) and not parts)

    def _day_at(self, recorded: datetime) -> date:
        day = self._noted.get(recorded)
        if day is None:
            day = self._noted[recorded] = recorded.astimezone(self._zone).date()
        return day

    def _recorded(self, texts: dict[str, str]) -> datetime | None:
        text = texts.get("recorded")
        if not text:
            return None
        moment = self._moment_of(text)
        if moment is None:
            raise Unreadable(
                "recorded", text, mark("not a moment, or not written as the config says (dates)")
            )
        return moment

    def _flag(self, texts: dict[str, str], name: str) -> bool:
        text = texts.get(name)
        if not text:
            return False
        flag = yes_or_no(text)
        if flag is None:
            raise Unreadable(name, text, mark("neither yes nor no"))
        return flag

    def _day(self, texts: dict[str, str], name: str, end: bool = False) -> date | None:
        text = texts.get(name)
        if not text:
            return None
        day = self._day_of(text)
        if day is None or (day.year == OPEN_YEAR and not end):
            raise Unreadable(name, text, mark("not a day, or not written as the config says (dates)"))
        return ended(day)

    def _word(self, texts: dict[str, str], name: str, silent: list[bool]) -> str | None:
        """A situation, by its code or as the vocabulary has it."""
        text = texts.get(name)
        if not text:
            return None
        words = self._words[name]
        if text not in words:
            words[text] = self._codes[name].get(
                plain(text), text if text in self._vocabulary.situations else None
            )
        word = words[text]
        if word is None:
            reason = mark("a code that the config does not map; add it under [sources.codes.{table}]")
            raise Unreadable(name, text, reason, table=name)
        if not word:
            silent.append(True)
        return word or None

    def _stay(self, texts: dict[str, str], silent: list[bool]) -> Stay | None:
        situation = self._word(texts, "situation", silent)
        if situation is None:
            return None
        begin, end = self._day(texts, "begin"), self._day(texts, "end", end=True)
        if begin is None:
            raise Unreadable("begin", "", mark("a stay without a begin; fill it in in the registration"))
        if end is not None and end < begin:
            reason = mark("ends before it begins; correct the begin or the end in the registration")
            raise Unreadable("end", texts["end"], reason)
        return Stay(situation, begin, end, self._word(texts, "destination", []))

    def _expected(self, texts: dict[str, str], silent: list[bool]) -> Expected | None:
        situation = self._word(texts, "expected", silent)
        return Expected(situation, self._day(texts, "expected_day")) if situation else None

    def _fact_row(self, texts: dict[str, str], ref: str, noted: date | None) -> Fact:
        text = texts["fact"]
        name = self._codes.get("fact", {}).get(plain(text), text)
        if name not in self._vocabulary.facts:
            reason = mark("not a fact of the vocabulary, nor a code under [sources.codes.fact]")
            raise Unreadable("fact", text, reason)
        value = self._value(name, texts.get("value", ""), "value")
        if value is None:
            raise Unreadable("value", "", mark("a fact without a value; fill it in in the registration"))
        return self._fact(name, value, ref, noted)

    def _fact(self, name: str, value: Value, ref: str, noted: date | None) -> Fact:
        if noted is None:
            if self._since is None:
                raise Unreadable("day", "", mark("no day, and not when it was recorded either"))
            noted = self._since.fact(ref, name, value)
        return Fact(name, value, noted)

    def _value(self, name: str, text: str, field: str) -> Value | None:
        if not text:
            return None
        kind = self._vocabulary.facts[name]
        codes = self._codes.get(name, {})
        word = codes.get(plain(text))
        if word == "":
            return None
        value = read_value(kind, word or text, self._day_of)
        if value is None:
            column = self._options.facts.get(name, field)
            if kind.type == "choice":
                reason = mark("a code that the config does not map; add it under [sources.codes.{table}]")
                raise Unreadable(column, text, reason, table=name)
            raise Unreadable(
                column, text, mark('not what the fact "{name}" holds ({type})'), name=name, type=kind.type
            )
        return value

    def _assignments(
        self, texts: dict[str, str], ref: str, stay: Stay | None, day: date | None, noted: date | None
    ) -> dict[str, Event]:
        worker = self._person(texts, "worker")
        team = self._person(texts, "team")
        if worker is None and team is None:
            # Where the registration names nobody, the source's team is asked; a team alone takes no worker's place.
            if self._options.team is None or stay is None or self._names_staff:
                return {}
            return {"assignment": Assignment(stay.begin, None, self._options.team)}
        team = team or self._options.team
        begin = day or (stay.begin if stay else None)
        if self._since is not None and day is None:
            over = stay is not None and stay.end is not None and stay.end <= self._since.today
            return dict(self._since.assignments(ref, worker, team, begin, over))
        since = begin or noted
        if since is None:
            raise Unreadable("day", "", mark("no day, and not when it was recorded either"))
        return {"assignment": Assignment(since, worker, team)}

    def _person(self, texts: dict[str, str], name: str) -> str | None:
        text = texts.get(name)
        if not text:
            return None
        word = self._codes.get(name, {}).get(plain(text), text)
        if word and not usable_id(word):
            raise Unreadable(name, text, mark("not an id of a worker or a team"))
        return word or None

    def _closed(self, texts: dict[str, str]) -> Closed | None:
        day = self._day(texts, "closed")
        if day is None:
            return None
        text = "" if texts.get("fact") else texts.get("value", "")
        reason = self._codes.get("closed", {}).get(plain(text), text) or "closed"
        if reason not in CLOSINGS:
            why = mark("a code that the config does not map; add it under [sources.codes.{table}]")
            raise Unreadable("value", text, why, table="closed")
        until = self._day(texts, "closed_until", end=True)
        if until is not None and until < day:
            why = mark("ends before it begins; correct the begin or the end in the registration")
            raise Unreadable("closed_until", texts["closed_until"], why)
        return Closed(day, reason, until)


def read_value(kind: FactKind, text: str, day_of: DayReader) -> Value | None:
    """A value of this fact, or None where the text is none."""
    if kind.type == "choice":
        return text if text in kind.values else None
    if kind.type == "yes/no":
        return yes_or_no(text)
    if kind.type == "number":
        return number(text)
    return None if (day := day_of(text)) is None or day.year == OPEN_YEAR else day
