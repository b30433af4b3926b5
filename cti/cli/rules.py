"""`cti rules check`: a rules folder, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from cti.cli.outcome import rule_counts
from cti.cli.output import line, out, show_problems, tally, write_json
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.core.calendar import Calendar
from cti.core.rules import Rulebook
from cti.i18n import LANGUAGES, mark, say
from cti.problems import Problems
from cti.rulebook.check import USUAL, Checked, doubted, read_with_tests
from cti.rulebook.timing import Hours
from cti.tomlfile import TomlFile
from cti.variables import Words
from cti.workshop.around import around
from cti.workshop.draft import hours_of


@dataclass(frozen=True)
class Place:
    """A rules folder with what its texts and steps must fit. Messages name its files from `base` on."""

    folder: Path
    templates: Path
    languages: Sequence[str]
    desks: Sequence[str]
    calendar: Calendar
    base: Path
    words: Words
    hours: Hours = USUAL

    def read(self) -> Checked:
        """Rules, texts and tests, and all that is wrong with them."""
        return read_with_tests(self.folder, self.languages, self.templates, self.desks, self.base)


def check_rules(asked: Session, folder: Path | None, as_json: bool) -> None:
    """Prints all that is wrong with a rules folder, and what is most likely not meant."""
    place = place_of(asked, folder)
    checked = doubted(place.read(), place.hours)
    rulebook = checked.loaded.rulebook
    if folder is None and rulebook is not None:
        today = asked.config.calendar.day(asked.now())
        more = around(asked.config, TomlFile.read(asked.file), rulebook, today)
        checked = replace(checked, problems=(*checked.problems, *more))
    if as_json:
        write_json([problem.data(asked.lang) for problem in checked.problems])
    else:
        show_checked(checked, asked.lang)
    if any(problem.level == "error" for problem in checked.problems):
        raise typer.Exit(1)


def show_checked(checked: Checked, lang: str) -> None:
    """What is wrong, and a word on what was read."""
    show_problems(out(), checked.problems, lang)
    if checked.problems:
        line(out(), tally(checked.problems, lang), "bold")
    rulebook = checked.loaded.rulebook
    if rulebook is not None:
        counts = rule_counts(rulebook, len(checked.tests), lang)
        line(out(), say(lang, "Can be used: {counts}.", counts=counts))


@dataclass(frozen=True)
class Draft:
    """A rules folder that can be used: its rulebook, and all else that was read of it."""

    rulebook: Rulebook
    checked: Checked


def draft_of(asked: Session, folder: Path | None) -> Draft:
    """The folder that is meant, else the config's. Raises Problems with all errors where its rules or texts have any."""
    checked = place_of(asked, folder).read()
    if checked.loaded.rulebook is None:
        raise Problems([found for found in checked.problems if found.level == "error"])
    return Draft(checked.loaded.rulebook, checked)


def place_of(asked: Session, folder: Path | None) -> Place:
    """The folder that is meant, with the config's languages and desks; a folder by itself can do without a config."""
    if folder is not None and not folder.is_dir():
        raise Refusal(mark("there is no folder {folder}"), 2, folder=folder.as_posix())
    if folder is not None and not asked.file.exists():
        return Place(
            folder,
            folder.absolute().parent / "templates",
            tuple(LANGUAGES),
            (),
            Calendar(),
            Path.cwd(),
            Words(),
        )
    config = asked.config
    rules_folder = folder.absolute() if folder is not None else config.rules
    templates = rules_folder.parent / "templates"
    return Place(
        rules_folder,
        templates if folder is not None and templates.is_dir() else config.templates,
        config.languages,
        tuple(config.staff.desks),
        config.calendar,
        Path.cwd() if folder is not None else config.folder,
        config.words,
        hours_of(config),
    )
