# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an export is whole: its parts by number, and its entries against the page that lists them.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.index import Index
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.intake import Opened
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.inventory import normal


@dataclass(slots=True)
class Completeness:
    """What is missing of an export.

    Attributes:
        parts: The parts that are missing between those that are there.
        damaged: The parts that cannot be read, and why.
        listed: The files that the export's own list names; `None` if there is no list.
        files: Those of them that no part holds.
        failed: What Google could not export, and its reason.
    """

    parts: list[str] = field(default_factory=list)
    damaged: list[tuple[str, str]] = field(default_factory=list)
    listed: int | None = None
    files: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def delivered(self) -> bool:
        """Whether all that Google exported is there, as far as can be known."""
        return not (self.parts or self.damaged or self.files)

    @property
    def proven(self) -> bool:
        """Whether all that Google exported is there, by its own list."""
        return self.delivered and self.listed is not None

    @property
    def missing(self) -> int:
        """How many files are missing; where that is not known, how many parts."""
        return len(self.files) or len(self.parts) + len(self.damaged)

    def gaps(self) -> list[str]:
        """Say in words what is missing."""
        said = []
        if self.parts:
            said.append(f"missing parts: {shortened(self.parts)}")
        said += [f"{name}: {why}" for name, why in self.damaged]
        if self.files:
            said.append(f"{len(self.files)} files that the export lists are in no part: {shortened(self.files)}")
        return said


def judge(index: Index, missing_parts: list[str], parts: list[Opened]) -> Completeness:
    """Compare what is there with what should be."""
    damaged = [(part.name, part.note) for part in parts if part.status == "damaged"]
    found = Completeness(missing_parts, damaged)
    page = index.db.execute("SELECT page, count(*) FROM listed GROUP BY page ORDER BY 2 DESC, 1 LIMIT 1").fetchone()
    if page is None:
        return found
    failed = "SELECT folder, name, failure FROM listed WHERE page = ? AND failure != '' ORDER BY rowid"
    found.failed = [(_path(folder, name), why) for folder, name, why in index.db.execute(failed, (page[0],))]
    found.listed = page[1] - len(found.failed)
    found.files = _absent(index, page[0])
    return found


def _absent(index: Index, page: int) -> list[str]:
    """The listed files that no part holds, first by folder and name; then what is left by name alone."""
    index.db.create_function("normal", 1, normal, deterministic=True)
    query = (
        "SELECT folder, name, sum(number) FROM ("
        " SELECT folder, name, 1 AS number FROM listed WHERE page = ? AND failure = ''"
        " UNION ALL SELECT normal(f.label), normal(e.name), -1 FROM entry e JOIN folder f ON f.id = e.folder "
        " WHERE e.kind NOT IN ('page', 'directory')) GROUP BY folder, name HAVING sum(number) != 0"
    )
    lacking: list[tuple[str, str]] = []
    spare: Counter[str] = Counter()
    for folder, name, number in index.db.execute(query, (page,)):
        if number > 0:
            lacking += [(folder, name)] * number
        else:
            spare[name] -= number
    absent = []
    for folder, name in lacking:
        if spare[name] > 0:
            spare[name] -= 1
        else:
            absent.append(_path(folder, name))
    return absent


def _path(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def shortened(names: list[str], most: int = 5) -> str:
    """List names, and count what does not fit."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
