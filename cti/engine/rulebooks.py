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

from cti.core.limits import Held
from cti.core.rules import Rulebook
from cti.engine.gate import judge
from cti.engine.system import Look, System
from cti.i18n import mark
from cti.problems import Problem, Problems, problem
from cti.rulebook.folder import Loaded, from_files, read_folder
from cti.store import held, meta, rulebooks

FOLDER_READ = "folder-read"
FOLDER_REFUSED = "folder-refused"
REFUSED = "rules"
"""What waits because a changed rules folder was refused."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The rulebook in force, the files it is made of, and whether it was adopted just now.

    `problems` say why a folder that was read just now was refused, `held` with which numbers.
    """

    rulebook: Rulebook
    files: dict[str, str]
    new: bool = False
    problems: tuple[Problem, ...] = ()
    held: tuple[Held, ...] = ()


def in_force(system: System, now: datetime, by: str, force: bool = False) -> InForce:
    """The rulebook to work with; adopts the folder's where it changed and passes the gate (with `force`: where it has no errors).

    A folder that was refused is not looked at again until a file in it changes, or someone forces it. Raises Problems where there
    never was a rulebook that is right.
    """
    seen = folder_digest(system)
    with system.database.read() as tx:
        standing = rulebooks.in_force(tx)
        unchanged = meta.get(tx, FOLDER_READ) == seen and not (force and meta.get(tx, FOLDER_REFUSED))
    if standing is not None and unchanged:
        return InForce(_rulebook(system, standing.digest, dict(standing.files)), dict(standing.files))
    judged = judge(system, now, standing is not None, force)
    rulebook = judged.rulebook
    if rulebook is None:
        if standing is None:
            raise Problems(judged.problems)
        files = dict(standing.files)
        kept = InForce(_rulebook(system, standing.digest, files), files, False, judged.problems, judged.held)
        with system.database.write() as tx:
            meta.put(tx, FOLDER_READ, seen)
            meta.put(
                tx, FOLDER_REFUSED, {"digest": seen, "at": now.isoformat(), "problems": len(judged.problems)}
            )
            held.hold(tx, (REFUSED,), [_waiting(over) for over in judged.held], now)
        return kept
    files = dict(judged.checked.loaded.files)
    new = standing is None or standing.digest != rulebook.digest
    with system.database.write() as tx:
        if new:
            rulebooks.adopt(tx, rulebook.digest, files, by, now)
        meta.put(tx, FOLDER_READ, seen)
        meta.put(tx, FOLDER_REFUSED, None)
        held.hold(tx, (REFUSED,), [], now)
    system.rulebooks[rulebook.digest] = rulebook
    return InForce(rulebook, files, new)


def standing(system: System) -> InForce | None:
    """The rulebook in force, without looking whether the folder changed; None before the first pass. Writes nothing."""
    with system.database.read() as tx:
        digest = rulebooks.digest_in_force(tx)
        known = system.standing.get(digest) if digest is not None else None
        adopted = rulebooks.in_force(tx) if known is None else None
    if known is not None or adopted is None:
        return known
    files = dict(adopted.files)
    found = InForce(_rulebook(system, adopted.digest, files), files)
    system.standing.clear()
    system.standing[adopted.digest] = found
    return found


def restore(system: System, number: int, now: datetime, by: str) -> rulebooks.Adopted:
    """Puts the rulebook with our number in force again; it holds until someone changes a file in the folder. Raises Problems."""
    with system.database.write() as tx:
        earlier = rulebooks.adopted(tx, number)
        if earlier is None:
            text = mark("there is no rulebook {number}; cti rules history lists them")
            raise Problems([problem(text, number=number)])
        rulebooks.adopt(tx, earlier.digest, earlier.files, by, now)
        meta.put(tx, FOLDER_READ, folder_digest(system))
        meta.put(tx, FOLDER_REFUSED, None)
    return earlier


def _waiting(over: Held) -> held.Waiting:
    numbers = {"clients": over.clients, "limit": over.limit, "open": over.open_clients}
    return held.Waiting(REFUSED, f"{over.of}", numbers | {"what": over.what})


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
        # In whatever languages and roles it has: a desk that was taken out of the config must not take the rules with it.
        loaded = from_files(files)
        if loaded.rulebook is None:
            raise Problems(loaded.problems)
        known = loaded.rulebook
        system.rulebooks.clear()
        system.rulebooks[digest] = known
    return known
