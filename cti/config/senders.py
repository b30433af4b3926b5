"""What does not fit in the `http` sources although each value by itself is well written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import SecretStr

from cti.config.mistakes import KeyPath, Mistake, mistake
from cti.config.webhooks import is_secret
from cti.i18n import mark
from cti.sources import http

SHORTEST = 32
"""Characters of a token, which anyone may try to guess."""

NOT_READ = "-"
"""What `cti.config.outside` says in the place of a file that it could not read."""


def sender_mistakes(sources: Sequence[tuple[KeyPath, http.Options]]) -> Iterator[Mistake]:
    """Senders that show nothing to be told by, or what is too weak, or the same as another. Each stands at its path."""
    # What stands in a file that could not be read is told by itself.
    taken: Mapping[str, dict[str, str]] = {"secret": {}, "token": {}}
    for at, one in sources:
        if one.secret is None and one.token is None:
            text = mark(
                "source {name} has neither a secret nor a token, so nobody can push to it; make one by: "
                "(printf whsec_; head -c 32 /dev/urandom | base64) > push-secret, and name that as secret_file"
            )
            yield mistake(at, text, name=one.name)
        secret, token = _said(one.secret), _said(one.token)
        if secret is not None and not is_secret(secret):
            text = mark(
                "{key} = {value}: not a secret to sign with; it is whsec_ and the base64 of 24 to 64 random bytes, "
                "as made by: (printf whsec_; head -c 32 /dev/urandom | base64) > push-secret"
            )
            yield mistake((*at, "secret"), text)
        if token is not None and (len(token) < SHORTEST or not token.isascii() or len(token.split()) != 1):
            text = mark(
                "{key} = {value}: not a token; it has at least {n} letters and digits and no spaces, as made by: "
                "head -c 32 /dev/urandom | base64 > push-token"
            )
            yield mistake((*at, "token"), text, n=SHORTEST)
        for key, shown in (("secret", secret), ("token", token)):
            if shown is None:
                continue
            other = taken[key].setdefault(shown, one.name)
            if other != one.name:
                text = mark(
                    "{key} = {value}: source {other} has the same, and the two could not be told apart"
                )
                yield mistake((*at, key), text, other=other)


def _said(shown: SecretStr | None) -> str | None:
    return None if shown is None or shown.get_secret_value() == NOT_READ else shown.get_secret_value()
