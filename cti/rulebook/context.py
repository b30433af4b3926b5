"""What a rule is read against: the vocabulary, the languages and roles of the config, and the texts that are there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from cti.i18n import mark
from cti.rulebook.lexicon import Lexicon
from cti.rulebook.words import Wrong, listed, nearest

ROLES = ("worker", "previous-worker", "team-lead", "team")
"""The roles that every organisation has; the desks of the config come beside them."""

MEANT_ROLES = {
    "workers": "worker",
    "medewerker": "worker",
    "begeleider": "worker",
    "case-worker": "worker",
    "caseworker": "worker",
    "social-worker": "worker",
    "vorige-medewerker": "previous-worker",
    "vorige-begeleider": "previous-worker",
    "previous": "previous-worker",
    "last-worker": "previous-worker",
    "sending-worker": "previous-worker",
    "teamleider": "team-lead",
    "leader": "team-lead",
    "lead": "team-lead",
    "manager": "team-lead",
    "inbox": "team",
    "teams": "team",
}
NO_WORKERS = (
    "client",
    "network",
    "coordinator",
    "cliënt",
    "klant",
    "netwerk",
    "coördinator",
    "family",
    "familie",
)


@dataclass(frozen=True)
class Context:
    """`roles` None: any role will do. `texts`: the languages in which each text is there; None: texts are not looked at."""

    lexicon: Lexicon
    languages: Sequence[str] = ()
    roles: Collection[str] | None = None
    texts: Mapping[str, Collection[str]] | None = None
    unused: Collection[str] = ()
    """The texts that no step uses."""
    prompts: str = field(default="templates/prompts")
    """How the folder of the texts is called in messages."""

    def role(self, value: object) -> str:
        """A role: one that every organisation has, or a desk of the config."""
        known = (*ROLES, *(self.roles or ()))
        if isinstance(value, str) and (self.roles is None or value in known):
            return value
        if isinstance(value, str) and value.lower() in NO_WORKERS:
            raise Wrong(mark("{field} = {value}: a prompt goes to workers only"), better="worker")
        better = nearest(value, known, meant=MEANT_ROLES)
        if better is None:
            text = mark(
                "{field} = {value}: no role, which can be {known}; staff desks are named in the config"
            )
            raise Wrong(text, known=listed(dict.fromkeys(known)))
        raise Wrong(mark("{field} = {value}: no role"), better=better)
