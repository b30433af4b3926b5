"""Where every key, value and table of a TOML text stands, from its syntax tree."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

KeyPath = tuple[str | int, ...]
Span = tuple[int, int]


@dataclass(frozen=True)
class Spot:
    """Where a key, a value or a table stands; the spans are in bytes, the end excluded.

    What it is: a `header` of a table, a table in `braces`, a `super` table that is there only because of a
    header below it, a `dotted` one that is there only because of a dotted key, or a plain `value`.
    """

    line: int
    key: Span | None
    value: Span | None
    kind: Literal["header", "braces", "super", "dotted", "value"]


def spots(data: bytes) -> dict[KeyPath, Spot]:
    """The spot of each path in a valid TOML text with plain line feeds, in the order of the text."""
    found: dict[KeyPath, Spot] = {}
    last_of: dict[KeyPath, int] = {}  # of each array of tables, the index of its last table so far
    for node in _parser().parse(data).root_node.named_children:
        base: KeyPath = ()
        if node.type in ("table", "table_array_element"):
            base = _header(node, found, last_of)
            for child in node.named_children[1:]:
                _pair(child, base, found)
        else:
            _pair(node, base, found)
    return found


def _header(node: Node, found: dict[KeyPath, Spot], last_of: dict[KeyPath, int]) -> KeyPath:
    path: KeyPath = ()
    segments = list(_segments(node.named_children[0]))
    line = node.start_point[0] + 1
    for segment in segments[:-1]:
        path += (_name(segment),)
        found.setdefault(path, Spot(line, _span(segment), None, "super"))
        if path in last_of:
            path += (last_of[path],)
    path += (_name(segments[-1]),)
    here = Spot(line, _span(segments[-1]), None, "header")
    if node.type == "table":
        found[path] = here  # also where a header below it has named it before
        return path
    found.setdefault(path, here)
    last_of[path] = last_of.get(path, -1) + 1
    path += (last_of[path],)
    found[path] = here
    return path


def _pair(node: Node, base: KeyPath, found: dict[KeyPath, Spot]) -> None:
    if node.type != "pair":
        return  # a comment
    # A remark after the value is a part of the pair as well.
    key, value = (child for child in node.named_children if child.type != "comment")
    *outer, own = _segments(key)
    line = node.start_point[0] + 1
    for segment in outer:
        base += (_name(segment),)
        found.setdefault(base, Spot(line, _span(segment), None, "dotted"))
    path = (*base, _name(own))
    _value(value, path, Spot(line, _span(own), _span(value), "value"), found)


def _value(node: Node, path: KeyPath, spot: Spot, found: dict[KeyPath, Spot]) -> None:
    if node.type == "inline_table":
        found[path] = replace(spot, kind="braces")
        for child in node.named_children:
            _pair(child, path, found)
        return
    found[path] = spot
    if node.type == "array":
        items = (child for child in node.named_children if child.type != "comment")
        for index, item in enumerate(items):
            here = Spot(item.start_point[0] + 1, None, _span(item), "value")
            _value(item, (*path, index), here, found)


def _segments(key: Node) -> Iterator[Node]:
    """The single keys of a dotted key, from left to right; the tree nests them to the left."""
    if key.type == "dotted_key":
        for child in key.named_children:
            yield from _segments(child)
    else:
        yield key


def _name(segment: Node) -> str:
    written = (segment.text or b"").decode()
    if segment.type == "bare_key":
        return written
    return next(iter(tomllib.loads(f"{written} = 0")))


def _span(node: Node) -> Span:
    return node.start_byte, node.end_byte


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_toml.language()))
