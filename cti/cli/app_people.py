"""The command about who works here, with its options and help."""

# Annotations are no texts here (`from __future__`): Typer would have to evaluate each of them, at every start.

from typing import Annotated

import typer

from cti.cli.shared import AsJson, session


def people(
    ctx: typer.Context,
    team: Annotated[str | None, typer.Option(metavar="TEAM", help="Of this team only.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show who works here, as the config and the lists of people have it."""
    from cti.cli.people import show_people

    show_people(session(ctx), team, as_json)
