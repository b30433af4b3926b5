"""What does not fit in how people come in, `[web] login` and `[web.oidc]`."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from cti.config.checks import HERE
from cti.config.mistakes import Mistake, Put, mistake
from cti.config.model import Web
from cti.i18n import mark


def login_mistakes(web: Web) -> Iterator[Mistake]:
    """A way in that nothing is said of, a section that no way in uses, and a provider that is none."""
    if "oidc" in web.login and web.oidc is None:
        others = [way for way in web.login if way != "oidc"] or ["mail"]
        text = mark("{key} = {value}: single sign-on needs a section [web.oidc] with issuer and client_id")
        yield mistake(("web", "login"), text, Put(others))
    if web.oidc is None:
        return
    if "oidc" not in web.login:
        text = mark(
            'there is a section [web.oidc], and [web] login does not name "oidc", so nobody comes in by it'
        )
        yield mistake(("web", "oidc"), text, level="warning")
    yield from _of_issuer(web.oidc.issuer)


def _of_issuer(issuer: str) -> Iterator[Mistake]:
    path = ("web", "oidc", "issuer")
    try:
        parts = urlsplit(issuer)
        host = parts.hostname
    except ValueError:
        host, parts = None, urlsplit("")
    known = "/.well-known/openid-configuration"
    if parts.scheme not in ("http", "https") or not host:
        yield mistake(path, mark("{key} = {value}: not the address of a page; it begins with https://"))
    elif known in issuer:
        better = issuer.split(known)[0]
        text = mark("{key} = {value}: the issuer is what stands before {known}")
        yield mistake(path, text, Put(better), guess=better, known=known)
    elif parts.scheme == "http" and host not in HERE:
        text = mark("{key} = {value}: who logs in would be told over the network unencrypted; use https")
        yield mistake(path, text, Put("https" + issuer.removeprefix("http")))
