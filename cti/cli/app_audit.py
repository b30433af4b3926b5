"""The commands of `cti audit`, with their arguments, options and help."""

# Annotations are no texts here (`from __future__`): Typer would have to evaluate each of them, at every start.

from typing import Annotated

import typer

from cti.cli.shared import AsJson, session


def verify(
    ctx: typer.Context,
    noted: Annotated[
        str | None,
        typer.Option("--noted", metavar="ROW:DIGEST", help="A last row as it was noted elsewhere earlier."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that no row of the audit trail was changed, put in or taken out.

    Prints the last row with its digest. Note it outside of this machine now and then: who can write the whole database can also
    make a new chain, which only a digest that was noted elsewhere brings to light (--noted).
    """
    from cti.cli.audit_verify import verify_trail

    verify_trail(session(ctx), noted, as_json)


def listed(
    ctx: typer.Context,
    client: Annotated[str | None, typer.Option(metavar="REF", help="About this client only.")] = None,
    person: Annotated[str | None, typer.Option(metavar="ID", help="Of this person only.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Up to and including this day.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="The newest N; of the table 50.")
    ] = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV, for a spreadsheet.")] = False,
) -> None:
    """Show who saw and did what, about which client, and when; the newest first.

    That the trail was read is noted in it too.
    """
    from cti.cli.audit_list import Wish, show_trail

    show_trail(session(ctx), Wish(client, person, since, until, limit, as_json, as_csv))
