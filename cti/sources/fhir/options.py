"""The settings of a `fhir` source."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from cti.sources.base import SourceOptions
from cti.sources.server import ServerOptions
from cti.sources.settings import read_pace, refuse_citizen_number

Kind = Literal["Encounter", "EpisodeOfCare", "Condition", "CareTeam"]
KINDS: tuple[Kind, ...] = ("Encounter", "EpisodeOfCare", "Condition", "CareTeam")


def _check_system(value: str | None) -> str | None:
    if value is not None:
        refuse_citizen_number(value.rstrip("/").rpartition("/")[2])
    return value


class Options(ServerOptions, SourceOptions):
    """The settings of a `fhir` source."""

    resources: tuple[Kind, ...] = Field(
        default=KINDS, description="The kinds of resource that are read.", min_length=1
    )
    search: dict[Kind, str] = Field(
        default_factory=dict,
        description='What else is asked of a kind, as FHIR writes it: Encounter = "service-provider=Organization/7".',
    )
    client: Annotated[str | None, AfterValidator(_check_system)] = Field(
        default=None,
        description="The system of the identifier that is a client's reference; without it, the id of the Patient.",
    )
    worker_role: str | None = Field(
        default=None,
        description="The code of the role in which someone of a CareTeam, or who takes part in an Encounter, is the worker.",
    )
    codes: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description='The words that codes stand for: situation = { CS = "crisis-shelter" }. A code may have its system before '
        'it: "http://snomed.info/sct|32911000".',
    )
    overlap: Annotated[timedelta, BeforeValidator(read_pace)] = Field(
        default=timedelta(minutes=10),
        description="How far before the last change is asked again, for what the server stored late.",
    )
