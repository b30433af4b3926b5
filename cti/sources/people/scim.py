"""The `scim` source: the people of a SCIM 2.0 service (RFC 7643, 7644), with the groups that they are in.

Each reading is a whole one: organisations have hundreds of people, and only a whole list shows who is gone from it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from cti.problems import Problems
from cti.remote import Remote, RemoteError
from cti.sources.base import Batch, Context, State
from cti.sources.people.options import ListOptions, check_roles
from cti.sources.people.scim_server import ENTERPRISE, MEDIA, Answered, all_of
from cti.sources.people.scim_users import Reader
from cti.sources.server import ServerOptions, problem_of

ATTRIBUTES = ",".join(
    (
        "userName,externalId,active,displayName,name,emails,preferredLanguage,groups,roles",
        *(f"{ENTERPRISE}:{name}" for name in ("employeeNumber", "department", "manager")),
    )
)
"""What is asked of each: a server that heeds it sends nothing else about anybody."""


class Options(ServerOptions, ListOptions):
    """The settings of a `scim` source."""

    id: Literal["userName", "externalId", "employeeNumber", "id"] = Field(
        default="userName", description="What of a User the registration names the worker by."
    )
    teams: dict[str, str] = Field(
        default_factory=dict,
        description='The teams that groups (by name or id) and departments are: { "Team Noord" = "north" }. The first that fits '
        "a User counts.",
    )
    roles: Annotated[dict[str, str], AfterValidator(check_roles)] = Field(
        default_factory=dict,
        description='The roles that groups, and roles there, are: { "Team leads" = "team-lead" }. The first that fits a User '
        'counts; whose is "" is left out.',
    )
    managers_lead: bool = Field(
        default=False,
        description="Whether a worker who is the manager of someone in the list is a team lead.",
    )
    filter: str | None = Field(
        default=None, description="Which Users are asked for, as SCIM writes it: 'userType eq \"Employee\"'."
    )


def read(options: Options, state: State, context: Context) -> Batch:
    """Reads all Users, and all Groups where teams or roles are theirs. Raises Problems where the server does not give them."""
    query = [("attributes", ATTRIBUTES), *([("filter", options.filter)] if options.filter else [])]
    groups = Answered()
    try:
        with Remote(options.login(context.folder), MEDIA) as server:
            users = all_of(server, options.name, "Users", query)
            if options.teams or options.roles:
                query = [("attributes", "displayName,members")]
                groups = all_of(server, options.name, "Groups", query, may_lack=True)
    except RemoteError as error:
        raise Problems([problem_of(error, options.name)]) from None
    reader = Reader(options.name, options.id, options.teams, options.roles, options.team, groups)
    return reader.batch(users, options.managers_lead)
