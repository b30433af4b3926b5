"""Someone at the pages: a browser without scripts that keeps its cookies, fills in forms and presses buttons."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, cached_property

from httpx2 import ASGITransport, BaseTransport, Client, Request, Response
from starlette.types import ASGIApp

from cti.web import links
from cti.web.app import create_app
from cti.web.site import Site
from tests.engine.house import House

BASE = "https://prompts.example.org"


@cache
def _runner() -> asyncio.Runner:
    """One for all browsers of a test process, as beginning one costs more than most pages."""
    return asyncio.Runner()


class Inside(BaseTransport):
    """Asks an application in this process, without a network. An error in the application is raised."""

    def __init__(self, app: ASGIApp) -> None:
        self._asgi = ASGITransport(app, client=("testclient", 50000))

    def handle_request(self, request: Request) -> Response:
        async def asked() -> Response:
            response = await self._asgi.handle_async_request(request)
            return Response(
                response.status_code, headers=response.headers.raw, content=await response.aread()
            )

        return _runner().run(asked())


class Browser:
    """One browser at the pages of a house, at a time that `now` tells. Redirects are followed only where it is asked."""

    def __init__(self, house: House, now: Callable[[], datetime]) -> None:
        self.house, self.now = house, now
        app = create_app(house.system, now)
        self.site: Site = app.state.site
        self.client = Client(transport=Inside(app), base_url=BASE, headers={"user-agent": "testclient"})
        self._signs: dict[str, str] = {}

    def get(self, path: str, follow: bool = False) -> Response:
        return self.client.get(path, follow_redirects=follow)

    def post(
        self,
        path: str,
        follow: bool = False,
        facts: Mapping[str, str] | None = None,
        **fields: str | list[str],
    ) -> Response:
        """Sends a form of ours, with the sign that this browser's pages bear, and the fields of these facts."""
        data = {"sign": self.sign, **fields, **{f"fact.{name}": said for name, said in (facts or {}).items()}}
        return self.client.post(path, data=data, follow_redirects=follow)

    @property
    def sign(self) -> str:
        """The sign on the forms that this browser is shown now; it is the same as long as the session lasts."""
        session = "".join(
            cookie.value or "" for cookie in self.client.cookies.jar if cookie.name.endswith("cti")
        )
        if session not in self._signs:
            shown = self.client.get("/login", follow_redirects=True).text
            found = re.search(r'name="sign" value="([^"]+)"', shown)
            assert found is not None
            self._signs[session] = found[1]
        return self._signs[session]

    def come_in(self, who: str) -> Browser:
        """Logs in by a link that was just made."""
        link = links.made(self.site, self.site.staff.people[who], "/", self.now())
        assert self.post(link.removeprefix(BASE)).status_code == 303
        return self


class Pages:
    """The pages of a house, with a browser for each person who comes in; nobody has one too."""

    def __init__(self, house: House, now: datetime) -> None:
        self.house, self.at = house, now
        self._browsers: dict[str, Browser] = {}

    def of(self, who: str | None) -> Browser:
        if (name := who or "") not in self._browsers:
            browser = Browser(self.house, lambda: self.at)
            self._browsers[name] = browser.come_in(who) if who is not None else browser
        return self._browsers[name]

    @cached_property
    def nobody(self) -> Browser:
        return self.of(None)


def text_of(response: Response) -> str:
    """What a page says, without its tags, on one line."""
    body = re.sub(r"(?s)<(script|style|head)\b.*?</\1>|<[^>]+>", " ", response.text)
    return " ".join(html.unescape(body).split())


def fields_of(response: Response) -> Mapping[str, str]:
    """The hidden fields of a page."""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', response.text))
