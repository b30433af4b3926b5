"""In whatever order messages arrive, the journal says the same in the end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cti.core.calendar import Calendar
from cti.core.events import Event
from cti.store import journal
from cti.store.database import Database, open_database
from cti.store.schema import upgrade
from tests.sources.build import NOW, now_says
from tests.sources.iwmo.messages import Post, Product, allocated, message, started, stopped

DAYS = st.sampled_from(["2026-01-05", "2026-01-12", "2026-02-01", "2026-02-20", "2026-03-01"])
PRODUCTS = st.sampled_from(["16", "15", "02"])
STATUS = st.sampled_from(["1", "1", "3"])
NUMBERS = st.integers(1, 2)


@st.composite
def some_message(draw: st.DrawFn) -> tuple[str, str, Product, int]:
    """A kind, a day of sending, a product, and a client."""
    kind, sent = draw(st.sampled_from(["301", "305", "307"])), draw(DAYS)
    product, begin, number = draw(PRODUCTS), draw(DAYS), draw(NUMBERS)
    if kind == "301":
        change = draw(st.sampled_from(["", "", "04", "13"]))
        until = draw(st.sampled_from(["", "2026-03-10", "2026-05-01"]))
        made = allocated(product, begin, until, change, number, decided=sent)
    elif kind == "305":
        made = started(product, begin, number, draw(STATUS))
    else:
        last = max(begin, draw(DAYS))
        made = stopped(product, begin, last, draw(st.sampled_from(["19", "20", "21"])), number, draw(STATUS))
    return kind, sent, made, draw(st.sampled_from([1, 1, 1, 2]))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('order') / 'journal.db'}")
    upgrade(database)
    yield database
    database.close()


municipalities = count(1)


def standing(database: Database, municipality: str) -> dict[str, Event]:
    with database.read() as tx:
        return {
            f"{live.id.ref} {live.id.part}": live.event
            for live in journal.live(tx, "reg")
            if live.event is not None and live.id.ref.startswith(municipality)
        }


@given(
    sent=st.lists(some_message(), min_size=2, max_size=7),
    order=st.randoms(use_true_random=False),
    pieces=st.integers(1, 4),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_in_any_pieces_comes_to_the_same(
    database: Database,
    sent: list[tuple[str, str, Product, int]],
    order: Random,
    pieces: int,
) -> None:
    municipality = f"{next(municipalities):04}"
    texts = [
        message(kind, day, [product], client, number, municipality=municipality)
        for number, (kind, day, product, client) in enumerate(sent)
    ]
    mixed = list(enumerate(texts))
    order.shuffle(mixed)
    size = -(-len(mixed) // pieces)
    with TemporaryDirectory() as folder:
        post, state = Post(Path(folder)), dict[str, object]()
        for first in range(0, len(mixed), size):
            for number, text in mixed[first : first + size]:
                post.put(f"{number}.xml", text)
            batch = post.read(state)
            state = dict(batch.state)
            with database.write() as tx:
                journal.append(tx, batch.readings, NOW, Calendar())
        assert standing(database, municipality) == now_says(post.read().readings)
