"""Registration systems, one module for each kind. A source yields what is registered; it never decides.

Adding a kind: a module with `Options` (a `SourceOptions`) and `read`, and its line in `TYPES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol, cast

from cti.sources.base import Batch, Context, SourceOptions, State

TYPES: Mapping[str, str] = {
    "csv": "cti.sources.csv",
    "sql": "cti.sources.sql",
    "hmis-csv": "cti.sources.hmis_csv",
    "fhir": "cti.sources.fhir",
    "http": "cti.sources.http",
    "iwmo": "cti.sources.iwmo",
    "people-csv": "cti.sources.people.csv",
    "people-sql": "cti.sources.people.sql",
    "scim": "cti.sources.people.scim",
}
"""The module of each kind, imported when a config names it."""

LISTS = frozenset(("people-csv", "people-sql", "scim"))
"""The kinds that tell who works here, and nothing of clients."""


class SourceModule(Protocol):
    """What a source module offers."""

    Options: type[SourceOptions]

    def read(self, options: Any, state: State, context: Context) -> Batch:
        """Reads what is new since `state`. Raises `Problems` where nothing can be read at all."""


def source_module(kind: str) -> SourceModule:
    """The module that reads sources of this kind; a kind that `TYPES` lacks is a KeyError."""
    return cast(SourceModule, import_module(TYPES[kind]))
