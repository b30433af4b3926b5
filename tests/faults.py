"""Mistakes that people make in files, as tests: each is told in one clear line, and the line it suggests mends it.

A folder in which nothing is wrong, one edit, and what is then said of it in English and Dutch. The same for any kind of file that
some function checks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cti.problems import Edit, Problem, corrected

Files = Mapping[str, str]
"""The text of each file by its path below the folder."""

Check = Callable[[Path], Sequence[Problem]]
"""Says what is wrong with a folder."""


@dataclass(frozen=True)
class Fault:
    """A mistake: in `file`, `old` (which stands there once) becomes `new`.

    An `old` of "" makes `new` the whole file; a `new` of None takes the file away. `english` and `dutch` hold every sentence that
    is then said, a line each. `left` is what is still said, in English, once all that is suggested has been written: nothing,
    unless a mistake is one that no line can mend.
    """

    name: str
    file: str
    english: str
    dutch: str
    old: str = ""
    new: str | None = None
    left: str = ""


def read_faults(path: Path) -> list[Fault]:
    """The faults in a TOML file: `[[fault]]` with the fields of Fault. `mends = false`: nothing of what is said can be mended."""
    faults = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["fault"]:
        mends = entry.pop("mends", True)
        texts = {key: value.rstrip("\n") if key in SAID else value for key, value in entry.items()}
        faults.append(Fault(**texts) if mends else Fault(**texts, left=texts["english"]))
    return faults


SAID = ("english", "dutch", "left")


def write(folder: Path, files: Files) -> None:
    """Writes the files into the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def broken(files: Files, fault: Fault) -> dict[str, str]:
    """The files with the mistake made in them."""
    if fault.new is None:
        return {name: text for name, text in files.items() if name != fault.file}
    if not fault.old:
        return {**files, fault.file: fault.new}
    text = files[fault.file]
    assert text.count(fault.old) == 1, f"{fault.old!r} stands {text.count(fault.old)} times in {fault.file}"
    return {**files, fault.file: text.replace(fault.old, fault.new)}


def mended(files: Files, problems: Sequence[Problem]) -> dict[str, str]:
    """The files with all that is suggested written into them; of several suggestions for one line the first."""
    edits: dict[tuple[str, int], Edit] = {}
    for problem in problems:
        wanted = _edits(problem)
        if edits.keys().isdisjoint(wanted):
            edits |= wanted
    written = dict(files)
    # From the bottom up, so that the lines above keep their numbers.
    for _, edit in sorted(edits.items(), key=lambda one: one[0], reverse=True):
        _write(written, edit)
    return written


def mend(folder: Path, check: Check) -> Sequence[Problem]:
    """Writes suggestions into the files of the folder until none is left; gives what is still wrong."""
    problems = check(folder)
    for _ in range(10):
        if not any(map(_edits, problems)):
            break
        before = {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in folder.rglob("*")
            if path.is_file()
        }
        after = mended(before, problems)
        for name in before.keys() - after.keys():
            (folder / name).unlink()
        write(folder, {name: text for name, text in after.items() if before.get(name) != text})
        problems = check(folder)
    return problems


def _edits(problem: Problem) -> dict[tuple[str, int], Edit]:
    """All that a problem suggests to write, by file and line."""
    edits = list(problem.further)
    if problem.suggestion is not None:
        assert problem.file is not None and problem.line is not None
        edits.append(Edit("instead", problem.file, problem.suggestion, problem.line))
    return {(edit.file, edit.line or 0): edit for edit in edits}


def _write(files: dict[str, str], edit: Edit) -> None:
    if edit.how == "rename":
        assert edit.text not in files
        files[edit.text] = files.pop(edit.file)
    elif edit.how == "new":
        assert edit.file not in files
        files[edit.file] = edit.text
    else:
        assert edit.line is not None
        text = files[edit.file]
        standing = text.split("\n")[edit.line - 1]
        new = f"{standing}\n{edit.text}" if edit.how == "below" else edit.text
        files[edit.file] = corrected(text, edit.line, new)


def said(problems: Sequence[Problem], lang: str) -> str:
    """What is said of the problems, a line each."""
    return "\n".join(problem.sentence(lang) for problem in problems)


def try_fault(folder: Path, files: Files, fault: Fault, check: Check) -> None:
    """Makes the mistake, and holds what is said of it, and what its suggestions come to, against the expected."""
    write(folder, broken(files, fault))
    problems = check(folder)
    assert said(problems, "en") == fault.english
    assert said(problems, "nl") == fault.dutch
    assert said(mend(folder, check), "en") == fault.left
