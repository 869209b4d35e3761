# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the size of a picture from the beginning of its file. PRIVATE to the collection. Pure."""

from __future__ import annotations

import struct

ENOUGH = 1 << 20
"""As many bytes of a file as are needed, at most: what cameras put before the size is shorter."""

Size = tuple[int, int]

_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))


def picture_size(head: bytes) -> Size | None:
    """Width and height of a JPEG, PNG, GIF, BMP or WebP; `None` for anything else, and for what cannot be read."""
    try:
        return _size(head)
    except (struct.error, IndexError):
        return None


def same(one: Size | None, other: Size | None) -> bool:
    """Whether two pictures have one size, be one of them turned: Google turns pictures as their camera says."""
    return one is None or other is None or sorted(one) == sorted(other)


def _size(head: bytes) -> Size | None:
    if head.startswith(b"\xff\xd8"):
        return _jpeg(head)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _unpacked(">II", head, 16)
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _unpacked("<HH", head, 6)
    if head.startswith(b"BM"):
        width, height = _unpacked("<ii", head, 18)
        return width, abs(height)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp(head)
    return None


def _jpeg(head: bytes) -> Size | None:
    place = 2
    while head[place] == 0xFF:
        marker = head[place + 1]
        if marker in _JPEG_SIZES:
            height, width = _unpacked(">HH", head, place + 5)
            return width, height
        place += 2
        if marker != 0xFF and marker not in _JPEG_ALONE:
            (length,) = struct.unpack_from(">H", head, place)
            place += length
        elif marker == 0xFF:
            place -= 1
    return None


def _webp(head: bytes) -> Size | None:
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = _unpacked("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return tuple(int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))  # type: ignore[return-value]
    return None


def _unpacked(form: str, head: bytes, place: int) -> Size:
    one, other = struct.unpack_from(form, head, place)
    return one, other
