"""The application's own description, and requests made up from it: none of them breaks a page."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from cti.web.app import create_app
from tests.engine.house import House
from tests.web.browser import BASE, Pages
from tests.web.conftest import NOON
from tests.web.test_odd import names_in
from tests.web.test_permissions import MATRIX, WHO

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def pages_to_break(settled_once: House, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(settled_once.copied(tmp_path_factory.mktemp("described") / "house"), NOON)


@pytest.fixture(scope="module")
def described(pages_to_break: Pages) -> Any:
    """What FastAPI tells of the addresses, with the fields of our forms, which it does not know of."""
    import schemathesis  # which takes long to load, in each process that collects the tests

    text = create_app(pages_to_break.house.system, lambda: NOON).openapi()
    fields = {name: {"type": "string"} for name in sorted(names_in(pages_to_break))}
    form = {"type": "object", "properties": fields, "additionalProperties": {"type": "string"}}
    for acts in text["paths"].values():
        if "post" in acts:
            acts["post"]["requestBody"] = {"content": {FORM: {"schema": form}}}
    return schemathesis.openapi.from_dict(text)


@pytest.mark.parametrize("address", [name for name in MATRIX if "static" not in name])
@settings(max_examples=settings().max_examples // 10)
@given(data=st.data())
def test_no_request_that_the_description_allows_breaks_a_page(
    address: str, described: Any, pages_to_break: Pages, data: DataObject
) -> None:
    method, path = address.split()
    row = MATRIX[address]
    may = [] if row.ends else sorted(row.may - {"nobody"})
    browser = pages_to_break.of(WHO[may[0]] if may else None)
    case = data.draw(described[path][method].as_strategy())
    if isinstance(case.body, dict):
        case.body["sign"] = browser.sign
    asked = case.as_transport_kwargs(base_url=BASE)
    asked.pop("cookies", None)
    status = browser.client.request(**asked).status_code
    assert status < 500 or (row.machine and status == 503), f"{address}: {asked}"
