"""The commands of `cti source`, with their arguments, options and help."""

# Annotations are no texts here (`from __future__`): Typer would have to evaluate each of them, at every start.

from typing import Annotated

import typer

from cti.cli.shared import AsJson, session


def probe(
    ctx: typer.Context,
    what: Annotated[
        str,
        typer.Argument(metavar="WHAT", help="A folder, a file, or the address of a database or FHIR server."),
    ],
) -> None:
    """Look at a registration, only reading, and write the mapping to start from.

    Guesses its kind, what its columns and codes mean, and shows what would be recognised. The source goes to standard output,
    to be put into config.toml once someone who knows the registration has read it; all else stands beside it.
    """
    from cti.cli.source_probe import probe as look

    look(session(ctx), what)


def report(
    ctx: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(metavar="[SOURCE]", help="A source of the config, by name; left out: all of them."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Before going live: what the sources hold, and what the rules would make of it.

    Reads the sources of the config from their beginning, beside the service: what is recognised, what could not be read, how late
    records come, and how many prompts the first weeks would bring to whom. Nothing is kept and nothing is sent.
    """
    from cti.cli.source_report import report as tell

    tell(session(ctx), source, as_json)
