# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Takeout names the files of an export."""

from __future__ import annotations

import re
import unicodedata

FORBIDDEN = "&%'/:*?\"<>|\\"
SUFFIX = ".supplemental-metadata"
MEDIA_UNITS = 51
SIDECAR_UNITS = 46

_FORBIDDEN = str.maketrans(dict.fromkeys(FORBIDDEN, "_"))


def mangle(title: str) -> str:
    """A title as the name of a file or folder."""
    return unicodedata.normalize("NFC", title).translate(_FORBIDDEN)


def units(text: str) -> int:
    """The length in units of UTF-16, which is how names are measured."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The first units of a text; half a pair becomes a replacement character."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return text if len(encoded) <= 2 * most else encoded[: 2 * most].decode("utf-16-le", "replace")


def split(name: str) -> tuple[str, str]:
    """Stem and extension, the dot with the latter."""
    stem, dot, extension = name.rpartition(".")
    return (stem, dot + extension) if stem else (name, "")


def media_base(name: str, *, uncut: bool = False) -> str:
    """A file's name before it gets a number."""
    stem, extension = split(mangle(name))
    return stem + extension if uncut else cut(stem, MEDIA_UNITS - units(extension)) + extension


def sidecar_base(base: str, *, legacy: bool, uncut: bool) -> str:
    """The name of a sidecar before its number and `.json`."""
    whole = base if legacy else base + SUFFIX
    return whole if uncut else cut(whole, SIDECAR_UNITS)


def numbered(base: str, number: int) -> str:
    """`IMG.jpg` as `IMG(1).jpg`."""
    stem, extension = split(base)
    return f"{stem}({number}){extension}" if number else base


def numbered_sidecar(base: str, number: int) -> str:
    """The number of a sidecar comes last and is never cut."""
    return f"{base}({number}).json" if number else f"{base}.json"


def natural(title: str) -> list[tuple[int, str]]:
    """A key that sorts titles as people do, numbers by their value."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", title) if part]
