"""A SCIM 2.0 service as far as a list of people asks one: pages of Users and Groups as RFC 7644 has them, a token, bad days."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

CORE = "urn:ietf:params:scim:schemas:core:2.0"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0"

Resource = dict[str, Any]


@dataclass
class Scim:
    """What the service holds and how it behaves. `asked` are the paths that it was asked, with their queries."""

    users: list[Resource] = field(default_factory=list)
    groups: list[Resource] | None = field(default_factory=list)
    """None: it knows no Groups."""
    token: str | None = None
    most: int = 2
    """Resources on a page, however many are asked for."""
    hidden: int = 0
    """How many more there are by its word than it gives."""
    sulks: list[tuple[int, str]] = field(default_factory=list)
    """Answers to give first: a status and what `retry-after` says."""
    body: bytes | None = None
    """What to answer in place of a ListResponse."""
    closed: bool = False
    """Shows Groups to nobody."""
    one_page: bool = False
    """Gives its first page whatever is asked."""
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def user(self, name: str, /, **more: Any) -> Resource:
        """A User as RFC 7643 has it (section 8.2), with a work address and one at home."""
        made = {
            "schemas": [f"{CORE}:User"],
            "id": f"id-{name}",
            "userName": name,
            "name": {"formatted": f"worker {name}", "givenName": "worker", "familyName": name},
            "emails": [
                {"value": f"{name}@home.example.org", "type": "home", "primary": True},
                {"value": f"{name}@example.org", "type": "work"},
            ],
            "active": True,
            "meta": {"resourceType": "User", "location": f"{self.url}/Users/id-{name}"},
        } | more
        self.users.append(made)
        return made

    def group(self, name: str, *members: str) -> None:
        """A Group as RFC 7643 has it (section 8.4)."""
        assert self.groups is not None
        values = [
            {"value": f"id-{one}", "$ref": f"{self.url}/Users/id-{one}", "type": "User"} for one in members
        ]
        made = {"schemas": [f"{CORE}:Group"], "id": f"g-{name}", "displayName": name, "members": values}
        self.groups.append(made)


class _Handler(BaseHTTPRequestHandler):
    scim: Scim

    def do_GET(self) -> None:
        scim = self.scim
        scim.asked.append(self.path)
        parts = urlsplit(self.path)
        query = {name: said[0] for name, said in parse_qs(parts.query).items()}
        if scim.sulks:
            status, wait = scim.sulks.pop(0)
            return self._error(status, {"retry-after": wait} if wait else {})
        if scim.token is not None and self.headers["authorization"] != f"Bearer {scim.token}":
            return self._error(401)
        assert self.headers["accept"] == "application/scim+json"
        all_of_it = {"/scim/v2/Users": scim.users, "/scim/v2/Groups": scim.groups}.get(parts.path)
        if all_of_it is None:
            return self._error(404)
        if scim.closed and all_of_it is scim.groups:
            return self._error(403)
        if query.get("filter") == 'userType eq "Employee"':
            all_of_it = [one for one in all_of_it if one.get("userType") == "Employee"]
        start = 1 if scim.one_page else max(1, int(query.get("startIndex", "1")))
        some = all_of_it[start - 1 :][: min(scim.most, int(query.get("count", "100")))]
        listed = {
            "schemas": [f"{MESSAGES}:ListResponse"],
            "totalResults": len(all_of_it) + scim.hidden,
            "itemsPerPage": len(some),
            "startIndex": start,
        }
        # Where there are none, it may be left out.
        self._answer(200, scim.body or json.dumps(listed | ({"Resources": some} if some else {})).encode())

    def _error(self, status: int, headers: dict[str, str] | None = None) -> None:
        said = {"schemas": [f"{MESSAGES}:Error"], "status": str(status)}
        self._answer(status, json.dumps(said).encode(), headers)

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": "application/scim+json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the tests look at `asked`."""


@contextmanager
def served(scim: Scim) -> Iterator[Scim]:
    """The service, answering at its `url` while the block lasts."""
    handler = type("Handler", (_Handler,), {"scim": scim})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        scim.url = f"http://127.0.0.1:{server.server_address[1]}/scim/v2"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield scim
        finally:
            server.shutdown()
