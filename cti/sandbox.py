"""Where the organisation's texts are filled in: Jinja2 without a way out, in which no text can grow without bound.

A text is written by people of the organisation, who may err: `{{ 9**(9**9) }}` or a loop in a loop would else hold up everybody's
mail, or take all memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from functools import wraps
from typing import Any

from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

LETTERS = 100_000
"""The longest text that can be made, in letters: thirty printed pages."""

STEPS = 200_000
"""So many rounds of loops and works of filters fill in one text at most."""

BITS = 1000
"""The longest number, in bits."""

WORK = 20_000_000
"""How many letters a filter may have to write: the two largest of what it is given, multiplied."""

_WIDE = re.compile(r"\d{4}|\*")
"""A format that asks for thousands of letters, or for as many as a number says."""

_steps: ContextVar[list[int] | None] = ContextVar("steps", default=None)


class TooMuch(SecurityError):
    """A text grows beyond all bounds."""

    def __init__(self) -> None:
        super().__init__("a number, a repetition or a loop is too large for a text")


class _Code(CodeGenerator):
    """Asks before what can grow: a loop, and texts put together."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:
        if node.recursive:
            self.fail("a loop cannot stand within itself", node.lineno)
        counted = nodes.EnvironmentAttribute("counted")
        node.iter = nodes.Call(counted, [node.iter], [], None, None).set_lineno(node.lineno)
        node.iter.set_environment(self.environment)
        super().visit_For(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class _Bounded(Template):
    """Counts the steps of each filling in by itself; what it includes is part of it."""

    def render(self, *args: Any, **values: Any) -> str:
        if _steps.get() is not None:
            return super().render(*args, **values)
        token = _steps.set([STEPS])
        try:
            return super().render(*args, **values)
        finally:
            _steps.reset(token)


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of texts: no globals, and TooMuch for what grows. `letters`: the longest text that may come of one."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))
    code_generator_class = _Code
    template_class = _Bounded

    def __init__(self, letters: int = LETTERS, **options: Any) -> None:
        super().__init__(**options)
        self.globals.clear()
        self._letters = letters
        self.filters = FILTERS.copy()
        shown: Callable[[Any], Any] | None = self.finalize
        self.finalize = lambda value: _plain(value) if shown is None else shown(_plain(value))

    def concat(self, pieces: Iterable[str]) -> str:
        """The pieces of a text put together: what Jinja2 calls in the place of "".join."""
        kept, letters = [], 0
        for piece in pieces:
            letters += len(piece)
            if letters > self._letters:
                raise TooMuch
            kept.append(piece)
        return "".join(kept)

    def joined(self, parts: Sequence[object]) -> str:
        """What `~` makes of its parts."""
        _spend(1)
        return self.concat(str(_plain(part)) for part in parts)

    def counted(self, things: Any) -> Any:
        """What a loop goes through, counted."""
        try:
            size = len(things)
        except TypeError:
            return self._one_by_one(things)
        _spend(size)
        return things

    @staticmethod
    def _one_by_one(things: Iterable[Any]) -> Iterator[Any]:
        for thing in things:
            _spend(1)
            yield thing

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        _spend(1)
        match operator:
            case "**" if isinstance(left, int) and isinstance(right, int):
                _bound(left.bit_length() * max(right, 0), BITS)
            case "*" if isinstance(left, int) and isinstance(right, int):
                _bound(left.bit_length() + right.bit_length(), BITS)
            case "*":
                _bound(_size(left) * _size(right), self._letters)
            case "+":
                _bound(_size(left) + _size(right) if not isinstance(left, int | float) else 0, self._letters)
            case "%" if isinstance(left, str):
                _format(left)
                _fits((left, right))
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Context, __obj: Any, *args: Any, **named: Any) -> Any:
        of = getattr(getattr(__obj, "__wrapped__", __obj), "__self__", None)
        if isinstance(of, str):
            if getattr(__obj, "__name__", "").startswith("format"):
                _format(of)
            _fits((of, *args, *named.values()))
        return _result(super().call(__context, __obj, *args, **named))


def _spend(steps: int) -> None:
    left = _steps.get()
    if left is not None:
        left[0] -= steps
        if left[0] < 0:
            raise TooMuch


def _bound(size: int, most: int) -> None:
    if size > most:
        raise TooMuch


def _format(text: str) -> None:
    """Refuses a format that asks for more letters than it shows."""
    if _WIDE.search(text):
        raise TooMuch


def _size(value: object) -> int:
    """How large a value makes what is made of it; a number can be a width, or a number of times."""
    if isinstance(value, int):
        return abs(value)
    return len(value) if isinstance(value, str | bytes | list | tuple | dict) else 1


def _fits(given: Iterable[object]) -> None:
    sizes = sorted((_size(_plain(value)) for value in given), reverse=True)
    _bound(sizes[0] * max(1, sizes[1]) if len(sizes) > 1 else 0, WORK)


def _result(found: Any) -> Any:
    _spend(1)
    if isinstance(found, str):
        _bound(len(found), LETTERS)
        _spend(len(found) // 1000)
    return found


def _within(work: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, within bounds."""

    @wraps(work)
    def filtered(*args: Any, **named: Any) -> Any:
        given = [*args, *named.values()]
        if work.__name__ == "do_format":
            _format(str(given[0]))
        _fits(given)
        return _result(work(*args, **named))

    return filtered


def _plain(value: Any) -> Any:
    """The value, where what it holds can be gone through: lists that hold one another twice double with each."""
    if isinstance(value, list | tuple | dict):
        left: list[Any] = [value]
        for _ in range(10_000):
            if not left:
                return value
            one = left.pop()
            left += one.values() if isinstance(one, Mapping) else one if isinstance(one, list | tuple) else ()
        raise TooMuch
    if isinstance(value, int) and value.bit_length() > BITS:
        raise TooMuch
    return value


FILTERS = {name: _within(work) for name, work in JINJA_FILTERS.items()}
