# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Photos and a video, real ones, each of its own content."""

from __future__ import annotations

import colorsys
import io
import struct
from pathlib import Path

from PIL import Image

_SIZE = (320, 240)
_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}


def make(path: Path, number: int) -> None:
    """Write the photo or video of this number; the name's extension says which."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".mp4":
        path.write_bytes(_video([_jpeg(number + step / 25) for step in range(25)]))
    else:
        _picture(number).save(path, _FORMATS[path.suffix.lower()])


def _picture(number: float) -> Image.Image:
    """A sky that gets lighter towards the horizon, in a colour for each number."""
    gradient = Image.linear_gradient("L").resize(_SIZE)
    colour = (round(part * 255) for part in colorsys.hsv_to_rgb(number * 0.137 % 1, 0.8, 0.6))
    return Image.merge("RGB", [gradient.point([low + n * (255 - low) // 255 for n in range(256)]) for low in colour])


def _jpeg(number: float) -> bytes:
    file = io.BytesIO()
    _picture(number).save(file, "JPEG")
    return file.getvalue()


def _box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", flags), *parts)


def _video(frames: list[bytes]) -> bytes:
    """An MP4 of one second: one track, whose samples are the frames (ISO/IEC 14496-12 and -14)."""
    ticks, count, (width, height) = 25, len(frames), _SIZE
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    # Object type 0x6C says that a frame is a JPEG, stream type 4 that the stream is visual.
    decoder = struct.pack(">BB3x8x", 0x6C, 4 << 2 | 1)
    descriptor = struct.pack(">BBHB", 0x03, 3 + 2 + len(decoder) + 3, 1, 0)
    descriptor += struct.pack(">BB", 0x04, len(decoder)) + decoder + bytes((0x06, 1, 2))
    entry = _box(
        b"mp4v",
        struct.pack(">6xH16xHHII4xH32xHh", 1, width, height, 72 << 16, 72 << 16, 1, 24, -1),
        _full(b"esds", descriptor),
    )
    type_box = _box(b"ftyp", b"isom", struct.pack(">I", 0x200), b"isom", b"mp41")
    samples = _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1), entry),
        _full(b"stts", struct.pack(">3I", 1, count, 1)),
        _full(b"stsc", struct.pack(">4I", 1, 1, count, 1)),
        _full(b"stsz", struct.pack(f">{2 + count}I", 0, count, *map(len, frames))),
        _full(b"stco", struct.pack(">2I", 1, len(type_box) + 8)),
    )
    media = _box(
        b"mdia",
        _full(b"mdhd", struct.pack(">4IH2x", 0, 0, ticks, count, 0x55C4)),
        _full(b"hdlr", struct.pack(">4x4s12x", b"vide"), b"\0"),
        _box(
            b"minf",
            _full(b"vmhd", bytes(8), flags=1),
            _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1))),
            samples,
        ),
    )
    header = struct.pack(">4IIH10x", 0, 0, ticks, count, 0x10000, 0x100) + matrix + bytes(24) + struct.pack(">I", 2)
    track = struct.pack(">5I16x", 0, 0, 1, 0, count) + matrix + struct.pack(">2I", width << 16, height << 16)
    movie = _box(b"moov", _full(b"mvhd", header), _box(b"trak", _full(b"tkhd", track, flags=3), media))
    return type_box + _box(b"mdat", *frames) + movie
