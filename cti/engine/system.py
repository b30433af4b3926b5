"""What a tick works with: the config, the database, and the time it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cti.config import Config
from cti.core.people import Staff
from cti.core.rules import Rulebook
from cti.engine.inforce import InForce
from cti.post.texts import Texts
from cti.store.database import Database
from cti.store.rulebooks import Adopted


@dataclass(frozen=True)
class System:
    """Config and database of one organisation.

    `pause` lets a moment pass in which someone who is writing into the rules folder can finish; None: nobody does.

    `rulebooks` keeps the rulebook that was read last, by its digest; `texts` the compiled texts, by what they were compiled from;
    `adopted` what was adopted last, and `standing` the rulebook that pages go by, by its number; `people` everybody who works
    here, by what the lists of people say.
    """

    config: Config
    database: Database
    pause: Callable[[], None] | None = field(default=None, repr=False, compare=False)
    rulebooks: dict[str, Rulebook] = field(default_factory=dict, repr=False, compare=False)
    texts: dict[tuple[str, str], Texts] = field(default_factory=dict, repr=False, compare=False)
    adopted: dict[int, Adopted] = field(default_factory=dict, repr=False, compare=False)
    standing: dict[int, InForce] = field(default_factory=dict, repr=False, compare=False)
    people: dict[tuple[str | None, ...], Staff] = field(default_factory=dict, repr=False, compare=False)
