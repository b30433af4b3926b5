"""The commands about all that is held on one client, with their arguments, options and help."""

from __future__ import annotations

from typing import Annotated

import typer

from cti.cli.shared import AsJson, session

Reference = Annotated[
    str, typer.Argument(metavar="CLIENT", help="The registration's reference of the client.")
]


def dossier(
    ctx: typer.Context,
    client: Reference,
    as_json: Annotated[
        bool, typer.Option("--json", help="Every row of every table, as one JSON document.")
    ] = False,
) -> None:
    """Print all that is held on a client, for a request for access.

    Those who were merged into this client are told along. That it was read is noted in the audit trail.
    """
    from cti.cli.dossier import show_dossier

    show_dossier(session(ctx), client, as_json)


def forget(
    ctx: typer.Context,
    client: Reference,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase all that is held on a client, for good; it says what, and asks first.

    What the registration says of the same records later brings nothing back. Its own file is not touched.
    """
    from cti.cli.forget import forget_client

    forget_client(session(ctx), client, yes, as_json)
