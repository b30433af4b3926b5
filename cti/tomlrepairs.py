"""Ways in which a person's line is not quite TOML, and the line that was probably meant.

Each repair takes one line and proposes others, with the message that says what was wrong. They may propose
freely: whoever uses them keeps only what makes the whole text readable (`cti.tomlmend`).
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from cti.days import day_in_words
from cti.i18n import mark


class Repair(NamedTuple):
    """A line that may be meant, and the message (with its params) that says what was wrong with the other."""

    line: str
    text: str
    params: Mapping[str, object]


class Token(NamedTuple):
    """A piece of a line, by kind: `quoted`, `open` (a quote that is not closed), `sign`, `comment`, `space`, `bare`."""

    kind: str
    text: str


_TOKEN = re.compile(
    r"""(?P<quoted>"(?:[^"\\]|\\.)*"|'[^']*')
      | (?P<open>["'].*)
      | (?P<sign>[][{},=])
      | (?P<comment>\#.*)
      | (?P<space>\s+)
      | (?P<bare>[^\s"'\[\]{},=\#]+(?:\s+[^\s"'\[\]{},=\#]+)*)""",
    re.VERBOSE,
)

NO_BACKSLASH = mark("a text with a backslash in it stands between single quotes")
CLOSE_HEADER = mark("the name of a table stands between [ and ], or between [[ and ]]")
QUOTE_HEADER = mark("a name with spaces stands between quotes")
EQUALS_MISSING = mark("there is no = between the name and its value")
POINT_NOT_COMMA = mark("a number is written with a point: {value}")
DAY_ORDER = mark("a day is written as year-month-day: {value}")
TRUE_FALSE = mark("yes and no are written as true and false")
QUOTE_TEXT = mark("text stands between quotes: {value}")
NOTHING_AFTER = mark("nothing stands after a value; take {sign} away")
COMMA_MISSING = mark("a comma is missing between two values")
COMMA_LAST = mark("no comma stands before {sign}")
CLOSING_MISSING = mark("a closing {sign} is missing")
CLOSING_SURPLUS = mark("there is a closing {sign} too many")
LIST_BRACKETS = mark("several values stand between [ and ]")
LINE_EACH = mark("each name with its value stands on a line of its own")
QUOTE_OPEN = mark("a quote is opened and not closed")
QUOTE_CLOSED = mark("a quote is closed and not opened")
QUOTES_INSIDE = mark("a text with double quotes in it stands between single quotes")
COMMENT_SIGN = mark("this is neither a name with a value nor a comment; a comment begins with #")


def tokens(line: str) -> list[Token]:
    """The pieces of a line, which together are the line again."""
    return [Token(hit.lastgroup or "", hit[0]) for hit in _TOKEN.finditer(line)]


def split_comment(line: str) -> tuple[str, str]:
    """A line and what closes it: the spaces and the comment at its end."""
    pieces = tokens(line)
    end = len(pieces)
    while end and pieces[end - 1].kind in ("comment", "space"):
        end -= 1
    return "".join(piece.text for piece in pieces[:end]), "".join(piece.text for piece in pieces[end:])


def day_parts(written: str) -> tuple[int, int, int] | None:
    """Year, month and day of something written as a day, be it 2026-3-1, 1-3-2026 or 1/3/2026; not whether
    it exists.

    The day comes before the month, as in the Netherlands and nearly everywhere.
    """
    parts = re.fullmatch(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})", written)
    if not parts:
        return None
    first, month, last = int(parts[1]), int(parts[3]), int(parts[4])
    year, day = (first, last) if len(parts[1]) == 4 else (last, first)
    return (year, month, day) if year >= 1900 else None


def header(line: str) -> Iterator[Repair]:
    """A table's name with a bracket or its quotes missing."""
    body, rest = split_comment(line)
    found = re.fullmatch(r"(\s*)(\[{0,2})\s*([^][{}=,]+?)\s*(\]{0,2})", body)
    if found and (found[2] or found[4]):
        count = max(len(found[2]), len(found[4]))
        opening, closing = "[" * count, "]" * count
        yield Repair(f"{found[1]}{opening}{found[3]}{closing}{rest}", CLOSE_HEADER, {})
        names = (name.strip() for name in found[3].split("."))
        quoted = ".".join(json.dumps(name) if " " in name and '"' not in name else name for name in names)
        yield Repair(f"{found[1]}{opening}{quoted}{closing}{rest}", QUOTE_HEADER, {})


def bare_values(line: str) -> Iterator[Repair]:
    """Values without the quotes, the order or the letters that TOML wants of them."""
    decimal = re.fullmatch(r"(.*=\s*)([+-]?\d+(?:\.\d{3})*),(\d+)(\s*(?:#.*)?)", line)
    if decimal:
        value = f"{decimal[2].replace('.', '')}.{decimal[3]}"
        yield Repair(f"{decimal[1]}{value}{decimal[4]}", POINT_NOT_COMMA, {"value": value})
    pieces = tokens(line)
    text, mended = "", ""
    params: Mapping[str, object] = {}
    for index, (kind, piece) in enumerate(pieces):
        following = next((later.text for later in pieces[index + 1 :] if later.kind != "space"), "")
        if kind == "bare" and following != "=" and not _is_value(piece):
            value, why = _meant(piece)
            text, params = (text, params) if text else (why, {"value": value})
            piece = value
        mended += piece
    if text:
        yield Repair(mended, text, params)


_VALUE = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|-?\d+|true\b|false\b)"""
_SEVERAL = re.compile(rf"(=\s*)({_VALUE}(?:(?:\s*,\s*|\s+(?:or|of)\s+){_VALUE}(?!\s*=))+)")


def _in_brackets(several: re.Match[str]) -> str:
    """Values that stand loose behind a name, as a list."""
    return f"{several[1]}[{', '.join(re.findall(_VALUE, several[2]))}]"


def signs_between(line: str) -> Iterator[Repair]:
    """Commas and brackets that are missing or too many, and several statements on one line."""
    body, rest = split_comment(line)
    if body.endswith((",", ";")):
        yield Repair(body.rstrip(",; ") + rest, NOTHING_AFTER, {"sign": body[-1]})
    yield Repair(re.sub(r"\s+(?://|--)\s*", "  # ", body, count=1) + rest, COMMENT_SIGN, {})
    yield Repair(re.sub(r",(\s*\})", r"\1", body) + rest, COMMA_LAST, {"sign": "}"})
    yield Repair(_with_commas(body) + rest, COMMA_MISSING, {})
    balanced, sign, surplus = _balanced(body)
    if sign:
        yield Repair(balanced + rest, CLOSING_SURPLUS if surplus else CLOSING_MISSING, {"sign": sign})
    listed = re.fullmatch(r"""(\s*[\w.-]+\s*=\s*)([^][{}]+,[^][{}]+)""", body)
    if listed:
        yield Repair(f"{listed[1]}[{listed[2]}]{rest}", LIST_BRACKETS, {})
    yield Repair(_SEVERAL.sub(_in_brackets, body) + rest, LIST_BRACKETS, {})
    for later in re.finditer(r"""(?<=["'\]}\w])\s+(?=[\w.-]+\s*=)""", body):
        yield Repair(f"{body[: later.start()]}\n{body[later.end() :]}{rest}", LINE_EACH, {})


def quotes(line: str) -> Iterator[Repair]:
    """Quotes that are missing at one end, or stand within a text."""
    for found in re.finditer(r'"((?:[^"\\]|\\.)*)"', line):
        if "\\" in found[1] and "'" not in found[1]:
            single = re.sub(r'"((?:[^"\\]|\\.)*\\(?:[^"\\]|\\.)*)"', r"'\1'", line)
            yield Repair(single, NO_BACKSLASH, {})
            yield Repair(single.replace("\\\\", "\\"), NO_BACKSLASH, {})
            break
    for found in re.finditer(r"""(?<=[\[,=])(\s*)([^\s"'\[\]{},=#][^"'\[\]{},=#]*)["']""", line):
        yield Repair(f'{line[: found.start()]}{found[1]}"{found[2]}"{line[found.end() :]}', QUOTE_CLOSED, {})
    for found in re.finditer(r"""(["'])[^"'\[\]{},=]*?(?=\s*[,\]}])""", line):
        yield Repair(line[: found.end()] + found[1] + line[found.end() :], QUOTE_OPEN, {})
    whole = re.fullmatch(r"(\s*[^=]*?=\s*)([^\s\[{].*?)(\s*|\s+#.*)", line)
    if whole and any(piece.kind not in ("quoted", "space") for piece in tokens(whole[2])):
        for value, rest in ((whole[2], whole[3]), (line[len(whole[1]) :].rstrip(), "")):
            inner = value.strip("\"'“”„‘’")
            if '"' in inner and "'" not in inner:
                yield Repair(f"{whole[1]}'{inner}'{rest}", QUOTES_INSIDE, {})
            why = QUOTE_OPEN if value[0] in "\"'" else QUOTE_CLOSED if value[-1] in "\"'" else QUOTE_TEXT
            written = json.dumps(inner, ensure_ascii=False)
            yield Repair(f"{whole[1]}{written}{rest}", why, {"value": written})


def names(line: str) -> Iterator[Repair]:
    """Names that need quotes, and remarks without their sign."""
    spaced = re.match(r"""(\s*)([^\s"'=\[\]{}#][^"'=\[\]{}#]*?)(\s*=)""", line)
    if spaced:
        yield Repair(f"{spaced[1]}{json.dumps(spaced[2])}{line[spaced.end(2) :]}", QUOTE_HEADER, {})
    pair = re.fullmatch(r"(\s*[\w-]+)\s+([\w-]+)(\s*(?:#.*)?)", line)
    if pair:
        yield Repair(f'{pair[1]} = "{pair[2]}"{pair[3]}', EQUALS_MISSING, {})
    remark = re.match(r"\s*(?://|--|;|/\*)\s*", line)
    if remark:
        yield Repair(f"# {line[remark.end() :]}", COMMENT_SIGN, {})
    elif "=" not in line and len(line.split()) >= 3 and line.strip()[0].isalpha():
        yield Repair(f"# {line.strip()}", COMMENT_SIGN, {})


# In this order: of two that bring the reader as far, the first is kept.
REPAIRS: tuple[Callable[[str], Iterator[Repair]], ...] = (header, bare_values, signs_between, quotes, names)


def _is_value(written: str) -> bool:
    try:
        tomllib.loads(f"x = {written}")
    except tomllib.TOMLDecodeError:
        return False
    return True


def _meant(written: str) -> tuple[str, str]:
    """What a bare value was meant to be, and the message for it."""
    if written.lower() in ("true", "false"):
        return written.lower(), TRUE_FALSE
    day = day_parts(written)
    if day:
        return "{:04}-{:02}-{:02}".format(*day), DAY_ORDER
    if in_words := day_in_words(written):
        return in_words.isoformat(), DAY_ORDER
    value = json.dumps(written, ensure_ascii=False)
    return value, QUOTE_TEXT


def _with_commas(body: str) -> str:
    """The line with a comma wherever two values stand side by side."""
    joined, before = "", Token("", "")
    for piece in tokens(body):
        ended = before.kind in ("quoted", "bare") or before.text in ("]", "}")
        if ended and (piece.kind in ("quoted", "bare") or piece.text in ("[", "{")):
            joined = joined.rstrip() + ", "
        joined += piece.text
        before = before if piece.kind == "space" else piece
    return joined


def _balanced(body: str) -> tuple[str, str, bool]:
    """The line with its brackets in pairs, the first bracket missing or too many, and whether it was too many."""
    joined, wanted, sign, surplus = "", [], "", False
    for piece in tokens(body):
        text = piece.text
        if text in ("[", "{"):
            wanted.append("]" if text == "[" else "}")
        elif text in ("]", "}"):
            if text not in wanted:
                sign, surplus = sign or text, True
                continue
            while wanted[-1] != text:
                sign = sign or wanted[-1]
                inside = joined.rstrip()
                joined = inside + wanted.pop() + joined[len(inside) :]
            wanted.pop()
        joined += text
    for closing in reversed(wanted):
        sign = sign or closing
        joined += f" {closing}" if closing == "}" else closing
    return joined, sign, surplus
