"""The tables of faults and of attempts to do harm name a test for each, and the test is there."""

from __future__ import annotations

import ast
import re

from tests.project import ROOT

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "faults.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| fault", "| attempt"))
]


def test_each_fault_is_told_whole_and_once() -> None:
    assert len(ROWS) > 40
    assert [row[0] for row in ROWS if len(row) not in (3, 5) or not all(row)] == []
    assert len({row[0] for row in ROWS}) == len(ROWS)


def test_each_fault_has_a_test_that_is_there() -> None:
    missing = []
    for row in ROWS:
        found = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", row[-1])
        assert found is not None, row[0]
        tree = ast.parse((ROOT / found[1]).read_text(encoding="utf-8"))
        if found[2] not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
            missing.append(row[-1])
    assert missing == []
