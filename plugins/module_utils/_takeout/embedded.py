# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the bytes of a photo say: whether they have a date, and a thumbnail. Pure. PRIVATE to the collection."""

from __future__ import annotations

import re
import struct

HEAD = 1 << 17
"""How much of the beginning of a file is examined."""

_DATE = re.compile(rb"[12]\d{3}:[01]\d:[0-3]\d [0-2]\d:[0-5]\d:[0-6]\d")
_TIFF = (b"II*\0", b"MM\0*")
_DATED_MARKS = (b"com.apple.quicktime.creationdate", b"photoshop:DateCreated", b"exif:DateTimeOriginal")
_LARGEST_THUMBNAIL = 1 << 16
_THUMBNAIL_OFFSET, _THUMBNAIL_LENGTH = 0x0201, 0x0202
_IMAGES = ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF8", "gif"))


def has_date(head: bytes) -> bool:
    """Whether a file's beginning holds the time when it was taken."""
    if head.startswith(_TIFF):
        return _DATE.search(head) is not None
    found = head.find(b"Exif")
    if found >= 0 and _DATE.search(head, found):
        return True
    return any(mark in head for mark in _DATED_MARKS)


def thumbnail(head: bytes, whole: bool) -> tuple[str, bytes] | None:
    """Find a small picture to show: the thumbnail within a JPEG, or a picture that is small itself.

    Args:
        head: The beginning of the file.
        whole: Whether that is all of it.
    """
    found = head.find(b"Exif\0\0")
    if head.startswith(b"\xff\xd8") and 0 <= found < 64:
        try:
            small = _exif_thumbnail(head[found + 6 :])
        except (struct.error, IndexError):
            small = b""
        if small.startswith(b"\xff\xd8"):
            return "jpeg", small
    if whole and len(head) <= _LARGEST_THUMBNAIL:
        return next(((kind, head) for mark, kind in _IMAGES if head.startswith(mark)), None)
    return None


def _exif_thumbnail(data: bytes) -> bytes:
    """The second directory of the TIFF structure in Exif tells where it is."""
    order = "<" if data[:2] == b"II" else ">"
    (first,) = struct.unpack_from(f"{order}L", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, first)
    (second,) = struct.unpack_from(f"{order}L", data, first + 2 + 12 * count)
    if not second:
        return b""
    (count,) = struct.unpack_from(f"{order}H", data, second)
    values = {}
    for place in range(min(count, 64)):
        tag, _kind, _count, value = struct.unpack_from(f"{order}2H2L", data, second + 2 + 12 * place)
        values[tag] = value
    at, length = values.get(_THUMBNAIL_OFFSET, 0), values.get(_THUMBNAIL_LENGTH, 0)
    return data[at : at + length] if 0 < length <= _LARGEST_THUMBNAIL and at + length <= len(data) else b""
