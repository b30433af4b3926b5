"""What a pass did, told to the log."""

from __future__ import annotations

from cti import log
from cti.engine import Tick


def report(done: Tick, job: str, seconds: float) -> None:
    """Logs what a pass did, if it did anything; counts and names of the config only."""
    for source in done.sources:
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
    if done.adopted is not None:
        log.info("rules adopted", rulebook=done.adopted)
    if done.problems:
        log.error("rules in the folder are broken and the last good ones hold", problems=len(done.problems))
    for over in done.held:
        log.warning(
            "change over a limit waits", kind=over.what, rule=over.of, clients=over.clients, limit=over.limit
        )
    if done.posting.error is not None:
        log.error("mail does not go out", transport="smtp")
    if done.posting.problems:
        log.error("texts cannot be worded", problems=len(done.posting.problems))
    planning, posting = done.planning, done.posting
    counts = {
        "clients": planning.clients,
        "broken": planning.broken,
        "created": planning.created,
        "moved": planning.moved,
        "withdrawn": planning.withdrawn,
        "revived": planning.revived,
        "messages": posting.messages,
        "sent": posting.sent,
        "retried": posting.retried,
        "failed": posting.failed,
        "unroutable": posting.unroutable,
    }
    if job == "start" or any(counts.values()):
        log.info("pass done", job=job, seconds=seconds, **counts)
