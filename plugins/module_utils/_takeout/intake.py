# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the parts of an export into the index, each in one go and in the order of the archive.

Of a zip, the directory and the JSON files are read; its photos are read when they are placed. A tgz cannot be read
twice cheaply, so its photos are written into the library at once, under temporary names. PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import embedded, inventory, sidecars
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.archive import Entry, EntryError, PartError
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.entry_paths import Place, is_photos, take_apart
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.index import KNOWN, REFUSED, Index, Row
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.library import Library
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.parts import Export, Loose, Part
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.tar_part import TarPart
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.zip_part import ZipPart

_PARSED = 1 << 22
_KEPT = 1 << 26
FOREIGN = "it belongs to another Google product"


@dataclass(slots=True)
class Opened:
    """A part that was read, or why it could not be.

    Attributes:
        status: `read`, `double` or `damaged`.
        special: The paths of its links and other special files.
    """

    id: int
    name: str
    size: int
    status: str = "read"
    note: str = ""
    fingerprint: str = ""
    entries: int = 0
    zip: ZipPart | None = None
    file: BinaryIO | None = None
    loose: Loose | None = None
    special: set[str] = field(default_factory=set)


class Intake:
    """The parts of one export on their way into the index.

    Args:
        archives: The directory that they are in.
        known: Says of a content's SHA-256 whether the library has it.
    """

    def __init__(self, archives: Path, index: Index, library: Library, known: Callable[[bytes], bool]) -> None:
        self._archives = archives
        self._index = index
        self._library = library
        self._known = known
        self.parts: list[Opened] = []

    def close(self) -> None:
        """Close the archives."""
        for part in self.parts:
            if part.file:
                part.file.close()
                part.file = part.zip = None

    def read(self, export: Export) -> None:
        """Read all parts."""
        places: dict[tuple[int, int], Opened] = {}
        for part in export.parts:
            opened = self._read(part)
            earlier = places.get(part.place)
            if earlier and opened.status == "read" and earlier.status == "read":
                opened.note = f"it has the number of {earlier.name}, but other contents"
            elif earlier and opened.status == "damaged" and earlier.status == "read":
                opened.status, opened.note = "double", f"it is {opened.note}, but {earlier.name} is whole"
            elif earlier and earlier.status == "damaged" and opened.status == "read":
                earlier.status, earlier.note = "double", f"{earlier.note}, but {opened.name} is whole"
            if earlier is None or earlier.status != "read":
                places[part.place] = opened

    def read_loose(self, loose: Loose, place: Place) -> Opened:
        """Take a file that lies beside the archives into the index, as the only entry of a part."""
        opened = Opened(len(self.parts) + 1, loose.file.name, loose.file.size, loose=loose, entries=1)
        opened.fingerprint = loose.fingerprint
        self.parts.append(opened)
        entry = Entry(0, loose.file.name, loose.file.size, loose.file.size, None, 0)
        self._index.add(opened.id, entry, (self._index.folder(place.container, place.folder), place.name), "media")
        return opened

    def pieces(self, row: Row) -> Iterator[bytes]:
        """Read the content of an entry of a zip, or a loose file."""
        part = self.parts[row.part - 1]
        if part.zip:
            yield from part.zip.read(row.entry)
            return
        file, size = _open(self._archives / part.name)
        with file:
            if size != row.size:
                raise EntryError("it has changed since it was found")
            while piece := file.read(1 << 20):
                yield piece

    def _read(self, part: Part) -> Opened:
        opened = Opened(len(self.parts) + 1, part.file.name, part.file.size)
        self.parts.append(opened)
        try:
            opened.file, opened.size = _open(self._archives / part.file.name)
            opened.fingerprint = _fingerprint(part, opened.file, opened.size)
            same = self._same(opened)
            if same:
                opened.status, opened.note = "double", f"it is the same as {same}"
            elif part.kind == "zip":
                opened.zip = ZipPart(opened.file, opened.size)
                self._read_zip(opened, opened.zip)
            else:
                self._read_tar(opened, TarPart(opened.file, opened.size))
        except (PartError, OSError) as error:
            opened.status, opened.note, opened.entries = "damaged", _words(error), 0
            self._forget(opened)
        return opened

    def _same(self, opened: Opened) -> str:
        """The name of a part that was read before and is the same, byte for byte as far as its directory tells."""
        twins = (one for one in self.parts[:-1] if one.fingerprint == opened.fingerprint and one.status == "read")
        return next((one.name for one in twins), "")

    def _forget(self, part: Opened) -> None:
        """Take back what was read of a part that turned out to be damaged."""
        db = self._index.db
        for (name,) in db.execute(
            "SELECT spool FROM entry WHERE part = ? AND spool IS NOT NULL", (part.id,)
        ).fetchall():
            self._library.discard(name)
        for table in ("sidecar", "raw", "album"):
            db.execute(f"DELETE FROM {table} WHERE entry IN (SELECT id FROM entry WHERE part = ?)", (part.id,))  # noqa: S608
        db.execute("DELETE FROM listed WHERE page IN (SELECT id FROM entry WHERE part = ?)", (part.id,))
        db.execute("DELETE FROM entry WHERE part = ?", (part.id,))

    def _read_zip(self, part: Opened, archive: ZipPart) -> None:
        for entry in archive.entries():
            self._add(part, entry)
        self._index.refuse_overlaps(part.id)
        for row in self._index.in_order("part = ? AND kind IN ('json', 'page')", (part.id,)):
            try:
                self._take_text(row.id, row.kind, row.folder, row.size, archive.read(row.entry))
            except EntryError as error:
                self._index.settle(row.id, REFUSED, str(error))

    def _read_tar(self, part: Opened, archive: TarPart) -> None:
        for entry, pieces in archive.walk():
            number, kind, folder = self._add(part, entry)
            try:
                if kind in ("json", "page"):
                    self._take_text(number, kind, folder, entry.size, pieces)
                elif kind == "media":
                    self._spool(number, pieces)
            except EntryError as error:
                self._index.settle(number, REFUSED, str(error))

    def _add(self, part: Opened, entry: Entry) -> tuple[int, str, int]:
        if entry.special:
            part.special.add(entry.path)
        elif any(entry.path.startswith(f"{one}/") for one in part.special):
            entry.problem = entry.problem or "it lies below a link or another special file"
        place = take_apart(entry.path) if not entry.problem else Place("", "", entry.path)
        kind = _kind(entry, place)
        folder = self._index.folder(place.container, place.folder)
        number = self._index.add(part.id, entry, (folder, place.name), kind)
        part.entries += 1
        if kind == "directory" and not entry.problem:
            self._index.settle(number, KNOWN, "it is a directory")
        if kind == "foreign" and not entry.problem:
            self._index.settle(number, REFUSED, FOREIGN)
        return number, "refused" if entry.problem else kind, folder

    def _take_text(self, number: int, kind: str, folder: int, size: int, pieces: Iterator[bytes]) -> None:
        db = self._index.db
        if kind == "page":
            found = ((number, one.folder, one.name, one.failure) for one in inventory.read(pieces))
            db.executemany("INSERT INTO listed VALUES (?, ?, ?, ?)", found)
            return
        if size > _KEPT:
            raise EntryError("it is larger than any metadata that Google writes")
        raw = b"".join(pieces)
        db.execute("INSERT INTO raw VALUES (?, ?)", (number, raw))
        content = sidecars.read(raw) if len(raw) <= _PARSED else None
        if isinstance(content, sidecars.Item):
            values = (number, content.title, content.taken, content.url, content.text())
            db.execute("INSERT INTO sidecar (entry, title, taken, url, item) VALUES (?, ?, ?, ?, ?)", values)
            db.execute("UPDATE entry SET kind = 'sidecar' WHERE id = ?", (number,))
        elif isinstance(content, sidecars.Album):
            values_album = (folder, number, content.title, content.description)
            cursor = db.execute("INSERT OR IGNORE INTO album VALUES (?, ?, ?, ?)", values_album)
            db.execute("UPDATE entry SET kind = ? WHERE id = ?", ("album" if cursor.rowcount else "other", number))
        else:
            db.execute("UPDATE entry SET kind = 'other' WHERE id = ?", (number,))

    def _spool(self, number: int, pieces: Iterator[bytes]) -> None:
        """Write a photo of a tgz into the library under a temporary name, unless it is known already."""
        temporary = self._library.temporary() if self._library.writes else None
        received = Received()
        try:
            for piece in received.through(pieces):
                if temporary:
                    self._library.write(temporary, piece)
        except EntryError:
            if temporary:
                self._library.throw_away(temporary)
            raise
        sha = received.sha
        seen = self._index.one("SELECT 1 FROM entry WHERE sha = ? LIMIT 1", (sha,))
        if temporary and (seen or self._known(sha)):
            self._library.throw_away(temporary)
            temporary = None
        if temporary:
            self._library.finish(temporary, None)
        self._index.db.execute(
            "UPDATE entry SET spool = ?, sha = ?, crc = ?, dated = ? WHERE id = ?",
            (temporary.name if temporary else None, sha, received.crc, received.dated, number),
        )


