"""What is to be written so that a problem is gone, in lines to read."""

from __future__ import annotations

from collections.abc import Iterator

from cti.i18n import mark, say
from cti.problems import Problem


def remedies(problem: Problem, lang: str) -> Iterator[str]:
    """What to write, and where: beside the text of the problem's own line only what is not plain is said."""
    lead = say(lang, "write")
    indent = " " * (len(lead) + 2)
    if problem.suggestion:
        if _taken_out(problem):
            lead, indent = say(lang, "leave out"), ""
        first, *others = problem.suggestion.split("\n")
        yield f"{lead}  {first}"
        yield from (f"{indent}{other}" for other in others)
    elif problem.suggestion is not None:
        yield say(lang, "take line {line} away", line=problem.line)
    for edit in problem.further:
        if edit.how == "rename":
            yield say(lang, "call the file {name}", name=edit.text)
            continue
        where = NEW_WORD if edit.new_word else _WHERE[edit.how]
        yield say(lang, where, file=edit.file, line=edit.line)
        yield from (f"{indent}{text}" for text in edit.text.strip("\n").split("\n"))


def _taken_out(problem: Problem) -> bool:
    """Whether the line is only to be put out of effect, by a `#` before it."""
    toml = (problem.file or "").endswith(".toml")
    return (
        toml
        and "\n" not in (problem.suggestion or "")
        and (problem.suggestion or "").lstrip().startswith("# ")
    )


NEW_WORD = mark("none of these? Then write in {file}, below line {line}:")
_WHERE = {
    "instead": mark("write in {file}, in place of line {line}:"),
    "below": mark("write in {file}, below line {line}:"),
    "new": mark("make the file {file}:"),
}
