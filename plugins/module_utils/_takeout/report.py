# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proof: what of each export is in the library, and what is not, and why. PRIVATE to the collection."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import embedded
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.importing import Summary
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.library import BlockedError, Library
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.parts import made
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.state import State

OVERDUE = timedelta(days=70)
"""Google delivers every two months; later than this, the next export is overdue."""

_PICTURES = 160
_TRIES = 3


def collect(state: State, library: Library, current: Iterable[Summary], now: float) -> dict[str, Any]:
    """Collect all that the report tells; equal libraries and exports give equal data."""
    exports = {one: json.loads(text) for one, text in state.db.execute("SELECT id, summary FROM export ORDER BY id")}
    for one in current:
        if one.id not in exports:
            exports[one.id] = asdict(one)
    imported = [made(one) for one, account in exports.items() if account["status"] == "imported"]
    newest = max(imported, default=None)
    query = (
        "SELECT count(*), coalesce(sum(size), 0), coalesce(sum(own), 0), coalesce(sum(item != '{}' AND NOT own), 0) "
        "FROM content"
    )
    photos, size, own, borrowed = state.db.execute(query).fetchone()
    return {
        "library": str(library.root),
        "photos": photos,
        "bytes": size,
        "own_metadata": own,
        "borrowed_metadata": borrowed,
        "newest_export": newest.isoformat() if newest else None,
        "next_export_overdue": newest is not None and datetime.fromtimestamp(now, UTC) - newest > OVERDUE,
        "next_export_due": (newest + OVERDUE).date().isoformat() if newest else None,
        "exports": list(exports.values()),
        "years": _years(state),
        "albums": _albums(state),
    }


_YEAR = "coalesce(CAST(strftime('%Y', taken, 'unixepoch') AS INTEGER), year)"


def _years(state: State) -> list[dict[str, Any]]:
    query = f"SELECT {_YEAR} AS one, count(*) FROM content GROUP BY one ORDER BY one IS NULL, one"  # noqa: S608
    return [{"year": year, "photos": number} for year, number in state.db.execute(query)]


def _albums(state: State) -> list[dict[str, Any]]:
    query = (
        "SELECT a.title, a.directory, count(m.content) FROM album a LEFT JOIN member m ON m.album = a.id GROUP BY a.id "
        "ORDER BY a.title, a.directory"
    )
    return [
        {"title": title, "directory": directory, "photos": number}
        for title, directory, number in state.db.execute(query)
    ]


def pictures(state: State, library: Library) -> dict[str, str]:
    """Find small pictures for years and albums, as addresses that hold them: keys `year 2024` and `album DIRECTORY`."""
    query = (
        f"SELECT * FROM (SELECT 'year ' || coalesce({_YEAR}, ''), path, "  # noqa: S608
        f"row_number() OVER (PARTITION BY {_YEAR} ORDER BY path) AS n "
        "FROM content) WHERE n <= ?1 UNION ALL SELECT * FROM (SELECT 'album ' || a.directory, c.path, "
        "row_number() OVER (PARTITION BY a.id ORDER BY c.path) AS n FROM member m JOIN album a ON a.id = m.album "
        "JOIN content c ON c.id = m.content) WHERE n <= ?1 ORDER BY 1, 3"
    )
    found: dict[str, str] = {}
    for key, path, _place in state.db.execute(query, (_TRIES,)):
        if key not in found and len(found) < _PICTURES and (picture := _picture(library, path)):
            found[key] = picture
    return found


def _picture(library: Library, path: str) -> str | None:
    try:
        head = library.beginning(path, embedded.HEAD)
        facts = library.stat(path)
    except (OSError, BlockedError):
        return None
    small = embedded.thumbnail(head, facts is not None and facts.st_size <= len(head))
    return f"data:image/{small[0]};base64,{b64encode(small[1]).decode()}" if small else None
