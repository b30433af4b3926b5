"""The dead man's sign: an address elsewhere that is asked after each good pass, and raises the alarm when it no longer is."""

from __future__ import annotations

import httpx2

from cti.trust import trusted

PATIENCE = 10
"""Seconds."""


def ping(url: str) -> str | None:
    """Asks the address once; gives what went wrong, without the address, which may hold a secret."""
    try:
        response = httpx2.get(url, timeout=PATIENCE, follow_redirects=True, verify=trusted())
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return type(error).__name__
    return None if response.is_success else str(response.status_code)
