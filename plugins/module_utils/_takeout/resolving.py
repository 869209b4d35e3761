# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the index to what is known of each photo: folders, sidecars, twins, and albums that hold a sidecar alone.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import matching, sidecar_names
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.entry_paths import Place, is_photos
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.folders import classify
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.index import MARKS, REFUSED, Index
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.intake import FOREIGN, Intake
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.parts import Loose
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecars import Item, item, moment
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.state import State

AMBIGUOUS = "several photos may be the one that it is about"
ORPHAN = "no photo that it may be about is there"


def find_photos(index: Index) -> None:
    """Refuse what other Google products have put into the parts."""
    query = (
        "SELECT f.id, f.container, max(e.kind = 'sidecar') FROM folder f JOIN entry e ON e.folder = f.id "
        "WHERE e.kind IN ('media', 'sidecar', 'album', 'other', 'json') GROUP BY f.id"
    )
    folders = index.db.execute(query).fetchall()
    photos = {container for _id, container, items in folders if items or is_photos(container)} - {""}
    for folder, container, items in folders:
        if container not in photos and not items:  # without a container, each folder has to speak for itself
            index.db.execute(
                "UPDATE entry SET outcome = ?, reason = ?, kind = 'foreign' "
                "WHERE folder = ? AND outcome IS NULL AND kind != 'page'",
                (REFUSED, FOREIGN, folder),
            )
    index.db.execute(
        "UPDATE folder SET kind = 'foreign' WHERE id NOT IN (SELECT folder FROM entry WHERE kind IN "
        "('media', 'sidecar', 'album', 'other', 'json'))"
    )


def classify_folders(index: Index) -> None:
    """Say of each folder whether it is a year, an album, or something special."""
    for folder, name in index.folders():
        title = index.one("SELECT title FROM album WHERE folder = ?", (folder,)) if name else None
        query = (
            "SELECT s.taken FROM entry e JOIN sidecar s ON s.entry = e.id WHERE e.folder = ? AND s.taken IS NOT NULL"
        )
        years = Counter(moment(taken).year for (taken,) in index.db.execute(query, (folder,)))
        index.classify(folder, classify(name, title, years))


def match_folders(index: Index) -> None:
    """Match files and sidecars, folder by folder over all parts."""
    for folder, _name in index.db.execute("SELECT id, name FROM folder WHERE kind != 'foreign'").fetchall():
        files = index.db.execute(
            "SELECT id, name FROM entry WHERE folder = ? AND kind = 'media' AND outcome IS NULL ORDER BY name, id",
            (folder,),
        ).fetchall()
        sidecars = [
            matching.Sidecar(*row)
            for row in index.db.execute(
                "SELECT e.id, e.name, s.title FROM entry e JOIN sidecar s ON s.entry = e.id WHERE e.folder = ? "
                "ORDER BY e.name, e.id",
                (folder,),
            )
        ]
        _note(index, matching.match(files, sidecars))


def _note(index: Index, found: matching.Matches) -> None:
    db = index.db
    db.executemany(
        "UPDATE entry SET sidecar = ?, own = 1 WHERE id = ?", ((one, file) for file, one in found.own.items())
    )
    db.executemany("UPDATE sidecar SET media = ? WHERE entry = ?", found.own.items())
    db.executemany("UPDATE sidecar SET media = ? WHERE entry = ?", ((file, one) for one, file in found.spare.items()))
    db.executemany(
        "UPDATE entry SET sidecar = ?, own = 0 WHERE id = ?", ((one, file) for file, one in found.borrowed.items())
    )
    db.executemany("UPDATE entry SET beside = ? WHERE id = ?", ((still, file) for file, still in found.beside.items()))
    db.executemany("UPDATE entry SET beside = ? WHERE id = ?", found.beside.items())
    db.executemany(
        "UPDATE entry SET doubt = ? WHERE id = ?", ((reason, file) for file, reason in found.doubtful.items())
    )


def take_loose(
    index: Index, intake: Intake, loose: Iterable[Loose], claimed: Collection[str], only_export: bool
) -> None:
    """Match each loose file with the sidecar that is named for it and has no file yet.

    A loose file without such a sidecar is taken only if there is no other export that it may belong to.

    Args:
        claimed: The names of the loose files that belong to an earlier export. This export has delivered one again if
            the sidecar is in the folder of a year. A sidecar in an album alone is about the file of the earlier export.
    """
    for one in loose:
        sidecars = _left_for(index, one.name, years_only=one.file.name in claimed)
        identities = {row[2:] for row in sidecars}
        if len(identities) == 1:
            sidecar, folder = sidecars[0][:2]
            container, name = index.db.execute("SELECT container, name FROM folder WHERE id = ?", (folder,)).fetchone()
            opened = intake.read_loose(one, Place(container, name, one.name))
            entry = index.one("SELECT id FROM entry WHERE part = ?", (opened.id,))
            index.db.execute("UPDATE entry SET sidecar = ?, own = 1 WHERE id = ?", (sidecar, entry))
            index.db.execute("UPDATE sidecar SET media = ? WHERE entry = ?", (entry, sidecar))
        elif only_export:
            opened = intake.read_loose(one, Place("", "", one.name))
            doubt = matching.several(one.name) if identities else None
            index.db.execute("UPDATE entry SET doubt = ? WHERE part = ?", (doubt, opened.id))


