"""How the service does, as figures that Prometheus reads. Names of the config are in them, and nothing about clients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from cti import __version__
from cti.engine.health import Health

KIND = CONTENT_TYPE_LATEST


class _Once:
    """What a registry asks for its figures."""

    def __init__(self, found: Iterable[GaugeMetricFamily]) -> None:
        self.found = tuple(found)

    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self.found


def figures(found: Health) -> bytes:
    """The figures in the text form of Prometheus."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Once(_gauges(found)))
    return generate_latest(registry)


def _gauges(found: Health) -> Iterable[GaugeMetricFamily]:
    yield _by("cti_info", "The version that runs.", "version", {__version__: 1})
    yield _one("cti_last_tick_timestamp_seconds", "When the last pass was made.", _stamp(found.last_tick))
    yield _one("cti_passes_died", "How often the process of the passes died in the last hour.", found.died)
    yield _by("cti_messages", "Mail by state.", "state", dict(found.mail))
    late = (found.now - found.late_since).total_seconds() if found.late_since is not None else 0
    yield _one("cti_message_late_seconds", "How long the mail that waits longest should have gone.", late)
    yield _one("cti_prompts_unroutable", "Prompts that nobody can receive.", found.unroutable)
    yield _one("cti_clients_unplannable", "Clients whose history cannot be planned.", found.unplannable)
    yield _one("cti_clients_to_plan", "Clients that wait to be planned.", found.to_plan)
    yield _one("cti_held", "Changes that are over a limit and wait.", len(found.held))
    yield _one(
        "cti_rules_refused", "1 while a changed rules folder is not taken over.", found.refused is not None
    )
    sources = found.sources
    yield _by(
        "cti_source_read_timestamp_seconds",
        "When a source was last read.",
        "source",
        {one.name: _stamp(one.read_at) for one in sources},
    )
    yield _by(
        "cti_source_new_timestamp_seconds",
        "When a source last brought something new.",
        "source",
        {one.name: _stamp(one.new_at) for one in sources},
    )
    yield _by(
        "cti_source_failing",
        "1 while a source cannot be read.",
        "source",
        {one.name: one.error is not None for one in sources},
    )
    yield _by(
        "cti_source_quarantined", "Fields in quarantine.", "source", {one.name: one.unread for one in sources}
    )
    hooks = found.webhooks
    yield _by(
        "cti_webhook_waiting",
        "Events that a webhook is to be told.",
        "webhook",
        {one.name: one.waiting for one in hooks},
    )
    yield _by(
        "cti_webhook_given_up",
        "Events that a webhook did not take for two weeks.",
        "webhook",
        {one.name: one.failed for one in hooks},
    )
    yield _by(
        "cti_webhook_unheard_seconds",
        "How long nothing has arrived at a webhook.",
        "webhook",
        {
            one.name: (found.now - one.failing_since).total_seconds() if one.failing_since is not None else 0
            for one in hooks
        },
    )


def _one(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)


def _by(name: str, about: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _stamp(when: datetime | None) -> float:
    return when.timestamp() if when is not None else 0
