"""What is wrong with a database is said in the reader's language."""

from __future__ import annotations

import pytest

from cti.i18n import catalogue, placeholders, say
from cti.store.errors import StoreError

ERRORS = [StoreError, *StoreError.__subclasses__()]


@pytest.mark.parametrize("error", ERRORS)
def test_each_error_has_its_dutch(error: type[StoreError]) -> None:
    assert placeholders(catalogue("nl")[error.text]) == placeholders(error.text)


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_says_the_same_by_itself_as_when_it_is_translated(error: type[StoreError]) -> None:
    params = {name: f"<{name}>" for name in placeholders(error.text)}
    assert str(error(**params)) == say("en", error.text, **params)
