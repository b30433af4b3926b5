"""An administrator at the pages has a row read again that could not be read."""

from __future__ import annotations

import pytest

from tests.browser.visit import DESK, PHONE, Device, Served


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_an_administrator_has_a_row_read_again_that_was_mended(served: Served, device: Device) -> None:
    house = served.house
    house.type_in("3-17", "odd", client="c1", situation="crisis-shelter", begin="not a day")
    house.tick("3-17", 11)
    admin = served.visit("admin", device, scripts=False).open("/admin")
    assert "Wat niet te lezen was" in admin.says
    path = house.folder / "export" / "events.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("not a day", "2026-03-16"), encoding="utf-8")
    admin.press("Nu opnieuw lezen")
    house.tick("3-17", 12)
    admin.open("/admin")
    assert "Nu opnieuw lezen" not in admin.says
