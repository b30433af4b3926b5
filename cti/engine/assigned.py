"""Which team stands in where the registration names none."""

from __future__ import annotations

from collections.abc import Mapping

from cti.config import Config


def teams_of_sources(config: Config) -> Mapping[str, str]:
    """The team of each source that has one: its inbox stands in where no worker is registered."""
    return {source.name: source.team for source in config.sources if source.team}
