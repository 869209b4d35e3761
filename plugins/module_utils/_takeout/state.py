# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the library has received so far, in a SQLite file in the library. PRIVATE to the collection.

A content is known by its SHA-256; names are only labels. Rows are written in one transaction with the files that they
are about: if a run is cut, the files that it has not noted are found again by name and content.
"""

from __future__ import annotations

import posixpath
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.index import temporary
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.library import HOME
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import TakeoutError
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecars import Item

FILE = "state.sqlite"
_VERSION = 1

_SCHEMA = """
CREATE TABLE content (id INTEGER PRIMARY KEY, sha BLOB NOT NULL UNIQUE, size INTEGER, crc INTEGER, path TEXT NOT NULL,
                      taken INTEGER, title TEXT, url TEXT, item TEXT, own INTEGER, told TEXT, year INTEGER,
                      dated INTEGER, xmp BLOB, json BLOB, modified INTEGER);
CREATE INDEX content_size ON content (size, crc);
CREATE INDEX content_url ON content (url) WHERE url != '';
CREATE INDEX content_title ON content (title, taken);
CREATE INDEX content_path ON content (path);
CREATE TABLE album (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, title TEXT, description TEXT, directory TEXT,
                    told TEXT);
CREATE TABLE member (album INTEGER, content INTEGER, path TEXT, PRIMARY KEY (album, content)) WITHOUT ROWID;
CREATE TABLE part (id INTEGER PRIMARY KEY, export TEXT, name TEXT, fingerprint TEXT, UNIQUE (export, fingerprint));
CREATE TABLE entry (part INTEGER, position INTEGER, outcome TEXT, content INTEGER,
                    PRIMARY KEY (part, position)) WITHOUT ROWID;
