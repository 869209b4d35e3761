# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Placing photos in the library: each read once, hashed on the way, and named when it is safely on disk.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import sidecars, xmp
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.archive import EntryError
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.index import (
    KNOWN,
    MARKS,
    PLACED,
    REFUSED,
    Index,
    Row,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.intake import Intake, Received
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.library import BlockedError, Library, write_text
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.naming import (
    Shelf,
    Spot,
    directory,
    split,
    wanted,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.parts import made
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import Settings
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecars import Item
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.state import Content, State

_BATCH_FILES = 400
_BATCH_BYTES = 1 << 28
_MARK_NAMES = {number: name for name, number in MARKS.items()}


@dataclass(slots=True)
class Told:
    """What the export tells of a photo: by its own sidecar, or by one that it borrows."""

    item: Item
    own: bool
    sidecar: int | None
    mark: str | None
    year: int | None


@dataclass(slots=True)
class _Waiting:
    """A file that is written but has no name yet."""

    temporary: str
    path: str
    replaces: bytes | None = None


class Placer:
    """Places the photos of one export.

    Attributes:
        changes: The paths that were written, or in check mode would be.
        notes: What the report has to say of single files.
    """

    def __init__(self, settings: Settings, export: str, index: Index, state: State, library: Library) -> None:
        self._settings = settings
        self._export = export
        self._index = index
        self._state = state
        self._library = library
        self.shelf = Shelf(settings, index, state, library)
        self._waiting: list[_Waiting] = []
        self._bytes = 0
        self._settled: list[tuple[str, str | None, int | None, int]] = []
        self.changes: list[str] = []
        self.notes: list[tuple[str, str]] = []
        self.gone: set[int] = set()

    def place_all(
        self, intake: Intake, finished: dict[str, bool], home: Callable[[int, int | None], str | None]
    ) -> None:
        """Place all photos, part by part in the order of the archive.

        Args:
            intake: Reads the parts.
            finished: By fingerprint, whether the part's photos were all placed by an earlier run that ended well.
            home: Tells for size and checksum the directory of the album that a photo goes into, in the layout by album.
        """
        for part in intake.parts:
            if part.status != "read":
                continue
            number = self._state.part(self._export, part.name, part.fingerprint)
            done = finished.get(part.fingerprint, False)
            for row in self._index.in_order("part = ? AND kind = 'media' AND outcome IS NULL", (part.id,)):
                try:
                    outcome, content = self._place(row, number, done, intake, home(row.size, row.crc))
                except (EntryError, BlockedError) as error:
                    self._settle(row, REFUSED, str(error), None)
                    continue
                if content is not None:
                    self._settle(row, outcome, None, content)
                    self._state.change(
                        "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", (number, row.position, outcome, content)
                    )
                if len(self._waiting) >= _BATCH_FILES or self._bytes >= _BATCH_BYTES:
                    self.flush()
        self.flush()

    def flush(self) -> None:
        """Give all that is written its name, and note it."""
        if self._waiting:
            self._library.flush()
        for one in self._waiting:
            if one.replaces is not None:
                if not self._library.replace(one.temporary, one.path, one.replaces):
                    self._keep(one)
            elif not self._library.publish(one.temporary, one.path):
                raise EntryTakenError(one.path)
        if self._waiting:
            self._library.flush()
        self._library.step("commit")
        self._state.commit()
        self._index.settle_all(self._settled)
        self._waiting, self._settled, self._bytes = [], [], 0

    def _keep(self, one: _Waiting) -> None:
        self.notes.append((one.path, "it was changed since the import wrote it, so it was left as it is"))
        if self._library.writes:
            self._library.discard(one.temporary)

    def _settle(self, row: Row, outcome: str, reason: str | None, content: int | None) -> None:
        self._settled.append((outcome, reason, content, row.id))

    def _place(self, row: Row, part: int, done: bool, intake: Intake, album: str | None) -> tuple[str, int | None]:
        told = self._told(row)
        if told.mark and getattr(self._settings, told.mark) == "skip":
            self._drop_spool(row)
            self._settle(row, REFUSED, f"it is left out by the option {told.mark}", None)
            return REFUSED, None
        earlier = self._state.entry(part, row.position)
        if earlier and earlier[1] not in self.gone and (content := self._state.content_of(earlier[1])):
            self._drop_spool(row)
            self.improve(content, told)
            return (KNOWN if done else earlier[0]), content.id
        received, temporary = self._obtain(row, intake)
        content = self._state.content(received.sha)
        if content and content.id not in self.gone:
            if temporary:
                self._library.discard(temporary)
            self.improve(content, told)
            return KNOWN, content.id
        if content:
            return self._place_again(content, temporary)
        return self._place_new(row, told, received, temporary, album)

    def _drop_spool(self, row: Row) -> None:
        name = self._index.one("SELECT spool FROM entry WHERE id = ?", (row.id,))
        if name:
            self._library.discard(name)
            self._index.db.execute("UPDATE entry SET spool = NULL WHERE id = ?", (row.id,))

    def _obtain(self, row: Row, intake: Intake) -> tuple[Received | _Spooled, str | None]:
        """Read the content; written down only if it may be needed."""
        spool, sha, crc, dated = self._index.db.execute(
            "SELECT spool, sha, crc, dated FROM entry WHERE id = ?", (row.id,)
        ).fetchone()
        if sha is not None:
            return _Spooled(bytes(sha), row.size, crc, bool(dated)), spool
        if row.crc is not None and self._state.may_know(row.size, row.crc):
            received = Received()
            for _piece in received.through(intake.pieces(row)):
                pass
            content = self._state.content(received.sha)
            if content and content.id not in self.gone:
                return received, None
        received = Received()
        if not self._library.writes:
            for _piece in received.through(intake.pieces(row)):
                pass
            return received, None
        temporary = self._library.temporary()
        try:
            for piece in received.through(intake.pieces(row)):
                self._library.write(temporary, piece)
        except EntryError:
            self._library.throw_away(temporary)
            raise
        self._library.finish(temporary, None)
        return received, temporary.name

    def _told(self, row: Row) -> Told:
        """What is known of the photo, by whichever of its copies in the export knows most."""
        leader, mark = self._index.db.execute(
            "SELECT id, mark FROM leader WHERE size = ? AND crc = ?", (row.size, row.crc)
        ).fetchone() or (row.id, None)
        own_mark, sidecar, own, text, year = self._index.db.execute(
            "SELECT e.mark, e.sidecar, e.own, s.item, f.year FROM entry e JOIN folder f ON f.id = e.folder "
            "LEFT JOIN sidecar s ON s.entry = e.sidecar WHERE e.id = ?",
            (leader,),
        ).fetchone()
        told = sidecars.item(text) if text else Item()
        name = _MARK_NAMES[own_mark if mark is None else mark]
        return Told(told if own else told.borrowed(), bool(own), sidecar, name, year)

    def told_by(self, sidecar: int, item: Item) -> Told:
        """What a sidecar tells of a photo that came with an earlier export."""
        return Told(item, True, sidecar, None, None)

    def _place_again(self, content: Content, temporary: str | None) -> tuple[str, int]:
        """Place a photo again that was removed from the library."""
        folder, _slash, name = content.path.rpartition("/")
        holder = self.shelf.holder(folder, name)
        spot = Spot(content.path)
        if holder is not None:
            spot = self.shelf.free(folder, *split(name), (content.size, content.sha))
            self._state.change("UPDATE content SET path = ? WHERE id = ?", (spot.path, content.id))
        self.shelf.take(folder, name)
        self._write(spot, temporary, content.modified, content.size)
        self.gone.discard(content.id)
        self.notes.append((spot.path, "it was no longer in the library, and was placed again"))
        return PLACED, content.id

    def _place_new(
        self, row: Row, told: Told, received: Received | _Spooled, temporary: str | None, album: str | None
    ) -> tuple[str, int]:
        try:
            spot = self._spot(row, told, (received.size, received.sha), album)
        except BlockedError:
            if temporary:
                self._library.discard(temporary)
            raise
        modified = told.item.taken
        if modified is None:
            modified = int(made(self._export).timestamp())
        text = told.item.text()
        values = (received.sha, received.size, received.crc, spot.path, told.item.taken, told.item.title, told.item.url)
        number = self._state.change(
            "INSERT INTO content (sha, size, crc, path, taken, title, url, item, own, told, year, dated, modified) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, text, told.own, self._export, told.year, received.dated, modified),
        )
        self._write(spot, temporary, modified, received.size)
        if content := self._state.content_of(number):
            self._write_sidecars(content, told)
        return PLACED, number

    def _write(self, spot: Spot, temporary: str | None, modified: int | None, size: int) -> None:
        if not spot.there:
            self.changes.append(spot.path)
        if temporary is None:
            return
        if spot.there:
            self._library.discard(temporary)
            return
        if modified is not None:
            self._library.set_time(temporary, modified)
        self._waiting.append(_Waiting(temporary, spot.path))
        self._bytes += size

    def _spot(self, row: Row, told: Told, facts: tuple[int, bytes], album: str | None) -> Spot:
        stem, extension = wanted(row.name, told.item.title if told.own else "")
        partner = self._index.one("SELECT beside FROM entry WHERE id = ?", (row.id,))
        other_extension = None
        if partner is not None:
            other = self._index.row(partner)
            content = self._index.one("SELECT content FROM entry WHERE id = ?", (partner,)) or self._waiting_for(
                partner
            )
            if content and (placed := self._state.content_of(content)):
                spot = self.shelf.beside(placed.path, extension, facts)
                if spot:
                    return spot
            still = self._told(other)
            other_stem, other_extension = wanted(other.name, still.item.title if still.own else "")
            if not told.own:
                stem = other_stem
        mark = told.mark if told.mark and getattr(self._settings, told.mark) == "apart" else None
        folder = directory(told.item.taken, told.year, mark, album)
        return self.shelf.free(folder, stem, extension, facts, other_extension)

    def _waiting_for(self, entry: int) -> int | None:
        return next((content for _out, _why, content, one in reversed(self._settled) if one == entry), None)

    def improve(self, content: Content, told: Told) -> None:
        """Take over what an export tells anew of a photo that is in the library already."""
        text = told.item.text()
        better = (told.own and not content.own) or (told.own and self._export >= content.told and text != content.item)
        if not better and not (not content.own and content.item == "{}" and text != "{}"):
            self._write_missing(content, told)
            return
        self._state.change(
            "UPDATE content SET taken = ?, title = ?, url = ?, item = ?, own = ?, told = ?, year = coalesce(?, year) "
            "WHERE id = ?",
            (told.item.taken, told.item.title, told.item.url, text, told.own, self._export, told.year, content.id),
        )
        if told.item.taken is not None and told.item.taken != content.modified:
            self._set_time(content, told.item.taken)
        content.item, content.own = text, told.own
        self._write_sidecars(content, told)

    def _set_time(self, content: Content, modified: int) -> None:
        self.flush_if_waiting(content.path)
        found = self._library.stat(content.path)
        if found and int(found.st_mtime) == content.modified:  # else it was changed by hand
            self._library.touch(content.path, modified)
            self._state.change("UPDATE content SET modified = ? WHERE id = ?", (modified, content.id))
            self.changes.append(content.path)

    def flush_if_waiting(self, path: str) -> None:
        """Let a file have its name before something is done to it."""
        if any(one.path == path for one in self._waiting):
            self.flush()

    def _write_missing(self, content: Content, told: Told) -> None:
        """Write the sidecars that the options did not include when the photo was placed."""
        if (self._settings.writes_xmp and content.xmp is None) or (self._settings.writes_json and content.json is None):
            self._write_sidecars(content, told)

    def _write_sidecars(self, content: Content, told: Told) -> None:
        if self._settings.writes_xmp:
            text = xmp.sidecar(sidecars.item(content.item), content.dated)
            self._write_sidecar(content, "xmp", text.encode() if text else None)
        if self._settings.writes_json and told.own and told.sidecar is not None:
            self._write_sidecar(content, "json", self._index.raw(told.sidecar))

    def _write_sidecar(self, content: Content, kind: str, text: bytes | None) -> None:
        """Write a sidecar, or a new version of one that was not changed since."""
        if not text:
            return
        before: bytes | None = getattr(content, kind)
        now = hashlib.sha256(text).digest()
        if before == now:
            return
        path = f"{content.path}.{kind}"
        if before is not None:
            self.flush_if_waiting(path)
        folder, _slash, name = path.rpartition("/")
        found = self._library.stat(path)
        note: tuple[Any, ...] = (now, content.id)
        if before is None and (found is not None or self.shelf.holder(folder, name) not in (None, name)):
            if found is None or self._library.digest(path) != now:
                self.notes.append((path, "there is another file of this name, so it was left as it is"))
                return
        else:
            if before is not None and (found is None or self._library.digest(path) != before):
                self.notes.append(
                    (path, "it was changed or removed since the import wrote it, so it was left as it is")
                )
                return
            self.shelf.take(folder, name)
            self.changes.append(path)
            if self._library.writes:
                self._waiting.append(_Waiting(write_text(self._library, text), path, before))
        self._state.change(f"UPDATE content SET {kind} = ? WHERE id = ?", note)  # noqa: S608 - one of two names
        setattr(content, kind, now)


@dataclass(frozen=True, slots=True)
class _Spooled:
    """What was learned of a content when its tgz was read."""

    sha: bytes
    size: int
    crc: int
    dated: bool


class EntryTakenError(Exception):
    """A name that was free has been taken by another program meanwhile."""
