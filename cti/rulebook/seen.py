"""Folders as they lay there at one time: each file is read once, so that what is judged is what was looked at.

Someone may be writing in them meanwhile. What an editor hides (names that begin with a dot) is not looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

READ = (".toml", ".md", ".html")
"""The kinds of files whose content counts. Of others the name is enough."""


@dataclass(frozen=True)
class Seen:
    """What was found in some folders: those that were there, with a name of ours, and their files with what is in them.

    A file that could not be read has the reason in the place of its content.
    """

    folders: Mapping[Path, str]
    files: Mapping[Path, bytes | str]

    def within(self, folder: Path) -> list[Path]:
        """The files right in the folder, in order."""
        return sorted(path for path in self.files if path.parent == folder)

    def below(self, folder: Path) -> list[Path]:
        """The files in the folder and in those below it, in order."""
        return sorted(path for path in self.files if folder in path.parents)

    @cached_property
    def digest(self) -> str:
        """Changes when any content that counts does, wherever the folders stand."""
        digest = blake2b(digest_size=16)
        for path in sorted(self.files):
            if path.name.endswith(READ):
                content = self.files[path]
                data = content if isinstance(content, bytes) else content.encode()
                name = f"{self.folders[path.parent]}/{path.name}\0{len(data)}\0"
                digest.update(name.encode(errors="surrogateescape") + data)
        return digest.hexdigest()


def see(*folders: Path, deep: Iterable[Path] = ()) -> Seen:
    """What lies in the `folders`, and in the `deep` ones and below them, now. One that is not there has nothing in it."""
    there: dict[Path, str] = {}
    files: dict[Path, bytes | str] = {}
    for folder, ours in (*_named(folders), *_named(deep, all_below=True)):
        try:
            found = [entry.name for entry in os.scandir(folder) if entry.is_file()]
        except OSError:
            continue
        there[folder] = ours
        for name in found:
            if not name.startswith("."):
                content = _content(folder / name)
                if content is not None:
                    files[folder / name] = content
    return Seen(there, files)


def _named(folders: Iterable[Path], all_below: bool = False) -> Iterator[tuple[Path, str]]:
    """The folders (and those below them) with a name that is the same wherever they stand."""
    for number, folder in enumerate(folders):
        if not all_below:
            yield folder, f"{number}"
            continue
        for top, names, _ in os.walk(folder):
            names[:] = sorted(name for name in names if not name.startswith("."))
            yield Path(top), f"below {number}/{Path(top).relative_to(folder).as_posix()}"


def _content(file: Path) -> bytes | str | None:
    """What is in a file, or why it cannot be read; None where it is gone meanwhile."""
    if not file.name.endswith(READ):
        return b""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        return error.strerror or str(error)
