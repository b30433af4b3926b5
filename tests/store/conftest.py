"""Every test of the store runs on both kinds of database."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfile
from typing import Literal

import pytest

from cti.store import schema
from cti.store.database import Database, open_database
from tests.postgres import missing, postgres, postgres_database
from tests.store.build import wipe

Kind = Literal["sqlite", "postgresql"]
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


class Postgres:
    """The server, started when the first test asks for it, with one database whose tables are made once."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._server: Path | None = None
        self._made: str | None = None

    @property
    def server(self) -> Path:
        if self._server is None:
            if (why := missing()) is not None:
                pytest.skip(why)
            self._server = self._stack.enter_context(postgres())
        return self._server

    @property
    def made(self) -> str:
        if self._made is None:
            self._made = self._stack.enter_context(postgres_database(self.server))
            database = open_database(self._made)
            schema.upgrade(database)
            database.close()
        return self._made


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    with ExitStack() as stack:
        yield Postgres(stack)


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with its tables made, to be copied."""
    file = tmp_path_factory.mktemp("store") / "made.db"
    database = open_database(f"sqlite:///{file}")
    schema.upgrade(database)
    database.close()
    return file


@pytest.fixture(params=BOTH)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def url(kind: Kind, tmp_path: Path, server: Postgres, sqlite_file: Path) -> str:
    """The address of a database with tables and nothing in them."""
    if kind == "postgresql":
        database = open_database(server.made)
        wipe(database)
        database.close()
        return server.made
    copyfile(sqlite_file, tmp_path / "cti.db")
    return f"sqlite:///{tmp_path}/cti.db"


@pytest.fixture
def empty_url(kind: Kind, tmp_path: Path, server: Postgres) -> Iterator[str]:
    """The address of a database without tables."""
    if kind == "postgresql":
        with postgres_database(server.server) as address:
            yield address
    else:
        yield f"sqlite:///{tmp_path}/empty.db"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    opened = open_database(empty_url)
    yield opened
    opened.close()
