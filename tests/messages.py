"""Finds every text that the program says to people, by reading its code."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cti.i18n import placeholders

PACKAGE = Path(__file__).parent.parent / "cti"
TEMPLATES = PACKAGE.parent / "templates"

# Where each function takes its English text (or, for say_count, its two texts).
TEXT_ARGUMENTS = {"say": (1,), "say_count": (1, 2), "Problem": (1,), "problem": (0,), "mark": (0,)}


def said(source: str) -> list[tuple[int, ast.expr]]:
    """Line and expression of each text argument in a module's source."""
    return _read(source)[0]


def constants(source: str) -> frozenset[object]:
    """All values that stand in a module's source."""
    return _read(source)[1]


@cache
def _read(source: str) -> tuple[list[tuple[int, ast.expr]], frozenset[object]]:
    nodes = list(ast.walk(ast.parse(source)))
    arguments = [found for node in nodes if isinstance(node, ast.Call) for found in _arguments(node)]
    return arguments, frozenset(node.value for node in nodes if isinstance(node, ast.Constant))


def _arguments(node: ast.Call) -> Iterator[tuple[int, ast.expr]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    for position in TEXT_ARGUMENTS.get(name, ()):
        if position < len(node.args):
            yield node.lineno, node.args[position]
    for keyword in node.keywords:
        if keyword.arg == "text" and name in TEXT_ARGUMENTS:
            yield node.lineno, keyword.value


def literals(expression: ast.expr) -> Iterator[str]:
    """The texts that an expression may give: itself, or each branch of a conditional one."""
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        yield expression.value
    elif isinstance(expression, ast.IfExp):
        yield from literals(expression.body)
        yield from literals(expression.orelse)


def built(expression: ast.expr) -> bool:
    """Whether a text is put together in the code, so that no catalogue can hold it."""
    if isinstance(expression, ast.IfExp):
        return built(expression.body) or built(expression.orelse)
    return isinstance(expression, ast.JoinedStr | ast.BinOp)


def texts_in(source: str) -> set[str]:
    """Every text that a module's source says to people."""
    return {text for _, expression in said(source) for text in literals(expression)}


def texts_in_page(template: str) -> set[str]:
    """Every text that a page of the package (a Jinja2 template) says to people."""
    text = r'"((?:[^"\\]|\\.)*)"'
    found = re.findall(rf"say\({text}", template)
    found += [one for both in re.findall(rf"say_count\({text}, {text}", template) for one in both]
    return {one.replace('\\"', '"') for one in found}


def pages() -> dict[str, str]:
    """The pages of the package, by their path in the project."""
    return {
        file.relative_to(PACKAGE.parent).as_posix(): file.read_text()
        for file in sorted(PACKAGE.rglob("*.html"))
    }


def faults(texts: set[str], dutch: dict[str, str]) -> list[str]:
    """What is wrong with the Dutch of some texts: missing, or with other placeholders."""
    return [
        f"no Dutch for {text!r}" if text not in dutch else f"other placeholders in the Dutch of {text!r}"
        for text in sorted(texts)
        if text not in dutch or placeholders(text) != placeholders(dutch[text])
    ]


@cache
def sources() -> dict[str, str]:
    """The source of every module of the program, by its path in the project."""
    return {
        file.relative_to(PACKAGE.parent).as_posix(): file.read_text()
        for file in sorted(PACKAGE.rglob("*.py"))
    }
