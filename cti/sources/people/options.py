"""The settings of lists of people, and where each column of one stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from cti.core.people import ROLES
from cti.i18n import mark
from cti.problems import closest
from cti.sources.base import SourceOptions
from cti.sources.columns import place
from cti.sources.settings import read_date_format, refuse_citizen_number, wrong

COLUMNS = (
    "id",
    "name",
    "address",
    "role",
    "team",
    "language",
    "works",
    "active",
    "last_day",
    "away_from",
    "away_until",
    "deputy",
)
"""What a row says of a person; without a mapping, also the names of the columns."""

CODED = ("role", "team", "language")


class ListOptions(SourceOptions):
    """The settings that every list of people has."""

    team: str | None = Field(default=None, description="The team of people for whom the list names none.")


def _check_columns(columns: dict[str, str]) -> dict[str, str]:
    for name, column in columns.items():
        if name not in COLUMNS:
            text = mark('{key}: "{name}" is nothing that a list of people says; it says {columns}')
            raise wrong(text, name=name, columns=list(COLUMNS), guess=closest(name, COLUMNS))
        refuse_citizen_number(column)
    return columns


def check_roles(roles: dict[str, str]) -> dict[str, str]:
    """Roles by what stands for them there; "" for whoever is left out."""
    for word in roles.values():
        if word and word not in ROLES:
            text = mark('{key}: "{word}" is no role; the roles are {roles}')
            raise wrong(text, word=word, roles=list(ROLES), guess=closest(word, ROLES))
    return roles


def _check_codes(codes: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    for name in codes:
        if name not in CODED:
            text = mark('{key}: codes for "{name}"; a list of people has codes for {columns}')
            raise wrong(text, name=name, columns=list(CODED), guess=closest(name, CODED))
    check_roles(codes.get("role", {}))
    return codes


class RowOptions(ListOptions):
    """The settings of a list of people whose rows are mapped column by column."""

    dates: Annotated[str, BeforeValidator(read_date_format)] = Field(
        default="yyyy-mm-dd",
        description='The order in which days are written, "dd-mm-yyyy"; ISO is always understood.',
    )
    columns: Annotated[dict[str, str], AfterValidator(_check_columns)] = Field(
        default_factory=dict, description='The names of columns where they differ: address = "E-mail werk".'
    )
    codes: Annotated[dict[str, dict[str, str]], AfterValidator(_check_codes)] = Field(
        default_factory=dict,
        description='What codes of role, team and language stand for: role = { TL = "team-lead" }. Whose role stands for "" '
        "is left out.",
    )


def place_columns(options: RowOptions, header: Sequence[str], file: str) -> dict[str, int]:
    """Where each column stands. A list has at least an id, a name and an address; one without addresses tells of absences alone,
    by an id and a first day. Raises Problems."""
    wanted = {name: options.columns.get(name, name) for name in COLUMNS}
    asked = {"id", *options.columns}
    found = place(wanted, asked, header, file)
    absences_alone = "away_from" in found and "address" not in found
    return found if absences_alone else place(wanted, {*asked, "name", "address"}, header, file)
