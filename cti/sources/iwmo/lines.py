"""What one product of a message says, as a value: that it was allocated, or that its delivery started or stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cti.i18n import mark
from cti.sources.iwmo.codes import CHANGE_REMOVED, REMOVED
from cti.sources.iwmo.message import Fault, Message, Row
from cti.sources.parse import ended


class Product(NamedTuple):
    """A category of the standard, with a code of the municipality's own where there is one."""

    category: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What all messages say of a product. `ref` is the allocation, `sent` the message's Dagtekening.

    `removed`: the line takes back what an earlier one said (StatusAanlevering 3, RedenWijziging 13).
    """

    sent: date
    removed: bool
    ref: str
    client: str
    municipality: str
    product: Product | None


@dataclass(frozen=True, slots=True)
class Allocated(Line):
    """A line of a 301. `decided` is Toewijzingsdatum with its time, of which the later one counts; `until` is the last day.

    `interpreter`: the message says that the client needs one.
    """

    decided: str
    day: date
    begin: date
    until: date | None
    change: str | None
    interpreter: bool


@dataclass(frozen=True, slots=True)
class Started(Line):
    """A line of a 305."""

    begin: date


@dataclass(frozen=True, slots=True)
class Stopped(Line):
    """A line of a 307. `last` is the last day of delivery."""

    begin: date
    last: date
    reason: str


def line_of(message: Message, row: Row) -> Allocated | Started | Stopped:
    """The line that a product of a message makes. Raises Fault for one that cannot be."""
    header, values = message.values, row.values
    client = header["Bsn"]
    municipality = municipality_of(message)
    product = Product(values["Categorie"], values.get("Code", "")) if "Categorie" in values else None
    sent = date.fromisoformat(header["Dagtekening"])
    ref = _ref(municipality, client, values, product, row)
    if message.kind == "301":
        change = values.get("RedenWijziging")
        until = ended(_day(values, "Einddatum"))
        begin = date.fromisoformat(values["Ingangsdatum"])
        if until is not None and until < begin:
            raise _backwards(row, "Einddatum", "Ingangsdatum")
        return Allocated(
            sent,
            change == CHANGE_REMOVED,
            ref,
            client,
            municipality,
            product,
            f"{values['Toewijzingsdatum']}T{values['Toewijzingstijd']}",
            date.fromisoformat(values["Toewijzingsdatum"]),
            begin,
            until,
            change,
            "Vorm" in header,
        )
    removed = values["StatusAanlevering"] == REMOVED
    begin = date.fromisoformat(values["Begindatum"])
    if message.kind == "305":
        return Started(sent, removed, ref, client, municipality, product, begin)
    last = date.fromisoformat(values["Einddatum"])
    if last < begin:
        raise _backwards(row, "Einddatum", "Begindatum")
    return Stopped(sent, removed, ref, client, municipality, product, begin, last, values["RedenBeeindiging"])


def numbered(municipality: str, number: str) -> str:
    """What names the allocation with this number."""
    return f"{municipality}-{int(number)}"


def municipality_of(message: Message) -> str:
    """Which municipality a message comes from or goes to."""
    return message.values["Afzender" if message.kind == "301" else "Ontvanger"]


def _ref(municipality: str, client: str, values: Mapping[str, str], product: Product | None, row: Row) -> str:
    """What names an allocation: its number at its municipality; where there is none, the client and the product."""
    number = values.get("ToewijzingNummer")
    if number is not None:
        return numbered(municipality, number)
    if product is None:
        reason = mark("neither a ToewijzingNummer nor a Product, so that nobody can tell what this is about")
        raise Fault(reason, row.line, "ToewijzingNummer")
    return "-".join((municipality, client, *filter(None, product)))


def _day(values: Mapping[str, str], name: str) -> date | None:
    return date.fromisoformat(values[name]) if name in values else None


def _backwards(row: Row, end: str, begin: str) -> Fault:
    reason = mark("the {field} lies before the {begin}; have the message corrected")
    return Fault(reason, row.line, end, row.values[end], begin=begin)
