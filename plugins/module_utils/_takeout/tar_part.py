# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a tgz from its beginning to its end, in one go. PRIVATE to the collection."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.archive import (
    BOMB_RATIO,
    BOMB_SIZE,
    CHUNK,
    Entry,
    EntryError,
    PartError,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.entry_paths import danger

_SAMPLE = 1 << 16
_HEADER = 1 << 22
"""The bytes that the headers of one entry may take, as the `tarfile` module keeps them in memory."""


class TarPart:
    """A tgz that is open for reading.

    Attributes:
        fingerprint: A digest of its size, its beginning and its end; the end holds the checksum of all.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._most = max(BOMB_SIZE, size * BOMB_RATIO)
        digest = hashlib.sha256(str(size).encode())
        digest.update(file.read(_SAMPLE))
        file.seek(max(0, size - _SAMPLE))
        digest.update(file.read(_SAMPLE))
        file.seek(0)
        self.fingerprint = digest.hexdigest()

    def walk(self) -> Iterator[tuple[Entry, Iterator[bytes]]]:
        """Give each entry, and its content in pieces; the content has to be read before the next entry.

        Raises:
            PartError: The archive is damaged or truncated. All before it must be thrown away.
        """
        try:
            with gzip.GzipFile(fileobj=self._file, mode="rb") as unpacked:
                source = _Source(unpacked)
                with tarfile.open(
                    fileobj=cast(IO[bytes], source), mode="r|", bufsize=4 * CHUNK, encoding="utf-8", errors="replace"
                ) as tar:
                    position, unpacked_size = 0, 0
                    while member := tar.next():
                        source.most = tar.offset + _HEADER  # where the next entry begins
                        if member.size < 0:
                            raise PartError("it is damaged: an entry in it has a negative size")
                        unpacked_size += member.size
                        if unpacked_size > self._most:
                            raise PartError("it would unpack to much more than it could hold, as a bomb does")
                        tar.members = []  # type: ignore[attr-defined]  # else every entry that was read stays in memory
                        yield _entry(position, member), _content(tar, member)
                        position += 1
                while unpacked.read(CHUNK):  # the checksum is checked at the end
                    pass
        except (EOFError, OSError, tarfile.TarError, zlib.error, ValueError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise PartError(f"it is damaged or truncated ({error})") from None
        except RecursionError:  # the module reads each header of an entry within the one before
            raise PartError("it is damaged: an entry in it has headers without end") from None


class _Source:
    """What a tar is read from. Stops where the headers of an entry have no end.

    Attributes:
        most: How many bytes may be read in all.
    """

    def __init__(self, file: gzip.GzipFile) -> None:
        self.most = _HEADER
        self._file = file
        self._count = 0

    def read(self, size: int) -> bytes:
        """Read as many bytes, or fewer at the end."""
        piece = self._file.read(size)
        self._count += len(piece)
        if self._count > self.most:
            raise tarfile.ReadError("an entry in it has headers without end")
        return piece


def _entry(position: int, member: tarfile.TarInfo) -> Entry:
    path = member.name + ("/" if member.isdir() else "")
    problem = danger(path)
    if member.issym() or member.islnk():
        problem = problem or "it is a link"
    elif (not member.isreg() and not member.isdir()) or member.sparse is not None:
        problem = problem or "it is a device or another special file"
    special = not member.isreg() and not member.isdir()
    return Entry(position, path, member.size, member.size, None, member.offset, 0, member.isdir(), problem, special)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    file = tar.extractfile(member) if member.isreg() else None
    if file is None:
        return
    size = 0
    while piece := file.read(CHUNK):
        size += len(piece)
        yield piece
    if size != member.size:
        raise EntryError("the archive ends within it")
