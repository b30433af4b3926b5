"""Folders as they lay there at one time: each file is read once, so that what is judged is what was looked at.

Someone may be writing in them meanwhile. What an editor hides (names that begin with a dot) is not looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

READ = (".toml", ".md", ".html")
"""The kinds of files whose content counts. Of others the name is enough."""


@dataclass(frozen=True)
class Seen:
    """What was found in some folders: those that were there, with a name of ours, and what is in their files, by name.

    A file that could not be read has the reason in the place of its content.
    """

    folders: Mapping[Path, str]
    contents: Mapping[Path, Mapping[str, bytes | str]]

    @cached_property
    def files(self) -> Mapping[Path, bytes | str]:
        """What is in each file."""
        return {
            folder / name: content
            for folder, found in self.contents.items()
            for name, content in found.items()
        }

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
        # In the order of their paths. This is asked at each pass, so no path is made for each of hundreds of files.
        ordered = sorted(
            ((*folder.parts, name), folder, name)
            for folder, found in self.contents.items()
            for name in found
            if name.endswith(READ)
        )
        for _, folder, file in ordered:
            content = self.contents[folder][file]
            data = content if isinstance(content, bytes) else content.encode()
            name = f"{self.folders[folder]}/{file}\0{len(data)}\0"
            digest.update(name.encode(errors="surrogateescape") + data)
        return digest.hexdigest()


def see(*folders: Path, deep: Iterable[Path] = ()) -> Seen:
    """What lies in the `folders`, and in the `deep` ones and below them, now. One that is not there has nothing in it."""
    there: dict[Path, str] = {}
    contents: dict[Path, dict[str, bytes | str]] = {}
    left = [(folder, f"{number}", False) for number, folder in enumerate(folders)]
    left += [(folder, f"below {number}/.", True) for number, folder in enumerate(deep)]
    while left:
        folder, ours, all_below = left.pop()
        try:
            found = [entry for entry in os.scandir(folder) if not entry.name.startswith(".")]
            files = [entry for entry in found if entry.is_file()]
            inside = [entry for entry in found if all_below and entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        there[folder] = ours
        read = {entry.name: _content(entry) for entry in files}
        contents[folder] = {name: content for name, content in read.items() if content is not None}
        # Each folder has a name that is the same wherever the folders stand.
        left += [(folder / entry.name, f"{ours.removesuffix('/.')}/{entry.name}", True) for entry in inside]
    return Seen(there, contents)


def _content(file: os.DirEntry[str]) -> bytes | str | None:
    """What is in a file, or why it cannot be read; None where it is gone meanwhile."""
    if not file.name.endswith(READ):
        return b""
    try:
        with open(file.path, "rb", buffering=0) as stream:
            return stream.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        return error.strerror or str(error)
