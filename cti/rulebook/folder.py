"""Reads a folder of rules with its texts into a rulebook: all of it, or all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cti.core.prompts import STILL_CURRENT
from cti.core.rules import Rule, Rulebook
from cti.core.vocabulary import Vocabulary
from cti.i18n import mark, say
from cti.problems import Edit, Level, Problem, Problems
from cti.rulebook.context import Context
from cti.rulebook.digest import digest
from cti.rulebook.lexicon import Lexicon
from cti.rulebook.rule import read_rule
from cti.rulebook.seen import Seen, see
from cti.rulebook.stepnames import StepNames, step_names, texts_used
from cti.rulebook.steps import check_was
from cti.rulebook.table import Table
from cti.rulebook.texts import check_text
from cti.rulebook.vocabulary import read_vocabulary
from cti.rulebook.words import ID, slug
from cti.tomlfile import TomlFile
from cti.tomlmend import decoded

RULES = "rules/"
TESTS = "tests"
PROMPTS = "templates/prompts/"
VOCABULARY = f"{RULES}vocabulary.toml"

TEXT_NAME = re.compile(r"(.+)\.([a-z]{2,3})\.md")


@dataclass(frozen=True)
class Loaded:
    """What was read: the rulebook (None where there is an error), the problems, and the files it is made of.

    `files` holds the text of each file under "rules/…" and "templates/prompts/…", whatever the folders are called, so that
    `from_files` makes the same rulebook of it.
    """

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]
    files: Mapping[str, str]
    kept: Rulebook | None = field(repr=False, compare=False)
    """The rulebook also where texts have errors."""
    context: Context = field(repr=False, compare=False)
    steps: StepNames = field(repr=False, compare=False)
    """These two are for what is read against this folder: its tests."""
    rules: tuple[Rule, ...] = field(default=(), repr=False, compare=False)
    written: Mapping[str, TomlFile] = field(default_factory=dict, repr=False, compare=False)
    """The rules that could be read, and by their id the files of all that are TOML."""


@dataclass(frozen=True)
class Names:
    """How the two folders are called in messages, each with a slash at its end."""

    rules: str = RULES
    prompts: str = PROMPTS

    def of(self, file: str) -> str:
        """How a file is called in messages."""
        for ours, theirs in ((RULES, self.rules), (PROMPTS, self.prompts)):
            if file.startswith(ours):
                return theirs + file.removeprefix(ours)
        return file


def read_folder(
    path: Path,
    languages: Sequence[str],
    templates_path: Path,
    roles: Collection[str],
    base: Path | None = None,
    seen: Seen | None = None,
) -> Loaded:
    """The rulebook in the folder `path`, with the texts below `templates_path`/prompts; both as they were `seen`, else as they
    are now.

    Texts and labels must be there in all `languages` (the first is the default); `roles` are the staff desks of the config, to
    which steps may go besides the roles that every organisation has. Files are named from `base` on in messages, by default from
    the folder that `path` stands in. What is wrong is told, all of it at once, and never raised.
    """
    base = base if base is not None else path.parent
    names = Names(f"{shown(path, base)}/", f"{shown(templates_path / 'prompts', base)}/")
    files: dict[str, str] = {}
    found: list[Problem] = []
    lost: set[str] = set()
    seen = seen if seen is not None else see_rules(path, templates_path)
    prompts = templates_path / "prompts"
    for folder, ours, inside in ((path, RULES, seen.within(path)), (prompts, PROMPTS, seen.below(prompts))):
        if folder not in seen.folders:
            text = mark("the folder {folder} is not there")
            found.append(Problem("error", text, {"folder": shown(folder, base)}))
        called = [ours + file.relative_to(folder).as_posix() for file in inside]
        for file, name in zip(inside, called, strict=True):
            if not _is_ours(name):
                found += _strays(name, called, languages, names)
                if (meant := _saved_as_text(name)) is not None and meant not in called:
                    lost.add(meant)
                continue
            try:
                files[name] = text_of(seen.files[file], names.of(name))
            except Problems as problems:
                lost.add(name)
                found += problems.problems
    return _read(files, lost, tuple(languages), roles, names, found)


def from_files(
    files: Mapping[str, str], languages: Sequence[str] = (), roles: Collection[str] | None = None
) -> Loaded:
    """The rulebook made of `Loaded.files`, as kept in the database. By default in whatever languages and roles it has.

    It was right when it was kept, and stays in force: problems of its texts are told, and cost no rulebook.
    """
    loaded = _read(dict(files), set(), tuple(languages), roles, Names(), [])
    return replace(loaded, rulebook=loaded.rulebook or loaded.kept)


def see_rules(path: Path, templates_path: Path) -> Seen:
    """What a rules folder, its tests, and the texts of prompts say now."""
    return see(path, path / TESTS, deep=(templates_path / "prompts",))


def text_of(content: bytes | str, name: str) -> str:
    """The text of a file that was seen. Raises Problems where it could not be read, or is not UTF-8."""
    if isinstance(content, str):
        text = mark("the file cannot be read: {reason}")
        raise Problems([Problem("error", text, {"reason": content}, name)])
    return decoded(content, name)


def shown(path: Path, base: Path) -> str:
    """How a file or folder is called in messages."""
    return (path.relative_to(base) if path.is_relative_to(base) else path).as_posix()


def is_rule(name: str) -> bool:
    """Whether this file, as named in `Loaded.files`, is a rule."""
    return name.startswith(RULES) and name != VOCABULARY


def _is_ours(name: str) -> bool:
    if name.startswith(RULES):
        return name.endswith(".toml")
    return TEXT_NAME.fullmatch(name) is not None


def _strays(name: str, there: Collection[str], languages: Sequence[str], names: Names) -> Iterator[Problem]:
    """A file that is not read although someone may think so. It is to have another name, where none of the files has that."""
    if name.startswith(PROMPTS):
        text, better = mark("not read: a text is named STEP.LANGUAGE.md"), ""
        if name.lower().endswith((".md", ".md.txt", ".markdown")):
            stem = re.sub(r"\.(md|md\.txt|markdown)$", "", name, flags=re.IGNORECASE)
            spelt = [f"{stem}.md", *(f"{stem}.{lang}.md" for lang in languages)]
            better = next((file for file in spelt if _is_ours(file) and file not in there), "")
    elif ".toml" in name.lower() or name.endswith((".tml", ".yaml", ".yml", ".json")):
        text, better = mark("not read: a rule file is named RULE.toml"), _saved_as_text(name) or ""
        if not better and ".toml" in name.lower():
            better = f"{RULES}{slug(re.split('[.]toml', _stem_of(name), flags=re.IGNORECASE)[0])}.toml"
    else:
        return
    rename = _renamed(name, better, there, names) if better else ()
    level: Level = "error" if rename and better == _saved_as_text(name) else "warning"
    yield Problem(level, text, {}, names.of(name), further=rename)


def _saved_as_text(name: str) -> str | None:
    """The name of a rule file before a text editor added an ending of its own: without that rule much would be withdrawn."""
    if not name.startswith(RULES) or not name.lower().endswith(".toml.txt"):
        return None
    return f"{RULES}{slug(_stem_of(name[: -len('.toml.txt')]))}.toml"


def _renamed(name: str, better: str, there: Collection[str], names: Names) -> tuple[Edit, ...]:
    """The file under a better name; nothing where another file has that."""
    return () if better in there else (Edit("rename", names.of(name), names.of(better)),)


# --- from texts to a rulebook -----------------------------------------------------------------------------------------


def _read(
    files: dict[str, str],
    lost: Collection[str],
    languages: tuple[str, ...],
    roles: Collection[str] | None,
    names: Names,
    found: list[Problem],
) -> Loaded:
    parsed = _parsed(files, names, found)
    if VOCABULARY in parsed:
        lexicon = read_vocabulary(parsed[VOCABULARY], languages, found)
    else:
        lexicon = Lexicon(Vocabulary({}, {}, {}), lost=True)
        if VOCABULARY not in files and VOCABULARY not in lost:
            found.append(Problem("error", mark("the vocabulary is missing"), {}, names.of(VOCABULARY)))
    texts = _texts({*files, *lost})
    rules: list[Rule] = []
    rule_files = {name: file for name, file in parsed.items() if is_rule(name)}
    used = {"/".join(STILL_CURRENT)}.union(
        *(texts_used(slug(_stem_of(name)), file.values) for name, file in rule_files.items())
    )
    readable = all(name in parsed for name in (*files, *lost) if name.startswith(RULES))
    unused = texts.keys() - used if readable else ()
    context = Context(lexicon, languages, roles, texts, unused, names.prompts.rstrip("/"))
    for name, file in rule_files.items():
        rule = read_rule(file, _stem(name, file, files, names, found), context, found)
        if rule is not None:
            rules.append(rule)
    _check_ids_of_the_past(rule_files, found)
    sure = not any(problem.level == "error" for problem in found)
    _check_still_current(texts, languages, names, found)
    for name, text in files.items():
        match = TEXT_NAME.fullmatch(name.removeprefix(PROMPTS))
        if name.startswith(PROMPTS) and match is not None and (not languages or match[2] in languages):
            found += _checked(names.of(name), text, match[1] in used or not sure)
    problems = tuple(sorted(found, key=lambda problem: (problem.file or "", problem.line or 0)))
    kept = {name: text for name, text in files.items() if name in parsed or _used(name, used)}
    ours = [name for name in (*files, *lost) if is_rule(name)]
    raw = {slug(_stem_of(name)): parsed[name].values if name in parsed else None for name in ours}
    written = {slug(_stem_of(name)): file for name, file in rule_files.items()}
    loaded = Loaded(
        None, problems, kept, None, context, step_names(raw, sorted(texts)), tuple(rules), written
    )
    errors = [problem for problem in problems if problem.level == "error"]
    if any(not (problem.file or "").startswith(names.prompts) for problem in errors):
        return loaded
    rulebook = Rulebook(lexicon.vocabulary, tuple(sorted(rules, key=lambda rule: rule.id)))
    used_texts = {name: text for name, text in kept.items() if name.startswith(PROMPTS)}
    rulebook = replace(rulebook, digest=digest(rulebook, used_texts))
    return replace(loaded, rulebook=None if errors else rulebook, kept=rulebook)


def _parsed(files: Mapping[str, str], names: Names, found: list[Problem]) -> dict[str, TomlFile]:
    parsed: dict[str, TomlFile] = {}
    for name, text in files.items():
        if name.startswith(RULES):
            try:
                parsed[name] = TomlFile.parse(text, names.of(name))
            except Problems as problems:
                found += problems.problems
    return parsed


def _stem(name: str, file: TomlFile, there: Collection[str], names: Names, found: list[Problem]) -> str:
    """The id that a rule has by its file's name."""
    stem = _stem_of(name)
    if not ID.fullmatch(stem):
        text = mark("a rule file is named in small letters, digits and hyphens: {better}.toml")
        better = slug(stem) or "my-rule"
        rename = _renamed(name, f"{RULES}{better}.toml", there, names)
        found.append(Problem("error", text, {"better": better}, file.name, further=rename))
    elif stem == STILL_CURRENT[0]:
        text = mark('the name "{stem}" is taken: that question is asked without a rule')
        rename = _renamed(name, f"{RULES}{stem}-rule.toml", there, names)
        found.append(Problem("error", text, {"stem": stem}, file.name, further=rename))
    return slug(stem) or stem


