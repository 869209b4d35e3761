# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Google names files and their sidecars. Pure. PRIVATE to the collection.

The rule, since October 2024: take a final `(n)` off the stem, append the extension and `.supplemental-metadata`, cut to
46 UTF-16 units, append the `(n)` and `.json`. Before that the same without the suffix.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

SUFFIX = ".supplemental-metadata"
UNITS = 46
LONGEST_NAME = 51
_NUMBERED = re.compile(r"(.*)(\(\d{1,6}\))", re.ASCII | re.DOTALL)
_MANGLED = re.compile("[%'/:*?\"<>|\\\\&\0-\x1f\x7f]")
_REMAINS = tuple(SUFFIX[:length] for length in range(len(SUFFIX), 0, -1))
_JSON = ".json"


@dataclass(frozen=True, slots=True)
class Name:
    """A file name in its parts: `IMG_1(2).JPG` is `IMG_1`, `(2)`, `.JPG`."""

    stem: str
    number: str
    extension: str

    @property
    def base(self) -> str:
        """The name without its number."""
        return self.stem + self.extension

    @property
    def whole(self) -> str:
        """The name."""
        return f"{self.stem}{self.number}{self.extension}"


def split(name: str) -> Name:
    """Take a name apart."""
    stem, dot, extension = name.rpartition(".")
    if not stem or not dot:
        stem, extension = name, ""
    else:
        extension = f".{extension}"
    match = _NUMBERED.fullmatch(stem)
    return Name(match[1], match[2], extension) if match and match[1] else Name(stem, "", extension)


def units(text: str) -> int:
    """Count UTF-16 units, as Google does."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, most: int = UNITS) -> str:
    """Cut to a number of UTF-16 units. Half a pair becomes a replacement character."""
    if units(text) <= most:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: most * 2].decode("utf-16-le", "replace")


def cuts(text: str) -> list[str]:
    """All forms in which a cut text may occur, by what is made of half a pair."""
    short = cut(text)
    if short == text or not short.endswith("\ufffd"):
        return [short]
    return [short, short[:-1], short[:-1] + "?", short[:-1] + "_"]


def exact(name: Name) -> list[str]:
    """The sidecars, without `.json`, that a name has if nothing is cut: the newer form, then the older."""
    return [name.base + SUFFIX + name.number, name.base + name.number]


def shortened(name: Name) -> list[str]:
    """Those that it has if they are cut."""
    found = [one + name.number for one in cuts(name.base + SUFFIX)] + [one + name.number for one in cuts(name.base)]
    return [one for one in dict.fromkeys(found) if one not in exact(name)]


def remains(base: str) -> list[str]:
    """What a sidecar's name without number may be the name of: itself, and without the rest of a cut suffix."""
    return [base] + [base.removesuffix(one) for one in _REMAINS if base.endswith(one) and base != one]


def sidecar(name: str) -> tuple[str, str, str] | None:
    """Split the name of a JSON file into all before `.json`, that without its number, and the number."""
    if name[-len(_JSON) :].lower() != _JSON:
        return None
    whole = name[: -len(_JSON)]
    match = _NUMBERED.fullmatch(whole)
    return (whole, match[1], match[2]) if match else (whole, whole, "")


def media(name: str) -> str:
    """The file that a sidecar is named for, if nothing is cut."""
    _whole, base, number = sidecar(name) or (name, name, "")
    parts = split(base.removesuffix(SUFFIX))
    return f"{parts.stem}{number or parts.number}{parts.extension}"


def mangled(title: str) -> str:
    """What Google makes of a title to name a file or folder."""
    return _MANGLED.sub("_", unicodedata.normalize("NFC", title))


@lru_cache(maxsize=256)
def _forms(title: str) -> tuple[str, Name]:
    text = mangled(title)
    return text, split(text)


def title_fits(title: str, name: Name) -> bool | None:
    """Say whether a title is that of a file; `None` if the title is empty and tells nothing."""
    if not title.strip():
        return None
    text, parts = _forms(title)
    if text in (name.base, name.whole, name.stem, name.stem + name.number):
        return True
    if units(name.base) < UNITS:
        return False
    stem = name.stem.rstrip("\ufffd?_") if name.stem[-1:] in "\ufffd?_" else name.stem
    same_extension = parts.extension.casefold() == name.extension.casefold() or not name.extension
    return text.startswith(stem) and (same_extension or units(text) > LONGEST_NAME)


def key(text: str) -> str:
    """Fold a name for comparing: without regard to case or to the form of accents."""
    folded = unicodedata.normalize("NFD", text).casefold()
    return unicodedata.normalize("NFC", folded)
