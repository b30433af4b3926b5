"""What word processors and other notations put in the place of TOML's own signs, and the line as TOML has it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cti.i18n import mark
from cti.tomlrepairs import EQUALS_MISSING, Repair, Token, tokens

_ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]")

NO_CURLY_QUOTES = mark('curly quotes come from a word processor; TOML wants straight ones: "')
NO_ODD_SPACES = mark("an invisible character from a word processor stands on this line; write a space")
NO_ROUND_BRACKETS = mark(
    "names with their values stand between { and }, a list between [ and ]; not between ( and )"
)
EQUALS_NOT = mark("a name and its value are joined by =, not by {sign}")


def foreign_signs(line: str) -> Iterator[Repair]:
    """The line with one kind of foreign signs after the other put right."""
    plain = _ODD_SPACE.sub(" ", _INVISIBLE.sub("", line))
    yield Repair(plain, NO_ODD_SPACES, {})
    straight = re.sub("[“”„‟«»]", '"', plain)
    yield Repair(straight, NO_CURLY_QUOTES, {})
    yield Repair(re.sub("[‘’‚‛]", '"', straight), NO_CURLY_QUOTES, {})
    angular = _angular(straight)
    yield Repair(angular, NO_ROUND_BRACKETS, {})
    inside = _joined_inside(angular)
    yield Repair(inside, EQUALS_NOT, {"sign": ":"})
    joined = re.match(r"(\s*[\w.-]+)\s*(:=|=>|->|==|:)\s*(?=\S)", inside)
    if joined:
        yield Repair(f"{joined[1]} = {inside[joined.end() :]}", EQUALS_NOT, {"sign": joined[2]})
    apart = re.match(r"""(\s*[\w.-]+)\s+(?=["'\[{\d]|(?:true|false)\b)""", straight)
    if apart:
        yield Repair(f"{apart[1]} = {straight[apart.end() :]}", EQUALS_MISSING, {})


def _angular(line: str) -> str:
    """The line with braces for round brackets that hold names with values, and square ones for those that hold a list."""
    signs = [piece for token in tokens(line) for piece in _signs(token)]
    open_ones: list[int] = []
    for at, sign in enumerate(signs):
        if sign == "(":
            open_ones.append(at)
        elif sign == ")" and open_ones:
            begin = open_ones.pop()
            names = "=" in signs[begin:at] or any(
                ":" in piece for piece in signs[begin:at] if piece[0] not in "\"'"
            )
            signs[begin], signs[at] = ("{", "}") if names else ("[", "]")
    return "".join(signs)


def _signs(token: Token) -> list[str]:
    """A piece of a line with the round brackets that stand outside quotes apart."""
    return re.findall(r"[()]|[^()]+", token.text) if token.kind == "bare" else [token.text]


def _joined_inside(line: str) -> str:
    """The line with = for the colons behind the names that stand between braces."""
    pieces, depth, before = "", 0, ""
    for token in tokens(line):
        depth += (token.text == "{") - (token.text == "}")
        named = re.match(r"([A-Za-z][\w-]*)\s*:\s*", token.text) if token.kind == "bare" else None
        if named and depth and before in ("{", ","):
            pieces += f"{named[1]} = {token.text[named.end() :]}"
        else:
            pieces += token.text
        before = before if token.kind == "space" else token.text
    return re.sub(r"= {2,}", "= ", pieces) if pieces != line else line
