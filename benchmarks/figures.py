"""What a benchmark hands to the runner, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured. `name` is its own within the benchmark.

    `of` names the figure of the same benchmark that it is laid beside; what is told then is value / value of that one. Processors
    differ and are busy, ratios hold. `least` and `most` bound the ratio where there is one, else the value.
    """

    name: str
    value: float
    unit: str
    of: str | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Lack:
    """What could not be measured here, and why: a peer that could not be installed, say."""

    name: str
    why: str


Row = Figure | Lack


def ratio(figure: Figure, rows: Sequence[Row]) -> float | None:
    """How it stands to what it is laid beside; None where that could not be measured."""
    for row in rows:
        if isinstance(row, Figure) and row.name == figure.of and row.value:
            return figure.value / row.value
    return None


def kept(figure: Figure, rows: Sequence[Row]) -> bool | None:
    """Whether its bounds are kept; None where it has none, or where what it is laid beside is lacking."""
    if figure.least is None and figure.most is None:
        return None
    judged = figure.value if figure.of is None else ratio(figure, rows)
    if judged is None:
        return None
    low = figure.least is None or judged >= figure.least
    return low and (figure.most is None or judged <= figure.most)


def table(rows: Iterable[Row]) -> list[str]:
    """The rows as a table that reads well as it is and as Markdown."""
    rows = list(rows)
    lines = [["", "figure", "unit", "ratio", "to", "bound", ""]]
    lines += [_line(row, rows) for row in rows]
    widths = [max(len(line[place]) for line in lines) for place in range(7)]
    told = [_told(line, widths) for line in lines]
    rule = [("-" * width) + (":" if place in _RIGHT else "-") for place, width in enumerate(widths)]
    return [told[0], f"|{'|'.join('-' + part for part in rule)}|", *told[1:]]


_RIGHT = (1, 3)  # the columns of numbers


def _told(line: list[str], widths: list[int]) -> str:
    parts = (
        cell.rjust(width) if place in _RIGHT else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(line, widths, strict=True))
    )
    return f"| {' | '.join(parts)} |"


def _line(row: Row, rows: Sequence[Row]) -> list[str]:
    if isinstance(row, Lack):
        return [row.name, "", f"not measured: {row.why}", "", "", "", ""]
    beside = ratio(row, rows)
    bounds = ((row.least, "≥"), (row.most, "≤"))
    bound = " ".join(f"{sign} {number(value)}" for value, sign in bounds if value is not None)
    held = {True: "kept", False: "MISSED", None: ""}[kept(row, rows)]
    told = "" if beside is None else f"{beside:.2f}" if beside < 10 else f"{beside:.0f}"
    return [row.name, number(row.value), row.unit, told, row.of or "", bound, held]


def number(value: float) -> str:
    """Three figures that count are enough: the machine is noisier than that."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
