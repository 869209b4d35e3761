# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep a terminal safe from texts of a NAS or a provider. PRIVATE to the collection. Pure.

Whoever may name a task or a file could otherwise clear the screen, set the window's title or the clipboard, or turn the
order of letters around.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

# C0 without tab and line end, DEL and C1 (of which ESC, BEL and CSI make sequences); marks that turn the direction of
# writing, or end a line for some terminals; halves of characters, which no terminal can be sent.
CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufff9-\ufffb\ud800-\udfff]"
)
WORDS = frozenset(("error", "exception", "item", "link", "log", "msg", "note", "problem", "warnings"))
"""Return values that are words for people, at whatever depth. All others are data, and stay as they are."""
_DATA = "result"
"""What `truenas_call` returns as the NAS answered it."""


def printable(text: str) -> str:
    """The text with every character escaped that does something to a terminal: `\\x1b` instead of the character ESC."""
    return CONTROLS.sub(_escaped, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """The text on one line, with a blank for every character that shows nothing."""
    return "".join(one if one.isprintable() else " " for one in text)


def words(answer: Any, change: Callable[[str], str], *, are_words: bool = False) -> Any:
    """The answer of a module with its words for people changed, and its data as it is."""
    if isinstance(answer, str):
        return change(answer) if are_words else answer
    if isinstance(answer, Mapping):
        return {
            name: item if name == _DATA else words(item, change, are_words=are_words or name in WORDS)
            for name, item in answer.items()
        }
    if isinstance(answer, (list, tuple)):
        return [words(item, change, are_words=are_words) for item in answer]
    return answer


def _escaped(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
