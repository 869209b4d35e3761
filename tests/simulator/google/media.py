# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kind of photo or video some bytes are. Google looks at the content, never at a name or header."""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEAD_SIZE = 65536
"""How many bytes from the start `recognise` wants, at most."""

_ISO_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"crx ": "image/x-canon-cr3",
    b"qt  ": "video/quicktime",
    b"M4V ": "video/x-m4v",
}
_PREFIXES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"IIRO", "image/x-olympus-orf"),
    (b"IIU\x00", "image/x-panasonic-rw2"),
    (b"FUJIFILMCCD-RAW", "image/x-fuji-raf"),
    (b"BM", "image/bmp"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-wmv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
)


@dataclass(frozen=True)
class Media:
    mime_type: str
    width: int | None = None
    height: int | None = None

    @property
    def is_video(self) -> bool:
        return self.mime_type.startswith("video/")


def recognise(head: bytes) -> Media | None:
    """The media that begins with these bytes, or None for what Google Photos does not take."""
    mime_type = _mime_type(head)
    if mime_type is None:
        return None
    return Media(mime_type, *_SIZES.get(mime_type, lambda _: (None, None))(head))


def _mime_type(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _ISO_BRANDS:
            return _ISO_BRANDS[brand]
        if brand[:3] in (b"3gp", b"3g2"):
            return "video/3gpp" if brand[:3] == b"3gp" else "video/3gpp2"
        return None if brand in (b"M4A ", b"M4B ") else "video/mp4"
    if head[4:8] in (b"moov", b"mdat", b"wide"):
        return "video/quicktime"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}.get(head[8:12])
    if head[:4] == b"\x1a\x45\xdf\xa3":
        kinds = {b"matroska": "video/x-matroska", b"webm": "video/webm"}
        return next((mime_type for name, mime_type in kinds.items() if name in head[:64]), None)
    if any(
        head[start : start + 1] == b"G" == head[start + step : start + step + 1] for start, step in ((0, 188), (4, 192))
    ):
        return "video/mp2t"
    return next((mime_type for prefix, mime_type in _PREFIXES if head.startswith(prefix)), None)


def _png_size(head: bytes) -> tuple[int | None, int | None]:
    return struct.unpack(">II", head[16:24]) if len(head) >= 24 else (None, None)


def _gif_size(head: bytes) -> tuple[int | None, int | None]:
    return struct.unpack("<HH", head[6:10]) if len(head) >= 10 else (None, None)


def _jpeg_size(head: bytes) -> tuple[int | None, int | None]:
    """Walk over the segments to the start of frame, which holds the size."""
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None, None


_SIZES = {"image/png": _png_size, "image/gif": _gif_size, "image/jpeg": _jpeg_size}
