"""What people write in a source's settings is read, or they are told what was probably meant."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from cti.sources import TYPES, source_module
from cti.sources.base import SourceOptions, settings_digest
from cti.sources.csv import Options
from cti.sources.settings import Quiet
from tests.sources.build import WORDS


def options(**settings: Any) -> Options:
    return Options.model_validate({"name": "reg", "type": "csv", "path": "export"} | settings)


def wrong(**settings: Any) -> tuple[str, object]:
    """The message of the one mistake in these settings, and what to write instead."""
    with pytest.raises(ValidationError) as raised:
        options(**settings)
    (error,) = raised.value.errors()
    return error["ctx"]["text"], error["ctx"]["better"]


def test_the_defaults_are_what_a_small_config_needs() -> None:
    found = options()
    assert found.every == timedelta(minutes=5)
    assert found.quiet_after is None
    assert (found.mode, found.missing, found.encoding) == ("events", "retracted", "auto")


def test_paces_and_lengths_are_written_in_words() -> None:
    found = options(every="1 hour", quiet_after="16 working hours")
    assert found.every == timedelta(hours=1)
    assert found.quiet_after == Quiet(16, "working hours")
    assert str(found.quiet_after) == "16 working hours"


@pytest.mark.parametrize(
    ("settings", "better"),
    [
        ({"every": "5 minuts"}, "5 minutes"),
        ({"every": "1 second"}, "10 seconds"),
        ({"every": "30 days"}, "7 days"),
        ({"every": "often"}, None),
        ({"quiet_after": "16 workin hours"}, "16 working hours"),
        ({"quiet_after": "0 days"}, None),
        ({"quiet_after": "long"}, None),
        ({"timezone": "Europe/Amsterdm"}, "Europe/Amsterdam"),
        ({"name": "our registration"}, "our-registration"),
        ({"dates": "dd-mm-yy"}, "dd-mm-yyyy"),
        ({"dates": "day first"}, None),
    ],
)
def test_a_mistake_says_what_to_write(settings: dict[str, str], better: object) -> None:
    assert wrong(**settings)[1] == better


def test_no_source_bears_the_name_of_what_workers_answer_and_enter() -> None:
    text, better = wrong(name="cti")
    assert (text.split(": ")[1][:16], better) == ("this name stands", "registration")


def test_the_order_of_days_may_be_written_as_programmers_do() -> None:
    assert options(dates="%d-%m-%Y").dates == "dd-mm-yyyy"
    assert options(dates="DD-MM-JJJJ").dates == "dd-mm-yyyy"


def test_a_column_that_means_nothing_is_refused() -> None:
    with pytest.raises(ValidationError) as raised:
        options(columns={"cliënt": "Clientnummer"})
    (error,) = raised.value.errors()
    assert error["ctx"]["text"] == '{key}: "{name}" is nothing that a row says; it says {columns}'
    assert error["ctx"]["params"]["guess"] == "client"


@pytest.mark.parametrize(
    "column", ["BSN", "bsn-nummer", "Burgerservicenummer", "SSN", "Social Security Number"]
)
def test_a_citizen_number_is_no_column_to_read(column: str) -> None:
    assert "citizen number" in wrong(columns={"client": column})[0]
    assert "citizen number" in wrong(facts={"trust": column})[0]


def test_a_key_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        options(folder="x")


@pytest.mark.parametrize("kind", TYPES)
def test_every_setting_of_every_source_is_described(kind: str) -> None:
    model = source_module(kind).Options
    assert issubclass(model, SourceOptions)
    assert [name for name, field in model.model_fields.items() if not field.description] == []


def test_the_digest_changes_with_the_mapping_and_the_words_only() -> None:
    before = settings_digest(options(), WORDS)
    assert settings_digest(options(every="1 hour", quiet_after="2 days"), WORDS) == before
    assert settings_digest(options(codes={"situation": {"CO": "street"}}), WORDS) != before
    assert settings_digest(options(), type(WORDS)({"street": {}}, {}, {})) != before
