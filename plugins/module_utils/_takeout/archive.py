# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the readers of archives have in common. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import dataclass

CHUNK = 1 << 18
"""How much is read at a time."""

BOMB_SIZE = 1 << 24
BOMB_RATIO = 200
"""An entry that unpacks to more than the size, and to more than the ratio of what is stored, is refused."""


class PartError(Exception):
    """A part cannot be read at all; the message says why."""


class EntryError(Exception):
    """An entry cannot be read; the message says why."""


@dataclass(slots=True)
class Entry:
    """One entry of an archive.

    Attributes:
        position: Its number in the archive, from 0.
        path: Its path as stored.
        size: The bytes of its content.
        packed: The bytes that it takes in the archive.
        crc: The CRC-32 of the content, where the archive tells it beforehand.
        offset: Where it begins in the archive.
        method: How it is compressed.
        directory: Whether it is a directory.
        problem: Why it must not be used, if so.
        special: Whether it is a link, a device or the like.
    """

    position: int
    path: str
    size: int
    packed: int
    crc: int | None
    offset: int
    method: int = 0
    directory: bool = False
    problem: str | None = None
    special: bool = False


def bomb(size: int, packed: int) -> str | None:
    """Say why the sizes of an entry are those of a decompression bomb, if they are."""
    if size > BOMB_SIZE and size > packed * BOMB_RATIO:
        return f"it would unpack to {size} bytes from {packed}, as a decompression bomb does"
    return None
