"""What is wrong in a file that is no TOML, line by line, and how to mend it.

A parser's own message says where it stopped, in its own terms. Here the line is repaired in the ways in
which people err, and the repair after which the parser gets furthest tells what was wrong.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from cti.i18n import mark
from cti.problems import Problem, Problems, corrected, problem
from cti.tomlforeign import foreign_signs
from cti.tomlrepairs import (
    CLOSING_MISSING,
    COMMA_MISSING,
    EQUALS_MISSING,
    NO_BACKSLASH,
    QUOTE_OPEN,
    REPAIRS,
    Repair,
    day_parts,
    split_comment,
    tokens,
)

MOST = 20  # findings of one file: who mends these sees the rest


NO_PLAIN_TEXT = mark(
    "this file is saved as {kind}, in which more stands than its text; save it as plain text, under the same name"
)
_KINDS = {
    b"{\\rtf": "RTF",
    b"pk\x03\x04": "Word",
    b"\xd0\xcf\x11\xe0": "Word",
    b"%pdf-": "PDF",
    b"<!doctype html": "HTML",
    b"<html": "HTML",
}
SAVE_AS_UTF8 = mark("this file is saved as {encoding}; save it as UTF-8 (in most editors: Save as, Encoding)")
KEY_TWICE = mark("{key} stands twice here; the first is on line {first}")
KEY_TWICE_IN_BRACES = mark("a name stands twice between the same braces")
TABLE_TWICE = mark("[{table}] stands twice; the first is on line {first}")
DOUBLE_BRACKETS = mark("several tables of one name stand between double brackets each: [[{table}]]")
INNER_FIRST = mark("below this stands [[{inner}]], which is part of a [[{table}]]")
TEXT_NOT_CLOSED = mark("a text that opens with {quotes} is not closed")
NO_SUCH_DAY = mark("there is no such day: {value}")
NO_VALUE = mark("there is no value after the =")
NO_NAME = mark("there is no name before the =")
BRACES_ON_ONE_LINE = mark("what stands between braces stands on one line")
TOO_DEEP = mark("brackets stand too deep within one another here")
NOT_TOML = mark("this is not TOML ({words})")

# What tomllib says of faults that no repair mended.
_IN_PLAIN_WORDS = {
    "Expected '='": EQUALS_MISSING,
    "Unclosed array": CLOSING_MISSING,
    "Illegal character '\\n'": QUOTE_OPEN,
    "Unescaped '\\\\'": NO_BACKSLASH,
}


@dataclass(frozen=True)
class _Fault:
    """Where the parser stopped and its own words; `left` is how many lines it had not come to yet.

    It notices only at the end that something was never closed, and has read nothing of what follows the
    opening.
    """

    line: int
    left: int
    at_end: bool
    words: str


def decoded(data: bytes, name: str) -> str:
    """The text of a file. Raises Problems where it is no plain text, or not UTF-8, with the first line that shows it."""
    begin = data.lstrip()[:20].lower()
    for sign, kind in _KINDS.items():
        if begin.startswith(sign):
            raise Problems([problem(NO_PLAIN_TEXT, kind=kind, file=name, line=1)])
    wide = _wide_encoding(data)
    if wide:
        first = data.decode(wide, errors="replace").splitlines()[:1]
        raise Problems([_not_utf8(name, 1, "UTF-16", "".join(first))])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = data.rfind(b"\n", 0, error.start) + 1
        end = data.find(b"\n", error.start)
        line = data[start : end if end >= 0 else len(data)].rstrip(b"\r").removeprefix(b"\xef\xbb\xbf")
        number = data.count(b"\n", 0, start) + 1
        raise Problems(
            [_not_utf8(name, number, "Windows-1252", line.decode("cp1252", errors="replace"))]
        ) from None


def findings(text: str, name: str) -> list[Problem]:
    """What is wrong in a text that `tomllib` refuses, from top to bottom: at least one finding.

    What can be repaired is repaired in passing, so that faults further down are found as well; the search
    ends at the first that cannot be.
    """
    found: list[Problem] = []
    added = 0  # lines that repairs have put in so far
    while len(found) < MOST and (fault := _fault(text)) is not None:
        here = next(filter(None, (look(text, fault) for look in _LOOKS)))
        for finding in here:
            line = finding.line or 1
            placed = replace(finding, file=name, line=line - added)
            if found and found[-1].line == placed.line:
                # One line, twice wrong: the first message stands, and the suggestion mends both.
                found[-1] = replace(found[-1], suggestion=placed.suggestion)
            else:
                found.append(placed)
        if any(finding.suggestion is None for finding in here):
            break
        for finding in here:
            text = corrected(text, finding.line or 1, finding.suggestion or "")
            added += (finding.suggestion or "").count("\n")
    return found


def too_deep(text: str, name: str) -> Problem:
    """That of a text that nests deeper than people write, or than Python can follow: told of the line with most brackets."""
    opened = [line.count("[") + line.count("{") for line in text.split("\n")]
    return problem(TOO_DEEP, file=name, line=opened.index(max(opened)) + 1)


def _wide_encoding(data: bytes) -> str | None:
    """The two-byte encoding of a file; None where it has none, as no text in another holds a zero byte."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" not in data[:200]:
        return None
    return "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"


