"""Checks prompt texts: Markdown with Jinja2 variables, whose first line is the title.

A text goes out under a mail's subject and on a page; what is wrong with it must show before a worker gets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes

from cti.i18n import mark
from cti.problems import Problem
from cti.rulebook.textmend import mend_syntax
from cti.rulebook.words import listed, nearest
from cti.sandbox import Sandbox, TooMuch

VARIABLES: Mapping[str, str] = {
    "client": mark("the client's reference in the registration"),
    "day": mark("the day of the moment that the prompt is about"),
    "due": mark("the day on which the step is due"),
    "expected_day": mark("the day on which something is foreseen, where one is known"),
    "worker": mark("the client's worker"),
    "previous_worker": mark("the worker before the change"),
    "from_situation": mark("where the client comes from"),
    "situation": mark("where the client is now"),
    "coordinator": mark("whom to reach about a conference, from the config"),
    "places": mark("places in the neighbourhood, from the config"),
    "funding": mark("how a conference is paid for, from the config"),
    "organisation": mark("the organisation's name, from the config"),
}
"""What a text may be filled in with: the variable and what it says (a message to translate). All are plain texts."""

MEANT = {
    **dict.fromkeys(("name", "naam", "klant", "bewoner", "deelnemer", "reference"), "client"),
    **dict.fromkeys(("date", "datum", "moment"), "day"),
    **dict.fromkeys(("deadline", "vervaldag"), "due"),
    **dict.fromkeys(("medewerker", "begeleider", "werker"), "worker"),
    **dict.fromkeys(("vorige-medewerker", "vorige-begeleider"), "previous_worker"),
    **dict.fromkeys(("situatie", "plek"), "situation"),
    **dict.fromkeys(("vorige-situatie", "herkomst", "van"), "from_situation"),
    **dict.fromkeys(("verwachte-dag", "verwachte-datum", "expected-date"), "expected_day"),
    **dict.fromkeys(("locaties", "adressen"), "places"),
    **dict.fromkeys(("betaling", "geld", "financiering"), "funding"),
    **dict.fromkeys(("organisatie", "instelling"), "organisation"),
}
"""What people write in place of a variable."""

ALWAYS_FILLED = ("client", "day", "due", "situation", "organisation")
"""The others may be empty."""

MUCH = 500
"""Letters of a long value: a paragraph on places in the neighbourhood."""

LONGEST_TITLE = 60

TITLE = re.compile(r"# +(?!#+[ \t]*$)(\S.*)")
"""A heading of Markdown, of which something is left: signs at its end only close it."""

NO_TITLE = mark("the first line is the title: # and a few words")


@cache
def environment() -> Sandbox:
    """The Jinja2 environment of prompt texts: no access to anything but the variables, and none may be missing."""
    return Sandbox(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)


@lru_cache(maxsize=2048)  # a folder is read again for one changed file in a hundred
def check_text(name: str, text: str) -> tuple[Problem, ...]:
    """What is wrong with the text of the file `name`, from top to bottom."""
    text = lines_ended(text)
    if not text.strip():
        empty = mark("the text is empty: its first line is the title, # and a few words")
        return (Problem("error", empty, {}, name, 1, suggestion=f"# {_named(name)}"),)
    try:
        return _checked(name, text)
    except TOO_DEEP:
        return (
            Problem("error", mark("conditions or brackets stand too deep within one another"), {}, name, 1),
        )


def lines_ended(text: str) -> str:
    """The text with its lines ended as ours are. Jinja2 takes a lone carriage return for the end of one as well."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


TOO_DEEP = (RecursionError, MemoryError, SyntaxError)
"""What Python says of a text that nests more than it can."""


def _checked(name: str, text: str) -> tuple[Problem, ...]:
    found = list(_title(name, text))
    env = environment()
    syntax, readable = mend_syntax(env, name, text)
    found += syntax
    told = {problem.line for problem in found}
    found += (problem for problem in _single_braces(name, text) if problem.line not in told)
    if readable is not None:
        before = len(found)
        found += _words(env, name, readable)
        if not syntax and before == len(found):
            found += _trial(env, name, text)
    return tuple(sorted(found, key=lambda problem: problem.line or 0))


def _title(name: str, text: str) -> Iterator[Problem]:
    first = text.split("\n", 1)[0]
    match = TITLE.fullmatch(first)
    if match is None:
        words = first.strip().lstrip("#*_ ").rstrip("#*_: ")
        if not words:
            words = next(
                (line.strip().lstrip("#*_ ") for line in text.split("\n") if line.strip("#*_ \t")), ""
            )
        title = f"# {words}" if TITLE.fullmatch(f"# {words}") else f"# {_named(name)}"
        yield Problem("error", NO_TITLE, {}, name, 1, suggestion=title)
        return
    title = match[1]
    if "{{" in title or "{%" in title:
        plain = re.sub(r"\s*(\{\{.*?\}\}|\{%.*?%\})", "", first)
        plain = re.sub(r"^#[\s:;,.-]*", "# ", plain)
        text_of = mark(
            "the title stands in lists and mails: it holds nothing about the client, so no variables"
        )
        yield Problem("error", text_of, {}, name, 1, suggestion=plain if plain.strip("# ") else None)
    elif len(title) > LONGEST_TITLE:
        text_of = mark("the title has {count} characters; more than {most} do not fit on a phone")
        params = {"count": len(title), "most": LONGEST_TITLE}
        yield Problem("warning", text_of, params, name, 1)


def _named(name: str) -> str:
    """A title for want of a better one: "map-network.nl.md" is about "Map network"."""
    return name.rpartition("/")[2].partition(".")[0].replace("-", " ").capitalize()


