"""The settings of an `hmis-csv` source. The defaults are the reading that docs/hmis.md describes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from cti.i18n import mark
from cti.sources.base import SourceOptions
from cti.sources.hmis_csv.codes import PROJECT_TYPES, Begins, code
from cti.sources.settings import read_date_format, refuse_citizen_number, wrong

FactName = Literal["guidance", "language-need"]


def _check_types(types: dict[str, str]) -> dict[str, str]:
    for name in types:
        if code(name) not in PROJECT_TYPES:
            raise wrong(mark('{key}: "{name}" is no ProjectType of the standard'), name=name)
    return types


def _check_destinations(destinations: dict[str, str]) -> dict[str, str]:
    for name in destinations:
        if code(name) is None:
            raise wrong(mark('{key}: "{name}" is no Destination; the codes are numbers'), name=name)
    return destinations


def _check_worker(column: str | None) -> str | None:
    return None if column is None else refuse_citizen_number(column)


class ProjectOptions(BaseModel):
    """How one project is read, where that differs from its type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    situation: str | None = Field(
        default=None, description='The situation of its stays; "" for a project that makes none.'
    )
    begins: Begins | None = Field(default=None, description="What its stays begin with.")
    team: str | None = Field(default=None, description="The team whose inbox is prompted about its clients.")
    left_out: bool = Field(
        default=False, description="Leaves its enrolments out; what was read of them before is retracted."
    )


class Options(SourceOptions):
    """The settings of an `hmis-csv` source."""

    path: str = Field(
        description="The folder of an export, its zip file, or a folder of zip files (the newest is read)."
    )
    heads_only: bool = Field(
        default=True,
        description="Only heads of households (RelationshipToHoH 1), so that a family is prompted about once.",
    )
    project_types: Annotated[dict[str, str], AfterValidator(_check_types)] = Field(
        default_factory=dict, description='Situations of ProjectTypes: "8" = "long-stay"; "" for none.'
    )
    projects: dict[str, ProjectOptions] = Field(
        default_factory=dict,
        description='How single projects are read, by ProjectID: "109" = { team = "north" }.',
    )
    destinations: Annotated[dict[str, str], AfterValidator(_check_destinations)] = Field(
        default_factory=dict, description='Situations of Destinations: "314" = "street"; "" for unknown.'
    )
    kept_home: str = Field(
        default="kept-home",
        description='What an exit from prevention to a home leads to where HousingAssessment is 1; "": to the home.',
    )
    deceased_by_assessment: bool = Field(
        default=False,
        description="Also closes the file where HousingAssessment is 10 (deceased) and Destination says otherwise.",
    )
    facts: tuple[FactName, ...] = Field(
        default=("guidance", "language-need"),
        description="The facts that are read, where the vocabulary has them.",
    )
    worker: Annotated[str | None, AfterValidator(_check_worker)] = Field(
        default=None,
        description="The column of Enrollment.csv that holds the worker's id; UserID is whoever typed.",
    )
    dates: Annotated[str, BeforeValidator(read_date_format)] = Field(
        default="yyyy-mm-dd", description='The order of days in exports that are not in ISO: "mm/dd/yyyy".'
    )
