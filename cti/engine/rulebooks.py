"""Which rulebook is in force: the folder's, as soon as it is right; else the last good one.

The folder is read again only when its files differ from those last read from it, so that what was put in force otherwise holds
until someone changes a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection

from cti import __version__
from cti.core.former import Renaming, with_former_names
from cti.core.limits import Held
from cti.core.reconcile import renamed_steps
from cti.core.rules import Rulebook
from cti.engine.gate import judge
from cti.engine.inforce import InForce
from cti.engine.refused import Refused, keep, refused
from cti.engine.system import System
from cti.problems import Problems
from cti.rulebook.folder import Loaded, from_files, read_folder, see_rules
from cti.rulebook.seen import Seen
from cti.store import held, meta, rulebooks

FOLDER_READ = "folder-read"
REFUSED = "rules"
"""What waits because a changed rules folder was refused."""


def in_force(system: System, now: datetime, by: str, force: bool = False) -> InForce:
    """The rulebook to work with; adopts the folder's where it changed and passes the gate (with `force`: where it has no errors).

    A folder that was refused is not judged again until a file in it or the config changes, or someone forces it; one that
    someone is writing in waits for the next look. Raises Problems where there never was a rulebook that is right.
    """
    seen = look(system)
    with system.database.read() as tx:
        standing = _adopted(system, tx)
        unchanged = meta.get(tx, FOLDER_READ) == seen.digest
        refusal, names = refused(tx), rulebooks.former_names(tx)
    if refusal is not None and (force or refusal.config != _config(system)):
        unchanged = False
    if standing is not None and (unchanged or _being_written(system, seen)):
        return _kept(system, standing, names)
    judged = judge(system, seen, now, standing.digest if standing is not None else None, force)
    rulebook = judged.rulebook
    if rulebook is None:
        if standing is None:
            raise Problems(judged.problems)
        kept = _kept(system, standing, names)
        with system.database.write() as tx:
            meta.put(tx, FOLDER_READ, seen.digest)
            keep(tx, Refused(seen.digest, _config(system), now, judged.problems))
            held.hold(tx, (REFUSED,), [_waiting(over) for over in judged.held], now)
        return replace(kept, problems=judged.problems, held=judged.held)
    files = dict(judged.checked.loaded.files)
    new = standing is None or standing.digest != rulebook.digest
    with system.database.write() as tx:
        if new:
            put_in_force(tx, rulebook, files, seen, by, now)
        else:
            _settle(tx, seen, now)
        names = rulebooks.former_names(tx)
    system.rulebooks[rulebook.digest] = rulebook
    return InForce(with_former_names(rulebook, names), files, new, judged.tested)


def standing(system: System) -> InForce | None:
    """The rulebook in force, without looking whether the folder changed; None before the first pass. Writes nothing."""
    with system.database.read() as tx:
        number = rulebooks.number_in_force(tx)
        known = system.standing.get(number) if number is not None else None
        adopted = rulebooks.in_force(tx) if known is None else None
        names = rulebooks.former_names(tx)
    if known is not None or adopted is None:
        return known
    found = _kept(system, adopted, names)
    system.standing.clear()
    system.standing[adopted.number] = found
    return found


def _adopted(system: System, tx: Connection) -> rulebooks.Adopted | None:
    """What was adopted last. It is read once: its files never change, and they are asked for at each pass."""
    number = rulebooks.number_in_force(tx)
    if number is None:
        return None
    # Looked up once: another thread may adopt meanwhile, and what is kept here is then another.
    if (found := system.adopted.get(number)) is None and (found := rulebooks.in_force(tx)) is not None:
        system.adopted.clear()
        system.adopted[number] = found
    return found


def _kept(system: System, standing: rulebooks.Adopted, names: Iterable[Renaming]) -> InForce:
    files = dict(standing.files)
    return InForce(with_former_names(_rulebook(system, standing.digest, files), names), files)


def put_in_force(
    tx: Connection, rulebook: Rulebook, files: Mapping[str, str], seen: Seen, by: str, now: datetime
) -> None:
    """Adopts a rulebook; it holds until what was seen in the folder changes."""
    rulebooks.adopt(tx, rulebook.digest, files, by, now)
    rulebooks.remember_names(tx, renamed_steps(rulebook).items())
    _settle(tx, seen, now)


def _settle(tx: Connection, seen: Seen, now: datetime) -> None:
    """What lies in the folder is settled: nothing of it is refused, and it is not looked at again until a file changes."""
    meta.put(tx, FOLDER_READ, seen.digest)
    keep(tx, None)
    held.hold(tx, (REFUSED,), [], now)


def _being_written(system: System, seen: Seen) -> bool:
    """Whether someone is in the middle of saving: what is half written may be a rule by itself."""
    if system.pause is None:
        return False
    system.pause()
    return look(system).digest != seen.digest


def _config(system: System) -> str:
    """Changes whenever the same folder may be judged otherwise."""
    config = system.config
    said = (
        __version__,
        config.languages,
        sorted(config.staff.desks),
        config.calendar.digest,
        config.words,
        config.limits,
    )
    return blake2b(repr(said).encode(), digest_size=8).hexdigest()


def rulebook_at(system: System, tx: Connection, at: datetime) -> Rulebook:
    """The rulebook that was in force at that moment; before the first one that one, and where there never was any, the folder's.

    Raises Problems where that is wrong.
    """
    standing = rulebooks.in_force_at(tx, at)
    if standing is not None:
        return _rulebook(system, standing.digest, dict(standing.files))
    loaded = read(system)
    if loaded.rulebook is None:
        raise Problems(loaded.problems)
    return loaded.rulebook


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


def look(system: System) -> Seen:
    """What lies in the rules folder, and among the texts of prompts, now."""
    return see_rules(system.config.rules, system.config.templates)


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
