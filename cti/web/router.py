"""How a page is added: an address with who may come there. One without is refused by `cti.web.asked.admit`, and by a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Depends
from starlette.responses import Response

from cti.web.asked import admit
from cti.web.guard import Access

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Pages(APIRouter):
    """A family of pages. `show` answers a GET and changes nothing; `act` answers a POST, and then sends on to a page.

    Each address passes `admit`, which refuses one that does not say for whom it is.
    """

    def __init__(self) -> None:
        super().__init__(dependencies=[Depends(admit)])

    def show(self, path: str, access: Access) -> Callable[[Endpoint], Endpoint]:
        """Answers a GET of this path for whom `access` names. HEAD is answered along with it."""
        return self._answer("GET", path, access)

    def act(self, path: str, access: Access) -> Callable[[Endpoint], Endpoint]:
        """Answers a POST to this path for whom `access` names; doing it twice must be harmless."""
        return self._answer("POST", path, access)

    def _answer(self, method: str, path: str, access: Access) -> Callable[[Endpoint], Endpoint]:
        def add(endpoint: Endpoint) -> Endpoint:
            endpoint.access = access  # type: ignore[attr-defined]
            self.add_api_route(path, endpoint, methods=[method], response_class=Response, response_model=None)
            return endpoint

        return add
