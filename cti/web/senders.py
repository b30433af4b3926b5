"""Who pushes: told by a signature as Standard Webhooks has it, or by a token. Each is an `http` source of the config."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from standardwebhooks import Webhook

from cti.config import Config
from cti.sources import http
from cti.web.asked import same

SIGNATURE = "webhook-signature"


def senders(config: Config) -> list[http.Options]:
    """The sources that are pushed to."""
    return [source for source in config.sources if isinstance(source, http.Options)]


def of_token(known: Sequence[http.Options], headers: Mapping[str, str]) -> http.Options | None:
    """Whose token is shown. Each is compared, so that how long it takes tells nothing."""
    scheme, _, shown = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    found = None
    for one in known:
        if one.token is not None and same(one.token.get_secret_value(), shown.strip()):
            found = one
    return found


def of_signature(
    known: Sequence[http.Options], headers: Mapping[str, str], body: bytes
) -> http.Options | None:
    """Whose secret this was signed with, within five minutes of now by the clock of this machine; an older signature may be one
    that somebody overheard."""
    for one in known:
        if one.secret is not None and _verifies(one.secret.get_secret_value(), headers, body):
            return one
    return None


def _verifies(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except Exception:  # of a header that is badly written it raises whatever comes
        return False
    return True
