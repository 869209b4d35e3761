# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The albums of an export: their directories, and how photos get into them. PRIVATE to the collection."""

from __future__ import annotations

import json
import stat
from itertools import count

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.index import Index
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.library import BlockedError, Library, link_text
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.naming import ALBUMS, Shelf, split
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.own_files import OwnFiles
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import Settings
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecar_names import key
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.state import State

_BATCH = 500


class Albums:
    """The albums of one export.

    Attributes:
        changes: The links and lists that were made, or in check mode would be.
        notes: What the report has to say of single files.
        new: The folders whose album the library did not have, or whose title or description has changed.
    """

    def __init__(
        self, settings: Settings, export: str, index: Index, state: State, library: Library, shelf: Shelf
    ) -> None:
        self._settings = settings
        self._export = export
        self._index = index
        self._state = state
        self._library = library
        self._shelf = shelf
        self._own_files = OwnFiles(state, library)
        self.changes: list[str] = []
        self.notes: list[tuple[str, str]] = []
        self.new: set[int] = set()
        self._albums: dict[int, tuple[int, str]] = {}

    def begin(self) -> None:
        """Find or make the album of each folder."""
        query = (
            "SELECT f.id, f.name, a.title, a.description FROM folder f JOIN album a ON a.folder = f.id "
            "WHERE f.kind = 'album' ORDER BY a.title, f.name, f.id"
        )
        for folder, name, title, description in self._index.db.execute(query).fetchall():
            self._albums[folder] = self._album(folder, name, title, description)

    def _album(self, folder: int, name: str, title: str, description: str) -> tuple[int, str]:
        query = "SELECT id, directory, title, description, told FROM album WHERE key = ?"
        row = self._state.db.execute(query, (name,)).fetchone()
        if row is None:
            self.new.add(folder)
            directory = self._directory(title)
            statement = "INSERT INTO album (key, title, description, directory, told) VALUES (?, ?, ?, ?, ?)"
            return self._state.change(statement, (name, title, description, directory, self._export)), directory
        number, directory, *before, told = row
        if self._export >= told and before != [title, description]:
            self.new.add(folder)
            statement = "UPDATE album SET title = ?, description = ?, told = ? WHERE id = ?"
            self._state.change(statement, (title, description, self._export, number))
        return number, directory

    def _directory(self, title: str) -> str:
        """A directory that no other album has, also where case makes no difference."""
        taken = {key(row[0]) for row in self._state.db.execute("SELECT directory FROM album")}
        for number in count(1):
            directory = f"{ALBUMS}/{names.numbered(names.safe(title), number, '')}"
            if key(directory) not in taken:
                return directory
        raise AssertionError("there is always a next number")

    def choose(self) -> None:
        """Choose, in the layout by album, the album in whose directory each photo is."""
        db = self._index.db
        db.execute("CREATE TABLE directory (folder INTEGER PRIMARY KEY, name TEXT)")
        db.executemany("INSERT INTO directory VALUES (?, ?)", ((one, two[1]) for one, two in self._albums.items()))
        db.execute(
            "CREATE TABLE home AS SELECT size, crc, min(name) AS name FROM ("
            " SELECT e.size, e.crc, d.name FROM entry e JOIN directory d ON d.folder = e.folder WHERE e.kind = 'media'"
            " UNION ALL SELECT e.size, e.crc, d.name FROM member m JOIN entry e ON e.id = m.entry "
            " JOIN directory d ON d.folder = m.folder) GROUP BY size, crc"
        )
        db.execute("CREATE INDEX home_twin ON home (size, crc)")

    def home(self, size: int, crc: int | None) -> str | None:
        """The directory that was chosen for a photo."""
        if self._settings.layout != "album":
            return None
        found = self._index.one("SELECT name FROM home WHERE size = ? AND crc IS ?", (size, crc))
        return found if isinstance(found, str) else None

    def fill(self) -> None:
        """Bring the photos into their albums."""
        waiting = 0
        for folder, (album, directory) in sorted(self._albums.items(), key=lambda one: one[1][1]):
            for content, path in self._members(folder, album):
                link = self._link(directory, path) if self._settings.albums in ("hardlinks", "symlinks") else None
                statement = "INSERT OR IGNORE INTO member VALUES (?, ?, ?)"
                self._state.change(statement, (album, content, link))
                waiting += 1
                if waiting % _BATCH == 0:
                    self._commit()
            if self._settings.albums == "lists":
                self._write_list(album, directory)
        self._commit()

    def has(self, folder: int, content: int) -> bool:
        """Whether the album of a folder has a photo already."""
        if folder not in self._albums:
            return False
        query = "SELECT 1 FROM member WHERE album = ? AND content = ?"
        return self._state.db.execute(query, (self._albums[folder][0], content)).fetchone() is not None

    def _commit(self) -> None:
        self._library.flush()
        self._library.step("commit")
        self._state.commit()

    def _members(self, folder: int, album: int) -> list[tuple[int, str]]:
        """The contents that are not in the album yet, and their paths."""
        query = (
            "SELECT DISTINCT content FROM (SELECT content FROM entry WHERE folder = ?1 AND kind = 'media' "
            "UNION ALL SELECT coalesce(e.content, m.content) FROM member m LEFT JOIN entry e ON e.id = m.entry "
            "WHERE m.folder = ?1) WHERE content IS NOT NULL ORDER BY content"
        )
        found = []
        for (content,) in self._index.db.execute(query, (folder,)).fetchall():
            row = self._state.db.execute(
                "SELECT c.path, m.content FROM content c "
                "LEFT JOIN member m ON m.album = ? AND m.content = c.id WHERE c.id = ?",
                (album, content),
            ).fetchone()
            if row and row[1] is None:
                found.append((content, row[0]))
        return sorted(found, key=lambda one: (one[1], one[0]))

    def _link(self, directory: str, path: str) -> str | None:
        """Make a link to a photo in the directory of an album; `None` if it is there itself."""
        folder, _slash, name = path.rpartition("/")
        if folder == directory:
            return None
        stem, extension = split(name)
        try:
            for number in count(1):
                link_name = names.numbered(stem, number, extension)
                link = f"{directory}/{link_name}"
                holder = self._shelf.holder(directory, link_name)
                if holder == link_name and self._is_link(path, link):
                    return link
                if holder is None and self._make(path, link):
                    self._shelf.take(directory, link_name)
                    self.changes.append(link)
                    return link
                self._shelf.take(directory, link_name)
        except BlockedError as error:
            self.notes.append((f"{directory}/{name}", str(error)))
        except FileNotFoundError:
            self.notes.append((path, "it is no longer in the library, so its albums do not have it"))
        return None

    def _make(self, path: str, link: str) -> bool:
        make = self._library.hard_link if self._settings.albums == "hardlinks" else self._library.symlink
        return make(path, link)

    def _is_link(self, path: str, link: str) -> bool:
        found, original = self._library.stat(link), self._library.stat(path)
        if found is None or original is None:
            return False
        if stat.S_ISLNK(found.st_mode):
            return self._library.link_target(link) == link_text(path, link)
        return (found.st_dev, found.st_ino) == (original.st_dev, original.st_ino)

    def _write_list(self, album: int, directory: str) -> None:
        """Write the list of an album's photos, beside where its directory would be."""
        title, description = self._state.db.execute(
            "SELECT title, description FROM album WHERE id = ?", (album,)
        ).fetchone()
        query = "SELECT c.path FROM member m JOIN content c ON c.id = m.content WHERE m.album = ? ORDER BY c.path"
        photos = [path for (path,) in self._state.db.execute(query, (album,))]
        content = {"title": title, "description": description, "photos": photos}
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        if self._own_files.write(f"{directory}.json", text.encode()):
            self.changes.append(f"{directory}.json")
