"""What registrations call things is recognised, in Dutch and English, and nothing is guessed from half a word."""

from __future__ import annotations

import pytest

from cti.probe.words import COLUMNS, bare, likeness, situation_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Cliënt_Nr.", "client nummer"),
        ("clientNr", "client nummer"),
        ("Cliëntnummer", "client nummer"),
        ("Datum", "datum"),
        ("BEGIN-DATUM", "begin datum"),
        ("", ""),
    ],
)
def test_a_name_is_read_without_case_accents_and_signs(written: str, read: str) -> None:
    assert bare(written) == read


@pytest.mark.parametrize(
    ("header", "column"),
    [("Cliëntnummer", "client"), ("Trajectnr", "id"), ("Startdatum", "begin"), ("Begeleider", "worker")],
)
def test_the_name_of_a_column_is_recognised(header: str, column: str) -> None:
    assert max(likeness(header, word) for word in COLUMNS[column]) == 3


def test_half_a_word_is_no_likeness() -> None:
    assert likeness("Vantage", "van") == 0
    assert likeness("Van datum", "van") == 2


@pytest.mark.parametrize(
    ("code", "situation"),
    [
        ("Crisisopvang", "crisis-shelter"),
        ("CO", "crisis-shelter"),
        ("Beschermd wonen 24/7", "long-stay"),
        ("Eigen woning", "own-home"),
        ("Dreigende huisuitzetting", "at-risk"),
        ("Op straat", "street"),
        ("Inwonend bij familie", "with-others"),
        ("P.I. (detentie)", "institution"),
        ("Overleden", "left"),
        ("X17", None),
    ],
)
def test_a_code_that_tells_a_situation_is_recognised_and_another_is_not(
    code: str, situation: str | None
) -> None:
    assert situation_of(code) == situation
