"""Mail texts are tried before anybody is sent one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.rulebook.folder import read_folder
from cti.shipped import folder
from cti.workshop.mailtexts import mail_text_problems
from tests.faults import said


def problems(templates: Path, unprotected: bool = True) -> str:
    rulebook = read_folder(folder("rules"), ("nl", "en"), folder("templates"), ()).rulebook
    assert rulebook is not None
    found = mail_text_problems(templates, ("nl", "en"), rulebook.vocabulary, templates.parent, unprotected)
    return said(list(found), "en")


def digest(place: Path, text: str) -> Path:
    templates = place / "templates"
    (templates / "mail").mkdir(parents=True)
    (templates / "mail" / "digest.nl.md").write_text(text, encoding="utf-8")
    return templates


def test_nothing_is_said_of_the_shipped_mails() -> None:
    assert problems(folder("templates")) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "# Er wacht iets\n\nHallo {{ name }}.",
            "templates/mail/digest.nl.md:3: 'name' is undefined: this mail cannot be made",
        ),
        (
            "# Cliënt {% for c in clients %}{{ c.name }}{% endfor %}\n\nHallo.",
            "templates/mail/digest.nl.md:1: the subject names",
        ),
        (
            "# Er wacht iets\n\nNieuw in de crisisopvang.",
            'templates/mail/digest.nl.md:3: this mail says "crisisopvang"',
        ),
    ],
)
def test_a_mail_that_fails_or_tells_too_much_is_told_of(text: str, expected: str, tmp_path: Path) -> None:
    told = problems(digest(tmp_path, text))
    assert told.startswith(expected) and "\n" not in told


def test_a_protected_mail_may_say_where_clients_are(tmp_path: Path) -> None:
    assert problems(digest(tmp_path, "# Er wacht iets\n\nNieuw in de crisisopvang."), unprotected=False) == ""
