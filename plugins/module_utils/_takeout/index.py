# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The index of an export: every entry of every part, in a database that SQLite keeps in a temporary file.

Memory stays small whatever the export's size, and the file disappears with the process. PRIVATE to the collection.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.archive import Entry
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.folders import Folder

MARKS = {None: 0, "partner": 1, "archived": 2, "locked": 3, "trashed": 4}
"""What an item can be marked with, the strongest last."""

PLACED, KNOWN, REFUSED = "placed", "known", "refused"
"""What becomes of an entry."""

_SCHEMA = """
CREATE TABLE folder (id INTEGER PRIMARY KEY, container TEXT, name TEXT, label TEXT, kind TEXT, album TEXT, year INTEGER,
                     mark INTEGER DEFAULT 0, UNIQUE (container, name));
CREATE TABLE entry (id INTEGER PRIMARY KEY, part INTEGER, position INTEGER, path TEXT, folder INTEGER, name TEXT,
                    size INTEGER, packed INTEGER, crc INTEGER, offset INTEGER, method INTEGER, kind TEXT, outcome TEXT,
                    reason TEXT,
                    sidecar INTEGER, own INTEGER DEFAULT 0, beside INTEGER, mark INTEGER DEFAULT 0, doubt TEXT,
                    spool TEXT, sha BLOB, dated INTEGER, content INTEGER);
CREATE TABLE sidecar (entry INTEGER PRIMARY KEY, title TEXT, taken INTEGER, url TEXT, item TEXT, media INTEGER);
CREATE TABLE raw (entry INTEGER PRIMARY KEY, bytes BLOB);
CREATE TABLE album (folder INTEGER PRIMARY KEY, entry INTEGER, title TEXT, description TEXT);
CREATE TABLE listed (page INTEGER, folder TEXT, name TEXT, failure TEXT);
CREATE TABLE member (folder INTEGER, entry INTEGER, content INTEGER, sidecar INTEGER);
CREATE TABLE occupied (directory TEXT, folded TEXT, name TEXT, PRIMARY KEY (directory, folded)) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS entry_place ON entry (folder, kind);
CREATE INDEX IF NOT EXISTS entry_twin ON entry (size, crc);
"""


@dataclass(slots=True)
class Row:
    """An entry as the index has it."""

    id: int
    part: int
    position: int
    path: str
    folder: int
    name: str
    size: int
    packed: int
    crc: int | None
    offset: int
    method: int
    kind: str

    @property
    def entry(self) -> Entry:
        """The entry as the reader of its archive takes it."""
        return Entry(self.position, self.path, self.size, self.packed, self.crc, self.offset, self.method)


ROW = "id, part, position, path, folder, name, size, packed, crc, offset, method, kind"


