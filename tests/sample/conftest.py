"""One sample organisation for all tests here, and its exports as they stand when all has been typed in and corrected."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from cti.sample.organisation import DIALECTS, Organisation, make, write_export

TODAY = date(2026, 1, 15)
AFTERWARDS = datetime(2027, 1, 1)  # noqa: DTZ001 - local, as the sample has it


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    return make(1, TODAY)


@pytest.fixture(scope="session")
def exports(organisation: Organisation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the four dialects, each in a folder of its own."""
    folder = tmp_path_factory.mktemp("exports")
    for dialect in DIALECTS:
        write_export(folder / dialect, organisation, dialect, AFTERWARDS)
    return folder
