"""The command line as people see it: every command with its arguments, options and help.

What a command does stands in the module of its name, which is imported when the command runs: so `cti --help` is there at once,
and a command loads only what it needs.
"""

# Annotations are no texts here (`from __future__`): Typer would have to evaluate each of them, at every start.

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cti import __version__
from cti.cli import app_audit, app_clients, app_people, app_rules, app_source
from cti.cli.shared import AsJson, DraftFolder, FromDay, SinceDay, ToDay, session
from cti.i18n import language_from_env


class Language(StrEnum):
    """The languages that people can read the output in."""

    nl = "nl"
    en = "en"


class InOrder(TyperGroup):
    """Commands in the order in which they are written here, not by the alphabet."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)


PLAIN: dict[str, Any] = {
    "cls": InOrder,
    "no_args_is_help": True,
    "add_completion": False,
    "pretty_exceptions_enable": False,  # they would show values, which may be about clients
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"], "max_content_width": 100},
}

app = typer.Typer(**PLAIN)
rules = typer.Typer(**PLAIN, help="A rules folder: check it, run its tests.")
source = typer.Typer(**PLAIN, help="A registration that might be connected: what is in it.")
audit = typer.Typer(**PLAIN, help="Who saw and did what, and whether that was touched.")
db = typer.Typer(**PLAIN, help="The database: its tables, a copy, and what comes after it was put back.")

Now = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="TIME",
        help="Rehearse, as if it were 2026-03-02T09:00. Only with mail into a folder; never before the last pass.",
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cti {__version__}")
        raise typer.Exit


@app.callback()
def program(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "-c", "--config", metavar="FILE", help="The config; else $CTI_CONFIG, else config.toml."
        ),
    ] = None,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="The language of the output; else the terminal's.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Prompts social workers, at the moments when a client's situation changes, to strengthen the network around the client.

    \b
    New here?
      cti demo        makes a sample organisation and shows what happens in it
      cti init DIR    lays out a config and rules for an organisation of your own
    """
    file = config or Path(os.environ.get("CTI_CONFIG") or "config.toml")
    ctx.obj = (file, lang.value if lang is not None else language_from_env())


# --- beginning --------------------------------------------------------------------------------------------------------


@app.command("demo")
def demo(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="[DIR]", help="Where; an earlier demo there is made anew.", show_default="demo"
        ),
    ] = Path("demo"),
    once: Annotated[bool, typer.Option("--once", help="Stop when it has run to today.")] = False,
    clients: Annotated[int, typer.Option(min=20, max=5000, help="How many clients it has had.")] = 500,
    weeks: Annotated[int, typer.Option(min=1, max=52, help="How many weeks are lived through.")] = 12,
    seed: Annotated[int, typer.Option(help="Another number gives another organisation.")] = 1,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where its pages are served.")] = 8080,
    now: Annotated[
        str | None,
        typer.Option("--now", metavar="TIME", help="As if it were 2026-03-16T10:00; else the clock's time."),
    ] = None,
) -> None:
    """Make a sample organisation, show what happens in it, and serve its pages.

    Three years of an invented shelter. Its last weeks are lived through day by day, with workers who answer now and then.
    The mails lie in DIR/outbox as files; nobody is sent anything.
    """
    from cti.cli.demo import show_demo
    from cti.cli.demo_made import Wish

    show_demo(session(ctx), folder, once, Wish(clients, weeks, seed, port), now)


@app.command("init")
def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or one without a config.")],
) -> None:
    """Lay out a config, rules and texts to start from.

    Nothing is overwritten. The rules prompt only about what happens from today on (`since` in rules/vocabulary.toml).
    """
    from cti.cli.init import start

    start(session(ctx), folder)


@app.command("check")
def check(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Check config, rules, texts, database, sources, mail.

    All that is wrong is shown at once, each with its line and remedy; nothing is changed.
    """
    from cti.cli.check import show_check

    show_check(session(ctx), as_json)


# --- working ----------------------------------------------------------------------------------------------------------


@app.command("run")
def run(ctx: typer.Context) -> None:
    """Run the service until it is stopped.

    Sources, planning and delivery, each at its own pace, and the pages at the address that [web] names. It logs one line per
    event to standard error, with counts and nothing about people. SIGTERM or Ctrl-C stops it: it finishes the pass and the
    requests in hand and exits with 0.
    """
    from cti.cli.run import serve

    serve(session(ctx))


@app.command("tick")
def tick(ctx: typer.Context, now: Now = None, as_json: AsJson = False) -> None:
    """Do one pass, then exit: for cron, and for rehearsals.

    A pass reads the sources, plans, and tells who is to be told.
    """
    from cti.cli.tick import do_pass

    do_pass(session(ctx), now, as_json)


# --- looking ----------------------------------------------------------------------------------------------------------


@app.command("transitions")
def transitions(
    ctx: typer.Context,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Up to and including this day.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what was recognised, client by client."""
    from cti.cli.transitions import show_transitions

    show_transitions(session(ctx), since, until, as_json)


@app.command("prompts")
def prompts(
    ctx: typer.Context,
    state: Annotated[
        str | None,
        typer.Option(
            metavar="STATE",
            help="pending, sent, answered, settled, withdrawn, expired, skipped, covered, unroutable; or all. "
            "Without it the table shows the open ones (pending, sent, unroutable).",
        ),
    ] = None,
    client: Annotated[str | None, typer.Option(metavar="REF", help="Of this client only.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document; of all states by default.")
    ] = False,
) -> None:
    """Show prompts with their state, due, role and reason."""
    from cti.cli.prompts import show_prompts

    show_prompts(session(ctx), state, client, as_json)


app.command("people")(app_people.people)


@app.command("answer")
def answer(
    ctx: typer.Context,
    prompt: Annotated[
        str, typer.Argument(metavar="PROMPT", help="Its number, as cti prompts shows it, or its key.")
    ],
    said: Annotated[str, typer.Argument(metavar="ANSWER", help="One of the answers that the prompt takes.")],
    fact: Annotated[
        list[str] | None, typer.Option(metavar="K=V", help="A fact given with it; as often as needed.")
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="A remark; no names of people.")] = None,
    by: Annotated[str | None, typer.Option(metavar="ID", help="The id of the worker who says so.")] = None,
) -> None:
    """Record a worker's answer, in place of an earlier one."""
    from cti.cli.answer import record_answer

    record_answer(session(ctx), prompt, said, fact or [], note, by)


