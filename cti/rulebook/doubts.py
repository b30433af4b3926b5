"""What can be used, and is most likely not what was meant: the warnings of a folder in which each file by itself is right."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from cti.core.rules import Enters, Expects, Rule
from cti.core.vocabulary import Vocabulary
from cti.i18n import mark
from cti.problems import Problem
from cti.rulebook.folder import PROMPTS, TEXT_NAME, Loaded
from cti.rulebook.lexicon import Lexicon
from cti.rulebook.never import note_never
from cti.rulebook.table import Table
from cti.rulebook.textdoubts import text_doubts
from cti.rulebook.timing import Hours, note_timing
from cti.rulebook.words import listed
from cti.tomlfile import TomlFile


def doubts(loaded: Loaded, hours: Hours) -> tuple[Problem, ...]:
    """Warnings about each rule that could be read (one that is off, too); where all of them could, also about what none of them
    does; and about the texts that are used."""
    found: list[Problem] = []
    context = loaded.context
    vocabulary = context.lexicon.vocabulary
    # With a fact that cannot be read, a rule lacks the conditions on it.
    for rule in loaded.rules if not context.lexicon.unclear and not context.lexicon.lost else ():
        _note_rule(rule, loaded.written[rule.id], vocabulary, hours, found)
    wrong = {problem.file or "" for problem in loaded.problems if problem.level == "error"}
    if context.lexicon.file is not None and all(file.startswith(f"{context.prompts}/") for file in wrong):
        _note_situations(Table.top(context.lexicon.file, found), context.lexicon, loaded.rules)
    found += text_doubts(_texts(loaded, wrong), context.languages, vocabulary)
    return tuple(found)


def _note_rule(
    rule: Rule, file: TomlFile, vocabulary: Vocabulary, hours: Hours, found: list[Problem]
) -> None:
    top = Table.top(file, found, rule.id)
    _note_from(rule, top)
    entries = [replace(table, field="", step=table.values["id"]) for table in top.tables("steps")]
    tables = {table.values["id"]: table for table in entries}
    for step in rule.steps:
        note_never(rule, step, tables[step.id], vocabulary)
    note_timing(rule, tables, vocabulary, hours)


def _note_from(rule: Rule, top: Table) -> None:
    """A client who comes from where they go to: this is no transition, unless the file was closed in between."""
    on = rule.on
    if not isinstance(on, Enters) or on.origins is None or on.origins_negated:
        return
    if any(origin != entered for origin in on.origins for entered in on.situations):
        return
    inside = top.table("on")
    if inside is not None:
        text = mark(
            "{field}: who comes from {situations} is there already, so the rule answers only where a closed file opens again"
        )
        inside.note(text, {"situations": listed(on.origins)}, level="warning", key="from")


def _note_situations(top: Table, lexicon: Lexicon, rules: Sequence[Rule]) -> None:
    """Situations that no rule answers to (one that is off is there all the same), and those of which this is not true."""
    answered: dict[str, Rule] = {}
    for rule in sorted(rules, key=lambda rule: rule.off):
        for situation in rule.on.situations if isinstance(rule.on, Enters | Expects) else ():
            answered.setdefault(situation, rule)
    situations = top.table("situations")
    for name in lexicon.vocabulary.situations:
        table = situations.table(name) if situations is not None else None
        if table is None:
            continue
        if name not in answered and name not in lexicon.quiet:
            text = mark(
                'no rule answers to "{situation}": nothing is prompted about clients who come there; where this is meant, say so '
                "with prompts = false"
            )
            table.note_missing(text, "prompts", False, "warning", {"situation": name})
        elif name in lexicon.quiet and name in answered and not answered[name].off:
            text = mark('{field} = false, and rule "{answering}" answers to this situation')
            table.note(
                text,
                {"answering": answered[name].id},
                level="warning",
                key="prompts",
                suggestion=table.without("prompts"),
            )


def _texts(loaded: Loaded, wrong: Collection[str]) -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """The texts that are used and right, by their path and language: the file's name in messages, and what stands in it."""
    texts: dict[str, dict[str, tuple[str, str]]] = {}
    for name, text in loaded.files.items():
        path = name.removeprefix(PROMPTS)
        match = TEXT_NAME.fullmatch(path)
        file = f"{loaded.context.prompts}/{path}"
        if match is not None and path != name and file not in wrong:
            texts.setdefault(match[1], {})[match[2]] = (file, text)
    return texts
