"""A draft of the shipped rules that moves one step, adds a rule, removes a rule and renames another."""

from __future__ import annotations

import shutil
from pathlib import Path

MOVED = ("own-home", "first-month")
REMOVED = "unknown-destination"
RENAMED = ("review-date", "circle-review")
ADDED = """\
id    = "outreach"
title = { nl = "Op straat", en = "On the street" }
why   = { nl = "Wie op straat komt, is gauw uit beeld.", en = "Who comes on the street is soon out of sight." }

[on]
enters = "street"

[[steps]]
id      = "visit"
due     = "1 week"
to      = "team"
text    = "unknown-destination/where-to"
expires = "4 weeks"
answers = "done"
"""


def draft(rules: Path, folder: Path) -> Path:
    """Makes the draft of the rules folder `rules` in `folder`."""
    shutil.copytree(rules, folder)
    shutil.rmtree(folder / "tests")  # the rules' own tests are about the rules as they were
    change(folder)
    return folder


def change(folder: Path) -> None:
    """Makes this draft of the rules in the folder itself."""
    _replace(
        folder / "own-home.toml", 'id      = "first-month"\ndue     = "4 weeks"', '"4 weeks"', '"5 weeks"'
    )
    (folder / f"{REMOVED}.toml").unlink()
    rename(folder)
    (folder / "outreach.toml").write_text(ADDED, encoding="utf-8")


def rename(folder: Path) -> None:
    """Renames one rule of the folder, and nothing else."""
    before, after = RENAMED
    rule = folder / f"{before}.toml"
    text = rule.read_text(encoding="utf-8")
    text = text.replace(f'id    = "{before}"', f'id    = "{after}"\nwas   = ["{before}"]')
    for step in ("before", "after"):
        old = f'id       = "{step}"'
        assert old in text
        text = text.replace(old, f'{old}\ntext     = "{before}/{step}"')
    (folder / f"{after}.toml").write_text(text, encoding="utf-8")
    rule.unlink()


def _replace(file: Path, where: str, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert where in text
    file.write_text(text.replace(where, where.replace(before, after)), encoding="utf-8")
