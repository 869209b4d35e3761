# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the NAS remembers: tables of records, kept in memory and in a file that is replaced on every change."""

from __future__ import annotations

import copy
import json
import os
import tempfile
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class Table:
    """Records with ids that are never given out twice. What goes in and comes out is copied."""

    def __init__(self, store: Store, content: dict[str, Any]) -> None:
        self._store = store
        self._content = content

    def insert(self, row: Row) -> int:
        """Add a record and return its id."""
        self._content["last_id"] += 1
        row_id: int = self._content["last_id"]
        self._content["rows"].append({**copy.deepcopy(row), "id": row_id})
        self._store.save()
        return row_id

    def get(self, row_id: int) -> Row | None:
        """The record of that id, or None."""
        return copy.deepcopy(self._find(row_id))

    def update(self, row_id: int, changes: Row) -> None:
        """Change some fields of a record.

        :raises KeyError: no record has that id
        """
        row = self._find(row_id)
        if row is None:
            raise KeyError(row_id)
        row.update(copy.deepcopy(changes))
        self._store.save()

    def delete(self, row_id: int) -> bool:
        """Remove a record; False when there was none of that id."""
        row = self._find(row_id)
        if row is None:
            return False
        self._content["rows"].remove(row)
        self._store.save()
        return True

    def all(self) -> list[Row]:
        """Every record, in the order of their ids."""
        return copy.deepcopy(self._content["rows"])

    def find(self, **fields: Any) -> Row | None:
        """The first record whose fields have these values, or None."""
        for row in self._content["rows"]:
            if all(row.get(name) == value for name, value in fields.items()):
                return copy.deepcopy(row)
        return None

    def _find(self, row_id: int) -> Row | None:
        return next((row for row in self._content["rows"] if row["id"] == row_id), None)


class Store:
    """All tables of a NAS.

    :param path: the file that outlives the simulator; None keeps everything in memory
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._tables: dict[str, dict[str, Any]] = {}
        if path is not None and path.exists():
            self._tables = json.loads(path.read_text())

    def table(self, name: str) -> Table:
        """The table of that name; it comes into being when it is first asked for."""
        return Table(self, self._tables.setdefault(name, {"last_id": 0, "rows": []}))

    def names(self) -> list[str]:
        """The tables that there are."""
        return list(self._tables)

    def clear(self, name: str) -> None:
        """Empty a table; its ids begin anew."""
        self._tables.pop(name, None)
        self.save()

    def save(self) -> None:
        """Replace the file in one step, so that a killed simulator never leaves half of it."""
        if self.path is None:
            return
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        with os.fdopen(handle, "w") as file:
            json.dump(self._tables, file, indent=1)
        Path(temporary).replace(self.path)