def _stem_of(name: str) -> str:
    return name.removeprefix(RULES).removesuffix(".toml")


def _texts(files: Collection[str]) -> dict[str, set[str]]:
    """The languages in which each text is there."""
    texts: dict[str, set[str]] = {}
    for name in sorted(files):
        match = TEXT_NAME.fullmatch(name.removeprefix(PROMPTS))
        if name.startswith(PROMPTS) and match is not None:
            texts.setdefault(match[1], set()).add(match[2])
    return texts


def _used(name: str, used: Collection[str]) -> bool:
    match = TEXT_NAME.fullmatch(name.removeprefix(PROMPTS))
    return match is not None and match[1] in used


def _checked(name: str, text: str, used: bool) -> Iterator[Problem]:
    """What is wrong with a text. One that no step uses does no harm, whatever is in it."""
    if not used:
        yield Problem("warning", mark("no step uses this text"), {}, name, 1)
        return
    yield from check_text(name, text)


def _check_still_current(
    texts: Mapping[str, Collection[str]], languages: Sequence[str], names: Names, found: list[Problem]
) -> None:
    for lang in languages:
        rule, step = STILL_CURRENT
        if lang not in texts.get(f"{rule}/{step}", ()):
            text = mark("this text is missing: it is sent when a moment became known late")
            file = f"{names.prompts}{rule}/{step}.{lang}.md"
            title, body = say(lang, "Does this still hold?"), say(lang, "This became known only now.")
            new = Edit("new", file, f"# {title}\n\n{body}\n")
            found.append(Problem("error", text, {}, file, further=(new,)))


def _check_ids_of_the_past(files: Mapping[str, TomlFile], found: list[Problem]) -> None:
    """An id under `was` is no longer in use, and only one rule was called so."""
    stems = {name: _stem_of(name) for name in files}
    taken: dict[str, str] = {}
    for name, file in files.items():
        table = Table.top(file, found, stems[name])
        in_use = mark("{field}: {value} is the id of a rule that is there; only ids of the past stand here")
        check_was(table, list(stems.values()), in_use)
        claimed = mark('{field}: {value} stands under another rule\'s "was" already')
        check_was(table, [was for was, other in taken.items() if other != name], claimed)
        was = file.values.get("was")
        for old in was if isinstance(was, list) else ():
            taken.setdefault(str(old), name)
