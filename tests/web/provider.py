"""A real OpenID provider, and someone who logs in at it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import httpx2

from cti.trust import trusted
from tests.node import WANTED, packages
from tests.web.browser import BASE

SCRIPT = WANTED.parent / "provider.mjs"
CLIENT = {
    "client_id": "cti",
    "client_secret": "a secret of the tests",
    "redirect_uris": [f"{BASE}/login/oidc/back"],
}
ACCOUNTS = {
    "w1": {"email": "W1@example.org", "email_verified": True},
    "unsaid": {"email": "w1@example.org"},
    "stranger": {"email": "stranger@elsewhere.example", "email_verified": True},
    "unverified": {"email": "w1@example.org", "email_verified": False},
    "nameless": {},
}


@contextmanager
def provider() -> Iterator[str]:
    """The address of a provider that runs for the time of the block. Skips where there is no Node."""
    settings = json.dumps({"client": CLIENT, "accounts": ACCOUNTS})
    command = ["node", str(SCRIPT), str(packages().parent), settings]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            address = next((line.strip() for line in process.stdout if line.startswith("http")), None)
            assert address is not None, "the provider did not start"
            yield address
        finally:
            process.terminate()


def log_in(where: str, account: str | None, **how: str) -> str:
    """Goes where the pages send a browser and logs in there (None: refuses to). Gives where the provider sends it back to."""
    with httpx2.Client(follow_redirects=False, verify=trusted()) as browser:
        answer = browser.get(where)
        assert answer.status_code == 303, answer.text
        act = f"as/{account}?{urlencode(how)}" if account is not None else "deny"
        at = httpx2.URL(where).join(answer.headers["location"])
        if at.path.startswith("/login"):
            return str(at)
        answer = browser.get(f"{at}/{act}")
        while answer.status_code in (302, 303):
            at = at.join(answer.headers["location"])
            if str(at).startswith(BASE):
                return str(at)
            answer = browser.get(at)
        raise AssertionError(f"{answer.status_code}: {answer.text}")
