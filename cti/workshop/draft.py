"""The managers' draft: a folder with `rules` and, where its texts are others, `templates`; what stands in it now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cti.config import Config
from cti.rulebook.check import Checked, doubted, read_with_tests
from cti.rulebook.folder import PROMPTS, RULES, see_rules
from cti.rulebook.seen import Seen
from cti.rulebook.timing import Hours


def folder_of(config: Config) -> Path:
    """Where the draft stands."""
    return config.folder / config.web.draft


def folders_of(config: Config) -> tuple[Path, Path]:
    """Its folders of rules and of templates; the config's templates where it has none of its own."""
    rules, templates = folder_of(config) / "rules", folder_of(config) / "templates"
    return rules, templates if templates.is_dir() else config.templates


def see_draft(config: Config) -> Seen | None:
    """What lies in the draft now; None where there is none."""
    rules, templates = folders_of(config)
    return see_rules(rules, templates) if rules.is_dir() else None


def read_draft(config: Config, seen: Seen) -> Checked:
    """The draft as it was seen, with all that is wrong with it and all that is most likely not meant."""
    rules, templates = folders_of(config)
    desks = tuple(config.staff.desks)
    checked = read_with_tests(rules, config.languages, templates, desks, config.folder, seen)
    return doubted(checked, hours_of(config))


def hours_of(config: Config) -> Hours:
    """When steps are due and mails go, as far as rules depend on it."""
    opens = config.calendar.opens
    return Hours(opens, config.habits.digest_at or opens)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The rules of which a file or a text is another; "vocabulary" is among them where that is."""
    files = {name for name in (*before, *after) if before.get(name) != after.get(name)}
    return tuple(sorted({_of_rule(name) for name in files}))


def _of_rule(name: str) -> str:
    if name.startswith(PROMPTS):
        return name.removeprefix(PROMPTS).split("/")[0]
    return name.removeprefix(RULES).removesuffix(".toml")
