# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare names of files, directories and albums. PRIVATE to the collection. Pure.

A name such as `Café` can be written in two Unicode forms that look the same: composed (NFC), as most systems write it,
and decomposed (NFD), as macOS does. ZFS keeps the two apart. rclone takes them for one name and ignores one of the two.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

_HIDDEN_MARKS = {"Cc", "Cs", "Zl", "Zp"}
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = frozenset("\u200b\u2060\ufeff")
_FLAG_TAGS = range(0xE0020, 0xE0080)  # the flags of Scotland and others end in them


def normal(name: str) -> str:
    """The form in which names are compared everywhere: NFC."""
    return unicodedata.normalize("NFC", name)


def folded(name: str) -> str:
    """The form in which names are compared where upper and lower case do not count."""
    return normal(normal(name).casefold())


def same(one: str, other: str) -> bool:
    """Whether two names are one to a person."""
    return normal(one) == normal(other)


def spellings(name: str) -> list[str]:
    """The Unicode forms of a name, as given first: what to ask a NAS for, which compares them letter by letter."""
    return list(dict.fromkeys((name, normal(name), unicodedata.normalize("NFD", name))))


def twins(names: Iterable[str], *, folds_case: bool = False) -> list[tuple[str, ...]]:
    """The names that a target, or rclone, takes for one, as groups of two or more, in order.

    Args:
        folds_case: The target does not tell upper from lower case.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(names):
        key = normal(name)
        groups[folded(name) if folds_case else key].append(name)
    return [tuple(group) for dummy, group in sorted(groups.items()) if len(group) > 1]


def form(name: str) -> str:
    """What to call the Unicode form of a name, for telling apart what looks the same."""
    if unicodedata.is_normalized("NFC", name):
        return "composed (NFC)"
    return "decomposed (NFD)" if unicodedata.is_normalized("NFD", name) else "mixed"


def flaw(part: str) -> str | None:
    """What is wrong with one part of a path as a name to be made, or `None`. Nobody could type such a name again."""
    if untypable := mistyped(part):
        return untypable
    if len(part.encode()) > 255:
        return "is longer than the 255 bytes that a file system takes"
    return None


def mistyped(text: str) -> str | None:
    """Say what in a name cannot be seen, so that it was typed by mistake; `None` when there is nothing of the kind."""
    if text != text.strip():
        return "has a blank at its beginning or end"
    if any(unicodedata.category(char) in _HIDDEN_MARKS for char in text):
        return "holds a control character"
    return invisible(text)


def in_pool(path: str) -> bool:
    """Whether a path is one of the NAS's pools, or below one, and leads nowhere else."""
    parts = path.rstrip("/").split("/")
    return path.startswith("/mnt/") and len(parts) > 2 and not {"", ".", ".."} & set(parts[1:])


def invisible(text: str) -> str | None:
    """Say which invisible character a text holds, which makes it differ from what is read; else `None`."""
    if _TURNS_TEXT & set(text):
        return "holds a character that changes the direction of text"
    if any(
        unicodedata.category(char) == "Cf" and ord(char) not in _FLAG_TAGS for char in (text[:1], text[-1:]) if char
    ):
        return "has an invisible character at its beginning or end"
    return "holds an invisible character" if _UNSEEN & set(text) else None
