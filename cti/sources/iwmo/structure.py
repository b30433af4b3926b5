"""The structure of the messages that are read, as the schemas of iWmo 3.2 have it: what stands where, how often, in what form.

What is not read is named all the same, so that a message that lacks it is noticed, and `unread`: its content is passed over
while parsing, and never becomes a value. So it is with names, days of birth, addresses, relations and remarks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cti.i18n import mark
from cti.sources.iwmo.codes import CATEGORIES, CHANGES, FIRST, READ, REMOVED, SAYS_OF_REASON
from cti.sources.parse import make_day


@dataclass(frozen=True, slots=True)
class Form:
    """How a value looks, and what is said of one that does not; `codes` are what it may be, where these are a list."""

    fits: Callable[[str], bool]
    reason: str
    codes: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """An element: with a `form` a value, with `inner` other elements in this order, neither: unread.

    `row`: a product, which can be wrong without the others being so. `basis`: of the namespace that all messages share.
    """

    name: str
    form: Form | None = None
    inner: tuple[Element, ...] = ()
    needed: bool = True
    many: bool = False
    row: bool = False
    basis: bool = False

    @property
    def unread(self) -> bool:
        return self.form is None and not self.inner


def _matching(pattern: str, reason: str) -> Form:
    expression = re.compile(pattern, re.ASCII)
    return Form(lambda text: expression.fullmatch(text) is not None, reason)


def _one_of(codes: Iterable[str]) -> Form:
    known = frozenset(codes)
    listed = ", ".join(sorted(known))
    return Form(known.__contains__, mark("not a code that iWmo 3.2 has here; it has {codes}"), listed)


def _is_day(text: str) -> bool:
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII)
    return match is not None and make_day(int(match[1]), int(match[2]), int(match[3])) is not None


_WRITTEN_OTHERWISE = mark("not written as iWmo 3.2 has it")

DAY = Form(_is_day, mark("not a day; iWmo writes days as 2026-03-31"))
TIME = _matching(r"\d\d:\d\d:\d\d(?:\.\d+)?", _WRITTEN_OTHERWISE)
NUMBER = _matching(r"\d{1,9}", _WRITTEN_OTHERWISE)
MUNICIPALITY = _matching(r"\d{4}", mark("not the number of a municipality, which has four digits"))
PROVIDER = _matching(r"\d{8}", mark("not the AGB code of a provider, which has eight digits"))
CITIZEN = _matching(r"\d{9}", mark("not a citizen number of nine digits"))
ANY_VERSION = _matching(r"\d{1,2}", _WRITTEN_OTHERWISE)

IDENTIFICATION = Element(
    "BerichtIdentificatie",
    inner=(
        Element("Identificatie", _matching(r".{1,12}", _WRITTEN_OTHERWISE), basis=True),
        Element("Dagtekening", DAY, basis=True),
    ),
)
PRODUCT = Element(
    "Product",
    inner=(
        Element("Categorie", _one_of(CATEGORIES), basis=True),
        Element("Code", _matching(r"\S(?:.{0,3}\S)?", _WRITTEN_OTHERWISE), needed=False, basis=True),
    ),
    needed=False,
)
STATUS = Element("StatusAanlevering", _one_of((FIRST, REMOVED)))

_PERSON = (
    Element("Bsn", CITIZEN),
    Element("Geboortedatum"),
    Element("Geslacht"),
    Element("Naam"),
)
_OF_AN_ALLOCATION = (
    Element("ToewijzingNummer", NUMBER, needed=False),
    PRODUCT,
    Element("ToewijzingIngangsdatum", DAY, needed=False),
    Element("Begindatum", DAY),
)

CLIENT = {
    "301": (
        *_PERSON,
        Element(
            "Communicatie",
            inner=(
                Element("Vorm", _one_of("123"), basis=True),
                Element("Taal", needed=False, basis=True),
            ),
            needed=False,
        ),
        Element("JuridischeStatus", needed=False),
        Element("WettelijkeVertegenwoordiging", needed=False),
        Element("Commentaar", needed=False),
        Element("Relaties", needed=False),
        Element("Contactgegevens"),
        Element(
            "ToegewezenProducten",
            inner=(
                Element(
                    "ToegewezenProduct",
                    inner=(
                        Element("ToewijzingNummer", NUMBER),
                        Element("ReferentieAanbieder", needed=False),
                        PRODUCT,
                        Element("Toewijzingsdatum", DAY),
                        Element("Toewijzingstijd", TIME),
                        Element("Ingangsdatum", DAY),
                        Element("Einddatum", DAY, needed=False),
                        Element("RedenWijziging", _one_of(CHANGES), needed=False),
                        Element("Omvang", needed=False),
                        Element("Budget", needed=False),
                        Element("Commentaar", needed=False),
                    ),
                    many=True,
                    row=True,
                ),
            ),
        ),
    ),
    "305": (
        *_PERSON,
        Element(
            "StartProducten",
            inner=(Element("StartProduct", inner=(*_OF_AN_ALLOCATION, STATUS), many=True, row=True),),
        ),
    ),
    "307": (
        *_PERSON,
        Element(
            "StopProducten",
            inner=(
                Element(
                    "StopProduct",
                    inner=(
                        *_OF_AN_ALLOCATION,
                        Element("RedenBeeindiging", _one_of(SAYS_OF_REASON)),
                        Element("Einddatum", DAY),
                        STATUS,
                    ),
                    many=True,
                    row=True,
                ),
            ),
        ),
    ),
}


def _header(kind: str) -> Element:
    sender, receiver = (MUNICIPALITY, PROVIDER) if kind == "301" else (PROVIDER, MUNICIPALITY)
    return Element(
        "Header",
        inner=(
            Element("BerichtCode", _one_of((READ[kind],))),
            Element("BerichtVersie", ANY_VERSION),
            Element("BerichtSubversie", ANY_VERSION),
            Element("Afzender", sender),
            Element("Ontvanger", receiver),
            IDENTIFICATION,
            Element("XsdVersie"),
        ),
    )


MESSAGES = {
    kind: Element("Bericht", inner=(_header(kind), Element("Client", inner=client)))
    for kind, client in CLIENT.items()
}
"""The structure of each message that is read."""