def temporary() -> sqlite3.Connection:
    """Open a database in a temporary file without a name."""
    connection = sqlite3.connect("", isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -16000")
    connection.execute("PRAGMA temp_store = FILE")
    return connection


class Index:
    """The entries of one export."""

    def __init__(self) -> None:
        self.db = temporary()
        self.db.execute("BEGIN")  # never committed: it all disappears
        self._script(_SCHEMA)
        self._folders: dict[tuple[str, str], int] = {}

    def close(self) -> None:
        """Give the temporary file back."""
        self.db.close()

    def folder(self, container: str, name: str) -> int:
        """Return the number of a folder."""
        known = self._folders.get((container, name))
        if known is None:
            label = (name.rpartition("/")[2] or container).strip() if name else ""
            cursor = self.db.execute(
                "INSERT INTO folder (container, name, label) VALUES (?, ?, ?)", (container, name, label)
            )
            known = self._folders[container, name] = int(cursor.lastrowid or 0)
        return known

    def add(self, part: int, entry: Entry, place: tuple[int, str], kind: str) -> int:
        """Take an entry into the index; what must not be used is refused at once."""
        outcome = REFUSED if entry.problem else None
        values = (
            part,
            entry.position,
            entry.path,
            *place,
            entry.size,
            entry.packed,
            entry.crc,
            entry.offset,
            entry.method,
        )
        cursor = self.db.execute(
            "INSERT INTO entry (part, position, path, folder, name, size, packed, crc, offset, method, kind, outcome, "
            "reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, "refused" if entry.problem else kind, outcome, entry.problem),
        )
        return int(cursor.lastrowid or 0)

    def refuse_overlaps(self, part: int) -> None:
        """Refuse entries whose data overlap, as in a decompression bomb."""
        end, last, bad = -1, 0, set()
        query = "SELECT id, offset, packed FROM entry WHERE part = ? ORDER BY offset, id"
        for entry, offset, packed in self.db.execute(query, (part,)):
            if offset < end:
                bad |= {last, entry}
            if offset + packed >= end:
                end, last = offset + packed, entry
        for entry in bad:
            self.settle(entry, REFUSED, "its data overlap those of another entry, as in a decompression bomb")

    def settle(self, entry: int, outcome: str, reason: str | None) -> None:
        """Say what becomes of an entry."""
        self.db.execute("UPDATE entry SET outcome = ?, reason = ? WHERE id = ?", (outcome, reason, entry))

    def settle_all(self, values: Iterable[tuple[str, str | None, int | None, int]]) -> None:
        """Say what becomes of many: outcome, reason, content, entry."""
        self.db.executemany("UPDATE entry SET outcome = ?, reason = ?, content = ? WHERE id = ?", values)

    def prepare(self) -> None:
        """Make what is needed once all entries are in."""
        self._script(_INDEXES)

    def _script(self, statements: str) -> None:
        for statement in statements.split(";")[:-1]:
            self.db.execute(statement)

    def rows(self, where: str, values: tuple[Any, ...] = ()) -> Iterator[Row]:
        """Read entries, in the order given in the condition."""
        for values_read in self.db.execute(f"SELECT {ROW} FROM entry WHERE {where}", values):  # noqa: S608 - constants
            yield Row(*values_read)

    def row(self, entry: int) -> Row:
        """Read one entry."""
        return next(self.rows("id = ?", (entry,)))

    def in_order(self, where: str, values: tuple[Any, ...]) -> Iterator[Row]:
        """Read entries in the order of their archive, while they are changed; only their numbers are kept meanwhile."""
        query = f"SELECT id FROM entry WHERE {where} ORDER BY offset, id"  # noqa: S608 - constants
        for entry in array("q", (row[0] for row in self.db.execute(query, values))):
            yield self.row(entry)

    def folders(self) -> list[tuple[int, str]]:
        """The folders of Google Photos, each a number and a name."""
        query = "SELECT id, name FROM folder WHERE kind IS NULL ORDER BY container, name"
        return list(self.db.execute(query))

    def classify(self, folder: int, found: Folder) -> None:
        """Note what a folder is."""
        self.db.execute(
            "UPDATE folder SET kind = ?, album = ?, year = ?, mark = ? WHERE id = ?",
            (found.kind, found.album, found.year, MARKS[found.mark], folder),
        )

    def raw(self, entry: int) -> bytes:
        """The bytes of a JSON file."""
        row = self.db.execute("SELECT bytes FROM raw WHERE entry = ?", (entry,)).fetchone()
        return bytes(row[0]) if row else b""

    def one(self, query: str, values: tuple[Any, ...] = ()) -> Any:
        """The only value of a query."""
        row = self.db.execute(query, values).fetchone()
        return row[0] if row else None

    def counts(self) -> dict[str, int]:
        """How many entries have which outcome."""
        found = dict(self.db.execute("SELECT coalesce(outcome, ''), count(*) FROM entry GROUP BY 1"))
        return {outcome: found.get(outcome, 0) for outcome in (PLACED, KNOWN, REFUSED, "")}
