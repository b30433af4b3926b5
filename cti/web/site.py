"""What all pages share: the organisation's system, the clock they were given, the cookies' key, the page templates, the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cti.config import Config
from cti.core.people import Person, Staff
from cti.engine import System
from cti.engine.inforce import InForce
from cti.engine.people import staff_known
from cti.engine.rulebooks import standing
from cti.post.delivery import mailbox
from cti.web.bench import Bench
from cti.web.desk import Desk
from cti.web.oidc import BACK
from cti.web.session import Cookies, key_of
from cti.web.trail import Trail

if TYPE_CHECKING:
    from cti.web.provider import Provider

PAGES = Path(__file__).parent / "pages"


class NotBegun(Exception):
    """There is no rulebook yet: the service has not made its first pass."""


@dataclass(frozen=True)
class Site:
    """The pages of one organisation. `now` tells the time, and is asked once for each request."""

    system: System
    now: Callable[[], datetime]
    cookies: Cookies = field(repr=False)
    trail: Trail = field(repr=False)
    templates: Environment = field(repr=False)
    hurry: Callable[[], None] = field(default=lambda: None, repr=False)
    """Asks for a pass at once, where a service runs beside the pages."""
    died: Callable[[], int] = field(default=lambda: 0, repr=False)
    """How often the process of the passes has died within the last hour."""
    provider: Provider | None = field(default=None, repr=False)
    """Whom single sign-on asks, where the config has it."""
    bench: Bench = field(default_factory=Bench, repr=False)
    """Does what takes too long for a page."""
    desk: Desk = field(kw_only=True, repr=False)
    """Keeps what is pushed."""

    @classmethod
    def of(
        cls,
        system: System,
        now: Callable[[], datetime],
        hurry: Callable[[], None] = lambda: None,
        died: Callable[[], int] = lambda: 0,
        pushed: Callable[[], None] = lambda: None,
    ) -> Site:
        """The pages of this system; the key of its signatures is made where there is none."""
        secure = system.config.base_url.startswith("https://")
        cookies = Cookies(key_of(system.database), secure)
        web = system.config.web
        provider = None
        if "oidc" in web.login and web.oidc is not None:
            from cti.web.provider import Provider

            provider = Provider(web.oidc, f"{system.config.base_url}{BACK}")
        desk = Desk(system.database, pushed)
        return cls(system, now, cookies, Trail(system), _templates(), hurry, died, provider, desk=desk)

    @property
    def config(self) -> Config:
        return self.system.config

    @property
    def staff(self) -> Staff:
        """Everybody who works here, as the config and the lists have them. (Who is away when,
        `cti.engine.people.staff_of` knows.)"""
        return staff_known(self.system)

    def owners(self, address: str) -> list[Person]:
        """Whose work address this is. Those of the config go before those of a list: else whoever writes one could take their way
        in from them, by putting down their address once more."""
        wanted = mailbox(address)
        found = [one for one in self.staff.people.values() if one.address and mailbox(one.address) == wanted]
        return [one for one in found if one.id in self.config.staff.people] or found

    def rules(self) -> InForce:
        """The rulebook in force. Raises NotBegun before the first pass."""
        rules = standing(self.system)
        if rules is None:
            raise NotBegun
        return rules

    def begun(self) -> bool:
        """Whether there is a rulebook to work with."""
        return standing(self.system) is not None

    def in_registration(self, client: str) -> str | None:
        """Where this client (the reference) stands in the registration system, if the config says how to get there."""
        pattern = self.config.web.client_url
        return pattern.replace("{client}", quote(client, safe="")) if pattern is not None else None


@cache
def _templates() -> Environment:
    """They are part of the package, so all sites of a process share them."""
    return Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
