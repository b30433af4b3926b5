"""Locks by name that keep processes from doing a thing at once: files beside an SQLite database, else PostgreSQL's own.

A process that ends, however it does, lets go of its locks. All of several are taken, or none.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from cti.store.errors import Unreachable

Locks = Callable[[Sequence[str]], AbstractContextManager[bool]]
"""Takes all of these locks for a block, or tells that one of them is taken."""

_MAKING = Lock()

_OURS = 0x637469
""" "cti": the first of the two numbers of our advisory locks on PostgreSQL."""


def file_locks(database: Path) -> Locks:
    """Locks of the operating system, held through SQLite because that works alike on all systems."""

    @contextmanager
    def locked(names: Sequence[str]) -> Iterator[bool]:
        with ExitStack() as held:
            yield all(_take(held, _file_of(database, name)) for name in names)

    return locked


def server_locks(connect: Callable[..., AbstractContextManager[Connection]]) -> Locks:
    """Advisory locks of a session on PostgreSQL, which has a connection for itself as long as it holds them."""

    @contextmanager
    def locked(names: Sequence[str]) -> Iterator[bool]:
        with connect(isolation_level="AUTOCOMMIT") as connection:
            held: list[dict[str, int]] = []
            try:
                for key in ({"one": _OURS, "two": _number_of(name)} for name in names):
                    if not connection.scalar(text("SELECT pg_try_advisory_lock(:one, :two)"), key):
                        break
                    held.append(key)
                yield len(held) == len(names)
            finally:
                # A session that is gone has let go of its locks already.
                with suppress(DBAPIError):
                    for key in held:
                        connection.execute(text("SELECT pg_advisory_unlock(:one, :two)"), key)

    return locked


def make_private(file: Path) -> None:
    """An empty file that only its owner can read, where there is none. SQLite gives the files beside it the same rights.

    One that is there is not opened: to close it would let go of all locks that this process has on it, whoever took them (POSIX).
    """
    file = Path(os.path.realpath(file))  # a link may lead to one that is not there yet
    with _MAKING:  # until it is closed again, no other thread may open it either
        try:
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            if not os.access(file, os.R_OK | os.W_OK):
                why = errno.EROFS if os.statvfs(file).f_flag & os.ST_RDONLY else errno.EACCES
                raise Unreachable(url=f"sqlite:///{file}", error=os.strerror(why)) from None
        except OSError as error:
            raise Unreachable(url=f"sqlite:///{file}", error=error.strerror or str(error)) from None


def _take(held: ExitStack, file: Path) -> bool:
    make_private(file)
    try:
        lock = held.enter_context(closing(sqlite3.connect(file, timeout=0, isolation_level=None)))
        lock.execute("PRAGMA journal_mode = OFF")  # nothing is ever written
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise Unreachable(url=f"sqlite:///{file}", error=str(error)) from error
        return False
    return True


def _file_of(database: Path, name: str) -> Path:
    """A name may hold anything behind its colon: that of a source, say."""
    kind, _, of = name.partition(":")
    return Path(f"{database}-{kind}" + (f"-{_digest(of).hex()}" if of else ""))


def _number_of(name: str) -> int:
    return int.from_bytes(_digest(name), signed=True)


def _digest(text: str) -> bytes:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=4).digest()
