"""Which text a step uses: a path below templates/prompts, without language and ending."""

from __future__ import annotations

import re
from collections.abc import Callable

from cti.core.prompts import STILL_CURRENT
from cti.i18n import mark
from cti.problems import Edit
from cti.rulebook.context import Context
from cti.rulebook.table import Table
from cti.rulebook.words import Plain, Wrong, nearest, read_text
from cti.tomlfile import literal

PATH = re.compile(r"[\w-]+(/[\w-]+)*")


def text_file(text: str, lang: str) -> str:
    """The file of a text below the folder of the prompts: "crisis-intake/map-network.nl.md"."""
    return f"{text}.{lang}.md"


def read_text_path(context: Context, table: Table) -> Callable[[object], str]:
    """A reader of the path of a text, which must be there in each language."""

    def read(value: object) -> str:
        path = read_text(value)
        plain = re.sub(
            r"^(\.?/)?(templates/)?(prompts/)?|(\.[a-z]{2})?\.md$|\.[a-z]{2}$", "", path.replace("\\", "/")
        )
        texts = context.texts
        if plain != path:
            raise Wrong(
                mark("{field} = {value}: a path below {folder}, without language and ending"),
                better=plain,
                folder=context.prompts,
            )
        if texts is not None and path not in texts:
            of_steps = [known for known in texts if known != "/".join(STILL_CURRENT)]
            better = next((known for known in of_steps if known.split("/")[-1] == path.split("/")[-1]), None)
            better = better or nearest(path, of_steps)
            file = f"{context.prompts}/{text_file(path, next(iter(context.languages), 'en'))}"
            new = () if better else new_texts(table, path, context)
            raise Wrong(mark("{field} = {value}: there is no {file}"), better=better, further=new, file=file)
        note_missing_text(table, "text", path, context)
        return path

    return read


def note_missing_text(table: Table, key: str | None, text: str, context: Context) -> None:
    """Notes the languages in which a text is not there; all of them as one problem where another text may be meant."""
    if context.texts is None:
        return
    there = context.texts.get(text, ())
    missing = [lang for lang in context.languages if lang not in there]
    files = [f"{context.prompts}/{text_file(text, lang)}" for lang in missing]
    if not files:
        return
    at = key if key is not None else "id"
    new = new_texts(table, text, context)
    # The texts of one rule all begin alike: what may be misspelt is what comes behind that.
    folder, _, name = text.rpartition("/")
    of_steps = (known for known in context.texts if known != "/".join(STILL_CURRENT))
    others = {known.removeprefix(f"{folder}/"): known for known in of_steps}
    guess = nearest(name, others)
    if there:
        for file in files:
            further = tuple(edit for edit in new if edit.file == file)
            table.note(mark("the text {file} is missing"), {"file": file}, key=at, further=further)
    elif (old := _old_text(text, table, context)) is not None and (guess is None or others[guess] == old):
        said = mark(
            "the text {file} is missing, and no step uses {old}: where that is the text, rename it, and say under "
            "was what the step was called"
        )
        further = _renamed(old, text, table, context)
        table.note(said, {"file": files, "old": text_file(old, missing[0])}, key=at, further=further)
    elif guess is None:
        one, more = mark("the text {file} is missing"), mark("the texts {file} are missing")
        table.note(one if len(files) == 1 else more, {"file": files}, key=at, further=new)
    else:
        better = others[guess]
        params = {"file": files[0], "guess": Plain(f'text = "{better}"')}
        line, suggestion = table.file.insert_after((*table.path,), f'text = "{better}"')
        table.note(mark("the text {file} is missing"), params, line=line, suggestion=suggestion)


def _old_text(text: str, table: Table, context: Context) -> str | None:
    """The text of a step that now has another name, or whose rule has: the one that no step uses."""
    folder, _, step = text.rpartition("/")
    same_rule = [name for name in context.unused if name.rpartition("/")[0] == folder]
    same_step = [name for name in context.unused if name.rpartition("/")[2] == step]
    left = same_rule or same_step
    return left[0] if len(left) == 1 and "was" not in table else None


def _renamed(old: str, text: str, table: Table, context: Context) -> tuple[Edit, ...]:
    """What gives the texts of a step its new name; and its old name, so that nothing is sent a second time."""
    there = (context.texts or {}).get(old, ())
    files = (
        Edit(
            "rename",
            f"{context.prompts}/{text_file(old, lang)}",
            f"{context.prompts}/{text_file(text, lang)}",
        )
        for lang in context.languages
        if lang in there
    )
    name = old.rpartition("/")[2]
    was = (table.file.addition(table.path, f"was = {literal([name])}"),) if name != table.step else ()
    new = (
        edit
        for edit in new_texts(table, text, context)
        if edit.file[: -len(".md")].rpartition(".")[2] not in there
    )
    return (*files, *new, *was)


def new_texts(table: Table, text: str, context: Context) -> tuple[Edit, ...]:
    """The files of a text that are not there, each with something to begin with: the step as title, and why the rule is there."""
    if not PATH.fullmatch(text):
        return ()
    there = (context.texts or {}).get(text, ())
    missing = [lang for lang in context.languages if lang not in there]
    title = text.rpartition("/")[2].replace("-", " ").capitalize()
    why = table.file.values.get("why")
    return tuple(
        Edit(
            "new",
            f"{context.prompts}/{text_file(text, lang)}",
            f"# {title}\n\n{why[lang] if isinstance(why, dict) and isinstance(why.get(lang), str) else title}\n",
        )
        for lang in missing
    )