BRACED = re.compile(r"(\{+)[ \t]*([A-Za-z][\w-]*)[ \t]*(\}+)")


def _single_braces(name: str, text: str) -> Iterator[Problem]:
    """`{client}` is no error to Jinja2: it would go out as it stands."""

    def mended(hit: re.Match[str]) -> str:
        meant = nearest(hit[2], VARIABLES, meant=MEANT)
        doubled = (hit[1], hit[3]) == ("{{", "}}")
        return hit[0] if doubled or meant is None else "{{ " + meant + " }}"

    for number, line in enumerate(text.split("\n"), 1):
        for hit in BRACED.finditer(line):
            if mended(hit) != hit[0]:
                text_of = mark("{value}: a variable stands between double braces")
                params = {"value": hit[0], "guess": mended(hit)}
                yield Problem("error", text_of, params, name, number, suggestion=BRACED.sub(mended, line))
                break


def _words(env: Sandbox, name: str, text: str) -> Iterator[Problem]:
    """Variables and filters that are not there, and parts of variables, which have none."""
    tree = env.parse(text)
    lines = text.split("\n")
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    seen: set[tuple[int, str]] = set()

    def note(line: int, text_of: str, word: str, better: str | None, **params: object) -> Iterator[Problem]:
        if (line, word) in seen:
            return
        seen.add((line, word))
        mended = _replaced(lines[line - 1], word, better) if better is not None else None
        guess = {"guess": better} if better is not None else {}
        yield Problem("error", text_of, {"name": word, **guess, **params}, name, line, suggestion=mended)

    for part in tree.find_all((nodes.Getattr, nodes.Getitem)):
        base = _base(part)
        if base is not None and base in VARIABLES:
            written = re.search(rf"\b{base}\s*(?:\.\w+(?:\(\))?|\[[^\]]*\])+", lines[part.lineno - 1])
            word = written[0] if written else base
            yield from note(
                part.lineno, mark('"{name}": a variable is a plain text and has no parts'), word, base
            )
    for variable in tree.find_all(nodes.Name):
        word = variable.name
        if variable.ctx != "load" or word in VARIABLES or word in own:
            continue
        hyphened = _hyphened(lines[variable.lineno - 1], word)
        better = nearest(hyphened or word, (*VARIABLES, *own), meant=MEANT)
        if better is not None:
            yield from note(variable.lineno, mark('there is no variable "{name}"'), hyphened or word, better)
        else:
            text_of = mark('there is no variable "{name}"; possible are {known}')
            yield from note(variable.lineno, text_of, word, None, known=listed(VARIABLES))
    for called in tree.find_all((nodes.Filter, nodes.Test)):
        known = env.filters if isinstance(called, nodes.Filter) else env.tests
        if called.name not in known:
            better = nearest(called.name, known)
            yield from note(
                called.lineno, mark('"{name}" is nothing that a text can do'), called.name, better
            )
    for outside in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Macro)):
        line = lines[outside.lineno - 1]
        mended = re.sub(r"\{%-?\s*(include|import|from|extends)\b.*?%\}", "", line)
        suggestion = mended if mended != line else None
        text_of = mark("a text stands alone: it takes no others in")
        yield Problem("error", text_of, {}, name, outside.lineno, suggestion=suggestion)


def _base(part: nodes.Expr) -> str | None:
    while isinstance(part, nodes.Getattr | nodes.Getitem):
        part = part.node
    return part.name if isinstance(part, nodes.Name) else None


def _hyphened(line: str, word: str) -> str | None:
    """The word with what hyphens join to it: `previous-worker` reads as a subtraction."""
    for hit in re.finditer(r"\w+(?:-\w+)+", line):
        if word in hit[0].split("-") and nearest(hit[0], VARIABLES, meant=MEANT) is not None:
            return hit[0]
    return None


def _replaced(line: str, word: str, better: str) -> str | None:
    """The line with a word replaced where it stands between braces; None where it stands there nowhere."""
    inside = re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w-])")
    mended = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", lambda part: inside.sub(better, part[0]), line)
    return mended if mended != line else None


def _trial(env: Sandbox, name: str, text: str) -> Iterator[Problem]:
    """Fills the text in with everything known, with much of everything, and with as little as possible: what fails here would
    fail at sending."""
    full = dict.fromkeys(VARIABLES, "x")
    much = dict.fromkeys(VARIABLES, "x" * MUCH)
    spare = {variable: ("x" if variable in ALWAYS_FILLED else "") for variable in VARIABLES}
    template: Template | None = None
    for values in (full, much, spare):
        try:
            template = template or env.from_string(text)
            words = template.render(values)
        except TooMuch as error:
            text_of = mark("a number, a repetition or a loop here is too large for a text")
            yield Problem("error", text_of, {}, name, _line_of(error))
            return
        except TOO_DEEP:
            raise
        except Exception as error:  # a template is code, of which anything may go wrong
            text_of = mark("this cannot be filled in: {reason}")
            line = _line_of(error)
            plain = FILTERED.sub(r"{{ \1 }}", text.split("\n")[line - 1])
            suggestion = plain if plain != text.split("\n")[line - 1] else None
            yield Problem("error", text_of, {"reason": str(error)}, name, line, suggestion=suggestion)
            return
        if TITLE.match(text) and not TITLE.match(words):
            yield Problem("error", NO_TITLE, {}, name, 1, suggestion=f"# {_named(name)}")
            return


FILTERED = re.compile(r"\{\{\s*(\w+)\s*\|[^}]*\}\}")


def _line_of(error: BaseException) -> int:
    """The line of the text on which filling it in failed."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    line, frame = 1, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == "<template>":
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
