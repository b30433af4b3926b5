"""What the engine remembers between ticks."""

from __future__ import annotations

import pytest

from cti.store import meta
from cti.store.database import Database


@pytest.mark.parametrize("value", ["2026-03-01T12:00:00+00:00", 0, False, [1, {"a": None}], {"é": 1.5}])
def test_a_value_comes_back_until_it_is_forgotten(database: Database, value: object) -> None:
    with database.write() as tx:
        assert meta.get(tx, "key") is None
        meta.put(tx, "key", "before")
        meta.put(tx, "key", value)
    with database.write() as tx:
        assert meta.get(tx, "key") == value
        meta.put(tx, "key", None)
        assert meta.get(tx, "key") is None
