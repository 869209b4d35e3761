# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where in the library a photo goes: its directory and a name that is free there. PRIVATE to the collection."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from itertools import count

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.index import Index
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.library import Library
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import Settings
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecar_names import key
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecars import moment
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.state import State

ALBUMS = "Albums"
UNDATED = "Undated"
APART = {"archived": "Archive", "trashed": "Trash", "locked": "Locked", "partner": "Partner"}
_LONGEST_EXTENSION = 6


@dataclass(frozen=True, slots=True)
class Spot:
    """A path in the library. `there`: the very file is there already, from a run that was cut or from its owner."""

    path: str
    there: bool = False


def directory(taken: int | None, year: int | None, mark: str | None, album: str | None) -> str:
    """Say in which directory a photo goes.

    Args:
        taken: When it was taken.
        year: The year of its folder in the export, if no time is known.
        mark: What it is marked with, if photos with that mark are kept apart.
        album: The directory of its album, in the layout by album.
    """
    if album and not mark:
        return album
    if taken is not None:
        when = moment(taken)
        folder = f"{when.year:04d}/{when.month:02d}"
    else:
        folder = f"{year:04d}" if year else UNDATED
    return f"{APART[mark]}/{folder}" if mark else folder


def wanted(file: str, title: str) -> tuple[str, str]:
    """Say what a photo should be called, as stem and extension: by its title, which is not cut or changed."""
    stem, extension = split(file)
    if title.strip():
        title_stem, title_extension = split(title.strip())
        if title_extension.casefold() == extension.casefold():
            stem = title_stem
        elif not _is_extension(title_extension):
            stem = title.strip()
    return names.safe(stem, extension)[: -len(extension) or None], names.safe("x", extension)[1:]


def split(name: str) -> tuple[str, str]:
    """Split a name into stem and extension."""
    stem, dot, extension = name.rpartition(".")
    return (stem, dot + extension) if stem and dot else (name, "")


def _is_extension(text: str) -> bool:
    return 1 < len(text) <= _LONGEST_EXTENSION and text[1:].isalnum() and not text[1:].isdigit()


class Shelf:
    """The names that are taken in the directories of the library, compared without regard to case and accents' form."""

    def __init__(self, settings: Settings, index: Index, state: State, library: Library) -> None:
        self._suffixes = [".xmp"] * settings.writes_xmp + [".json"] * settings.writes_json
        self._index = index
        self._state = state
        self._library = library
        self._listed: set[str] = set()
        self._next: dict[tuple[str, str], int] = {}

    def free(
        self, folder: str, stem: str, extension: str, facts: tuple[int, bytes], partner: str | None = None
    ) -> Spot:
        """Find a free name and take it.

        Args:
            folder: The directory.
            stem: The name without extension.
            extension: The extension.
            facts: Size and SHA-256 of what shall have the name.
            partner: The extension of the other half of a live photo, for which the same stem must be free.
        """
        hint = (folder, key(stem + extension))
        for number in count(self._next.get(hint, 1)):
            name = names.numbered(stem, number, extension)
            path = f"{folder}/{name}" if folder else name
            holder = self.holder(folder, name)
            if holder == name and self._is_there(path, facts):
                return Spot(path, there=True)
            others = [name + suffix for suffix in self._suffixes]
            others += [names.numbered(stem, number, partner)] if partner is not None else []
            if holder is None and not any(self.holder(folder, other) for other in others):
                self.take(folder, name)
                if number > 1:
                    self._next[hint] = number + 1
                return Spot(path)
        raise AssertionError("there is always a next number")

    def beside(self, path: str, extension: str, facts: tuple[int, bytes]) -> Spot | None:
        """Take the name of the other half of a live photo, if it is free or holds the very file."""
        folder, _slash, name = path.rpartition("/")
        own = split(name)[0] + extension
        own_path = f"{folder}/{own}" if folder else own
        holder = self.holder(folder, own)
        if holder == own and self._is_there(own_path, facts):
            return Spot(own_path, there=True)
        if holder is not None:
            return None
        self.take(folder, own)
        return Spot(own_path)

    def holder(self, folder: str, name: str) -> str | None:
        """The name in a directory that counts as the same, if there is one."""
        if folder not in self._listed:
            for one in self._library.names(folder):
                self.take(folder, one)
            self._listed.add(folder)
        query = "SELECT name FROM occupied WHERE directory = ? AND folded = ?"
        found: str | None = self._index.one(query, (folder, key(name)))
        return found

    def take(self, folder: str, name: str) -> None:
        """Note that a name is taken."""
        self._index.db.execute("INSERT OR IGNORE INTO occupied VALUES (?, ?, ?)", (folder, key(name), name))

    def _is_there(self, path: str, facts: tuple[int, bytes]) -> bool:
        """Whether a file that no content is noted for has this content."""
        size, sha = facts
        found = self._library.stat(path)
        if found is None or not stat.S_ISREG(found.st_mode) or found.st_size != size or self._state.is_ours(path):
            return False
        return self._library.digest(path) == sha