def _left_for(index: Index, name: str, *, years_only: bool) -> list[tuple[int, int, str, int | None, str]]:
    """The sidecars without a file that are named for a file, those of year folders first."""
    parts = sidecar_names.split(name)
    names = [f"{one}.json" for one in (*sidecar_names.exact(parts), *sidecar_names.shortened(parts))]
    query = (
        "SELECT s.entry, e.folder, s.title, s.taken, s.url FROM sidecar s JOIN entry e ON e.id = s.entry "
        "JOIN folder f ON f.id = e.folder WHERE s.media IS NULL AND e.name = ? AND (f.kind = 'year' OR NOT ?) "
        "ORDER BY f.kind != 'year', s.entry"
    )
    found = [row for one in dict.fromkeys(names) for row in index.db.execute(query, (one, years_only))]
    return [row for row in found if sidecar_names.title_fits(row[2], parts) is not False]


def mark(index: Index) -> None:
    """Note which photos are archived, in the bin, in the locked folder, or a partner's."""
    query = (
        "SELECT e.id, s.item, f.mark FROM entry e JOIN folder f ON f.id = e.folder "
        "LEFT JOIN sidecar s ON s.entry = e.sidecar WHERE e.kind = 'media' "
        "AND (f.mark OR s.item LIKE '%\"archived\"%' OR s.item LIKE '%\"trashed\"%' "
        "OR s.item LIKE '%\"locked\"%' OR s.item LIKE '%\"partner\"%')"
    )
    for entry, text, of_folder in index.db.execute(query).fetchall():
        told = item(text) if text else None
        marks = [MARKS[name] for name in MARKS if name and told and getattr(told, name)]
        index.db.execute("UPDATE entry SET mark = ? WHERE id = ?", (max([*marks, of_folder]), entry))


def find_twins(index: Index) -> None:
    """Choose, among entries that seem to have one content, whose metadata hold for it; and what marks it.

    The SHA-256 of each is compared when it is read; until then size and checksum are good enough to plan with.
    """
    index.prepare()
    index.db.execute(
        "CREATE TABLE leader AS SELECT size, crc, id, mark FROM ("
        " SELECT e.size, e.crc, e.id, row_number() OVER (PARTITION BY e.size, e.crc ORDER BY "
        "   (e.sidecar IS NOT NULL) * (1 + e.own) DESC, e.mark, f.kind = 'year' DESC, e.id) AS place, "
        "   CASE WHEN max(e.own OR f.kind = 'year' OR f.mark) OVER (PARTITION BY e.size, e.crc) "
        "        THEN min(CASE WHEN e.own OR f.kind = 'year' OR f.mark THEN e.mark ELSE 9 END) "
        "             OVER (PARTITION BY e.size, e.crc) "
        "        ELSE max(e.mark) OVER (PARTITION BY e.size, e.crc) END AS mark "
        " FROM entry e JOIN folder f ON f.id = e.folder "
        " WHERE e.kind = 'media' AND e.outcome IS NULL AND e.crc IS NOT NULL) WHERE place = 1"
    )
    index.db.execute("CREATE INDEX leader_twin ON leader (size, crc)")


def find_members(index: Index, state: State) -> None:
    """Find what the sidecars without a file are about: a photo elsewhere in the export, or one that came before."""
    index.db.execute("CREATE INDEX sidecar_url ON sidecar (url) WHERE url != ''")
    index.db.execute("CREATE INDEX sidecar_title ON sidecar (title, taken)")
    query = (
        "SELECT s.entry, e.folder, e.name, s.item FROM sidecar s JOIN entry e ON e.id = s.entry "
        "WHERE s.media IS NULL AND e.outcome IS NULL ORDER BY s.entry"
    )
    for sidecar, folder, name, text in index.db.execute(query).fetchall():
        told = item(text)
        here = _matched(index, told, name)
        contents = [] if here else state.find(told, sidecar_names.media(name))
        if len(here) == 1 or len(contents) == 1:
            entry, content = (here[0], None) if here else (None, contents[0])
            values = (folder, entry, content, sidecar)
            index.db.execute("INSERT INTO member VALUES (?, ?, ?, ?)", values)
        else:
            reason = AMBIGUOUS if here or contents else ORPHAN
            index.db.execute("UPDATE entry SET reason = ? WHERE id = ?", (reason, sidecar))


def _matched(index: Index, told: Item, name: str) -> list[int]:
    """Entries of the export whose own sidecar is about the same photo; one for each content."""
    query = (
        "SELECT min(e.id) FROM sidecar s JOIN entry e ON e.id = s.media JOIN entry own ON own.id = s.entry "
        "WHERE {} AND e.outcome IS NULL "
        "GROUP BY e.size, coalesce(e.crc, e.id)"
    )
    if told.url:
        found = [row[0] for row in index.db.execute(query.format("s.url = ? AND s.url != ''"), (told.url,))]
        if found:
            return found
    if not told.title:  # its sidecar's name is all that names it
        where = "s.title = '' AND s.taken IS ? AND s.item = ? AND own.name = ?"
        return [row[0] for row in index.db.execute(query.format(where), (told.taken, told.text(), name))]
    # Two addresses in one export are two photos, whatever else is the same. Without a time, all must be the same.
    where = "s.title = ? AND s.taken IS ? AND (s.url = '' OR ? = '') AND (s.taken IS NOT NULL OR s.item = ?)"
    values = (told.title, told.taken, told.url, told.text())
    return [row[0] for row in index.db.execute(query.format(where), values)]