class Received:
    """What is learned of a content while it passes by."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._head = b""
        self.size = 0
        self.crc = 0

    def through(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Let the pieces pass."""
        for piece in pieces:
            if self.size < embedded.HEAD:
                self._head += piece[: embedded.HEAD - self.size]
            self.size += len(piece)
            self._digest.update(piece)
            self.crc = zlib.crc32(piece, self.crc)
            yield piece

    @property
    def sha(self) -> bytes:
        """The SHA-256 of all that has passed."""
        return self._digest.digest()

    @property
    def dated(self) -> bool:
        """Whether the content has a date of its own."""
        return embedded.has_date(self._head)


def fingerprints(archives: Path, export: Export) -> list[str]:
    """Read what identifies each part, and nothing else; empty for one that is damaged."""
    found = []
    for part in export.parts:
        try:
            file, size = _open(archives / part.file.name)
            with file:
                found.append(_fingerprint(part, file, size))
        except (PartError, OSError):
            found.append("")
    return found


def _open(path: Path) -> tuple[BinaryIO, int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    file = os.fdopen(descriptor, "rb")
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        file.close()
        raise PartError("it is not a file")
    return file, found.st_size


def _kind(entry: Entry, place: Place) -> str:
    if entry.directory:
        return "directory"
    extension = place.name.rpartition(".")[2].casefold()
    at_root = not place.container and not place.folder
    if at_root and extension in ("html", "htm"):
        return "page"
    if at_root or not (is_photos(place.container) or not place.container or "google" in place.container.casefold()):
        return "foreign"
    return "json" if extension == "json" else "media"


def _fingerprint(part: Part, file: BinaryIO, size: int) -> str:
    if part.kind != "zip":
        return TarPart(file, size).fingerprint
    return ZipPart(file, size).fingerprint()


def _words(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"it cannot be read ({error.strerror})"
    return str(error)
