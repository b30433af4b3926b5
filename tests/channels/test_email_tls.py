"""Encryption and login with a real SMTP server on loopback."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme
from pydantic import SecretStr

from tests.channels.build import NOW, many
from tests.channels.sending import MINUTE, run
from tests.channels.server import PASSWORD, USER, Server, serving


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> str:
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return str(file)


@pytest.fixture
def certificate(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_mail_goes_over_starttls_with_login(certificate: ssl.SSLContext, trusted: str) -> None:
    house, full = Server(), many(3)
    with serving(house, starttls=certificate, login=True) as port:
        assert (
            run(
                full, port, security="starttls", ca_file=trusted, user=USER, password=SecretStr(PASSWORD)
            ).sent
            == 3
        )
    assert len(house.logins) == 1


# aiosmtpd takes notice of STARTTLS only, and warns of a login in the clear.
in_the_clear = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@in_the_clear
def test_mail_goes_over_tls_with_login(certificate: ssl.SSLContext, trusted: str) -> None:
    house, full = Server(), many(3)
    with serving(house, tls=certificate, login=True) as port:
        assert (
            run(full, port, security="tls", ca_file=trusted, user=USER, password=SecretStr(PASSWORD)).sent
            == 3
        )


def test_a_certificate_that_is_not_trusted_stops_the_mail_and_loses_nothing(
    certificate: ssl.SSLContext,
) -> None:
    for security in ("tls", "starttls"):
        house, full = Server(), many(2)
        at_once = security == "tls"
        with serving(
            house, tls=certificate if at_once else None, starttls=None if at_once else certificate
        ) as port:
            tally = run(full, port, security=security)
        assert (tally.sent, tally.retried, tally.failed) == (0, 2, 0)
        assert tally.error is not None and "certificate" in tally.error.lower()
        assert house.letters == []


def test_a_server_that_offers_no_encryption_gets_no_mail() -> None:
    house, full = Server(), many(2)
    with serving(house) as port:
        tally = run(full, port, security="starttls")
    assert (tally.retried, house.letters) == (2, [])
    assert tally.error is not None and "STARTTLS" in tally.error


def test_a_wrong_password_is_not_the_messages_fault(certificate: ssl.SSLContext, trusted: str) -> None:
    house, full = Server(), many(3)
    with serving(house, starttls=certificate, login=True) as port:
        tally = run(full, port, security="starttls", ca_file=trusted, user=USER, password=SecretStr("wrong"))
        assert (tally.sent, tally.retried, tally.failed) == (0, 3, 0)
        assert tally.error is not None and tally.error.startswith("535")
        assert "wrong" not in tally.error
        later = run(
            full,
            port,
            NOW + MINUTE,
            security="starttls",
            ca_file=trusted,
            user=USER,
            password=SecretStr(PASSWORD),
        )
    assert later.sent == 3


@in_the_clear
def test_a_server_that_wants_a_login_refuses_without_one() -> None:
    house, full = Server(), many(3)
    with serving(house, login=True) as port:
        tally = run(full, port)
    assert (tally.retried, tally.failed, house.letters) == (3, 0, [])
    assert tally.error is not None and tally.error.startswith("530")


def test_a_file_of_certificates_that_is_not_there_is_said() -> None:
    full = many(1)
    assert (
        run(full, 1, security="tls", ca_file="/no/such.pem").error
        == "/no/such.pem: No such file or directory"
    )
    assert list(full.waiting) == [1]
