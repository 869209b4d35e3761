# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that the import generates and updates: lists, reports, kept metadata. PRIVATE to the collection."""

from __future__ import annotations

import hashlib

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.library import BlockedError, Library, write_text
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.naming import split
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.state import State


class OwnFiles:
    """Writes generated files; one that was changed is left, and a new one is written beside it."""

    def __init__(self, state: State, library: Library) -> None:
        self._state = state
        self._library = library

    def write(self, path: str, text: bytes) -> bool:
        """Write a file. `False`: it has this content already."""
        now = hashlib.sha256(text).digest()
        try:
            return self._write(path, text, now)
        except BlockedError:
            return False

    def _write(self, path: str, text: bytes, now: bytes) -> bool:
        found = self._library.stat(path)
        if found is not None:
            there = self._library.digest(path)
            if there == now:
                return False
            if there != self._state.file(path):
                folder, _slash, name = path.rpartition("/")
                stem, extension = split(name)
                return self._write(f"{folder}/{stem} ({now.hex()[:8]}){extension}", text, now)
            if self._library.writes:
                self._library.replace(write_text(self._library, text), path, there)
        elif self._library.writes:
            temporary = write_text(self._library, text)
            self._library.flush()
            self._library.publish(temporary, path)
        self._state.change("INSERT OR REPLACE INTO file VALUES (?, ?)", (path, now))
        return True