CREATE TABLE export (id TEXT PRIMARY KEY, parts TEXT, options TEXT, summary TEXT);
CREATE TABLE file (path TEXT PRIMARY KEY, sha BLOB) WITHOUT ROWID;
"""


@dataclass(slots=True)
class Content:
    """A file of the library that came from an export."""

    id: int
    sha: bytes
    size: int
    path: str
    item: str
    own: bool
    told: str
    year: int | None
    dated: bool
    xmp: bytes | None
    json: bytes | None
    modified: int | None


_CONTENT = "id, sha, size, path, item, own, told, year, dated, xmp, json, modified"


class State:
    """The state, open for writing, or for check mode a copy of it that disappears."""

    def __init__(self, library: Path, writes: bool) -> None:
        file = library / HOME / FILE
        if file.is_symlink():
            raise TakeoutError(f"{file} is a link. Remove it: the state has to be a file in the library itself")
        try:
            with ExitStack() as opened:
                self.db = sqlite3.connect(file, isolation_level=None, timeout=30) if writes else temporary()
                opened.callback(self.db.close)
                if writes:
                    self._set_up_to_last()
                else:
                    self._copy(file)
                self._begin(file)
                opened.pop_all()
        except sqlite3.DatabaseError as error:
            raise TakeoutError(unusable(library, error)) from None

    def _set_up_to_last(self) -> None:
        self.db.execute("PRAGMA journal_mode = DELETE")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA cache_size = -16000")

    def _copy(self, file: Path) -> None:
        """Copy the file, so that check mode can go through everything without changing it."""
        if file.exists():
            with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as original:
                original.backup(self.db)

    def _begin(self, file: Path) -> None:
        version = self.db.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise TakeoutError(f"{file} was written by a newer release of nasops.cloudsync. Update this one")
        if version == 0:
            self.db.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA.split(";")[:-1]:
                self.db.execute(statement)
            self.db.execute(f"PRAGMA user_version = {_VERSION}")
            self.db.execute("COMMIT")
        self._open = False

    def close(self) -> None:
        """Close it; what was not committed is lost."""
        self.db.close()

    def change(self, statement: str, values: tuple[Any, ...]) -> int:
        """Change it; lasting only after `commit`."""
        if not self._open:
            self.db.execute("BEGIN IMMEDIATE")
            self._open = True
        return int(self.db.execute(statement, values).lastrowid or 0)

    def commit(self) -> None:
        """Make the changes last."""
        if self._open:
            self.db.execute("COMMIT")
            self._open = False

    def content(self, sha: bytes) -> Content | None:
        """Find a file of the library by its content."""
        return self._content("sha = ?", (sha,))

    def content_of(self, number: int) -> Content | None:
        """Find a file of the library by its number."""
        return self._content("id = ?", (number,))

    def _content(self, where: str, values: tuple[Any, ...]) -> Content | None:
        row = self.db.execute(f"SELECT {_CONTENT} FROM content WHERE {where}", values).fetchone()  # noqa: S608 - constants
        if row is None:
            return None
        found = Content(*row)
        found.own, found.dated = bool(found.own), bool(found.dated)
        return found

    def contents(self) -> Iterator[Content]:
        """All files of the library that came from an export."""
        for row in self.db.execute(f"SELECT {_CONTENT} FROM content ORDER BY id"):  # noqa: S608 - constants
            yield Content(*row)

    def may_know(self, size: int, crc: int) -> bool:
        """Whether there is a content of this size and checksum; only its SHA-256 tells whether it is the same."""
        return self.db.execute("SELECT 1 FROM content WHERE size = ? AND crc = ?", (size, crc)).fetchone() is not None

    def is_ours(self, path: str) -> bool:
        """Whether a path of the library is a content's."""
        return self.db.execute("SELECT 1 FROM content WHERE path = ?", (path,)).fetchone() is not None

    def find(self, told: Item, name: str) -> list[int]:
        """Find contents by what Google tells: the address, else title and time; without a time, all has to be equal.

        Args:
            name: What the file was called in the export, which counts for one without a title.
        """
        if told.url:
            found = [row[0] for row in self.db.execute("SELECT id FROM content WHERE url = ? AND own", (told.url,))]
            if found:
                return found
        if not told.title:
            query = "SELECT id, path FROM content WHERE title = '' AND taken IS ? AND own AND item = ?"
            rows = self.db.execute(query, (told.taken, told.text()))
            return [number for number, path in rows if posixpath.basename(path) == name]
        query = "SELECT id FROM content WHERE title = ? AND taken IS ? AND own AND (taken IS NOT NULL OR item = ?)"
        return [row[0] for row in self.db.execute(query, (told.title, told.taken, told.text()))]

    def part(self, export: str, name: str, fingerprint: str) -> int:
        """Return the number of a part."""
        query = "SELECT id FROM part WHERE export = ? AND fingerprint = ?"
        row = self.db.execute(query, (export, fingerprint)).fetchone()
        if row:
            return int(row[0])
        return self.change("INSERT INTO part (export, name, fingerprint) VALUES (?, ?, ?)", (export, name, fingerprint))

    def entry(self, part: int, position: int) -> tuple[str, int] | None:
        """What became of an entry of a part, if it was read before: its outcome and content."""
        query = "SELECT outcome, content FROM entry WHERE part = ? AND position = ?"
        row: tuple[str, int] | None = self.db.execute(query, (part, position)).fetchone()
        return row

    def export(self, export: str) -> tuple[str, str, str] | None:
        """What is noted of a finished export: its parts, the options it was imported with, and its summary."""
        query = "SELECT parts, options, summary FROM export WHERE id = ?"
        row: tuple[str, str, str] | None = self.db.execute(query, (export,)).fetchone()
        return row

    def file(self, path: str) -> bytes | None:
        """The digest of a file that was generated, as it was written."""
        row = self.db.execute("SELECT sha FROM file WHERE path = ?", (path,)).fetchone()
        return bytes(row[0]) if row else None


def unusable(library: Path, error: sqlite3.Error) -> str:
    """Say what to do when the state of a library cannot be read or written."""
    file = library / HOME / FILE
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return f"{file} cannot be written ({error}). Free some space, and run again: the import goes on where it was"
    return (
        f"{file} cannot be read ({error}). Bring it back from a snapshot, or move it away: files that are in "
        "the library already are then recognised by name and content"
    )
