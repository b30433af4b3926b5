"""The commands of `cti source`, with their arguments, options and help."""

# Annotations are no texts here (`from __future__`): Typer would have to evaluate each of them, at every start.

from typing import Annotated

import typer

from cti.cli.shared import session


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