def _not_utf8(name: str, line: int, encoding: str, meant: str) -> Problem:
    return problem(SAVE_AS_UTF8, encoding=encoding, file=name, line=line, suggestion=meant)


def _fault(text: str) -> _Fault | None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words, _, place = str(error).rpartition(" (at ")
        lines = text.rstrip().split("\n")
        line = re.match(r"line (\d+),", place)
        # A single quote that opens is sought up to the end of the file, not of its line.
        number = _open_quote(lines) if words == 'Expected "\'"' else int(line[1]) if line else 0
        at_end = not 0 < number <= len(lines)
        return _Fault(len(lines) if at_end else number, len(lines) - (0 if at_end else number), at_end, words)
    return None


def _open_quote(lines: list[str]) -> int:
    """The first line with a single quote that is not closed; 0 where there is none."""
    for number, line in enumerate(lines, 1):
        if any(piece.kind == "open" and piece.text.startswith("'") for piece in tokens(line)):
            return number
    return 0


def _mended(text: str, fault: _Fault) -> list[Problem]:
    """The repair that brings the parser furthest, if any brings it past the fault."""
    found: list[Problem] = []
    least = 0 if fault.at_end else fault.left
    for line, repair in _proposals(text, fault):
        after = _fault(corrected(text, line, repair.line))
        left = after.left if after else -1
        if left < least:
            least = left
            found = [Problem("error", repair.text, repair.params, line=line, suggestion=repair.line)]
        if after is None:
            break
    return found


def _proposals(text: str, fault: _Fault) -> Iterator[tuple[int, Repair]]:
    """Repairs of the line of the fault, and of the one before it where something was left open there."""
    lines = text.split("\n")
    line = lines[fault.line - 1]
    bases: dict[str, Repair] = {}
    for repair in (*foreign_signs(line), Repair(line, "", {})):
        bases.setdefault(repair.line, repair if repair.line != line else Repair(line, "", {}))
    # What came from elsewhere is put right first: quotes that look like quotes are no text to put between quotes.
    for base in sorted(bases.values(), key=lambda base: not base.text):
        if base.text:
            yield fault.line, base
        for repairs in REPAIRS:
            for repair in repairs(base.line):
                if repair.line != line:
                    yield fault.line, base._replace(line=repair.line) if base.text else repair
    above = fault.line if fault.at_end else fault.line - 1
    while above and not split_comment(lines[above - 1])[0]:
        above -= 1
    if above:
        body, rest = split_comment(lines[above - 1])
        yield above, Repair(f"{body},{rest}", COMMA_MISSING, {})
        closed = f"{body}]{rest}" if "[" in body else f"{body}{rest}\n]"
        yield above, Repair(closed, CLOSING_MISSING, {"sign": "]"})
    for quotes in _open_quotes(text):
        opened = text[: text.rindex(quotes)].count("\n") + 1
        yield opened, Repair(lines[opened - 1] + quotes, TEXT_NOT_CLOSED, {"quotes": quotes})


