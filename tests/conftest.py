"""What all tests share: the settings of hypothesis, an environment of their own, the sample exports, no silent skips."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.speed import without_waiting

pytest_plugins = ["tests.noskip"]

# A shared machine is slow at times, so no test fails for taking long. `make test-long` looks much further.
settings.register_profile(
    "daily", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50
)
settings.register_profile("long", settings.get_profile("daily"), max_examples=2000)
settings.load_profile("long" if os.environ.get("CTI_LONG") else "daily")

SAMPLES = os.environ.get("CTI_SAMPLES")
KEPT = ("CTI_SAMPLES", "CTI_NO_SKIP", "CTI_LONG")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the developer has set for their own cti, and the language they read, out of the tests."""
    for name in list(os.environ):
        if name.startswith("CTI_") and name not in KEPT:
            monkeypatch.delenv(name)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C.UTF-8")


@pytest.fixture(scope="session", autouse=True)
def _without_waiting() -> Iterator[None]:
    with without_waiting():
        yield


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder with public sample exports that CTI_SAMPLES names."""
    if not SAMPLES:
        pytest.skip("CTI_SAMPLES names no folder with public sample exports")
    return Path(SAMPLES)


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on loopback at which nobody listens, and nobody else will for the time of the test."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the sample exports, so that a machine without them can leave it out by name."""
    for item in items:
        if "samples" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.samples)
