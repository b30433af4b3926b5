"""Who works with a client now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Connection

from cti.config import Config
from cti.core.events import Assignment
from cti.core.life import assigned, assignments, team_of_source
from cti.engine.system import System
from cti.store import clients
from cti.store.histories import histories


def assigned_to(tx: Connection, system: System, refs: Collection[str], today: date) -> dict[str, Assignment]:
    """Worker and team of each of these clients (references) as of today; without a registered team that of their source."""
    teams = teams_of_sources(system.config)
    return {
        history.client: assigned(assignments(history.records), today, team_of_source(history.records, teams))
        for _, history in histories(tx, sorted(clients.ids_of(tx, refs).values()))
    }


def teams_of_sources(config: Config) -> Mapping[str, str]:
    """The team of each source that has one: its inbox stands in where no worker is registered."""
    return {source.name: source.team for source in config.sources if source.team}
