"""The commands of `cti rules` that test, show, describe and replay rules, with their arguments, options and help."""

# Annotations are no texts here (`from __future__`): Typer would have to evaluate each of them, at every start.

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cti.cli.shared import AsJson, DraftFolder, FromDay, SinceDay, ToDay, session

RulesFolder = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="A rules folder; else the config's.", show_default=False),
]


def run_tests(
    ctx: typer.Context,
    folder: RulesFolder = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also show the tests that pass, one line each.")
    ] = False,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Also as JUnit XML, for a build server.")
    ] = None,
    mend: Annotated[
        bool,
        typer.Option(
            "--mend", help="Where only a day is another, or a new step came: write it into the test."
        ),
    ] = False,
    new: Annotated[
        str | None,
        typer.Option("--new", metavar="CLIENT", help="Make a test of this client's history; run none."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="With --new: at the end of this file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the rules' own tests; each that fails is shown as a small calendar.

    With --new it writes one: what happened to a client, without anything that tells who it is, and what the rules prompt then.
    """
    from cti.cli.rules_test import Wish, new_rule_test, run_rule_tests

    if new is not None or to is not None:
        new_rule_test(session(ctx), folder, new, to, as_json)
    else:
        run_rule_tests(session(ctx), folder, Wish(every, as_json, junit, mend))


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


def simulate(
    ctx: typer.Context,
    folder: DraftFolder = None,
    first: FromDay = None,
    last: ToDay = None,
    since: SinceDay = None,
    adopted: Annotated[
        bool,
        typer.Option("--adopted", help="In force: each rulebook from the day on which it was adopted."),
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Also as a page to mail: counts only, none below five."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a draft would have told, next to the rules in force.

    It replays the journal with what was known on each day; nothing is written to it, and nobody is told anything.
    """
    from cti.cli.simulate import simulate_rules

    simulate_rules(session(ctx), folder, first, last, since, adopted, as_json, html)


def history(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show the rules that were in force, since when, adopted by whom."""
    from cti.cli.rules_history import show_history

    show_history(session(ctx), as_json)


def restore(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Its number, as cti rules history has it.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also where it changes more than a limit allows.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put earlier rules in force again.

    They hold until a file in the rules folder changes. Nothing that was told is told again.
    """
    from cti.cli.rules_history import restore as put_back

    put_back(session(ctx), number, force, as_json)
