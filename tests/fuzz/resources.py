"""What is fed to the reader of FHIR resources: the pages that a server answers with."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zlib import crc32

from cti.fhir import Fhir
from cti.problems import Problems
from cti.remote import Answer, Login
from cti.sources import fhir
from cti.sources.fhir import server
from cti.sources.fhir.resources import MODELS
from tests.fuzz.dice import Target, words_of
from tests.fuzz.exports import taken
from tests.fuzz.said import problems_are_said, whole_way
from tests.sources.build import context

URL = "https://example.org/fhir"
PLACES = {"coding": [{"system": "http://example.org/places", "code": "home"}]}
RESOURCES: tuple[dict[str, Any], ...] = (
    {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "in-progress",
        "class": {"code": "CS"},
        "meta": {"lastUpdated": "2026-03-02T09:00:00Z"},
        "subject": {"reference": "Patient/1042"},
        "period": {"start": "2026-03-02", "end": "2026-03-08T23:30:00Z"},
        "participant": [{"individual": {"reference": "Practitioner/w1"}}],
        "hospitalization": {"dischargeDisposition": PLACES},
    },
    {
        "resourceType": "EpisodeOfCare",
        "id": "1",
        "status": "planned",
        "type": [PLACES],
        "meta": {"lastUpdated": "2026-03-02T09:00:00.5+01:00"},
        "patient": {"reference": "https://example.org/fhir/Patient/1042/_history/3"},
        "period": {"start": "2026-05-01"},
    },
    {
        "resourceType": "CareTeam",
        "id": "t1",
        "status": "active",
        "subject": {"reference": "Patient/7"},
        "participant": [{"member": {"reference": "Practitioner/w2"}, "period": {"start": "2026-03"}}],
    },
    {
        "resourceType": "Condition",
        "id": "c1",
        "meta": {"lastUpdated": "0001-01-01T00:00:00Z"},
        "subject": {"reference": "Patient/8"},
        "code": {"coding": [{"code": "Z59.0"}]},
        "onsetDateTime": "2026-02-28",
        "clinicalStatus": {"coding": [{"code": "active"}]},
    },
)
KINDS = tuple(MODELS)


def resource_target() -> Target:
    """The reader of FHIR resources."""
    page = {**_page(RESOURCES[:2]), "link": [{"relation": "next", "url": f"{URL}/Encounter?page=2"}]}
    shapes = [*RESOURCES, page]
    seeds = [_written(shape) for shape in shapes]
    words = [*words_of(*(seed.decode() for seed in seeds)), b'"code"', b"null", b"[]", b"{}"]
    return Target("fhir", seeds, words, feed_fhir, 0, shapes, _written)


def _page(resources: Any) -> dict[str, Any]:
    entries = [{"resource": one, "search": {"mode": "match"}} for one in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries}


def _written(found: Any) -> bytes:
    """A page as it is, and a resource on a page of its own."""
    is_page = isinstance(found, dict) and found.get("resourceType") == "Bundle"
    return json.dumps(found if is_page else _page([found]), default=str).encode()


class _Server(Fhir):
    """A server that answers with the input, and to whatever is asked then that there is no more."""

    said: list[bytes]

    def __init__(self, login: Login) -> None:
        self.login = login

    def __exit__(self, *_: object) -> None:
        pass

    def address(self, kind: str, query: Any) -> str:
        return URL

    def ask(self, method: str, url: str, headers: Any = None, body: Any = None) -> Answer:
        said = self.said.pop() if self.said else _written(_page([]))
        return Answer(200, {"etag": f'W/"{crc32(said)}"'}, said)


@cache
def _options(kind: str) -> fhir.Options:
    codes = {"situation": {"CS": "crisis-shelter", "http://example.org/places|home": "own-home"}}
    return fhir.Options.model_validate(
        {"name": "reg", "type": "fhir", "url": URL, "codes": codes, "resources": [kind]}
    )


def feed_fhir(folder: Path, data: bytes) -> None:
    """A look that gets this answer, and of some a second from where that ended."""
    kind = min(KINDS, key=lambda name: data.find(name.encode()) % 2**32)
    where = context(folder)
    _Server.said = [data]
    with patch.object(server, "Fhir", _Server):
        try:
            batch = fhir.read(_options(kind), {}, where)
            taken(batch)
            if whole_way(data):
                taken(fhir.read(_options(kind), json.loads(json.dumps(batch.state)), where))
        except Problems as refused:
            problems_are_said(refused.problems)
