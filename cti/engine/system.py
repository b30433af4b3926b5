"""What a tick works with: the config, the database, and the time it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cti.config import Config
from cti.core.rules import Rulebook
from cti.post.texts import Texts
from cti.store.database import Database

if TYPE_CHECKING:
    from cti.engine.rulebooks import InForce

Look = tuple[tuple[str, int, int], ...]
"""What some files look like from outside: path, time of change, size of each."""


@dataclass(frozen=True)
class System:
    """Config and database of one organisation.

    `rulebooks` keeps the rulebook that was read last, by its digest; `looks` what the rules folder looked like, with its digest;
    `texts` the compiled texts, by what they were compiled from; `standing` the rulebook that pages go by, by its digest.
    """

    config: Config
    database: Database
    rulebooks: dict[str, Rulebook] = field(default_factory=dict, repr=False, compare=False)
    looks: dict[Look, str] = field(default_factory=dict, repr=False, compare=False)
    texts: dict[tuple[str, Look], Texts] = field(default_factory=dict, repr=False, compare=False)
    standing: dict[str, InForce] = field(default_factory=dict, repr=False, compare=False)
