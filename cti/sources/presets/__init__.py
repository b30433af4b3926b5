"""Ready-made queries and codes of `sql`, for databases of which the tables are published: a file each, in this folder.

A file NAME.toml holds `about` (which database it is for), settings of the source (`query`, `cursor`, `columns`, `codes`, …), and
`tables`: the columns that must be there, by table, for a database to be known by.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLES = ("columns", "codes", "facts")
"""Settings of which a config changes single lines, and leaves the others as they are."""


@dataclass(frozen=True, slots=True)
class Preset:
    """What a database is, the settings that read it, and the columns it is known by."""

    name: str
    about: str
    settings: Mapping[str, Any]
    tables: Mapping[str, Collection[str]]

    def with_own(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of a source in which `own` changes or adds what it names."""
        merged = {**self.settings, **own}
        for table in TABLES:
            if isinstance(mine := own.get(table), Mapping):
                merged[table] = _laid_over(self.settings.get(table, {}), mine)
        return merged

    def fits(self, tables: Mapping[str, Collection[str]]) -> bool:
        """Whether a database with these columns, by table, is of this kind."""
        return all(set(columns) <= set(tables.get(table, ())) for table, columns in self.tables.items())


@cache
def presets() -> Mapping[str, Preset]:
    """All of them, by name."""
    return {preset.name: preset for preset in _read()}


def _read() -> Iterator[Preset]:
    for file in sorted(Path(__file__).parent.glob("*.toml")):
        said = tomllib.loads(file.read_text(encoding="utf-8"))
        yield Preset(file.stem, said.pop("about"), said, said.pop("tables"))


def _laid_over(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **theirs,
        **{
            key: _laid_over(theirs.get(key, {}), value) if isinstance(value, Mapping) else value
            for key, value in mine.items()
        },
    }
