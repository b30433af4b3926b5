"""The commands of `cti rules` that show rules and describe their files, with their arguments, options and help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cti.cli.shared import AsJson, DraftFolder, session


def show(
    ctx: typer.Context,
    rule: Annotated[
        str | None, typer.Argument(metavar="[RULE]", help="Its id; left out: all of them.")
    ] = None,
    folder: DraftFolder = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Into a picture, for a browser or a mail.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DAY", help="The example's day; else a Monday in March of next year."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a rule drawn as a time line, and in sentences.

    What comes when is worked out for an example day, working days and holidays included; conditions are told in words.
    """
    from cti.cli.rules_show import show_rule

    show_rule(session(ctx), rule, folder, svg, on, as_json)


class FileKind(StrEnum):
    """The kinds of files that have a schema."""

    rule = "rule"
    vocabulary = "vocabulary"
    tests = "tests"
    config = "config"


def schema(
    ctx: typer.Context,
    kind: Annotated[
        FileKind, typer.Argument(metavar="[KIND]", help="rule, vocabulary, tests or config.")
    ] = FileKind.rule,
    folder: DraftFolder = None,
    write: Annotated[
        bool,
        typer.Option("--write", help="All of them, to where the files look for them: the folder .schema."),
    ] = False,
) -> None:
    """Print a JSON Schema, by which an editor completes words and marks mistakes.

    It has the words of the vocabulary that is at hand; renew it with --write when those change.
    """
    from cti.cli.rules_schema import renew_schemas, show_schema

    if write:
        renew_schemas(session(ctx), folder)
    else:
        show_schema(session(ctx), kind.value, folder)
