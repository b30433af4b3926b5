"""A table that seems to be a list of those who work here: a column of mail addresses, a name and a number beside each."""

from __future__ import annotations

import re

from cti.address import is_address
from cti.core.people import ROLES
from cti.probe.guess import Guess, is_of_client, order_of_days
from cti.probe.tables import Sample
from cti.probe.words import CITIZEN, likeness

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": (
        "id",
        "personeelsnummer",
        "medewerkernummer",
        "employee number",
        "login",
        "gebruikersnaam",
        "nummer",
    ),
    "name": ("name", "naam", "volledige naam", "medewerker", "full name", "employee"),
    "role": ("role", "rol", "functie", "function"),
    "team": ("team", "afdeling", "department"),
    "language": ("language", "taal"),
    "works": ("works", "werkdagen"),
    "active": ("active", "actief"),
    "last_day": ("last day", "uit dienst", "laatste werkdag"),
    "away_from": ("away from", "afwezig van", "verlof van"),
    "away_until": ("away until", "afwezig tot", "afwezig t m", "verlof tot"),
    "deputy": ("deputy", "vervanger"),
}
"""What columns of such a list are called, in Dutch and English."""

_ROLES = (("team-lead", r"team.?(leid|lead|coach)"), ("worker", r"begeleid|hulpverlen|worker|medewerker"))

MOSTLY = 0.8
"""So many of what stands in a column of addresses are addresses: some are always missing or mistyped."""


def people_in(sample: Sample) -> Guess | None:
    """What the columns of a list of people seem to hold; None where this is none."""
    addresses = [place for place in range(len(sample.header)) if _holds_addresses(sample, place)]
    if not addresses or any(is_of_client(header) for header in sample.header):
        return None  # clients have addresses as well, and are never written to
    places = {"address": addresses[0]}
    alike = [
        (max(likeness(header, word) for word in words), -place, name)
        for name, words in COLUMNS.items()
        for place, header in enumerate(sample.header)
        if not CITIZEN.search(header)
    ]
    for score, minus, name in sorted(alike, reverse=True):
        if score and name not in places and -minus not in places.values():
            places[name] = -minus
    if not {"id", "name"} <= places.keys():
        return None
    codes: dict[str, dict[str, str]] = {}
    unknown: dict[str, dict[str, int]] = {}
    for name in ("role", "team"):
        for code, count in sample.counted(places[name]).items() if name in places else ():
            meant = _role_of(code) if name == "role" else None
            if meant is not None and meant != code:
                codes.setdefault(name, {})[code] = meant
            elif meant is None:
                unknown.setdefault(name, {})[code] = count
    citizen = tuple(header for header in sample.header if CITIZEN.search(header))
    in_order = {name: places[name] for name in ("id", "name", "address", *COLUMNS) if name in places}
    return Guess(sample, in_order, order_of_days(sample), codes, unknown, {}, citizen)


def _holds_addresses(sample: Sample, place: int) -> bool:
    said = sample.column(place)
    return bool(said) and sum(map(is_address, said)) >= MOSTLY * len(said)


def _role_of(code: str) -> str | None:
    if code in ROLES:
        return code
    return next((role for role, pattern in _ROLES if re.search(pattern, code, re.IGNORECASE)), None)
