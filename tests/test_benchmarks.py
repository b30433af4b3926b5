"""The benchmarks can be run, and what they measured is told as it is."""

import re
from importlib import import_module
from pathlib import Path

from benchmarks.__main__ import NAMES, keep, run
from benchmarks.figures import Figure, Lack, Row, kept, ratio, table
from benchmarks.machine import kept_back
from tests.project import ROOT

BARE = Figure("bare", 500, "mails/s")


def test_each_benchmark_says_what_it_measures() -> None:
    for name in NAMES:
        module = import_module(f"benchmarks.{name}")
        assert callable(module.measure) and (module.__doc__ or "").strip().splitlines()[0].endswith(".")


def test_a_ratio_is_to_the_figure_that_is_named() -> None:
    ours = Figure("ours", 400, "mails/s", of="bare", least=0.8)
    assert ratio(ours, [BARE, ours]) == 0.8 and kept(ours, [BARE, ours])
    assert not kept(Figure("ours", 399, "mails/s", of="bare", least=0.8), [BARE])


def test_without_a_ratio_the_figure_itself_is_bound() -> None:
    assert kept(Figure("ours", 400, "mails/s", least=170), [])
    assert kept(Figure("memory", 401, "MB", most=400), []) is False
    assert kept(BARE, []) is None


def test_beside_a_peer_that_is_lacking_nothing_is_called_kept() -> None:
    rows: list[Row] = [Lack("bare", "there is no Node.js here"), Figure("ours", 4, "s", of="bare", most=1)]
    assert kept(Figure("ours", 4, "s", of="bare", most=1), rows) is None
    assert "not measured: there is no Node.js here" in "\n".join(table(rows))


def test_a_missed_bound_is_called_so() -> None:
    told = table([BARE, Figure("ours", 100, "mails/s", of="bare", least=0.8)])
    assert re.search(r"ours .* 100 .* 0\.20 .* bare .* ≥ 0\.8 .* MISSED", told[-1])
    assert len({len(line) for line in told}) == 1


def test_results_are_kept_beside_those_of_other_benchmarks(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    for name, value in (("simulating", 7), ("reading", 8), ("simulating", 9)):
        figure = Figure(f"{name} {value}", value, "s")
        keep(name, run(name, "About.", lambda small, figure=figure: [figure], small=True), file)  # type: ignore[misc]
    text = file.read_text(encoding="utf-8")
    assert text.index("reading 8") < text.index("simulating 9") and "simulating 7" not in text
    assert text.count("## ") == 2 and "\n\n\n" not in text


def test_a_runner_that_is_asked_for_what_is_not_there_says_what_is() -> None:
    modules = {
        file.stem for file in (ROOT / "benchmarks").glob("*.py") if "def measure(" in file.read_text("utf-8")
    }
    assert modules == set(NAMES)


def test_what_the_host_kept_to_itself_is_told_where_it_spoils_the_figures() -> None:
    assert kept_back((1000, 10), (2000, 260)) == " The host kept 25% of the processors back meanwhile."
    assert kept_back((1000, 10), (2000, 20)) == kept_back((0, 0), (0, 0)) == ""
