import pytest
from pydantic import ValidationError

from cti.address import is_address
from cti.channels.email import Options


def wrong(**written: object) -> list[tuple[object, str]]:
    """What is wrong with these options: where, and which kind."""
    with pytest.raises(ValidationError) as caught:
        Options.model_validate(written)
    return [(error["loc"][-1], error["type"]) for error in caught.value.errors()]


def test_mail_goes_into_a_folder_and_says_nothing_unless_told_otherwise() -> None:
    options = Options()
    assert (options.transport, options.folder, options.content) == ("folder", "outbox", "none")


def test_a_server_needs_a_host_and_a_sender_and_both_are_said_at_once() -> None:
    assert wrong(transport="smtp") == [("host", "missing"), ("sender", "missing")]


@pytest.mark.parametrize(("security", "port"), [("none", 25), ("starttls", 587), ("tls", 465)])
def test_the_port_follows_from_the_security(security: str, port: int) -> None:
    written = {
        "transport": "smtp",
        "host": "mail.example.org",
        "sender": "cti@example.org",
        "security": security,
    }
    assert Options.model_validate(written).port_number == port
    assert Options.model_validate({**written, "port": 2525}).port_number == 2525


def test_encryption_is_the_default() -> None:
    assert Options().security == "starttls"


def test_a_misspelt_key_is_an_error() -> None:
    assert wrong(hots="mail.example.org") == [("hots", "extra_forbidden")]


def test_a_sender_with_a_name_around_it_says_what_was_meant() -> None:
    with pytest.raises(ValidationError) as caught:
        Options.model_validate({"sender": "Team <cti@example.org>"})
    assert caught.value.errors()[0]["ctx"]["better"] == "cti@example.org"


def test_a_password_is_not_shown() -> None:
    assert "horse" not in repr(Options.model_validate({"password": "correct horse"}))


@pytest.mark.parametrize("address", ["w1@example.org", "a.b+c@x", "zoë@opvång.example", "o'hara@example.org"])
def test_addresses(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address", ["", "w1", "w1@", "a b@x", "a@b@c", "a@b,c@d", "a@b\n", '"a"@b', "a@.b", "a@b..c", "a\x00@b"]
)
def test_what_is_no_address(address: str) -> None:
    assert not is_address(address)
