# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Media are recognised by their content."""

from __future__ import annotations

import pytest

from simulator.google.media import Media, recognise
from simulator.tests.google.harness import MP4, png

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


@pytest.mark.parametrize(
    ("head", "media"),
    [
        (png(), Media("image/png", 1, 1)),
        (JPEG + b"\xff\xc0\x00\x11\x08\x00\x10\x00\x20\x03" + bytes(9), Media("image/jpeg", 32, 16)),
        (JPEG, Media("image/jpeg")),
        (b"GIF89a\x03\x00\x02\x00", Media("image/gif", 3, 2)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Media("image/webp")),
        (b"II*\x00\x08\x00\x00\x00", Media("image/tiff")),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", Media("image/heic")),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00", Media("image/avif")),
        (MP4, Media("video/mp4")),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00", Media("video/quicktime")),
        (b"\x00\x00\x00\x14ftyp3gp4\x00\x00\x00\x00", Media("video/3gpp")),
        (b"RIFF\x00\x00\x00\x00AVI LIST", Media("video/x-msvideo")),
        (b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x42\x82\x88matroska", Media("video/x-matroska")),
        (b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x42\x82\x84webm", Media("video/webm")),
        ((b"G" + bytes(187)) * 2, Media("video/mp2t")),
        ((bytes(4) + b"G" + bytes(187)) * 2, Media("video/mp2t")),
        (b"just text", None),
        (b"%PDF-1.7", None),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00", None),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"", None),
    ],
)
def test_recognise(head: bytes, media: Media | None) -> None:
    assert recognise(head) == media


def test_names_and_endings_do_not_matter() -> None:
    assert recognise(b"IMG_0001.jpg") is None
