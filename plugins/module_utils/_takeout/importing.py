# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The import of one export, from its parts to an account of all its entries. PRIVATE to the collection."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import accounting, completeness, resolving
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.albums import Albums
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.completeness import Completeness
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.index import KNOWN, PLACED, REFUSED, Index
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.intake import FOREIGN, Intake, Opened
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.library import Library
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.own_files import OwnFiles
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.parts import Export, Loose
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.placing import EntryTakenError, Placer
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import (
    CATEGORIES,
    Settings,
    TakeoutError,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecars import item
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.state import State

_SHOWN = 1000
_RESERVE = 1 << 26

IMPORTED, INCOMPLETE, WAITING = "imported", "incomplete", "waiting"


@dataclass(slots=True)
class Summary:
    """The account of an export, as it is returned, reported and kept.

    Attributes:
        status: `imported`, `incomplete` (nothing was imported), or `waiting` (it is still being delivered).
        gaps: In words, what of the delivery is missing.
        listed: How many files the export's own list names; `None` without one.
        reasons: How many entries were refused for which reason.
        damage: How many of them should have been imported, and could not be read.
        refusals: Path and reason of refused entries, as many as are worth showing.
        doubts: Path and reason of photos that were placed without what Google tells of them.
        notes: Path and remark of files in the library.
        keeps: Why the archives must be kept though they were imported.
    """

    id: str
    status: str
    entries: int = 0
    placed: int = 0
    known: int = 0
    refused: int = 0
    missing: int = 0
    complete: bool = False
    photos: int = 0
    borrowed: int = 0
    without: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    missing_files: list[str] = field(default_factory=list)
    listed: int | None = None
    parts: list[dict[str, Any]] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)
    damage: dict[str, int] = field(default_factory=dict)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    keeps: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    def again(self) -> Summary:
        """The account of the same export when there was nothing left to do."""
        return Summary(**{**asdict(self), "placed": 0, "known": self.known + self.placed})

    def remarks(self) -> list[str]:
        """What a person should know of an export that was imported."""
        said = [f"export {self.id} is incomplete: {gap}" for gap in self.gaps]
        if self.listed is None:
            said.append(f"export {self.id} has no archive_browser.html, so it cannot be proven to be complete")
        if self.failed:
            names = completeness.shortened([path for path, _why in self.failed])
            said.append(f"Google could not export {len(self.failed)} files of export {self.id}: {names}")
        return said

    def lost(self) -> str:
        """Say which entries should have been imported but could not be."""
        return "; ".join(f"{number} entries ({reason})" for reason, number in self.damage.items())


def summary(text: str) -> Summary:
    """Read what `Summary.text` has written."""
    return Summary(**json.loads(text))


