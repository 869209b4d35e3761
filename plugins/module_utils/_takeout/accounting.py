# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of the entries that are not photos, so that every entry of an export is accounted for.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.albums import Albums
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.index import KNOWN, PLACED, REFUSED, Index
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.library import HOME
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.own_files import OwnFiles

UNEXPLAINED = "it was not dealt with; this is a defect of the collection"
_LIST = "it is the list of the export"


def settle_sidecars(index: Index) -> None:
    """A sidecar shares the fate of its photo."""
    index.db.execute(
        "UPDATE entry SET (outcome, reason) = (SELECT m.outcome, m.reason FROM sidecar s "
        "JOIN entry m ON m.id = s.media WHERE s.entry = entry.id) "
        "WHERE kind = 'sidecar' AND outcome IS NULL AND id IN (SELECT entry FROM sidecar WHERE media IS NOT NULL)"
    )


def settle_members(index: Index, before: set[tuple[int, int]]) -> None:
    """A sidecar that only says that a photo is in an album is placed with the membership.

    Args:
        before: Folder and content of the memberships that the library had before.
    """
    query = (
        "SELECT m.sidecar, m.folder, coalesce(e.content, m.content), f.kind FROM member m "
        "JOIN folder f ON f.id = m.folder LEFT JOIN entry e ON e.id = m.entry"
    )
    for sidecar, folder, content, kind in index.db.execute(query).fetchall():
        if content is None:
            index.settle(sidecar, REFUSED, "the photo that it is about was refused")
        else:
            new = kind == "album" and (folder, content) not in before
            index.settle(sidecar, PLACED if new else KNOWN, None)


def settle_texts(index: Index, albums: Albums, own_files: OwnFiles, export: str) -> list[str]:
    """Settle metadata of albums, lists, and other texts; keep what has no other place. Return the files written."""
    written = []
    query = (
        "SELECT e.id, e.kind, e.folder, f.name, e.name, e.reason FROM entry e JOIN folder f ON f.id = e.folder "
        "WHERE outcome IS NULL ORDER BY e.id"
    )
    for entry, kind, folder, folder_name, name, reason in index.db.execute(query).fetchall():
        if kind == "page":
            index.settle(entry, KNOWN, _LIST)
        elif kind == "album" and index.one("SELECT kind FROM folder WHERE id = ?", (folder,)) == "album":
            index.settle(entry, PLACED if folder in albums.new else KNOWN, None)
        elif kind in ("album", "other", "sidecar"):
            path = f"{HOME}/kept/{export}/{names.safe(folder_name)}/{names.safe(name)}"
            new = own_files.write(path, index.raw(entry))
            written += [path] * new
            if kind == "sidecar":
                index.settle(entry, REFUSED, reason)
            else:
                index.settle(entry, PLACED if new else KNOWN, None)
        else:
            index.settle(entry, REFUSED, UNEXPLAINED)
    return written
