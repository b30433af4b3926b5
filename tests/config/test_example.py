"""The example is complete and right: it is the reference of all settings."""

import re
from base64 import b64encode
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from cti.channels.options import Options as MailOptions
from cti.config import load
from cti.config.model import (
    Absence,
    File,
    Limits,
    Oidc,
    Organisation,
    Person,
    Retention,
    Tasks,
    Team,
    Web,
    Webhook,
)
from cti.problems import Problems
from cti.sources import TYPES, source_module
from tests.project import ROOT

EXAMPLE = (ROOT / "config.example.toml").read_text()
# A setting that is commented out begins with "#" and its key; a remark has a space behind the "#".
SETTING = re.compile(r"^#(?=[a-z_]+ *= )", re.MULTILINE)


def uncommented() -> str:
    return SETTING.sub("", EXAMPLE)


def lay_out(folder: Path, text: str) -> Path:
    for name in ("rules", "templates", "export", "hmis", "messages", "people"):
        (folder / name).mkdir()
    for name in (
        "mail-password",
        "metrics-token",
        "ca.pem",
        "oidc-secret",
        "fhir-token",
        "fhir-secret",
        "scim-token",
    ):
        (folder / name).write_text("x")
        (folder / name).chmod(0o600)
    secret = b64encode(bytes(32)).decode()
    for name, text_of_it in (
        ("webhook-secret", f"whsec_{secret}"),
        ("push-secret", f"whsec_{secret}"),
        ("push-token", secret),
        ("iwmo-secret", secret),
    ):
        (folder / name).write_text(f"{text_of_it}\n")
        (folder / name).chmod(0o600)
    file = folder / "config.toml"
    file.write_text(text)
    return file


@pytest.mark.parametrize("text", [EXAMPLE, uncommented()], ids=["as it is", "uncommented"])
def test_the_example_loads(text: str, tmp_path: Path) -> None:
    try:
        config = load(lay_out(tmp_path, text), {})
    except Problems as problems:
        pytest.fail(str(problems))
    assert [one.sentence("en") for one in config.warnings] == []
    assert {source.type for source in config.sources} == set(TYPES)


def keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def section(header: str, after: str = "") -> str:
    """The text of a section of the example, from its header to the next."""
    start = EXAMPLE.index(header, EXAMPLE.index(after) - len(header) - 60 if after else 0)
    following = re.search(r"^\[", EXAMPLE[start + 2 :], re.MULTILINE)
    return EXAMPLE[start : start + 2 + following.start() if following else len(EXAMPLE)]


def written(text: str) -> set[str]:
    """The keys that a part of the example sets or shows; a secret in a file of its own counts as itself."""
    found = set(re.findall(r"^#?([a-z_]+) *= ", text, re.MULTILINE))
    return {
        key.removesuffix("_file")
        if key.startswith(("password", "metrics_token", "secret", "client_secret", "token_file"))
        else key
        for key in found
    }


@pytest.mark.parametrize(
    ("header", "model"),
    [
        ("[mail]", MailOptions),
        ("[organisation]", Organisation),
        ("[[teams]]", Team),
        ('[[people]]\nid      = "w1"', Person),
        ("[limits]", Limits),
        ("[retention]", Retention),
        ("[web]", Web),
        ("[web.oidc]", Oidc),
        ("[[webhooks]]", Webhook),
        ("[[tasks]]", Tasks),
    ],
)
def test_a_section_of_the_example_has_every_key_and_no_other(header: str, model: type[BaseModel]) -> None:
    sections = {
        one.removeprefix(f"{header[1:-1]}.") for one in re.findall(r"^\[+([a-z.]+)\]", EXAMPLE, re.MULTILINE)
    }
    assert written(section(header)) == keys(model) - sections


@pytest.mark.parametrize("kind", TYPES)
def test_a_source_of_the_example_has_every_key_of_its_kind_and_no_other(kind: str) -> None:
    [part] = [
        part
        for part in re.split(r"^(?=\[)", EXAMPLE, flags=re.MULTILINE)
        if part.startswith("[[sources]]") and f'type = "{kind}"' in part.replace("type  =", "type =")
    ]
    assert written(part) == keys(source_module(kind).Options)


def test_the_top_of_the_example_has_every_key_and_section() -> None:
    sections = set(re.findall(r"^\[+([a-z]+)\]", EXAMPLE, re.MULTILINE))
    assert written(EXAMPLE[: EXAMPLE.index("[mail]")]) | sections == keys(File)


def test_the_keys_of_tables_in_braces_are_shown_as_well() -> None:
    for key in keys(Absence):
        assert re.search(rf"away .*\b{key} = ", EXAMPLE)
    project = get_args(source_module("hmis-csv").Options.model_fields["projects"].annotation)[1]
    for key in keys(project):
        assert re.search(rf"projects .*\b{key} = ", EXAMPLE)


def test_what_is_commented_out_is_what_holds_without_it(tmp_path: Path) -> None:
    """Where a setting has a value of its own accord, the example shows that value."""
    shown = {match[1]: match[2] for match in re.finditer(r"^#([a-z_]+) *= ([^ \n]+)", EXAMPLE, re.MULTILINE)}
    expected = {
        "security": '"starttls"', "timeout": "60", "data_timeout": "600", "connections": "4", "folder": '"outbox"',
        "content": '"none"', "opens": "09:00:00", "closes": "17:00:00", "cap": "3", "counts": '"monthly"', "share": "0.1",
        "floor": "20", "months_after_closing": "6", "heads_only": "true", "encoding": '"auto"',
        "delimiter": '"auto"', "pattern": '"*.csv"', "kept_home": '"kept-home"',
        "deceased_by_assessment": "false", "mode": '"events"',
    }  # fmt: skip
    assert {key: shown.get(key) for key in expected} == expected
    defaults = {
        **{name: field.default for name, field in MailOptions.model_fields.items()},
        **{name: field.default for name, field in Organisation.model_fields.items()},
        **{name: field.default for name, field in (Limits.model_fields | Retention.model_fields).items()},
        **{name: f.default for kind in TYPES for name, f in source_module(kind).Options.model_fields.items()},
    }
    for key, text in expected.items():
        assert text.strip('"') in (str(defaults[key]), str(defaults[key]).lower()), key
