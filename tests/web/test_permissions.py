"""Who may come where: a row for each address, a column for each kind of person. An address without a row fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from httpx2 import Response

from cti.web import links
from cti.web.app import FAMILIES, create_app
from cti.web.asked import access_of
from cti.web.guard import Access
from tests.engine.house import House
from tests.web.browser import BASE, Browser, Pages
from tests.web.conftest import NOON

WHO = {
    "worker of the client": "w1",
    "same team": "w2",
    "other team": "s1",
    "team lead": "lead",
    "manager": "boss",
    "administrator": "admin",
    "auditor": "audit",
    "nobody": None,
}
"""By what they have to do with client c1 of team north."""

ALL = frozenset(WHO)
STAFF = ALL - {"nobody"}
CARE = frozenset({"worker of the client", "same team", "other team", "team lead"})
LEAD = frozenset({"team lead"})
OF_THE_CLIENT = frozenset({"worker of the client", "team lead"})


STEER = frozenset({"manager", "auditor"})
MANAGER = frozenset({"manager"})


@dataclass(frozen=True)
class Row:
    """An address (with the prompt or client of w1 filled in), and who may come there. Others get `instead`; nobody is sent to
    the login page wherever they may not come."""

    path: str
    may: frozenset[str]
    instead: int = 404
    machine: bool = False
    """It is asked by machines: it sends nobody to the login page, and may answer that the service stands still."""
    ends: bool = False
    """It ends sessions, and leads to the login page whoever may do so."""


MATRIX = {
    "GET /": Row("/", STAFF),
    "POST /language": Row("/language", ALL),
    "GET /static/{name}": Row("/static/cti.css", ALL),
    "GET /login": Row("/login", ALL),
    "POST /login": Row("/login", ALL),
    "GET /login/{text}": Row("/login/x", ALL),
    "POST /login/{text}": Row("/login/x", ALL),
    "GET /login/oidc": Row("/login/oidc", frozenset(), machine=True),
    "GET /login/oidc/back": Row("/login/oidc/back", frozenset(), machine=True),
    "POST /logout": Row("/logout", ALL, ends=True),
    "GET /health": Row("/health", ALL, machine=True),
    "GET /ready": Row("/ready", ALL, machine=True),
    "GET /metrics": Row("/metrics", frozenset(), machine=True),
    "GET /me/calendar": Row("/me/calendar", CARE, 403),
    "POST /me/calendar": Row("/me/calendar", CARE, 403),
    "POST /me/calendar/end": Row("/me/calendar/end", CARE, 403),
    "GET /feed/{token}.ics": Row("/feed/x.ics", frozenset(), machine=True),
    "POST /events": Row("/events", frozenset(), machine=True),
    "GET /favicon.ico": Row("/favicon.ico", ALL),
    "GET /admin": Row("/admin", frozenset({"administrator"}), 403),
    "POST /admin/read-again": Row("/admin/read-again", frozenset({"administrator"}), 403),
    "POST /admin/send-again": Row("/admin/send-again", frozenset({"administrator"}), 403),
    "GET /rules": Row("/rules", STEER, 403),
    "GET /rules/show/{rule}": Row("/rules/show/crisis-intake", STEER, 403),
    "GET /rules/history": Row("/rules/history", STEER, 403),
    "GET /team": Row("/team", LEAD, 403),
    "GET /team/counts.csv": Row("/team/counts.csv", LEAD, 403),
    "GET /team/answers.csv": Row("/team/answers.csv?first=2026-03-01&last=2026-03-31", LEAD, 403),
    "GET /rules/history/{number}": Row("/rules/history/1", MANAGER, 403),
    "POST /rules/history/{number}/restore": Row("/rules/history/1/restore", MANAGER, 403),
    "GET /counts": Row("/counts", STEER, 403),
    "GET /counts/rules.csv": Row("/counts/rules.csv", STEER, 403),
    "GET /counts/late": Row("/counts/late", STEER, 403),
    "GET /counts/late.csv": Row("/counts/late.csv", STEER, 403),
    "GET /counts/cti": Row("/counts/cti", STEER, 403),
    "POST /counts/work-out": Row("/counts/work-out", MANAGER, 403),
    "GET /counts/cases": Row("/counts/cases", STEER, 403),
    "GET /rules/draft": Row("/rules/draft", STEER, 403),
    "POST /rules/draft/look": Row("/rules/draft/look", MANAGER, 403),
    "POST /rules/draft/simulate": Row("/rules/draft/simulate", MANAGER, 403),
    "GET /rules/draft/simulated": Row("/rules/draft/simulated", STEER, 403),
    "GET /rules/draft/simulated.html": Row("/rules/draft/simulated.html", STEER, 403),
    "GET /rules/draft/adopt": Row("/rules/draft/adopt", MANAGER, 403),
    "POST /rules/draft/adopt": Row("/rules/draft/adopt", MANAGER, 403),
    "GET /trail": Row("/trail", frozenset({"auditor"}), 403),
    "POST /trail": Row("/trail", frozenset({"auditor"}), 403),
    "GET /trail.csv": Row("/trail.csv", frozenset({"auditor"}), 403),
    "GET /trail/check": Row("/trail/check", frozenset({"auditor"}), 403),
    "GET /team/absences": Row("/team/absences", LEAD, 403),
    "POST /team/absences": Row("/team/absences", LEAD, 403),
    "POST /team/absences/{absence}/remove": Row("/team/absences/1/remove", LEAD, 403),
    "GET /me": Row("/me", STAFF),
    "POST /me/absences": Row("/me/absences", CARE, 403),
    "POST /me/absences/{absence}/remove": Row("/me/absences/1/remove", CARE, 403),
    "POST /me/language": Row("/me/language", STAFF),
    "POST /me/log-out-everywhere": Row("/me/log-out-everywhere", STAFF, ends=True),
    "GET /explained/{name}": Row("/explained/conference", STAFF),
    "GET /clients": Row("/clients", CARE, 403),
    "POST /clients": Row("/clients", CARE, 403),
    "GET /clients/{client}": Row("/clients/1", OF_THE_CLIENT),
    "GET /clients/{client}/why": Row("/clients/1/why", OF_THE_CLIENT),
    "POST /clients/{client}/expect": Row("/clients/1/expect", OF_THE_CLIENT),
    "POST /clients/{client}/fact": Row("/clients/1/fact", OF_THE_CLIENT),
    "POST /clients/{client}/path": Row("/clients/1/path", OF_THE_CLIENT),
    "POST /clients/{client}/take-out": Row("/clients/1/take-out", OF_THE_CLIENT),
    "POST /clients/{client}/undo": Row("/clients/1/undo", OF_THE_CLIENT),
    "GET /prompts": Row("/prompts", CARE, 403),
    "GET /prompts/{prompt}": Row("/prompts/1", OF_THE_CLIENT),
    "POST /prompts/{prompt}/answer": Row("/prompts/1/answer", OF_THE_CLIENT),
    "POST /prompts/{prompt}/take-back": Row("/prompts/1/take-back", OF_THE_CLIENT),
    "POST /prompts/{prompt}/snooze": Row("/prompts/1/snooze", OF_THE_CLIENT),
    "POST /prompts/{prompt}/wake": Row("/prompts/1/wake", OF_THE_CLIENT),
    "POST /prompts/{prompt}/hand-over": Row("/prompts/1/hand-over", OF_THE_CLIENT),
    "POST /prompts/{prompt}/hand-back": Row("/prompts/1/hand-back", OF_THE_CLIENT),
}
"""A page of one client is 404 for others, so that it does not tell that the client is known; a page of a role is 403."""


def routes(house: House) -> Iterator[tuple[str, APIRoute]]:
    served = create_app(house.system, lambda: NOON).routes
    assert served == [route for family in FAMILIES for route in family.routes]
    for route in served:
        assert isinstance(route, APIRoute), f"{route} is added by Pages.show or Pages.act"
        for method in sorted(route.methods or ()):
            yield f"{method} {route.path}", route


def test_each_address_has_its_row_and_says_who_may_come(settled_once: House) -> None:
    found = dict(routes(settled_once))
    assert found.keys() == MATRIX.keys()
    assert [name for name, route in found.items() if not isinstance(access_of(route.endpoint), Access)] == []


def let_in(response: Response) -> bool:
    """Whether a page was shown or an act done, rather than a way round it."""
    to_login = response.status_code == 303 and response.headers["location"].startswith("/login?")
    return (
        response.status_code not in (403, 404)
        and not to_login
        and response.headers.get("location") != "/login"
    )


@pytest.fixture(scope="module")
def everyone(settled_once: House) -> Pages:
    return Pages(settled_once, NOON)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("address", MATRIX)
def test_the_matrix(everyone: Pages, address: str, who: str, tmp_path: Path) -> None:
    row, method = MATRIX[address], address.split()[0]
    house = everyone.house.copied(tmp_path / "house") if row.ends else everyone.house
    browser = everyone.of(WHO[who]) if method == "GET" else Browser(house, lambda: NOON)
    if method == "POST" and (person := WHO[who]) is not None:
        browser.come_in(person)
    response = browser.get(row.path) if method == "GET" else browser.post(row.path)
    if who in row.may:
        assert response.status_code < 500 or row.machine
        assert let_in(response) or row.ends
    elif who == "nobody" and not row.machine:
        assert response.status_code == 303
        assert response.headers["location"].startswith("/login")
    else:
        assert response.status_code == row.instead


@pytest.mark.parametrize("address", MATRIX)
def test_without_the_sign_no_form_is_taken(everyone: Pages, address: str) -> None:
    method, _, _ = address.partition(" ")
    if method == "GET" or MATRIX[address].machine:
        return
    for person in (None, "w1", "lead"):
        response = everyone.of(person).client.post(MATRIX[address].path, data={"sign": "another"})
        assert response.status_code == 403


def test_a_form_of_another_site_is_not_taken(everyone: Pages) -> None:
    browser = everyone.of("w1")
    for header in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
        response = browser.client.post("/language", data={"sign": browser.sign, "lang": "en"}, headers=header)
        assert response.status_code == 403


def test_a_link_whose_time_has_passed_lets_nobody_in(everyone: Pages) -> None:
    browser = Browser(everyone.house, lambda: NOON)
    w1 = everyone.house.system.config.staff.people["w1"]
    link = links.made(browser.site, w1, "/prompts", NOON - links.LASTS - links.LASTS)
    assert browser.get(link.removeprefix(BASE)).status_code == 410
    assert browser.post(link.removeprefix(BASE)).status_code == 410
    assert browser.get("/prompts").status_code == 303


def test_another_persons_link_lets_in_as_that_person_and_no_further(everyone: Pages) -> None:
    browser = Browser(everyone.house, lambda: NOON).come_in("boss")
    assert browser.get("/prompts").status_code == 403
    browser.come_in("s1")
    page = browser.get("/prompts").text
    assert "c3" in page
    assert "c1" not in page


@pytest.fixture(scope="module")
def by_links(everyone: Pages) -> dict[str, Browser]:
    """Two browsers: one in which a link was pressed too late, and the manager's, in which s1's link was pressed."""
    staff = everyone.house.system.config.staff.people
    late, others = (Browser(everyone.house, lambda: NOON) for _ in range(2))
    late.post(links.made(late.site, staff["w1"], "/", NOON - 2 * links.LASTS).removeprefix(BASE))
    return {"nobody": late, "other team": others.come_in("boss").come_in("s1")}


@pytest.mark.parametrize("address", [address for address, row in MATRIX.items() if not row.ends])
def test_an_expired_link_opens_nothing_and_another_persons_only_what_is_theirs(
    by_links: dict[str, Browser], address: str
) -> None:
    row, method = MATRIX[address], address.split()[0]
    for who, browser in by_links.items():
        response = browser.get(row.path) if method == "GET" else browser.post(row.path)
        assert let_in(response) == (who in row.may)
