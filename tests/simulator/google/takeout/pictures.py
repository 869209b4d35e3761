# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small photos and videos, each different by the text that it holds."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable


def jpeg(text: str) -> bytes:
    """A valid picture of 8 by 8 pixels in one colour, which depends on the text."""
    colour = zlib.crc32(text.encode())
    # One code for a difference of 6 bits and one for the end of a block: each of three components is a byte.
    scan = bytes(((colour >> shift & 63) << 1) for shift in (0, 6, 12))
    return b"\xff\xd8" + _segment(0xFE, text.encode()) + _JPEG_TABLES + scan + b"\xff\xd9"


def png(text: str) -> bytes:
    """A picture of one pixel."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0" + struct.pack(">I", zlib.crc32(text.encode()))[:3], 0)
    chunks = (b"IHDR", header), (b"tEXt", b"Comment\0" + text.encode()), (b"IDAT", pixel), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def gif(text: str) -> bytes:
    """A picture of one pixel."""
    comment = text.encode()[:255]
    return (
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xfe"
        + bytes([len(comment)])
        + comment
        + b"\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    )


def mp4(text: str) -> bytes:
    """A video without a track."""
    return _video(b"isom", text)


def mov(text: str) -> bytes:
    """A QuickTime video without a track."""
    return _video(b"qt  ", text)


def heic(text: str) -> bytes:
    """What begins as a HEIC picture does."""
    return _box(b"ftyp", b"heic\0\0\0\0mif1heic") + _box(b"mdat", text.encode())


def dng(text: str) -> bytes:
    """A TIFF with a width, a height and the text as its description."""
    words = text.encode() + b"\0"
    fields = ((256, 4, 1, 1), (257, 4, 1, 1), (270, 2, len(words), 8 + 2 + 3 * 12 + 4))
    directory = struct.pack("<H", 3) + b"".join(struct.pack("<HHII", *field) for field in fields) + bytes(4)
    return b"II*\0" + struct.pack("<I", 8) + directory + words


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def _video(brand: bytes, text: str) -> bytes:
    header = struct.pack(">IIIIIIH10x36s24xI", 0, 0, 0, 1000, 0, 0x10000, 0x100, struct.pack(">9I", *_UNITY), 2)
    return (
        _box(b"ftyp", brand + b"\0\0\2\0" + brand) + _box(b"moov", _box(b"mvhd", header)) + _box(b"mdat", text.encode())
    )


_UNITY = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_JPEG_TABLES = (
    _segment(0xDB, bytes(1) + b"\x20" * 64)
    + _segment(0xC0, struct.pack(">BHHB", 8, 8, 8, 3) + b"\1\x11\0\2\x11\0\3\x11\0")
    + _segment(0xC4, b"\0\1" + bytes(15) + b"\6")
    + _segment(0xC4, b"\x10\1" + bytes(15) + b"\0")
    + _segment(0xDA, b"\3\1\0\2\0\3\0\0\x3f\0")
)

MAKERS: dict[str, Callable[[str], bytes]] = {
    ".jpg": jpeg,
    ".jpeg": jpeg,
    ".png": png,
    ".gif": gif,
    ".heic": heic,
    ".dng": dng,
    ".mov": mov,
    ".mp4": mp4,
}
"""By extension, in small letters."""