@dataclass(slots=True)
class Job:
    """What is at hand for an export.

    Attributes:
        loose: The files beside the archives that may belong to it. Two exports may have the same one.
        only_export: Whether there is no other export that they may belong to.
        gone: The contents whose files were removed from the library.
        claimed: The names of loose files that an earlier export has.
        changes: The paths that were written, or in check mode would be.
    """

    settings: Settings
    export: Export
    state: State
    library: Library
    loose: list[Loose]
    only_export: bool
    gone: set[int]
    claimed: set[str] = field(default_factory=set)
    changes: list[str] = field(default_factory=list)

    def run(self, key: str) -> Summary:
        """Import it.

        Args:
            key: What its parts are told by, to know the same parts again.
        """
        with closing(Index()) as index, closing(self._intake(index)) as intake:
            try:
                return self._import(index, intake, key)
            except EntryTakenError as error:
                raise TakeoutError(
                    f"library: another program created {error} in {self.settings.library} during the import. Run the "
                    "import again"
                ) from None

    def _intake(self, index: Index) -> Intake:
        return Intake(self.settings.archives, index, self.library, self._knows)

    def _knows(self, sha: bytes) -> bool:
        content = self.state.content(sha)
        return content is not None and content.id not in self.gone

    def _import(self, index: Index, intake: Intake, key: str) -> Summary:
        intake.read(self.export)
        resolving.find_photos(index)
        resolving.classify_folders(index)
        resolving.match_folders(index)
        resolving.take_loose(index, intake, self.loose, self.claimed, self.only_export)
        taken = [part.loose for part in intake.parts if part.loose]
        found = completeness.judge(index, self.export.missing(taken), intake.parts)
        account = Summary(self.export.id, IMPORTED)
        if self.settings.require_complete and not found.delivered:
            account.status = INCOMPLETE
            self._drop_spools(index)
        else:
            self._place(index, intake, account)
        self._sum_up(account, index, intake.parts, found)
        if account.status == IMPORTED:
            statement = "INSERT OR REPLACE INTO export VALUES (?, ?, ?, ?)"
            self.state.change(statement, (self.export.id, key, self.settings.result, account.text()))
            self.library.step("commit")
            self.state.commit()
        return account

    def _drop_spools(self, index: Index) -> None:
        for (name,) in index.db.execute("SELECT spool FROM entry WHERE spool IS NOT NULL").fetchall():
            self.library.discard(name)

    def _place(self, index: Index, intake: Intake, account: Summary) -> None:
        resolving.mark(index)
        resolving.find_twins(index)
        resolving.find_members(index, self.state)
        self._check_room(index)
        placer = Placer(self.settings, self.export.id, index, self.state, self.library)
        placer.gone = self.gone
        albums = Albums(self.settings, self.export.id, index, self.state, self.library, placer.shelf)
        albums.begin()
        if self.settings.layout == "album":
            albums.choose()
        placer.place_all(intake, self._finished(intake.parts), albums.home)
        self._improve_members(index, placer)
        before = self._members_before(index, albums)
        albums.fill()
        accounting.settle_sidecars(index)
        accounting.settle_members(index, before)
        kept = accounting.settle_texts(index, albums, OwnFiles(self.state, self.library), self.export.id)
        self.changes += placer.changes + albums.changes + kept
        account.notes = placer.notes + albums.notes

    def _finished(self, parts: list[Opened]) -> dict[str, bool]:
        """By fingerprint, whether a part was dealt with by an import that ended well."""
        noted = self.state.export(self.export.id)
        known = json.loads(noted[0]) if noted else []
        return {part.fingerprint: part.fingerprint in known for part in parts}

    def _check_room(self, index: Index) -> None:
        """Stop before the file system is full."""
        query = (
            "SELECT size, crc FROM (SELECT size, crc, max(spool IS NOT NULL) AS there FROM entry "
            "WHERE kind = 'media' AND outcome IS NULL GROUP BY size, coalesce(crc, -id)) WHERE NOT there"
        )
        rows = index.db.execute(query)
        needed = sum(size for size, crc in rows if crc is None or not self.state.may_know(size, crc))
        room = self.library.room()
        if needed + _RESERVE > room:
            raise TakeoutError(
                f"library: {self.settings.library} has {room} bytes left, and export {self.export.id} needs {needed}. "
                "Make room, or give another directory"
            )

    def _improve_members(self, index: Index, placer: Placer) -> None:
        """Take over what a sidecar tells of a photo that came with an earlier export."""
        query = (
            "SELECT m.content, m.sidecar, s.item FROM member m JOIN sidecar s ON s.entry = m.sidecar "
            "WHERE m.content IS NOT NULL ORDER BY m.sidecar"
        )
        for number, sidecar, text in index.db.execute(query).fetchall():
            content = self.state.content_of(number)
            if content:
                placer.improve(content, placer.told_by(sidecar, item(text)))
        placer.flush()

    def _members_before(self, index: Index, albums: Albums) -> set[tuple[int, int]]:
        query = "SELECT m.folder, coalesce(e.content, m.content) FROM member m LEFT JOIN entry e ON e.id = m.entry"
        rows = index.db.execute(query).fetchall()
        return {(folder, content) for folder, content in rows if content and albums.has(folder, content)}

    def _sum_up(self, account: Summary, index: Index, parts: list[Opened], found: Completeness) -> None:
        counts = index.counts()
        account.entries = sum(counts.values())
        account.placed, account.known, account.refused = counts[PLACED], counts[KNOWN], counts[REFUSED]
        account.missing, account.listed = found.missing, found.listed
        account.failed, account.gaps, account.missing_files = found.failed, found.gaps(), found.files[:_SHOWN]
        account.loose = [part.name for part in parts if part.loose]
        for part in parts:
            account.parts.append({"name": part.name, "size": part.size, "status": part.status, "note": part.note})
        if account.status != IMPORTED:
            account.placed = account.known = account.refused = 0
            return
        self._sum_up_entries(account, index)
        serious = [reason for reason in account.reasons if not _is_harmless(reason)]
        account.keeps = [f"{account.reasons[reason]} entries were refused: {reason}" for reason in serious]
        account.keeps += [] if found.proven else ["the export is not proven to be complete"]
        account.complete = found.proven and not found.failed and not [one for one in serious if one != FOREIGN]

    def _sum_up_entries(self, account: Summary, index: Index) -> None:
        db = index.db
        query = "SELECT reason, count(*) FROM entry WHERE outcome = ? GROUP BY reason ORDER BY 2 DESC, 1"
        account.reasons = {reason or accounting.UNEXPLAINED: number for reason, number in db.execute(query, (REFUSED,))}
        query = "SELECT path, reason FROM entry WHERE outcome = ? AND reason != ? ORDER BY id LIMIT ?"
        account.refusals = list(db.execute(query, (REFUSED, FOREIGN, _SHOWN)))
        query = (
            "SELECT reason, count(*) FROM entry WHERE outcome = ? AND kind IN ('media', 'json', 'page') "
            "GROUP BY reason ORDER BY 2 DESC, 1"
        )
        account.damage = {
            reason: number for reason, number in db.execute(query, (REFUSED,)) if not _is_harmless(reason)
        }
        photos = "FROM entry WHERE kind = 'media' AND outcome IN ('placed', 'known')"
        account.photos = index.one(f"SELECT count(DISTINCT content) {photos}")
        account.borrowed = index.one(f"SELECT count(DISTINCT content) {photos} AND sidecar IS NOT NULL AND NOT own")
        told = f"SELECT content {photos} AND sidecar IS NOT NULL"
        without = f"{photos} AND sidecar IS NULL AND content NOT IN ({told})"
        account.without = index.one(f"SELECT count(DISTINCT content) {without}")
        words = "no sidecar in the export is about it"
        query = f"SELECT path, coalesce(doubt, ?) {without} ORDER BY id LIMIT ?"
        account.doubts = list(db.execute(query, (words, _SHOWN)))


def _is_harmless(reason: str) -> bool:
    """Whether nothing is lost if an entry that was refused for it is removed with its archive."""
    left_out = any(reason.endswith(f"by the option {name}") for name in CATEGORIES)
    return left_out or reason in (resolving.ORPHAN, resolving.AMBIGUOUS)
