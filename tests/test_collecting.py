"""Keeping Python's collector of cycles from work that it need not do."""

from __future__ import annotations

import gc

from cti.collecting import set_aside, without_collecting


def test_nothing_is_collected_within_the_block_and_all_is_as_before_after_it() -> None:
    assert gc.isenabled()
    with without_collecting():
        assert not gc.isenabled()
        with without_collecting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_there_when_a_service_began_is_not_gone_through_again() -> None:
    there: list[list[int]] = [[]]
    try:
        set_aside()
        assert not any(one is there for one in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(one is there for one in gc.get_objects())
