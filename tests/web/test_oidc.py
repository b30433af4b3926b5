"""Single sign-on against a real OpenID provider, and what people are told where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import Response

from cti.web import links
from tests.engine.house import House
from tests.web.browser import BASE, Browser, text_of
from tests.web.provider import CLIENT, log_in, provider

SETTINGS = """
login = {login}
[web.oidc]
issuer = "{issuer}"
client_id = "cti"
client_secret = "{secret}"
{more}
"""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider() as address:
        yield address


class Clock:
    """The time it is, and a while later where a test wants that: the provider has a clock of its own."""

    def __init__(self) -> None:
        self.later = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.later


def visitor(
    house: House, issuer: str, more: str = "", login: str = '["mail", "oidc"]', **other: str
) -> Browser:
    """A browser at a house with single sign-on, with a clock that `now` is."""
    secret = other.get("secret", str(CLIENT["client_secret"]))
    house.web = SETTINGS.format(issuer=issuer, more=more, login=login, secret=secret)
    house.configure()
    return Browser(house, Clock())


def begin(browser: Browser, then: str = "/") -> str:
    response = browser.client.get("/login/oidc", params={"then": then})
    assert response.status_code == 303
    return str(response.headers["location"])


def comes(browser: Browser, account: str | None, then: str = "/", **how: str) -> Response:
    """Logs in by single sign-on as this account."""
    return browser.get(log_in(begin(browser, then), account, **how).removeprefix(BASE))


def is_in(browser: Browser) -> bool:
    return browser.get("/prompts").status_code == 200


def test_someone_comes_in_and_goes_on_where_they_wanted(house: House, issuer: str) -> None:
    browser = visitor(house, issuer)
    assert 'href="/login/oidc?then=/prompts/1"' in browser.get("/prompts/1", follow=True).text
    response = comes(browser, "w1", "/prompts/1")
    assert (response.status_code, response.headers["location"]) == (303, "/prompts/1")
    assert "w1" in text_of(browser.get("/prompts"))


def test_an_address_of_which_nobody_says_whether_it_is_verified_will_do(house: House, issuer: str) -> None:
    browser = visitor(house, issuer)
    comes(browser, "unsaid")
    assert is_in(browser)


def test_what_is_asked_is_tied_to_this_browser_and_to_a_code_of_ours(house: House, issuer: str) -> None:
    browser = visitor(house, issuer)
    one, other = (parse_qs(urlsplit(begin(browser)).query) for _ in range(2))
    assert one["response_type"] == ["code"] and one["code_challenge_method"] == ["S256"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(one[name][0]) >= 32 and one[name] != other[name]


@pytest.mark.parametrize(
    ("account", "status", "said"),
    [
        ("stranger", 403, "U bent hier nog niet bekend"),
        ("unverified", 403, "Uw adres is niet bevestigd"),
        ("nameless", 502, "Inloggen werkt niet"),
        (None, 403, "U bent niet ingelogd"),
    ],
)
def test_who_does_not_come_in_is_told_why(
    house: House, issuer: str, account: str | None, status: int, said: str
) -> None:
    browser = visitor(house, issuer)
    response = comes(browser, account)
    assert response.status_code == status
    assert said in text_of(response)
    assert "elsewhere" not in response.text
    assert not is_in(browser)


def test_an_answer_for_another_browser_lets_nobody_in(house: House, issuer: str) -> None:
    mine, theirs = visitor(house, issuer), Browser(house, Clock())
    back = log_in(begin(theirs), "w1").removeprefix(BASE)
    for browser in (mine, theirs):
        if browser is mine:
            begin(mine)
        response = browser.get(back)
        assert (response.status_code == 410) == (browser is mine)
    assert not is_in(mine) and is_in(theirs)
    bare = Browser(house, Clock()).get(back)
    assert bare.status_code == 410 and "Dat duurde te lang" in text_of(bare)


def test_an_answer_is_good_once(house: House, issuer: str) -> None:
    browser = visitor(house, issuer)
    where = begin(browser)
    kept = dict(browser.client.cookies)
    back = log_in(where, "w1").removeprefix(BASE)
    assert browser.get(back).status_code == 303
    assert browser.get(back).headers["location"] == "/", "pressed twice, it goes on"
    again = Browser(house, Clock())
    again.client.cookies.update({name: value for name, value in kept.items() if "oidc" in name})
    assert again.get(back).status_code == 410, "the provider takes the code once"


def test_a_nonce_that_is_not_ours_lets_nobody_in(house: House, issuer: str) -> None:
    browser = visitor(house, issuer)
    where = begin(browser)
    nonce = parse_qs(urlsplit(where).query)["nonce"][0]
    back = log_in(where.replace(nonce, "another" * 6), "w1").removeprefix(BASE)
    assert browser.get(back).status_code == 502
    assert not is_in(browser)


def test_a_code_without_its_verifier_lets_nobody_in(house: House, issuer: str) -> None:
    browser = visitor(house, issuer)
    where = begin(browser)
    challenge = parse_qs(urlsplit(where).query)["code_challenge"][0]
    back = log_in(where.replace(challenge, "x" * 43), "w1").removeprefix(BASE)
    assert browser.get(back).status_code == 410
    assert not is_in(browser)


def test_who_takes_too_long_begins_once_more(house: House, issuer: str) -> None:
    browser = visitor(house, issuer)
    back = log_in(begin(browser), "w1").removeprefix(BASE)
    assert isinstance(browser.now, Clock)
    browser.now.later = timedelta(minutes=11)
    response = browser.get(back)
    assert response.status_code == 410 and "Begin opnieuw" in text_of(response)


def test_a_second_factor_is_asked_for_and_insisted_on(house: House, issuer: str) -> None:
    browser = visitor(house, issuer, 'acr = ["strong"]\namr = ["otp", "hwk"]')
    assert parse_qs(urlsplit(begin(browser)).query)["acr_values"] == ["strong"]
    for how in ({}, {"acr": "simple", "amr": "otp"}, {"acr": "strong", "amr": "pwd"}, {"acr": "strong"}):
        response = comes(browser, "w1", **how)
        assert response.status_code == 403 and "tweede stap" in text_of(response)
    comes(browser, "w1", acr="strong", amr="pwd otp")
    assert is_in(browser)


def test_where_it_is_the_only_way_in_no_mail_is_one(house: House, issuer: str) -> None:
    browser = visitor(house, issuer, login='["oidc"]')
    page = browser.get("/login")
    assert "address" not in page.text and "Inloggen bij uw organisatie" in page.text
    sign = browser.get("/login").text.split('name="sign" value="')[1].split('"')[0]
    assert browser.client.post("/login", data={"sign": sign, "address": "w1@example.org"}).status_code == 404
    link = links.made(browser.site, house.system.config.staff.people["w1"], "/", browser.now())
    assert browser.get(link.removeprefix(BASE)).status_code == 404
    assert browser.client.post(link.removeprefix(BASE), data={"sign": sign}).status_code == 404
    assert house.mails() == [] or all("login" not in str(mail["Subject"]) for mail in house.mails())
    comes(browser, "w1")
    assert is_in(browser)


def test_a_provider_that_does_not_answer_is_said_kindly(house: House, closed_port: int) -> None:
    browser = visitor(house, f"http://127.0.0.1:{closed_port}")
    response = browser.get("/login/oidc")
    assert response.status_code == 503
    assert "Probeer het over een minuut weer" in text_of(response)


def test_a_provider_by_another_name_is_not_trusted(house: House, issuer: str) -> None:
    browser = visitor(house, issuer.replace("127.0.0.1", "localhost"))
    assert browser.get("/login/oidc").status_code == 502
    own = visitor(house, issuer)
    where = begin(own)
    state = parse_qs(urlsplit(where).query)["state"][0]
    back = f"/login/oidc/back?state={state}&code=x&iss=https://elsewhere.example"
    assert own.get(back).status_code == 502


def test_a_wrong_secret_is_said_to_be_a_wrong_setting(house: House, issuer: str) -> None:
    browser = visitor(house, issuer, secret="not the one")
    response = comes(browser, "w1")
    assert response.status_code == 502 and "beheerder" in text_of(response)


def test_without_single_sign_on_there_is_no_such_way(house: House) -> None:
    browser = Browser(house, Clock())
    assert browser.get("/login/oidc").status_code == 404
    assert browser.get("/login/oidc/back?code=x&state=y").status_code == 404
