"""iWmo messages as a municipality and a provider send them, written into a folder one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cti.sources.base import Batch, State
from tests.sources.build import NOW, read

SECRET = "a-key-that-is-only-for-these-tests-0123456789"
CODES = {"301": "414", "305": "418", "307": "420", "315": "444", "302": "415"}
LISTS = {
    "301": ("ToegewezenProducten", "ToegewezenProduct"),
    "305": ("StartProducten", "StartProduct"),
    "307": ("StopProducten", "StopProduct"),
}
MUNICIPALITY, PROVIDER = "0363", "65656055"
NAME, BORN, STREET = "Achternaamtest", "1967-08-13", "Straatnaamtest"

Product = Mapping[str, str]


def citizen(client: int) -> str:
    """The citizen number of an invented client."""
    return f"9999{client:05}"


def product_xml(kind: str, values: Product) -> str:
    """One product of a message. Category and code of the product stand under "product": "16" or "16/OVB"."""
    parts = []
    for name, value in values.items():
        if name == "product":
            category, _, code = value.partition("/")
            inner = f"<i:Categorie>{category}</i:Categorie>" + (f"<i:Code>{code}</i:Code>" if code else "")
            parts.append(f"<m:Product>{inner}</m:Product>")
        else:
            parts.append(f"<m:{name}>{value}</m:{name}>")
    one = LISTS[kind][1]
    return f"<m:{one}>\n{chr(10).join(parts)}\n</m:{one}>"


def message(
    kind: str,
    sent: str,
    products: Sequence[Product],
    client: int = 1,
    number: int = 1,
    interpreter: bool = False,
    version: str = "3_2",
    header: Mapping[str, str] | None = None,
    municipality: str = MUNICIPALITY,
) -> str:
    """A whole message; `header` changes what stands in it."""
    major, _, minor = version.partition("_")
    sender, receiver = (municipality, PROVIDER) if kind == "301" else (PROVIDER, municipality)
    top = {
        "BerichtCode": CODES[kind],
        "BerichtVersie": major,
        "BerichtSubversie": minor,
        "Afzender": sender,
        "Ontvanger": receiver,
    } | dict(header or {})
    name = f"<i:Geslachtsnaam><i:Achternaam>{NAME}</i:Achternaam></i:Geslachtsnaam>"
    talks = "<m:Communicatie><i:Vorm>1</i:Vorm><i:Taal>Deens</i:Taal></m:Communicatie>" if interpreter else ""
    contact = (
        "<m:Contactgegevens><m:Contact><m:Soort>01</m:Soort><m:Adres>"
        f"<i:Straatnaam>{STREET}</i:Straatnaam></m:Adres></m:Contact></m:Contactgegevens>"
    )
    some = "\n".join(product_xml(kind, values) for values in products)
    space = f"http://www.istandaarden.nl/iwmo/{version}"
    many = LISTS[kind][0]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<m:Bericht xmlns:i="{space}/basisschema/schema" xmlns:m="{space}/wmo{kind}/schema">
<m:Header>
{chr(10).join(f"<m:{key}>{value}</m:{key}>" for key, value in top.items())}
<m:BerichtIdentificatie>
<i:Identificatie>{number}</i:Identificatie>
<i:Dagtekening>{sent}</i:Dagtekening>
</m:BerichtIdentificatie>
<m:XsdVersie><i:BasisschemaXsdVersie>1.0.0</i:BasisschemaXsdVersie><i:BerichtXsdVersie>1.0.0</i:BerichtXsdVersie></m:XsdVersie>
</m:Header>
<m:Client>
<m:Bsn>{citizen(client)}</m:Bsn>
<m:Geboortedatum><i:Datum>{BORN}</i:Datum></m:Geboortedatum>
<m:Geslacht>1</m:Geslacht>
<m:Naam>{name}</m:Naam>{talks if kind == "301" else ""}{contact if kind == "301" else ""}
<m:{many}>
{some}
</m:{many}>
</m:Client>
</m:Bericht>
"""


def allocated(
    product: str, begin: str, until: str = "", change: str = "", number: int = 1, decided: str = ""
) -> Product:
    values = {"ToewijzingNummer": str(number), "product": product}
    values |= {"Toewijzingsdatum": decided or begin, "Toewijzingstijd": "10:00:00", "Ingangsdatum": begin}
    return values | ({"Einddatum": until} if until else {}) | ({"RedenWijziging": change} if change else {})


def started(product: str, begin: str, number: int = 1, status: str = "1") -> Product:
    values = {"ToewijzingNummer": str(number), "product": product, "Begindatum": begin}
    return values | {"StatusAanlevering": status}


def stopped(
    product: str, begin: str, last: str, reason: str = "19", number: int = 1, status: str = "1"
) -> Product:
    values = {"ToewijzingNummer": str(number), "product": product, "Begindatum": begin}
    return values | {"RedenBeeindiging": reason, "Einddatum": last, "StatusAanlevering": status}


@dataclass
class Post:
    """A folder of messages, and a source that reads it from where it was."""

    folder: Path
    state: State = field(default_factory=dict)
    sent: int = 0

    def send(self, kind: str, sent: str, *products: Product, client: int = 1, **more: Any) -> Post:
        self.sent += 1
        text = message(kind, sent, products, client, self.sent, **more)
        return self.put(f"{self.sent:04}-wmo{kind}.xml", text)

    def put(self, name: str, text: str) -> Post:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")
        return self

    def read(self, state: State | None = None, **settings: Any) -> Batch:
        settings = {"secret": SECRET, "path": ".", **settings}
        return read(self.folder, "iwmo", state, NOW, **settings)


def day(text: str) -> date:
    """ "3-16" is 16 March 2026."""
    month, of_month = map(int, text.split("-"))
    return date(2026, month, of_month)