@app.command("explain")
def explain(
    ctx: typer.Context,
    client: Annotated[
        str, typer.Argument(metavar="CLIENT", help="The registration's reference of the client.")
    ],
    at: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="As it was known on that day: why did it not come then?"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain one client: each step, yes or no, and why."""
    from cti.cli.explain import explain_client

    explain_client(session(ctx), client, at, as_json)


@app.command("plan")
def plan(
    ctx: typer.Context,
    folder: DraftFolder = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do a pass now, and apply what it changes.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="With --apply: also what waits because it is over a limit.")
    ] = False,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Show what a pass would change in the prompts.

    It goes by the rules in the folder and by what the sources said so far, and writes nothing. With --rules: what adopting that
    folder would change now.
    """
    from cti.cli.plan import apply_plan, show_plan

    if apply:
        apply_plan(session(ctx), folder, force, now, as_json)
    else:
        show_plan(session(ctx), folder, force, now, as_json)


@app.command("quarantine")
def quarantine(
    ctx: typer.Context,
    retry: Annotated[
        bool, typer.Option("--retry", help="First read those sources again from their beginning.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what could not be read, and why.

    Once the mapping or the export is mended, the next pass reads it by itself; --retry does so now.
    """
    from cti.cli.quarantine import show_quarantine

    show_quarantine(session(ctx), retry, as_json)


@app.command("lateness")
def lateness(
    ctx: typer.Context,
    first: FromDay = None,
    last: ToDay = None,
    since: SinceDay = None,
    as_json: AsJson = False,
) -> None:
    """Show how late records reach us, per source, team and kind, and which steps suffer from it."""
    from cti.cli.lateness import show_lateness

    show_lateness(session(ctx), first, last, since, as_json)


app.command("dossier")(app_clients.dossier)
app.command("forget")(app_clients.forget)


# --- rules ------------------------------------------------------------------------------------------------------------


@rules.command("check")
def rules_check(ctx: typer.Context, folder: app_rules.RulesFolder = None, as_json: AsJson = False) -> None:
    """Check rules, vocabulary, texts and tests: all that is wrong, at once."""
    from cti.cli.rules import check_rules

    check_rules(session(ctx), folder, as_json)


rules.command("test")(app_rules.run_tests)
rules.command("show")(app_rules.show)
rules.command("schema")(app_rules.schema)
rules.command("simulate")(app_rules.simulate)
rules.command("history")(app_rules.history)
rules.command("restore")(app_rules.restore)


source.command("probe")(app_source.probe)
source.command("report")(app_source.report)
audit.command("list")(app_audit.listed)
audit.command("verify")(app_audit.verify)


# --- the database -----------------------------------------------------------------------------------------------------


@db.command("upgrade")
def db_upgrade(ctx: typer.Context) -> None:
    """Bring the tables to the form that this version knows; make them where there are none."""
    from cti.cli.db import upgrade

    upgrade(session(ctx))


@db.command("backup")
def db_backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
) -> None:
    """Make a consistent copy of the database, also while the service runs."""
    from cti.cli.db import backup

    backup(session(ctx), file)


@db.command("restore")
def db_restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that cti db backup made.")],
) -> None:
    """Fill the empty database that the config names from a copy, whichever kind either of them is."""
    from cti.cli.db_resume import restore

    restore(session(ctx), file)


@db.command("resume")
def db_resume(
    ctx: typer.Context,
    sent_until: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="What would have been sent from the copy up to then counts as sent."
        ),
    ] = None,
    send_all: Annotated[
        bool, typer.Option("--send-all", help="Send all that waits, some of it perhaps once more.")
    ] = False,
) -> None:
    """Have mail go again after a copy was put back; without an option, show what waits."""
    from cti.cli.db_resume import resume

    resume(session(ctx), sent_until, send_all)


app.add_typer(rules, name="rules")
app.add_typer(source, name="source")
app.add_typer(audit, name="audit")
app.add_typer(db, name="db")
