# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes archives as Takeout does."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

DATE = (2026, 1, 2, 3, 4, 6)
MTIME = 1_767_323_046
WORTH_PACKING = 700
"""Bytes of a text from which on it is compressed."""


def write_part(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write a zip or, by the name, a tar with gzip; equal files make equal bytes."""
    if path.suffix == ".zip":
        write_zip(path, files)
    else:
        write_tgz(path, files)


def write_zip(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = 0o600 << 16
            packed = len(content) > WORTH_PACKING and name.endswith((".json", ".html"))
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED, 1)
    path.write_bytes(memory.getbuffer())


def write_tgz(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), MTIME
            archive.addfile(entry, io.BytesIO(content))
