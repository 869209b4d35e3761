# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that every file system and every share can hold. Pure. PRIVATE to the collection.

Names are written in NFC. What Windows, and so SMB, cannot hold is replaced; what differs in case or in the form of
accents alone counts as the same name.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 236
"""Bytes of a name before a number and `.xmp` or `.json` are appended; file systems hold 255."""

_FORBIDDEN = re.compile('[<>:"/\\\\|?*\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$|\s)", re.IGNORECASE)


def safe(name: str, extension: str = "") -> str:
    """Make a safe name of a text and an extension that is kept whole."""
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip()
    extension = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", extension)).rstrip(" .")
    if not extension:
        text = text.rstrip(" .")
    if text.startswith("."):
        text = f"_{text[1:]}"
    if _RESERVED.match(text + extension):
        text = f"_{text}"
    return _cut(text or "_", LONGEST - len(extension.encode())) + extension


def shown(text: str) -> str:
    """Make a text safe to show to people: on one line, with a mark for every character that a terminal would obey."""
    marked = (" " if one.isspace() else one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
    return "".join(marked)


def numbered(stem: str, number: int, extension: str) -> str:
    """Append a number to a stem, from 2 on."""
    return f"{stem} ({number}){extension}" if number > 1 else stem + extension


def _cut(text: str, most: int) -> str:
    """Cut to a number of bytes, and not within a character or before an accent that belongs to the last one."""
    if len(text.encode()) <= most:
        return text
    short = text.encode()[:most].decode("utf-8", "ignore")
    while len(short) > 1 and (unicodedata.combining(text[len(short)]) or short[-1] == "\u200d"):
        short = short[:-1]
    return short.rstrip(" .") or "_"
