"""How the service does, as values: for the administrator's page, for monitoring, and for whoever is woken by it.

Nothing in it is about a client: numbers, names of the config, and times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cti.engine import LAST_PLANNED, LAST_POSTED, last_done, last_tick
from cti.engine.quiet import quiet_sources
from cti.engine.refused import Refused, refused
from cti.engine.system import System
from cti.store import clients, held, outbox, quarantine, rulebooks, sent, sources, webhooks
from cti.store.backup import copied_at
from cti.store.held import Waiting
from cti.store.webhooks import Standing

STILL = timedelta(minutes=15)
"""A service that looks each minute for what is due, and has not for this long, stands still."""

PLANNING = timedelta(hours=1)
"""Planning by other rules may take minutes where there are very many clients; for longer than this it does not."""

UNHEARD = timedelta(hours=1)
"""A webhook that nobody has listened to for this long asks for a look: until then someone may be restarting."""

Status = Literal["ok", "look", "still"]


@dataclass(frozen=True, slots=True)
class Source:
    """How reading a source of the config goes. `error` says why its last reading failed; `quiet` that nothing new comes."""

    name: str
    read_at: datetime | None
    new_at: datetime | None
    error: str | None
    quiet: bool
    unread: int


@dataclass(frozen=True, slots=True)
class InForce:
    """The rulebook in force: our number, its digest, who adopted it and when."""

    number: int
    digest: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """How it stands at `now`.

    `mail` counts messages that are queued, claimed and failed; `late_since` is when the oldest that waits should have gone.
    `died` is how often the process of the passes has died within the last hour, where the one who asks knows.
    `unplannable` are clients whose history cannot be planned, `unroutable` prompts that nobody can receive, `held` changes over
    a limit. `refused` says since when and why a changed rules folder is not taken over. `copy_of`: the database was put back
    from a copy of then, and mail waits for a word.
    """

    now: datetime
    last_tick: datetime | None
    rules: InForce | None
    refused: Refused | None
    sources: tuple[Source, ...]
    mail: Mapping[str, int]
    late_since: datetime | None
    unroutable: int
    unplannable: int
    to_plan: int
    held: tuple[Waiting, ...]
    webhooks: tuple[Standing, ...]
    died: int = 0
    last_planned: datetime | None = None
    last_posted: datetime | None = None
    copy_of: datetime | None = None

    @property
    def still(self) -> bool:
        """Whether nothing was planned, or nothing looked after that is due, for too long."""
        if self.last_tick is None:
            return True
        posted, planned = self.last_posted or self.last_tick, self.last_planned or self.last_tick
        return self.now - posted > STILL or self.now - planned > PLANNING

    def unheard(self, hook: Standing) -> bool:
        """Whether a webhook asks for a look: something was given up, or nothing has arrived for too long."""
        since = hook.failing_since
        return hook.failed > 0 or (since is not None and self.now - since > UNHEARD)

    @property
    def status(self) -> Status:
        """ "still": nothing happens; "look": it works, and something asks for a look; else "ok"."""
        if self.still:
            return "still"
        ill = any(source.error or source.quiet or source.unread for source in self.sources)
        ill = ill or any(self.unheard(hook) for hook in self.webhooks)
        look = (
            ill
            or self.died
            or self.refused
            or self.mail["failed"]
            or self.unroutable
            or self.unplannable
            or self.held
            or self.copy_of
        )
        return "look" if look else "ok"


def health(system: System, now: datetime, died: int = 0) -> Health:
    """How the service does at `now`."""
    last = last_tick(system)
    planned, posted = last_done(system, LAST_PLANNED), last_done(system, LAST_POSTED)
    quiet = {problem.params["source"] for problem in quiet_sources(system, now)}
    with system.database.read() as tx:
        adopted = rulebooks.in_force(tx)
        unread = quarantine.counts(tx)
        late = outbox.next_attempt(tx)
        return Health(
            now=now,
            last_tick=last,
            rules=InForce(adopted.number, adopted.digest, adopted.by, adopted.at) if adopted else None,
            refused=refused(tx),
            sources=tuple(
                Source(
                    state.name,
                    state.last_read_at,
                    state.last_new_at,
                    state.last_error,
                    state.name in quiet,
                    unread.get(state.name, 0),
                )
                for state in (sources.source_state(tx, one.name) for one in system.config.sources)
            ),
            mail=outbox.counts(tx),
            late_since=late if late is not None and late < now else None,
            unroutable=sum(1 for _ in sent.unroutable(tx)),
            unplannable=len(clients.unplannable(tx)),
            to_plan=clients.count_dirty(tx),
            held=tuple(held.holding(tx)),
            webhooks=tuple(webhooks.standings(tx, system.config.listeners)),
            died=died,
            last_planned=planned,
            last_posted=posted,
            copy_of=copied_at(tx),
        )
