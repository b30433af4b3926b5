"""What the config keeps secret is said by nothing that cti says, also where everything that needs it goes wrong."""

from __future__ import annotations

import base64
import io
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cti import log
from cti.config.load import examine
from cti.engine.webhooks import tell
from cti.service.passes import Passes
from tests.cli.terminal import Terminal
from tests.engine.house import House, simple_rule, when
from tests.service.waiting import wait_for
from tests.web.browser import Pages

SECRETS = {
    "mail": "hush-mail-7e1f",
    "registration": "hush-registration-0c55",
    "oidc": "hush-oidc-93ab",
    "metrics": "hush-metrics-d2d2",
    "webhook": base64.b64encode(b"hush-webhook-of-24-bytes").decode(),
    "webhook address": "hush-hook-41c0",
    "ping address": "hush-ping-55aa",
}

MAIL = """transport = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
sender = "prompts@example.org"
user = "cti"
password = "{mail}"
"""

WEB = """ping = "http://127.0.0.1:{port}/{ping}"
metrics_token = "{metrics}"
login = ["mail", "oidc"]

[web.oidc]
issuer = "http://127.0.0.1:{port}"
client_id = "cti"
client_secret = "{oidc}"

[[webhooks]]
name = "tasks"
url = "http://127.0.0.1:{port}/{hook}"
secret = "whsec_{webhook}"
"""

SOURCE = """
[[sources]]
name = "elsewhere"
type = "sql"
url = "postgresql+psycopg://reader:{registration}@127.0.0.1:{port}/reg"
query = "SELECT * FROM stays"
"""

ADMIN = '\n[[people]]\nid = "admin"\nname = "admin"\naddress = "admin@example.org"\nrole = "administrator"\n'

COMMANDS = (
    ("check",),
    ("check", "--json"),
    ("tick",),
    ("tick", "--json"),
    ("prompts", "--json"),
    ("plan",),
    ("quarantine",),
    ("quarantine", "--retry"),
    ("audit",),
    ("explain", "c1"),
    ("forget", "c1"),
    ("rules", "check"),
)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the service logs, with the process's own logging put back afterwards."""
    root, level = logging.getLogger(), logging.getLogger().level
    handlers = list(root.handlers)
    text = io.StringIO()
    log.start(text)
    yield text
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed_port: int) -> House:
    """Everything that needs a secret is at a port at which nobody is."""
    words = {key: SECRETS[key] for key in ("mail", "registration", "oidc", "metrics", "webhook")}
    words |= {"hook": SECRETS["webhook address"], "ping": SECRETS["ping address"]}
    made = House(
        tmp_path / "house",
        mail=MAIL.format(port=closed_port, **words),
        web=WEB.format(port=closed_port, **words),
        organisation=SOURCE.format(port=closed_port, **words),
        lead=ADMIN,
        base_url="https://prompts.example.org",
    )
    made.only_rule("intake", simple_rule(), call="Bel even")
    made.moves_in("3-2", "s1", "crisis-shelter", client="c1")
    monkeypatch.chdir(made.folder)
    return made


def let_slip(said: str) -> list[str]:
    """Which of the secrets stand in it."""
    return [name for name, secret in SECRETS.items() if secret in said]


def test_no_command_tells_a_secret(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    cti = Terminal(capfd)
    assert let_slip((house.folder / "config.toml").read_text()) == list(SECRETS), "each is in use"
    for command in COMMANDS:
        said = cti(*command)
        assert let_slip(said.out + said.err) == [], command
    assert "Connection refused" in cti("check").out + cti("check").err
    assert let_slip(repr(house.system) + str(house.system.config)) in (
        [],
        ["webhook address", "ping address"],
    )


def test_no_line_of_the_log_tells_a_secret(house: House, stream: io.StringIO) -> None:
    passes = Passes(house.system, lambda: when("3-16"))
    thread = threading.Thread(target=passes.run)
    thread.start()
    wait_for(lambda: 'event="mail does not go out"' in stream.getvalue())
    wait_for(lambda: 'event="source has problems"' in stream.getvalue())
    passes.stop()
    thread.join(60)
    assert let_slip(stream.getvalue()) == []


def test_a_webhook_that_nobody_hears_tells_no_secret(house: House, stream: io.StringIO) -> None:
    house.mail = 'transport = "folder"'
    house.configure()
    house.tick("3-16")
    (hook,) = house.system.config.webhooks
    told = tell(house.system, hook, lambda: when("3-16"), lambda: False)
    assert told.error is not None
    assert let_slip(stream.getvalue() + repr(told)) == []


def test_no_page_and_no_row_of_the_database_tells_a_secret(house: House) -> None:
    house.tick("3-16")
    pages = Pages(house, when("3-16", 12))
    for who, path in (
        (None, "/health"),
        (None, "/metrics"),
        (None, "/login"),
        ("admin", "/"),
        ("admin", "/health"),
    ):
        response = pages.of(who).get(path, follow=True)
        assert let_slip(response.text + repr(response.headers)) == [], (who, path)
    house.system.database.close()
    kept = b"".join(file.read_bytes() for file in house.folder.glob("cti.db*"))
    assert let_slip(kept.decode("latin-1")) == []


def test_each_secret_that_everyone_may_read_is_warned_of(house: House) -> None:
    file = house.folder / "config.toml"
    file.chmod(0o644)
    _, found = examine(file, {})
    fields = {one.field for one in found if "everyone on this machine may read" in one.sentence("en")}
    assert fields == {
        "mail.password",
        "web.metrics_token",
        "web.oidc.client_secret",
        "webhooks.0.secret",
        "sources.0.url",
    }
