"""What a part of a pass did, told to the log: counts and names of the config only."""

from __future__ import annotations

from cti import log
from cti.engine.outcome import Posting, SourceRead, Tick


def was_read(source: SourceRead) -> None:
    """What reading a source brought, if anything."""
    if source.changed or source.problems:
        log.info(
            "source read",
            source=source.source,
            read=source.read,
            left_out=sum(source.left_out.values()),
            quarantined=source.quarantined,
            versions=source.versions,
        )
    if source.problems:
        log.warning("source has problems", source=source.source, problems=len(source.problems))
    if source.held is not None:
        over = source.held
        log.warning(
            "change over a limit waits", kind=over.what, rule=over.of, clients=over.clients, limit=over.limit
        )


def was_planned(done: Tick, seconds: float) -> None:
    """What planning changed, if anything, and what waits."""
    if done.adopted is not None:
        log.info("rules adopted", rulebook=done.adopted)
    if done.problems:
        log.error("rules in the folder are broken and the last good ones hold", problems=len(done.problems))
    for over in done.held:
        log.warning(
            "change over a limit waits", kind=over.what, rule=over.of, clients=over.clients, limit=over.limit
        )
    planning = done.planning
    counts = {
        "clients": planning.clients,
        "broken": planning.broken,
        "created": planning.created,
        "moved": planning.moved,
        "withdrawn": planning.withdrawn,
        "revived": planning.revived,
    }
    if any(counts.values()):
        log.info("clients planned", seconds=seconds, **counts)


def was_posted(posting: Posting, seconds: float, always: bool = False) -> None:
    """What was made and sent, if anything; `always`: that also where it was nothing."""
    if posting.error is not None:
        log.error("mail does not go out", transport="smtp")
    if posting.problems:
        log.error("texts cannot be worded", problems=len(posting.problems))
    counts = {
        "messages": posting.messages,
        "sent": posting.sent,
        "retried": posting.retried,
        "failed": posting.failed,
        "unroutable": posting.unroutable,
    }
    if posting.copy_of is not None and always:
        log.warning("mail waits since the database was put back from a copy", copy=posting.copy_of)
    if always or any(counts.values()):
        log.info("pass done", seconds=seconds, **counts)
