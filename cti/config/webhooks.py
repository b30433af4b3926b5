"""What does not fit in `[[webhooks]]` although each value by itself is well written."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from cti.config.checks import HERE
from cti.config.mistakes import KeyPath, Mistake, Put, mistake
from cti.config.model import Tasks, Webhook
from cti.i18n import mark
from cti.problems import Level

PREFIX = "whsec_"
LENGTHS = range(24, 65)
"""Bytes of a secret, as Standard Webhooks has them."""


def webhook_mistakes(webhooks: Sequence[Webhook], written: Sequence[object]) -> Iterator[Mistake]:
    """Names that are there twice, addresses that are none, secrets that are too weak. `written`: the entries as they stand."""
    if len(webhooks) != len(written):
        return  # an entry that could not be read is told by itself, and the places would be another's
    yield from twice(webhooks, "webhooks", mark("two webhooks have the name {name}"))
    for index, one in enumerate(webhooks):
        at: KeyPath = ("webhooks", index)
        yield from _of_url(one, at)
        if not is_secret(one.secret.get_secret_value()):
            text = mark(
                "{key} = {value}: not a secret of a webhook; it is whsec_ and the base64 of 24 to 64 random bytes, "
                "as made by: (printf whsec_; head -c 32 /dev/urandom | base64) > webhook-secret"
            )
            yield mistake((*at, "secret"), text)


def twice(entries: Sequence[Webhook | Tasks], section: str, text: str) -> Iterator[Mistake]:
    """Names that are there twice."""
    taken = {each.name for each in entries}
    names: set[str] = set()
    for index, one in enumerate(entries):
        if one.name in names:
            better = next(name for n in range(2, 99) if (name := f"{one.name}-{n}") not in taken)
            yield mistake((section, index, "name"), text, Put(better), name=one.name)
        names.add(one.name)


def _of_url(one: Webhook, at: KeyPath) -> Iterator[Mistake]:
    path = (*at, "url")
    try:
        parts = urlsplit(one.url)
        host = parts.hostname
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        yield mistake(path, mark("{key} = {value}: not the address of a page; it begins with https://"))
    elif parts.scheme == "http" and host not in HERE:
        text = mark("{key} = {value}: what is told would go over the network unencrypted; use https")
        level: Level = "error" if one.content == "full" else "warning"
        yield mistake(path, text, Put("https" + one.url.removeprefix("http")), level)


def is_secret(text: str) -> bool:
    """Whether it is a secret as Standard Webhooks has them."""
    try:
        return text.startswith(PREFIX) and len(b64decode(text.removeprefix(PREFIX), validate=True)) in LENGTHS
    except Error:
        return False
