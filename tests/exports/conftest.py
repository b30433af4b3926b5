"""Public sample exports, read once for all tests here by an organisation that begins with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from cti.core.prompts import Stored
from tests.exports.place import Place, place

NOW = "2022-09-30T12:00:00+02:00"
"""Noon of the last day of the public exports."""

SINCE = date(2022, 8, 1)

Begun = Callable[[date], Place]


@pytest.fixture(scope="session")
def begun(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """An organisation whose rules prompt from that day on, after its first tick at the end of the export."""

    @cache
    def begin(since: date) -> Place:
        folder = tmp_path_factory.mktemp("begun") / "x"
        made = place(folder, samples / "hmis-fy2026", since)
        made.tick(NOW)
        return made

    return begin


@pytest.fixture(scope="session")
def prompts(begun: Begun) -> list[Stored]:
    """Its prompts."""
    return begun(SINCE).prompts()
