# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a zip: its directory as a stream, then single entries. PRIVATE to the collection.

The `zipfile` module keeps an object of more than 500 bytes for each entry, and finds out about damage late. This reader
keeps nothing, and checks each entry against the archive's directory while it is read.
"""

from __future__ import annotations

import hashlib
import stat
import struct
import zlib
from collections.abc import Iterator
from io import BufferedReader
from typing import BinaryIO, cast

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.archive import (
    CHUNK,
    Entry,
    EntryError,
    PartError,
    bomb,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.entry_paths import danger

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_LOCAL = struct.Struct("<4s2B4HL2L2H")
_LONGEST_COMMENT = 0xFFFF
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF
_ENCRYPTED, _PATCHED, _STRONG, _UTF_8 = 0x1, 0x20, 0x40, 0x800
_STORED, _DEFLATED = 0, 8
_UNIX = 3
_LARGEST = 1 << 44
"""No file is larger; what an entry says beyond it is not kept, as the index takes no such numbers."""


class ZipPart:
    """A zip that is open for reading.

    Attributes:
        count: The number of its entries.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        """Find the directory.

        Raises:
            PartError: The file is not a whole zip.
        """
        self._file = cast(BufferedReader, file)
        self._size = size
        self.count, self._directory_size, self._directory = self._find_directory()

    def _find_directory(self) -> tuple[int, int, int]:
        length = min(self._size, _END.size + _LONGEST_COMMENT)
        self._file.seek(self._size - length)
        tail = self._file.read(length)
        if self._size and not tail.strip(b"\0"):
            raise PartError("it is filled with zeros at its end: its download has not been completed")
        found = tail.rfind(b"PK\5\6")
        if found < 0 or len(tail) - found < _END.size:
            raise PartError("it has no end record: it is truncated, or not a zip")
        record = _END.unpack_from(tail, found)
        _sign, disk, first_disk, _here, count, size, offset, _comment = record
        position = self._size - length + found
        if _FULL_16 in (disk, first_disk, count) or _FULL_32 in (size, offset):
            disk, first_disk, count, size, offset, position = self._end_64(position, record)
        if disk or first_disk:
            raise PartError("it is one disk of a zip in several; Google makes no such parts")
        if offset + size != position:
            raise PartError("its directory is not where its end record says: it is damaged")
        return count, size, offset

    def _end_64(self, position: int, record: tuple[int, ...]) -> tuple[int, int, int, int, int, int]:
        """Read the end record of zip64, where the normal one is too small for a value."""
        if position < _LOCATOR_64.size:
            raise PartError("its end record is damaged")
        self._file.seek(position - _LOCATOR_64.size)
        sign, _disk, at, _disks = _LOCATOR_64.unpack(self._file.read(_LOCATOR_64.size))
        if sign != b"PK\6\7":
            return record[1], record[2], record[4], record[5], record[6], position
        if at + _END_64.size > position:
            raise PartError("its end record of zip64 is damaged")
        self._file.seek(at)
        sign, _length, _made, _needed, disk, first_disk, _here, count, size, offset = _END_64.unpack(
            self._file.read(_END_64.size)
        )
        if sign != b"PK\6\6":
            raise PartError("its end record of zip64 is damaged")
        return disk, first_disk, count, size, offset, at

    def fingerprint(self) -> str:
        """A digest of its directory, which holds the name, size and checksum of all entries."""
        digest = hashlib.sha256(str(self._size).encode())
        self._file.seek(self._directory)
        left = self._directory_size
        while left and (piece := self._file.read(min(left, CHUNK))):
            left -= len(piece)
            digest.update(piece)
        return digest.hexdigest()

    def entries(self) -> Iterator[Entry]:
        """Read the directory.

        Raises:
            PartError: The directory is damaged.
        """
        self._file.seek(self._directory)
        left = self._directory_size
        for position in range(self.count):
            head = self._file.read(_CENTRAL.size)
            if len(head) < _CENTRAL.size or not head.startswith(b"PK\1\2"):
                raise PartError(f"its directory is damaged at entry {position + 1} of {self.count}")
            fields = _CENTRAL.unpack(head)
            lengths = fields[12:15]
            rest = self._file.read(sum(lengths))
            left -= len(head) + sum(lengths)
            if left < 0 or len(rest) < sum(lengths):
                raise PartError(f"its directory is damaged at entry {position + 1} of {self.count}")
            yield self._entry(position, fields, rest, lengths)
        if left:
            raise PartError("its directory holds more than its end record says: it is damaged")

    def _entry(self, position: int, fields: tuple[int, ...], rest: bytes, lengths: tuple[int, ...]) -> Entry:
        system, flags, method, crc, packed, size = fields[2], fields[5], fields[6], fields[9], fields[10], fields[11]
        attributes, offset = fields[17], fields[18]
        name, extra = rest[: lengths[0]], rest[lengths[0] : lengths[0] + lengths[1]]
        size, packed, offset = _sizes_64(extra, size, packed, offset)
        path = _text(name, flags)
        kind = attributes >> 16 if system == _UNIX else 0
        problem = danger(path) or _refusal(flags, method, kind) or bomb(size, packed)
        if offset + _LOCAL.size + packed > self._directory:
            problem = problem or "its data would lie outside the archive"
        if size > _LARGEST:
            problem = problem or "no file is as large as it says"
        directory = path.endswith("/") and not size
        special = stat.S_IFMT(kind) not in (0, stat.S_IFREG, stat.S_IFDIR)
        size, packed, offset = (min(number, _LARGEST) for number in (size, packed, offset))
        return Entry(position, path, size, packed, crc, offset, method, directory, problem, special)

    def read(self, entry: Entry) -> Iterator[bytes]:
        """Read the content of an entry in pieces.

        Raises:
            EntryError: It is damaged. What came before it must be thrown away.
        """
        self._file.seek(entry.offset)
        head = self._file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(b"PK\3\4"):
            raise EntryError("its header is damaged")
        fields = _LOCAL.unpack(head)
        flags, name_length, extra_length = fields[3], fields[10], fields[11]
        if _text(self._file.read(name_length), flags) != entry.path:
            raise EntryError("its header names another file than the directory of the archive")
        self._file.seek(extra_length, 1)
        pieces = self._stored(entry) if entry.method == _STORED else self._inflated(entry)
        size, crc = 0, 0
        for piece in pieces:
            size += len(piece)
            if size > entry.size:
                raise EntryError("it holds more than the directory of the archive says")
            crc = zlib.crc32(piece, crc)
            yield piece
        if size != entry.size or crc != entry.crc:
            raise EntryError("it is damaged: its checksum is wrong")

    def _raw(self, entry: Entry) -> Iterator[bytes]:
        left = entry.packed
        while left:
            piece = self._file.read(min(left, CHUNK))
            if not piece:
                raise EntryError("the archive ends within it")
            left -= len(piece)
            yield piece

    def _stored(self, entry: Entry) -> Iterator[bytes]:
        if entry.packed != entry.size:
            raise EntryError("its two sizes differ though it is not compressed")
        yield from self._raw(entry)

    def _inflated(self, entry: Entry) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for piece in self._raw(entry):
                while piece:
                    if unpacked := inflater.decompress(piece, 4 * CHUNK):
                        yield unpacked
                    piece = inflater.unconsumed_tail
            if rest := inflater.flush():
                yield rest
        except zlib.error as error:
            raise EntryError(f"it is damaged: {error}") from None
        if not inflater.eof or inflater.unused_data:
            raise EntryError("it is damaged: its compressed data have another length")


def _sizes_64(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Take the values that did not fit from the field of zip64."""
    values = [size, packed, offset]
    wanted = [place for place, value in enumerate(values) if value == _FULL_32]
    while wanted and len(extra) >= 4:
        tag, length = struct.unpack_from("<2H", extra)
        if tag == 1:
            numbers = struct.unpack_from(f"<{min(length, len(extra) - 4) // 8}Q", extra, 4)
            for place, number in zip(wanted, numbers, strict=False):
                values[place] = number
            break
        extra = extra[4 + length :]
    return values[0], values[1], values[2]


def _text(name: bytes, flags: int) -> str:
    """Decode a name. Zips that were packed again often hold UTF-8 without saying so."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("utf-8", "replace") if flags & _UTF_8 else name.decode("cp437")


def _refusal(flags: int, method: int, mode: int) -> str | None:
    if flags & (_ENCRYPTED | _STRONG):
        return "it is encrypted; Google encrypts no entry, so the archive is not Google's"
    if flags & _PATCHED or method not in (_STORED, _DEFLATED):
        return f"it is compressed by a method ({method}) that Google does not use"
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "it is a link" if stat.S_ISLNK(mode) else "it is a device or another special file"
    return None
