"""What the commands' declarations share: options that several have, and the config and language of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cti.cli.session import Session

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
DraftFolder = Annotated[
    Path | None,
    typer.Option("--rules", metavar="DIR", help="A rules folder; else the config's.", show_default=False),
]

FromDay = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="From this day on; else a year back.")
]
ToDay = Annotated[
    str | None,
    typer.Option("--to", metavar="DAY", help="Up to and including this day; else the last pass."),
]
SinceDay = Annotated[
    str | None, typer.Option("--since", metavar="DAY", help="As if all rules had counted from this day on.")
]


def session(ctx: typer.Context) -> Session:
    """Config and language of this run."""
    from cti.cli.session import Session

    file, lang = ctx.obj
    return Session(file, lang)
