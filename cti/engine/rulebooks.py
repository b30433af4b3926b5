"""Which rulebook is in force: the folder's, as soon as it is right; else the last good one.

The folder is read again only when its files differ from those last read from it, so that what was put in force otherwise holds
until someone changes a file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from cti.core.rules import Rulebook
from cti.engine.system import Look, System
from cti.problems import Problem, Problems
from cti.rulebook.folder import Loaded, from_files, read_folder
from cti.store import meta, rulebooks

FOLDER_READ = "folder-read"


@dataclass(frozen=True, slots=True)
class InForce:
    """The rulebook in force, the files it is made of, what is wrong with the folder, and whether it was adopted just now."""

    rulebook: Rulebook
    files: dict[str, str]
    problems: tuple[Problem, ...]
    new: bool


def in_force(system: System, now: datetime, by: str) -> InForce:
    """The rulebook to work with; adopts the folder's where it changed and is right. Raises Problems where there never was one."""
    seen = folder_digest(system)
    with system.database.read() as tx:
        standing = rulebooks.in_force(tx)
        unchanged = meta.get(tx, FOLDER_READ) == seen
    if standing is not None and unchanged:
        return InForce(
            _rulebook(system, standing.digest, dict(standing.files)), dict(standing.files), (), False
        )
    loaded = read(system)
    errors = tuple(problem for problem in loaded.problems if problem.level == "error")
    if loaded.rulebook is None or errors:
        if standing is None:
            raise Problems(loaded.problems)
        with system.database.write() as tx:
            meta.put(tx, FOLDER_READ, seen)
        return InForce(
            _rulebook(system, standing.digest, dict(standing.files)), dict(standing.files), errors, False
        )
    files = dict(loaded.files)
    new = standing is None or standing.digest != loaded.rulebook.digest
    with system.database.write() as tx:
        if new:
            rulebooks.adopt(tx, loaded.rulebook.digest, files, by, now)
        meta.put(tx, FOLDER_READ, seen)
    system.rulebooks[loaded.rulebook.digest] = loaded.rulebook
    return InForce(loaded.rulebook, files, (), new)


def read(system: System, folder: Path | None = None) -> Loaded:
    """What the rules folder (or another one) says now, with everything that is wrong with it."""
    config = system.config
    return read_folder(
        folder or config.rules,
        config.languages,
        config.templates,
        tuple(config.staff.desks),
        base=config.folder,
    )


def folder_digest(system: System) -> str:
    """Changes when any file of rules or prompt texts does. The files are read only where sizes or times of change differ."""
    folders = (system.config.rules, system.config.templates / "prompts")
    look = look_of(*folders)
    if look not in system.looks:
        digest = blake2b(digest_size=16)
        for folder in folders:
            for path, _, _ in look_of(folder):
                file = Path(path)
                digest.update(
                    file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0"
                )
        system.looks.clear()
        system.looks[look] = digest.hexdigest()
    return system.looks[look]


def look_of(*folders: Path) -> Look:
    """What the rule files and texts in these folders, and below them, look like from outside."""
    found: list[tuple[str, int, int]] = []
    for folder in folders:
        if folder.is_dir():
            for entry in os.scandir(folder):
                if entry.is_dir():
                    found.extend(look_of(Path(entry.path)))
                elif entry.name.endswith((".toml", ".md", ".html")):
                    stat = entry.stat()
                    found.append((entry.path, stat.st_mtime_ns, stat.st_size))
    return tuple(sorted(found))


def _rulebook(system: System, digest: str, files: dict[str, str]) -> Rulebook:
    known = system.rulebooks.get(digest)
    if known is None:
        loaded = from_files(files, system.config.languages, tuple(system.config.staff.desks))
        if loaded.rulebook is None:
            raise Problems(loaded.problems)
        known = loaded.rulebook
        system.rulebooks.clear()
        system.rulebooks[digest] = known
    return known
