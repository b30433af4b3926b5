"""What is wrong in a text that Jinja2 cannot read, and how to mend it.

Jinja2's own message speaks of tokens. Here the line is repaired in the ways in which people err; the first repair that brings
the reader further says what was wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from jinja2 import Environment, TemplateSyntaxError

from cti.i18n import mark
from cti.problems import Problem, corrected
from cti.rulebook.words import nearest

TAGS = ("if", "elif", "else", "endif", "for", "endfor", "set")
"""What a text may say between {% and %}."""

MOST = 20  # findings of one text: who mends these sees the rest

BRACES = mark(
    "braces are missing or too many: a variable stands between {{ and }}, a condition between {% and %}"
)
UNKNOWN_TAG = mark("between {% and %} can stand if, else, endif and a few more, not this")
NOT_CLOSED = mark("{% {tag} … %} is not closed")
NOT_OPENED = mark("this closes what was never opened")
ONE_EQUALS = mark("two things are compared with ==")
SPACE_IN_NAME = mark("a variable has no spaces in its name")
UNREADABLE = mark("what stands between the braces here cannot be read")


class _Repair(NamedTuple):
    line: str
    text: str
    params: dict[str, object]


def mend_syntax(env: Environment, name: str, text: str) -> tuple[list[Problem], str | None]:
    """What keeps the text from being read, and the text with all of that mended; None where something cannot be."""
    found: list[Problem] = []
    added = 0  # lines that repairs have put in so far
    for _ in range(3 * MOST):  # a line may need several repairs; one that none of them helps is given up
        error = _error(env, text)
        if error is None:
            return found, text
        if len(found) == MOST:
            return found, None
        line = _line_at_fault(text, error)
        repair = _repair(env, text, line, error)
        if repair is None:
            found.append(Problem("error", UNREADABLE, {}, name, max(1, line - added)))
            return found, None
        if not found or found[-1].line != line - added:
            found.append(
                Problem("error", repair.text, repair.params, name, line - added, suggestion=repair.line)
            )
        else:  # one line, twice wrong: the first message stands, and the suggestion mends both
            last = found[-1]
            found[-1] = Problem("error", last.text, last.params, name, last.line, suggestion=repair.line)
        text = corrected(text, line, repair.line)
        added += repair.line.count("\n")
    return found, text if _error(env, text) is None else None


def _error(env: Environment, text: str) -> TemplateSyntaxError | None:
    try:
        env.parse(text)
    except TemplateSyntaxError as error:
        return error
    return None


def _line_at_fault(text: str, error: TemplateSyntaxError) -> int:
    """The line to mend: the last with something on it where the end of the text came too early."""
    lines = text.split("\n")
    line = min(error.lineno, len(lines))
    while line > 1 and not lines[line - 1].strip():
        line -= 1
    # Where braces are opened and not closed, the reader stops at the next that close, perhaps lines below.
    while line > 1 and "{" not in lines[line - 1] and "}" not in lines[line - 1] and _open(lines[line - 2]):
        line -= 1
    return line


def _open(line: str) -> bool:
    return bool(re.search(r"(\{\{|\{%)(?!.*(\}\}|%\}))", line))


def _repair(env: Environment, text: str, line: int, error: TemplateSyntaxError) -> _Repair | None:
    """The first repair of the line after which the reader gets past it."""
    old = text.split("\n")[line - 1]
    for repair in _proposals(old, error):
        if repair.line == old:
            continue
        after = _error(env, corrected(text, line, repair.line))
        if after is None or after.lineno > line + repair.line.count("\n") or _later(after, error, line):
            return repair
    return None


def _later(after: TemplateSyntaxError, before: TemplateSyntaxError, line: int) -> bool:
    """Whether another fault is left, further down than this one: at least the words differ and it is not above."""
    return after.lineno >= line and str(after) != str(before) and "end of template" in str(after)


def _proposals(line: str, error: TemplateSyntaxError) -> Iterator[_Repair]:
    message = error.message or ""
    tag = re.search(r"unknown tag '(\w+)'", message)
    if tag:
        better = nearest(tag[1], TAGS)
        if tag[1].startswith("end") and tag[1] in ("endif", "endfor"):
            yield _Repair(re.sub(rf"\{{%-?\s*{tag[1]}\s*-?%\}}", "", line), NOT_OPENED, {})
        elif better is not None:
            mended = re.sub(rf"(\{{%-?\s*){tag[1]}\b", rf"\g<1>{better}", line)
            yield _Repair(mended, UNKNOWN_TAG, {"guess": better})
    if "end of template" in message or "end-of-template" in message:
        inner = re.search(r"innermost block that needs to be closed is '(\w+)'", message)
        opened = "for" if inner and inner[1] == "for" else "if"
        yield _Repair(
            f"{line}{{% end{opened} %}}", NOT_CLOSED, {"tag": opened, "guess": f"{{% end{opened} %}}"}
        )
    for spaced in re.finditer(r"\{\{\s*(\w+(?: +\w+)+)\s*\}\}", line):
        joined = "_".join(spaced[1].split())
        mended = f"{line[: spaced.start(1)]}{joined}{line[spaced.end(1) :]}"
        yield _Repair(mended, SPACE_IN_NAME, {"guess": joined})
    yield _Repair(re.sub(r"(\{%[^%]*?[^=!<>])=(?!=)", r"\1==", line), ONE_EQUALS, {})
    yield from _braces(line)
    yield _Repair(re.sub(r"\{\{\s*\}\}|\{%\s*%\}", "", line), UNREADABLE, {})


def _braces(line: str) -> Iterator[_Repair]:
    """Openings and closings that do not match."""
    tags = "|".join(TAGS)
    word = rf"(?!(?:{tags})\b)(\w+)"
    block = rf"((?:{tags})\b(?:\s+[\w|]+)*)"
    variables = re.sub(rf"\{{+%?\s*{word}\s*%?\}}+", r"{{ \1 }}", line)
    blocks = re.sub(rf"\{{[{{%]?\s*{block}\s*%?\}}+", r"{% \1 %}", line)
    yield _Repair(variables, BRACES, {})
    yield _Repair(blocks, BRACES, {})
    yield _Repair(re.sub(rf"\{{[{{%]?\s*{block}\s*%?\}}+", r"{% \1 %}", variables), BRACES, {})
    yield _Repair(re.sub(rf"\{{\{{\s*{word}\s*[%}}]*(?=\W|$)(?!\s*\}})", r"{{ \1 }}", line), BRACES, {})
    yield _Repair(re.sub(rf"\{{%\s*{block}\s*[%}}]*\s*$", r"{% \1 %}", line), BRACES, {})
