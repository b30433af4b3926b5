"""What the columns of a table seem to hold: by their names, and by whether what stands in them fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cti.core.vocabulary import Vocabulary
from cti.probe.tables import Sample
from cti.probe.words import CITIZEN, COLUMNS, bare, likeness, situation_of
from cti.sources.parse import DayReader, day_reader, yes_or_no

ORDERS = ("yyyy-mm-dd", "dd-mm-yyyy", "dd/mm/yyyy", "mm/dd/yyyy", "dd.mm.yyyy", "d-m-yyyy", "yyyy/mm/dd")

MOST_CODES = 60
"""A column with more different values than this holds no codes."""

CODED = ("situation", "destination", "expected")
DAYS = ("begin", "end", "expected_day", "day", "closed", "closed_until")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a table seems to hold: the place of each column that a row may say, the order of its days, what codes stand for, which
    nobody can guess (with how often they stand there), further columns that are facts, and columns that are never read."""

    sample: Sample
    places: Mapping[str, int]
    dates: str
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unknown: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    facts: Mapping[str, int] = field(default_factory=dict)
    citizen: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """How much it looks like a registration: nothing without a client and something said of them."""
        says = {"situation", "expected", "fact", "closed"} & self.places.keys()
        return len(self.places) + len(self.facts) if says and "client" in self.places else 0


def guess(sample: Sample, vocabulary: Vocabulary) -> Guess:
    """What a table seems to hold."""
    dates = order_of_days(sample)
    day_of = day_reader(dates)
    places = _places(sample, day_of)
    codes: dict[str, dict[str, str]] = {}
    unknown: dict[str, dict[str, int]] = {}
    for name in (name for name in CODED if name in places):
        for code, count in sample.counted(places[name]).items():
            if code in vocabulary.situations:
                continue
            meant = situation_of(code)
            if meant in vocabulary.situations:
                # Destinations and expectations know the codes of situations as well.
                if codes.get("situation", {}).get(code) != meant:
                    codes.setdefault(name, {})[code] = str(meant)
            else:
                unknown.setdefault(name, {})[code] = count
    taken = set(places.values())
    facts = {
        fact: place
        for place, header in enumerate(sample.header)
        if place not in taken and (fact := _fact(header, vocabulary)) is not None
    }
    citizen = tuple(header for header in sample.header if CITIZEN.search(header))
    return Guess(sample, places, dates, codes, unknown, facts, citizen)


def order_of_days(sample: Sample) -> str:
    """The order of days by which most is read."""
    likely = [
        text
        for place in range(len(sample.header))
        for text in sample.column(place)[:500]
        if re.match(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", text)
    ]
    read = {order: sum(day_reader(order)(text) is not None for text in likely) for order in ORDERS}
    return max(ORDERS, key=lambda order: read[order])


def _places(sample: Sample, day_of: DayReader) -> dict[str, int]:
    alike = [
        (max(likeness(header, word) for word in words), -place, name)
        for name, words in COLUMNS.items()
        for place, header in enumerate(sample.header)
        if not CITIZEN.search(header) and not (name == "id" and is_of_client(header))
    ]
    found: dict[str, int] = {}
    for score, minus, name in sorted(alike, key=lambda one: (-one[0], -one[1], list(COLUMNS).index(one[2]))):
        place = -minus
        if not score or name in found or place in found.values():
            continue
        if score < 3 and name in ("fact", "value", "day"):
            continue  # words that stand in many names
        if FITS.get(name, _anything)(sample, place, day_of):
            found[name] = place
    if "id" not in found and "client" in found:
        free = [place for place in range(len(sample.header)) if place not in found.values()]
        own = [place for place in free if _tells_rows_apart(sample, place)]
        own += [
            place
            for place in free
            if not CITIZEN.search(sample.header[place])
            and not is_of_client(sample.header[place])
            and re.search(r"(nummer|id)$", bare(sample.header[place]))
            and _always_said(sample, place, day_of)
        ]
        found |= {"id": own[0]} if own else {}
    return {name: found[name] for name in COLUMNS if name in found}


Fits = Callable[[Sample, int, DayReader], bool]


def _anything(sample: Sample, place: int, day_of: DayReader) -> bool:
    return True


def _are_days(sample: Sample, place: int, day_of: DayReader) -> bool:
    said = sample.column(place)
    return not said or sum(day_of(text) is not None for text in said) >= 0.8 * len(said)


def _are_codes(sample: Sample, place: int, day_of: DayReader) -> bool:
    said = sample.counted(place)
    days = sum(count for text, count in said.items() if day_of(text) is not None)
    return len(said) <= MOST_CODES and days < 0.5 * max(1, said.total())


def _are_flags(sample: Sample, place: int, day_of: DayReader) -> bool:
    return all(yes_or_no(text) is not None for text in sample.counted(place))


def _always_said(sample: Sample, place: int, day_of: DayReader) -> bool:
    return len(sample.column(place)) >= 0.9 * len(sample.rows)


def _are_people(sample: Sample, place: int, day_of: DayReader) -> bool:
    return not sample.column(place) or not _are_days(sample, place, day_of)


FITS: Mapping[str, Fits] = {
    **dict.fromkeys((*DAYS, "recorded"), _are_days),
    **dict.fromkeys(CODED, _are_codes),
    "retracted": _are_flags,
    "id": _always_said,
    "client": _always_said,
    "worker": _are_people,
    "team": _are_codes,
}


def is_of_client(header: str) -> bool:
    """Whether a number is called after the client: "Client ID" is no number of a registration."""
    return any(likeness(header, word) for word in COLUMNS["client"])


def _tells_rows_apart(sample: Sample, place: int) -> bool:
    if CITIZEN.search(sample.header[place]):
        return False
    said = sample.column(place)
    return bool(said) and len(said) == len(sample.rows) == len(set(said))


def _fact(header: str, vocabulary: Vocabulary) -> str | None:
    """The fact of the vocabulary that a column is called after."""
    for name, kind in vocabulary.facts.items():
        if bare(header) in {bare(name), *(bare(label) for label in kind.label.values())}:
            return name
    return None
