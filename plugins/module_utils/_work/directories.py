# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find directories of the NAS by their names, in whatever Unicode form these are. PRIVATE to the collection."""

from __future__ import annotations

import errno
import stat
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import CallError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask_all

_SELECT = {"select": ["name", "type", "uid", "gid", "mode"]}

Entry = Mapping[str, Any]


class Directories:
    """The directories below one of the NAS, found by names in the normal form.

    Args:
        root: The directory, as the NAS names it.
        follow_symlinks: A link to a directory counts as one, a link to a file as a file.

    Attributes:
        twins: Names of directories that differ in their Unicode form only, as the NAS has them.
        nearly: By the name of a directory that is not there, one that differs in the case of letters only.
    """

    def __init__(self, client: Client, root: str, *, follow_symlinks: bool = False) -> None:
        self.root = root
        self.twins: list[tuple[str, ...]] = []
        self.nearly: dict[str, str] = {}
        self._client = client
        self._follow_symlinks = follow_symlinks
        self._found: dict[str, tuple[str, Entry]] = {}  # name -> path on the NAS, entry
        self._loose: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def path(self, name: str) -> str:
        """Where a directory is, or is to be made. The empty name is the root's."""
        if name in self._found:
            return self._found[name][0]
        above, dummy, last = name.rpartition("/")
        return f"{self.path(above)}/{last}"

    def entry(self, name: str) -> Entry:
        """A directory that was found, as the API tells it."""
        return self._found[name][1]

    def loose_files(self) -> list[str]:
        """The names of the files directly in the root."""
        return sorted(self._loose)

    def look(self, wanted: Iterable[str]) -> None:
        """Find the root and those of the directories that are there, level by level.

        Args:
            wanted: Their names below the root, parents first.

        Raises:
            Failure: the root is not there, or in a directory's place is something else.
        """
        root, listing = ask_all(
            self._client, [("filesystem.stat", (self.root,)), ("filesystem.listdir", (self.root, [], _SELECT))]
        )
        self._check_root(root)
        if isinstance(listing, Exception):
            raise listing
        self._found[""] = self.root, root
        kinds = self._kinds(self.root, listing)
        self._loose = [entry["name"] for entry in listing if kinds[entry["name"]] == "FILE"]
        levels: dict[int, list[str]] = defaultdict(list)
        for name in wanted:
            levels[name.count("/")].append(name)
        self._take("", listing, kinds, levels.pop(0, []))
        for dummy, level in sorted(levels.items()):
            self._look_below(level)

    def _look_below(self, level: Iterable[str]) -> None:
        below: dict[str, list[str]] = defaultdict(list)
        for name in level:
            above = name.rpartition("/")[0]
            if above in self:
                below[above].append(name)
        places = [self.path(above) for above in below]
        answers = ask_all(self._client, [("filesystem.listdir", (place, [], _SELECT)) for place in places])
        for place, (above, wanted), listing in zip(places, below.items(), answers, strict=True):
            if isinstance(listing, Exception):
                raise listing
            self._take(above, listing, self._kinds(place, listing), wanted)

    def _take(self, above: str, listing: Iterable[Entry], kinds: Mapping[str, str], wanted: Iterable[str]) -> None:
        """Remember what one directory holds."""
        groups: dict[str, list[Entry]] = defaultdict(list)
        for entry in listing:
            groups[names.normal(entry["name"])].append(entry)
        prefix = f"{above}/" if above else ""
        directories = [name for name, kind in kinds.items() if kind == "DIRECTORY"]
        folded = {names.folded(name): prefix + name for name in directories}
        self.twins += [tuple(prefix + name for name in group) for group in names.twins(directories)]
        for name in wanted:
            candidates = groups.get(name.removeprefix(prefix), [])
            for entry in candidates:
                if kinds[entry["name"]] == "DIRECTORY":
                    self._found[name] = f"{self.path(above)}/{entry['name']}", entry
                    break
            else:
                for entry in candidates:
                    raise Failure(self._in_the_way(f"{self.path(above)}/{entry['name']}", entry))
                if other := folded.get(names.folded(name.removeprefix(prefix))):
                    self.nearly[name] = other

    @staticmethod
    def _in_the_way(path: str, entry: Entry) -> str:
        if entry.get("type") == "SYMLINK":
            return (
                f"albums: {path} is a symbolic link, which a push passes over. Put a directory in its place, or set "
                "follow_symlinks: true here and in the task."
            )
        return f"albums: {path} exists and is not a directory. Move it away, or give the album another name."

    def _kinds(self, place: str, listing: Iterable[Entry]) -> dict[str, str]:
        """What each entry is to rclone: DIRECTORY, FILE, or something that it does not transfer."""
        kinds = {entry["name"]: entry.get("type", "") for entry in listing}
        links = [name for name, kind in kinds.items() if kind == "SYMLINK"]
        if self._follow_symlinks and links:
            answers = ask_all(self._client, [("filesystem.stat", (f"{place}/{name}",)) for name in links])
            kinds |= {name: _target(answer) for name, answer in zip(links, answers, strict=True)}
        return kinds

    def _check_root(self, answer: Any) -> None:
        if isinstance(answer, CallError) and answer.errno == errno.ENOENT:
            raise Failure(
                f"path: {self.root} does not exist on the NAS. Create the dataset first, or correct the path."
            )
        if isinstance(answer, Exception):
            raise answer
        if answer["type"] != "DIRECTORY":
            raise Failure(f"path: {self.root} is not a directory. Give the directory of a dataset.")


def _target(answer: Any) -> str:
    """What a link leads to. TrueNAS calls it SYMLINK and tells the mode of its target."""
    if isinstance(answer, Exception):
        return "SYMLINK"
    mode = answer.get("mode") or 0
    if answer["type"] == "DIRECTORY" or stat.S_ISDIR(mode):
        return "DIRECTORY"
    return "FILE" if answer["type"] == "FILE" or stat.S_ISREG(mode) else "SYMLINK"
