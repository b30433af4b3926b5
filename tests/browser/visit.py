"""Someone at the pages in a real Chromium: on a phone or at a desk, with or without scripts, by mouse or by keyboard."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from cti.service.pages import Pages
from cti.web import links
from cti.web.site import Site
from tests.engine.house import House

Device = Mapping[str, Any]

PHONE: Device = MappingProxyType(
    {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    }
)
SMALL: Device = MappingProxyType({**PHONE, "viewport": {"width": 320, "height": 640}})
DESK: Device = MappingProxyType({"viewport": {"width": 1280, "height": 900}})


def free_port() -> int:
    """A port that nothing listened at just now."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass
class Served:
    """A house whose pages are served, at a time that the test tells."""

    house: House
    chromium: Browser
    at: datetime
    _contexts: list[BrowserContext] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.house.port = free_port()
        self.house.base_url = f"http://localhost:{self.house.port}"
        self.house.web += '\nhost = "127.0.0.1"'
        self.house.configure()
        self.pages = Pages(self.house.system, lambda: self.at)
        self.site: Site = self.pages.site
        self.pages.start()

    def stop(self) -> None:
        for context in self._contexts:
            context.close()
        self.pages.stop()

    def until(self, holds: Callable[[], bool]) -> None:
        """Waits for what the service does by itself."""
        for _ in range(1800):
            if holds():
                return
            time.sleep(0.05)
        raise AssertionError("it did not come about in 90 seconds")

    def visit(
        self, who: str | None = None, device: Device = PHONE, scripts: bool = True, **more: Any
    ) -> Visitor:
        """A browser of its own; of someone who came in by a link from a mail, where `who` says so."""
        context = self.chromium.new_context(
            **{"locale": "nl-NL", **device, **more}, base_url=self.house.base_url, java_script_enabled=scripts
        )
        context.set_default_timeout(90_000)
        self._contexts.append(context)
        visitor = Visitor(context.new_page(), self)
        return visitor if who is None else visitor.come_in(who)


@dataclass
class Visitor:
    """What someone does at the pages, in the words of who watches them. `page` is Playwright's own, for all else."""

    page: Page
    served: Served

    def leave(self) -> None:
        self.page.context.close()

    def come_in(self, who: str) -> Visitor:
        person = self.served.house.system.config.staff.people[who]
        self.page.goto(links.made(self.served.site, person, "/", self.served.at))
        with self.page.expect_navigation():
            self.page.locator("main form button").first.click()
        return self

    def open(self, path: str) -> Visitor:
        answer = self.page.goto(path)
        assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
        return self

    def press(self, words: str) -> Visitor:
        """Presses the button or follows the link that begins with these words."""
        begins = re.compile(rf"^\s*{re.escape(words)}")
        found = self.page.get_by_role("button", name=begins).or_(self.page.get_by_role("link", name=begins))
        with self.page.expect_navigation():
            found.first.click()
        return self

    def unfold(self, words: str) -> Visitor:
        self.page.locator("summary", has_text=words).first.click()
        return self

    def fill(self, label: str, value: str) -> Visitor:
        self.page.get_by_label(label).first.fill(value)
        return self

    def choose(self, label: str, value: str) -> Visitor:
        self.page.get_by_label(label).first.select_option(label=value)
        return self

    def tick(self, label: str) -> Visitor:
        self.page.get_by_label(label).first.check()
        return self

    def tab_to(self, words: str, most: int = 120) -> Visitor:
        """Presses Tab until what bears these words has the focus, as who uses no mouse does; and sees that it shows."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            focused = self.page.locator(":focus")
            if focused.count() and words in (
                focused.inner_text() or focused.get_attribute("aria-label") or ""
            ):
                assert self.page.evaluate(SHOWS), f"nothing shows that “{words}” has the focus"
                return self
        raise AssertionError(f"no Tab leads to “{words}”")

    def enter(self, leads_on: bool = True) -> Visitor:
        """Presses Enter on what has the focus; it leads to another page unless it is only unfolded."""
        if leads_on:
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        else:
            self.page.keyboard.press("Enter")
        return self

    @property
    def says(self) -> str:
        """The words in the middle of the page, on one line."""
        return " ".join(self.page.locator("main").inner_text().split())


SHOWS = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""
