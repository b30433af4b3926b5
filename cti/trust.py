"""Whom we believe on https: the authorities that this machine trusts, an organisation's own among them."""

from __future__ import annotations

import ssl
from functools import cache


@cache
def trusted() -> ssl.SSLContext:
    """Read once: that takes longer than asking an address."""
    return ssl.create_default_context()
