"""What is fed to the readers of lists of people: files, and what a SCIM service answers."""

from __future__ import annotations

import json
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cti.address import is_address
from cti.core.people import ROLES
from cti.i18n import LANGUAGES
from cti.problems import Problems
from cti.remote import Answer, Login, Remote
from cti.sources.base import Batch
from cti.sources.files import Lines, records, scan, sheet
from cti.sources.parse import usable_id
from cti.sources.people import csv, scim
from cti.sources.people.options import COLUMNS, place_columns
from cti.sources.people.rows import people_batch
from cti.sources.people.scim_server import ENTERPRISE
from tests.fuzz.dice import Target, words_of
from tests.fuzz.exports import taken
from tests.fuzz.said import problems_are_said, whole_way
from tests.sources.build import context, read

LIST = """\
id,name,address,role,team,language,works,active,last_day,away_from,away_until,deputy
w1,worker 1,w1@example.org,worker,north,nl,"ma, di",ja,,2026-04-01,2026-04-07,w2
w1,worker 1,w1@example.org,worker,north,nl,"ma, di",ja,,2026-07-01,,
w2,"worker, two",w2@example.org,team-lead,south,en-GB,mon tue,,9999-12-31,,,
w3,worker 3,,,,,,nee,2026-03-01,,,
"""
USERS: tuple[dict[str, Any], ...] = (
    {
        "id": "1",
        "userName": "w1",
        "name": {"givenName": "worker", "familyName": "1"},
        "emails": [{"value": "w1@example.org", "type": "work", "primary": True}],
        "active": True,
        "preferredLanguage": "nl-NL, en;q=0.5",
        "groups": [{"value": "g1", "display": "North"}],
        ENTERPRISE: {"employeeNumber": 101, "department": "North", "manager": {"value": "2"}},
    },
    {"id": "2", "userName": "w2", "displayName": "lead", "active": "false", "roles": [{"value": "Leads"}]},
    {"id": "g1", "displayName": "North", "members": [{"value": "1"}, {"value": "2"}]},
)


def people_targets() -> tuple[Target, ...]:
    """The readers of lists of people."""
    rows = [LIST.encode(), LIST.replace(",", ";").encode("cp1252"), LIST.encode("utf-16")]
    pages = [_page([one]) for one in USERS] + [_page(USERS)]
    seeds = [_written(page) for page in pages]
    words = [*words_of(*(seed.decode() for seed in seeds)), b"null", b"[]", b"{}"]
    return (
        Target("people-csv", rows, [*words_of(LIST), *(name.encode() for name in COLUMNS)], feed_list),
        Target("scim", seeds, words, feed_scim, 0, pages, _written),
    )


def _page(resources: Any) -> dict[str, Any]:
    return {"totalResults": len(resources), "startIndex": 1, "Resources": list(resources)}


def _written(page: Any) -> bytes:
    return json.dumps(page, default=str).encode()


def people_taken(batch: Batch) -> None:
    """Raises where someone was read whom nobody could write to, or a value shows in quarantine."""
    taken(batch)
    found = batch.people
    if found is None:
        return
    for person in found.people:
        assert usable_id(person.id) and usable_id(person.name), person
        assert person.address is None or is_address(person.address), person
        assert person.role in ROLES and (person.language is None or person.language in LANGUAGES), person
        assert person.works <= set(range(7)) and person.away == (), person
    assert len({person.id for person in found.people}) == len(found.people)
    for one, days in found.away.items():
        assert usable_id(one) and all(away.first <= away.last for away in days), days
        assert all(away.deputy is None or usable_id(away.deputy) for away in days), days


@cache
def _list() -> csv.Options:
    return csv.Options(name="reg", type="people-csv", path="people.csv")


def feed_list(folder: Path, data: bytes) -> None:
    try:
        if whole_way(data):
            (folder / "people.csv").write_bytes(data)
            people_taken(read(folder, "people-csv", path="people.csv"))
            return
        encoding = scan(BytesIO(data)).encoding
        assert encoding is not None
        with Lines(BytesIO(data), encoding) as lines:
            cut = sheet(lines, COLUMNS)
            if cut is not None:
                places = place_columns(_list(), cut.header, "people.csv")
                people_taken(people_batch(records(cut), places, "people.csv", _list(), context(folder)))
    except Problems as refused:
        problems_are_said(refused.problems)


class _Server(Remote):
    """A server that answers with the input, whatever it is asked."""

    said = b""

    def __init__(self, login: Login, media: str) -> None:
        self.login = login

    def __exit__(self, *_: object) -> None:
        pass

    def ask(self, method: str, url: str, headers: Any = None, body: Any = None) -> Answer:
        return Answer(200, {}, self.said)


@cache
def _scim(id: str) -> scim.Options:
    teams, roles = {"North": "north"}, {"Leads": "team-lead"}
    return scim.Options.model_validate(
        {"name": "reg", "type": "scim", "url": "https://example.org/scim", "id": id, "managers_lead": True}
        | ({"teams": teams, "roles": roles} if id == "userName" else {})
    )


def feed_scim(folder: Path, data: bytes) -> None:
    _Server.said = data
    with patch("cti.sources.people.scim.Remote", _Server):
        try:
            people_taken(scim.read(_scim("userName"), {}, context(folder)))
            people_taken(scim.read(_scim("employeeNumber"), {}, context(folder)))
        except Problems as refused:
            problems_are_said(refused.problems)