def _twice(text: str, fault: _Fault) -> list[Problem]:
    """What to say of a name that is given twice; nothing where the fault is another."""
    lines = text.split("\n")
    line = lines[fault.line - 1]
    if fault.words.startswith("Duplicate inline table key"):
        return [problem(KEY_TWICE_IN_BRACES, line=fault.line)]
    if not fault.words.startswith("Cannot "):  # overwrite a value, declare a table twice
        return []
    table = _table(line)
    if table:
        return _table_twice(lines, fault.line, table)
    key = line.partition("=")[0].strip()
    for number in range(fault.line - 1, 0, -1):
        if _table(lines[number - 1]):
            break
        if lines[number - 1].partition("=")[0].strip() == key:
            remark = f"# {line.strip()}"
            after = _fault(corrected(text, fault.line, remark))
            passed = after is None or after.left < fault.left
            meant = remark if passed else None
            return [problem(KEY_TWICE, line=fault.line, suggestion=meant, key=key, first=number)]
    return []


def _table_twice(lines: list[str], number: int, table: str) -> list[Problem]:
    """A header that may not stand again: its own fault, or that of an earlier one in single brackets."""
    same = [at for at in range(1, number + 1) if _table(lines[at - 1]) == table]
    single = [at for at in same if not lines[at - 1].strip().startswith("[[")]
    if len(same) == 1:
        return _inner_first(lines, number, table)
    # What is several has a plural name (steps, people, teams, sources); [on] given twice is a slip instead.
    several = len(single) < len(same) or table.endswith("s") or table.endswith("people")
    if not several:
        return [problem(TABLE_TWICE, line=number, table=table, first=same[0])]
    meant = {at: lines[at - 1].replace("[", "[[", 1).replace("]", "]]", 1) for at in single}
    return [problem(DOUBLE_BRACKETS, line=at, suggestion=new, table=table) for at, new in meant.items()]


def _inner_first(lines: list[str], number: int, table: str) -> list[Problem]:
    """[[steps.variants]] stood above the first [[steps]]: the table above that must have been meant as one."""
    names = [_table(line) for line in lines[:number]]
    inner = next((at for at, name in enumerate(names) if (name or "").startswith(f"{table}.")), 0)
    above = next((at for at in range(inner - 1, -1, -1) if names[at]), None)
    if above is None or "." in (names[above] or "") or not lines[above].lstrip().startswith("[["):
        return []
    meant = lines[above].replace(names[above] or "", table, 1)
    return [problem(INNER_FIRST, line=above + 1, suggestion=meant, inner=names[inner], table=table)]


def _beyond_repair(text: str, fault: _Fault) -> list[Problem]:
    """Faults that look as if they could be mended, and cannot without knowing what was meant."""
    line = text.split("\n")[fault.line - 1]
    body, _ = split_comment(line)
    pieces = tokens(body)
    for piece in pieces:
        day = day_parts(piece.text) if piece.kind == "bare" else None
        if day and not _exists(day):
            return [problem(NO_SUCH_DAY, line=fault.line, value=piece.text)]
    if body.endswith("="):
        return [problem(NO_VALUE, line=fault.line)]
    if body.lstrip().startswith("="):
        return [problem(NO_NAME, line=fault.line)]
    signs = [piece.text for piece in pieces if piece.kind == "sign"]
    if signs.count("{") > signs.count("}") and signs[-1] in ("{", ","):
        return [problem(BRACES_ON_ONE_LINE, line=fault.line)]
    return []


def _unmended(text: str, fault: _Fault) -> list[Problem]:
    for quotes in _open_quotes(text) if fault.at_end else ():
        opened = text[: text.rindex(quotes)].count("\n") + 1
        return [problem(TEXT_NOT_CLOSED, line=opened, quotes=quotes)]
    for words, said in _IN_PLAIN_WORDS.items():
        if fault.words.startswith(words):
            return [problem(said, line=fault.line, sign="]")]
    return [problem(NOT_TOML, line=fault.line, words=fault.words)]


def _open_quotes(text: str) -> list[str]:
    return [quotes for quotes in ('"""', "'''") if text.count(quotes) % 2]


def _table(line: str) -> str | None:
    """The name in a table's header; None where the line is no header."""
    found = re.fullmatch(r"\s*\[{1,2}\s*([^][=,]+?)\s*\]{1,2}\s*(?:#.*)?", line)
    return found[1] if found else None


def _exists(day: tuple[int, int, int]) -> bool:
    try:
        date(*day)
    except ValueError:
        return False
    return True


_LOOKS = (_twice, _beyond_repair, _mended, _unmended)
