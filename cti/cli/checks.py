"""Everything that can be wrong before a pass begins, looked into without changing anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path

from cti.channels import email
from cti.cli.outcome import rule_counts, shown_folder
from cti.cli.session import called, no_config
from cti.config import Config, examine
from cti.config.where import located, source_path
from cti.core.rules import Rulebook
from cti.engine import System
from cti.engine.quiet import quiet_sources
from cti.engine.refused import refused
from cti.engine.rulebooks import look
from cti.i18n import format_when, mark, say
from cti.problems import Problem, Problems, problem
from cti.rulebook.check import doubted, read_with_tests
from cti.sources import source_module
from cti.sources.base import Context, SourceOptions
from cti.store import rulebooks, schema
from cti.store.backup import copied_at
from cti.store.database import open_database
from cti.store.errors import NotMade, StoreError
from cti.tomlfile import TomlFile
from cti.workshop.around import around
from cti.workshop.draft import hours_of
from cti.workshop.load import WEEKS, load
from cti.workshop.mailtexts import mail_text_problems
from cti.workshop.stage import stage_of
from cti.workshop.verdict import run_test


@dataclass(frozen=True)
class Part:
    """One thing that was looked into, in a line: "rules: 16 rules with 40 steps; 93 tests"."""

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

    def add(self, text: str, problems: Iterable[Problem] = ()) -> None:
        """A part with what was found in it."""
        new = list(problems)
        self.parts.append(Part(text, any(found.level == "error" for found in new)))
        self.problems += new


def examined(file: Path, environ: Mapping[str, str], now: datetime, lang: str) -> Findings:
    """Looks into everything that the config at `file` names. What depends on a broken config is left out."""
    found = Findings()
    if not file.exists():
        found.add(say(lang, "config"), [no_config(file)])
        return found
    config, problems = examine(file, environ)
    found.add(say(lang, "config: {file}", file=file.as_posix()), problems)
    if config is not None:
        check = _Check(config, TomlFile.read(file), now, lang, found)
        rulebook = check.rules()
        check.database(rulebook)
        if rulebook is not None:
            check.sources(rulebook)
        check.mail()
    return found


@dataclass(frozen=True)
class _Check:
    config: Config
    written: TomlFile
    now: datetime
    lang: str
    found: Findings

    def rules(self) -> Rulebook | None:
        """Rules, texts and the rules' tests; the rulebook where it can be used."""
        config, lang = self.config, self.lang
        desks = tuple(config.staff.desks)
        read = read_with_tests(config.rules, config.languages, config.templates, desks, config.folder)
        checked = doubted(read, hours_of(config))
        problems = list(checked.problems)
        rulebook = checked.loaded.rulebook
        if rulebook is None or any(one.level == "error" for one in problems):
            self.found.add(say(lang, "rules: {folder}", folder=config.rules.name), problems)
            return rulebook
        stage = stage_of(checked.loaded, config.languages, config.calendar, config.words)
        for one in checked.tests:
            if not run_test(one, stage).passed:
                text = mark('the test "{name}" fails; cti rules test shows it')
                problems.append(problem(text, file=one.file, line=one.line, rule=one.rule, name=one.name))
        unprotected = config.mail.content == "none"
        problems += mail_text_problems(
            config.templates, config.languages, rulebook.vocabulary, config.folder, unprotected
        )
        problems += around(config, self.written, rulebook, config.calendar.day(self.now))
        said = say(lang, "rules: {counts}", counts=rule_counts(rulebook, len(checked.tests), lang))
        self.found.add(said, problems)
        return rulebook

    def database(self, rulebook: Rulebook | None) -> None:
        """Whether it can be reached, and has the tables of this version; whether what is planned in it fits the cap."""
        config, lang = self.config, self.lang
        place = config.database.removeprefix("sqlite:///")
        if place != config.database and not Path(place).exists():
            # Opening it would make it, and a check changes nothing.
            self.found.add(say(lang, "database: not there yet; the first pass makes it"))
            return
        try:
            database = open_database(config.database)
        except StoreError as error:
            self.found.add(say(lang, "database"), [self._of_store(error)])
            return
        said = say(lang, "database: {database}", database=called(database))
        try:
            schema.check(database)
            system = System(self.config, database)
            around_it = (
                self._copied(system),
                quiet_sources(system, self.now),
                self._refused(system),
                self._load(system, rulebook),
            )
            self.found.add(said, list(chain.from_iterable(around_it)))
        except NotMade:
            self.found.add(say(lang, "database: empty; the first pass makes the tables"))
        except StoreError as error:
            self.found.add(said, [self._of_store(error)])
        finally:
            database.close()

    def _copied(self, system: System) -> list[Problem]:
        """That the database was put back from a copy, and mail waits for a word."""
        with system.database.read() as tx:
            since = copied_at(tx)
        if since is None:
            return []
        when = format_when(self.lang, since, self.config.calendar.zone)
        text = mark(
            "a copy of {when} was put back; no mail goes until cti db resume says what was sent since"
        )
        return [problem(text, level="warning", when=when)]

    def _refused(self, system: System) -> list[Problem]:
        """That the folder as it is was not taken over, with what a look at its files does not tell: what is over a limit."""
        with system.database.read() as tx:
            refusal, standing = refused(tx), rulebooks.in_force(tx)
        if refusal is None or standing is None or refusal.digest != look(system).digest:
            return []
        text = mark("the changed rules are not taken over since {when}; rulebook {number} holds")
        when = format_when(self.lang, refusal.at, self.config.calendar.zone)
        said = problem(text, level="warning", when=when, number=standing.number)
        return [
            said,
            *(one for one in refusal.problems if one.file is None and one not in self.found.problems),
        ]

    def _load(self, system: System, rulebook: Rulebook | None) -> Iterator[Problem]:
        """That more is planned for some than they will be told; counts only, since nobody is compared with anybody."""
        planned = load(system, rulebook, self.now) if rulebook is not None else None
        if planned is not None and planned.over:
            text = mark(
                "{over} of {people} people get more prompts in the coming {weeks} weeks than the cap of {cap} a day lets "
                "through (at most {prompts}, where {room} go through): later prompts may expire untold; let rules ask less, or "
                "raise the cap"
            )
            cap = self.config.habits.cap
            found = Problem("warning", text, {"weeks": WEEKS, "cap": cap, **asdict(planned)})
            yield self._at(found, "organisation", "cap")

    def sources(self, rulebook: Rulebook) -> None:
        """Reads each source once for trial; nothing of it is kept."""
        if not self.config.sources:
            text = mark("no source is set, so nothing will ever be recognised: name one in [[sources]]")
            self.found.add(say(self.lang, "sources"), [self._at(problem(text, level="warning"), "sources")])
        for options in self.config.sources:
            self._source(options, rulebook)

    def _source(self, options: SourceOptions, rulebook: Rulebook) -> None:
        config = self.config
        context = Context(
            rulebook.vocabulary,
            config.calendar.zone,
            self.now,
            config.folder,
            teams=frozenset(config.staff.teams),
        )
        try:
            batch = source_module(options.type).read(options, {}, context)
        except Problems as unreadable:
            self.found.add(
                say(self.lang, "source {name}", name=options.name),
                [self._of_source(options.name, one) for one in unreadable.problems],
            )
            return
        text = mark("source {name}: {read} rows can be read, {left_out} left out by a setting, {bad} cannot")
        counts = batch.counts
        left_out = sum(counts.left_out.values())
        said = say(
            self.lang, text, name=options.name, read=counts.read, left_out=left_out, bad=counts.quarantined
        )
        self.found.add(said, [self._of_source(options.name, one) for one in batch.problems])

    def mail(self) -> None:
        """Whether the mail server lets us in; that a folder reaches nobody."""
        mail, lang = self.config.mail, self.lang
        if mail.transport == "folder":
            folder = shown_folder(self.config)
            text = mark("mail goes into the folder {folder} as files; nobody is sent anything")
            warning = self._at(problem(text, level="warning", folder=folder), "mail", "transport")
            self.found.add(say(lang, "mail: into the folder {folder}", folder=folder), [warning])
            return
        error = email.probe(mail)
        text = mark("the mail server {host} cannot be used: {error}")
        problems = [self._at(problem(text, host=mail.host, error=error), "mail", "host")] if error else []
        self.found.add(
            say(lang, "mail: {host}, port {port}", host=mail.host, port=mail.port_number), problems
        )

    def _at(self, found: Problem, *path: str | int) -> Problem:
        return located(found, self.written, path)

    def _of_store(self, error: StoreError) -> Problem:
        return self._at(Problem("error", error.text, error.params), "database")

    def _of_source(self, name: str, found: Problem) -> Problem:
        """A problem in a file of the source stays there; one in its settings is placed in the config."""
        if found.file is not None:
            return found
        return located(found, self.written, source_path(self.written, name, found.field))
