"""Everything that can be wrong before a pass begins, looked into without changing anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cti.channels import email
from cti.cli.outcome import shown_folder
from cti.cli.session import called, no_config
from cti.config import Config, examine
from cti.i18n import mark, say
from cti.problems import Problem, Problems, problem
from cti.rulebook.check import read_with_tests
from cti.rulebook.run import run_test
from cti.sources import source_module
from cti.sources.base import Context
from cti.store import schema
from cti.store.database import open_database
from cti.store.errors import NotMade, StoreError


@dataclass(frozen=True)
class Part:
    """One thing that was looked into, in a line: "rules: 16 rules, 40 steps, 93 tests"."""

    text: str
    failed: bool = False


@dataclass
class Findings:
    """What was looked into, and what was found."""

    parts: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> bool:
        return any(found.level == "error" for found in self.problems)

    def add(self, text: str, problems: list[Problem]) -> None:
        """A part with what was found in it."""
        self.parts.append(Part(text, any(found.level == "error" for found in problems)))
        self.problems += problems


def examined(file: Path, environ: Mapping[str, str], now: datetime, lang: str) -> Findings:
    """Looks into everything that the config at `file` names. What depends on a broken config is left out."""
    found = Findings()
    if not file.exists():
        found.add(say(lang, "config"), [no_config(file)])
        return found
    config, problems = examine(file, environ)
    found.add(say(lang, "config: {file}", file=file.as_posix()), list(problems))
    if config is None:
        return found
    _rules(config, found, lang)
    _database(config, found, lang)
    _sources(config, found, now, lang)
    _mail(config, found, lang)
    return found


def _rules(config: Config, found: Findings, lang: str) -> None:
    checked = read_with_tests(
        config.rules, config.languages, config.templates, tuple(config.staff.desks), config.folder
    )
    problems = list(checked.problems)
    rulebook = checked.loaded.rulebook
    if rulebook is None or any(one.level == "error" for one in problems):
        found.add(say(lang, "rules: {folder}", folder=config.rules.name), problems)
        return
    failed = [one for one in checked.tests if not run_test(one, rulebook, config.calendar).passed]
    for one in failed:
        text = mark('the test "{name}" fails; cti rules test shows it')
        problems.append(problem(text, file=one.file, line=one.line, rule=one.rule, name=one.name))
    steps = sum(len(rule.steps) for rule in rulebook.rules)
    text = mark("rules: {rules} rules with {steps} steps; {tests} tests")
    found.add(say(lang, text, rules=len(rulebook.rules), steps=steps, tests=len(checked.tests)), problems)
    found.problems += _roles(
        config, {step.to for rule in rulebook.rules if not rule.off for step in rule.steps}
    )


def _roles(config: Config, used: set[str]) -> Iterator[Problem]:
    """Roles that rules prompt and nobody has."""
    people = config.staff.people.values()
    if "team-lead" in used and not any(person.role == "team-lead" for person in people):
        yield problem(
            mark(
                "rules prompt the team lead, and nobody has the role team-lead: it goes to the team's inbox"
            ),
            level="warning",
            file=config.file.name,
        )


def _database(config: Config, found: Findings, lang: str) -> None:
    place = config.database.removeprefix("sqlite:///")
    if place != config.database and not Path(place).exists():
        # Opening it would make it, and a check changes nothing.
        found.add(say(lang, "database: not there yet; the first pass makes it"), [])
        return
    try:
        database = open_database(config.database)
    except StoreError as error:
        found.add(say(lang, "database"), [_of_store(error, config)])
        return
    try:
        schema.check(database)
        found.add(say(lang, "database: {database}", database=called(database)), [])
    except NotMade:
        found.add(say(lang, "database: empty; the first pass makes the tables"), [])
    except StoreError as error:
        found.add(say(lang, "database: {database}", database=called(database)), [_of_store(error, config)])
    finally:
        database.close()


def _of_store(error: StoreError, config: Config) -> Problem:
    return Problem("error", error.text, error.params, config.file.name, field="database")


def _sources(config: Config, found: Findings, now: datetime, lang: str) -> None:
    """Reads each source once for trial; nothing of it is kept."""
    if not config.sources:
        text = mark("no source is set, so nothing will ever be recognised: name one in [[sources]]")
        found.add(
            say(lang, "sources"), [problem(text, level="warning", file=config.file.name, field="sources")]
        )
    checked = read_with_tests(config.rules, config.languages, config.templates, tuple(config.staff.desks))
    rulebook = checked.loaded.rulebook
    if rulebook is None:
        return
    for options in config.sources:
        context = Context(rulebook.vocabulary, config.calendar.zone, now, config.folder)
        try:
            batch = source_module(options.type).read(options, {}, context)
        except Problems as unreadable:
            found.add(say(lang, "source {name}", name=options.name), list(unreadable.problems))
            continue
        counts = batch.counts
        text = mark(
            "source {name}: {read} rows can be read, {left_out} left out by a setting, {quarantined} cannot"
        )
        said = say(
            lang, text, name=options.name, read=counts.read, left_out=sum(counts.left_out.values()),
            quarantined=counts.quarantined,
        )  # fmt: skip
        found.add(said, list(batch.problems))


def _mail(config: Config, found: Findings, lang: str) -> None:
    if config.mail.transport == "folder":
        text = mark("mail goes into the folder {folder} as files; nobody is sent anything")
        warning = problem(
            text, level="warning", file=config.file.name, field="mail.transport", folder=shown_folder(config)
        )
        found.add(say(lang, "mail: into the folder {folder}", folder=shown_folder(config)), [warning])
        return
    error = email.probe(config.mail)
    said = say(lang, "mail: {host}, port {port}", host=config.mail.host, port=config.mail.port_number)
    if error is None:
        found.add(said, [])
        return
    text = mark("the mail server {host} cannot be used: {error}")
    found.add(
        said, [problem(text, file=config.file.name, field="mail.host", host=config.mail.host, error=error)]
    )
