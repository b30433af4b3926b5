"""Latency: from commit in the registration database to acceptance by the mail server, through `cti run` as it is.

A registration database (PostgreSQL) that a `sql` source looks at every ten seconds, `cti run` in a process of its own with its
database on the same server, and a mail server. Clients come into crisis shelter one after another, each with a worker of their
own, at times that have nothing to do with the poll; a rule prompts for them at once. What is measured is the time between the
return of the commit and the acceptance of the worker's mail, both by the clock of the one machine.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import psycopg
from sqlalchemy import make_url

from benchmarks.figures import Figure
from benchmarks.mailserver import MailServer, mailserver
from cti.shipped import folder as shipped
from tests.engine.house import simple_rule
from tests.postgres import postgres, postgres_database

EVERY = 10
"""Seconds between two looks at the registration, the fewest that a source may have."""

CONFIG = """
database = "{database}"
base_url = "http://localhost"
timezone = "UTC"

[web]
port = 0

[mail]
transport = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
sender = "cti@example.org"

[organisation]
name = "Onderdak"
country = ""
weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
opens = 00:00:00
closes = 23:59:59
counts = "off"

[[sources]]
name = "registration"
type = "sql"
url = "{registration}"
query = "SELECT * FROM stays"
cursor = "recorded"
every = "{every} seconds"

[[teams]]
id = "north"
inbox = "north@example.org"

[limits]
floor = 10000
"""


def measure(small: bool) -> Iterator[Figure]:
    """Seconds from commit to acceptance: the median, the 99th percentile and the longest."""
    clients = 15 if small else 150
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        registration = stack.enter_context(postgres_database(server))
        own = stack.enter_context(postgres_database(server))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        mails = stack.enter_context(mailserver(folder))
        with psycopg.connect(_plain(registration), autocommit=True) as connection:
            connection.execute(
                'CREATE TABLE stays (id text PRIMARY KEY, client text, situation text, "begin" date, worker text, '
                "recorded timestamptz)"
            )
            connection.execute("CREATE INDEX ON stays (recorded)")
            stack.enter_context(service(folder, own, registration, mails, clients))
            _comes_in(connection, 0)
            _wait(mails, 1)
            committed = {}
            for number in range(1, clients + 1):
                time.sleep(random.uniform(0, 1.2))
                committed[f"p{number}@example.org"] = _comes_in(connection, number)
            _wait(mails, clients + 1)
            waited = [one.at - committed[one.to] for one in mails.accepted() if one.to in committed]
    assert len(waited) == clients
    most = f"at a poll every {EVERY} seconds"
    yield Figure(f"median, {most}", median(waited), "s")
    yield Figure(f"99th percentile, {most}", quantiles(waited, n=100)[98], "s", most=EVERY + 0.5)
    yield Figure(f"longest of {clients}, {most}", max(waited), "s")
    yield Figure("what is left of it without the wait for the poll, median", median(waited) - EVERY / 2, "s")


@contextmanager
def service(
    folder: Path, database: str, registration: str, mails: MailServer, clients: int
) -> Iterator[None]:
    """`cti run` for the time of the block, with a worker for each client and a rule that prompts at once."""
    rules = folder / "rules"
    rules.mkdir()
    (rules / "vocabulary.toml").write_bytes((shipped("rules") / "vocabulary.toml").read_bytes())
    rule = simple_rule(due="same working day", keys="urgent = true")
    (rules / "intake.toml").write_text(rule, encoding="utf-8")
    shutil.copytree(shipped("templates"), folder / "templates")
    texts = folder / "templates" / "prompts" / "intake"
    texts.mkdir()
    for language in ("nl", "en"):
        (texts / f"call.{language}.md").write_text("# Bel\n\nBel even.\n", encoding="utf-8")
    values = {"database": database, "registration": registration, "port": mails.port, "every": EVERY}
    people = "".join(
        f'\n[[people]]\nid = "p{n}"\nname = "p{n}"\naddress = "p{n}@example.org"\nteam = "north"\n'
        for n in range(clients + 1)
    )
    config = folder / "config.toml"
    config.write_text(CONFIG.format(**values) + people, encoding="utf-8")
    config.chmod(0o600)
    command = [sys.executable, "-m", "cti", "-c", str(config), "run"]
    log = folder / "log"
    with log.open("w") as stream, subprocess.Popen(command, stdout=stream, stderr=stream) as child:
        try:
            yield
        except AssertionError as error:
            raise AssertionError(f"{error}; {log.read_text()[-2000:]}") from error
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(60)


def _comes_in(connection: psycopg.Connection[tuple[object, ...]], number: int) -> float:
    """Types a client in; gives when that was committed."""
    now = datetime.now(UTC)
    row = (f"r{number}", f"c{number}", "crisis-shelter", now.date(), f"p{number}", now)
    connection.execute("INSERT INTO stays VALUES (%s, %s, %s, %s, %s, %s)", row)
    return time.time()


def _wait(mails: MailServer, count: int) -> None:
    end = time.monotonic() + 60
    while len(mails.accepted()) < count:
        assert time.monotonic() < end, f"{len(mails.accepted())} of {count} mails arrived in a minute"
        time.sleep(0.2)


def _plain(url: str) -> str:
    """The address as psycopg itself takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
