# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files without a sidecar of their own, and whose they use. Pure. PRIVATE to the collection.

Edited copies, the moving half of live and motion photos, and duplicates made on the phone. What they are companions of
has the same stem in the same folder; a name that is only alike decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecar_names import (
    LONGEST_NAME,
    UNITS,
    Name,
    key,
    split,
    units,
)

# fmt: off
STILLS = frozenset((
    ".jpg", ".jpeg", ".heic", ".heif", ".png", ".webp", ".gif", ".avif", ".bmp", ".tif", ".tiff",
    ".dng", ".arw", ".cr2", ".cr3", ".nef", ".orf", ".raf", ".rw2", ".srw",
))
MOVING = frozenset((".mp4", ".mov", ".mp", ".mv", ".m4v", ".3gp", ".avi", ".mkv", ".webm", ".mts"))

EDITED = (
    "-edited", "-bearbeitet", "-modifié", "-modifie", "-modificato", "-ha editado", "-editado", "-editat", "-bewerkt",
    "-edytowane", "-muokattu", "-redigeret", "-redigerad", "-redigert", "-upravené", "-upraveno", "-düzenlendi",
    "-измененный", "-отредактировано", "-редактирано", "-відредаговано",
    "-編集済み", "-编辑", "-已修改", "-已編輯", "-편집됨",
    "-szerkesztett", "-επεξεργασμένο",
)
# fmt: on
"""What Google appends to the stem of an edited copy, in its languages."""

CREATED = ("-EFFECTS", "-SMILE", "-MIX", "-COLLAGE", "-ANIMATION", "-MOTION", "-MOVIE")
"""What it appends to what it made of a photo by itself; the same in all languages."""

_DUPLICATE = re.compile(r"(.+)~\d{1,3}", re.ASCII | re.DOTALL)
_MOTION = re.compile(r"\.(?:mp|mv|cover|mp~\d{1,3})", re.ASCII | re.IGNORECASE)


def is_still(name: Name) -> bool:
    """Whether a file is a still picture, by its extension."""
    return name.extension.casefold() in STILLS


def is_moving(name: Name) -> bool:
    """Whether a file is a video, by its extension; the phone's names for motion photos included."""
    extension = name.extension.casefold()
    return extension in MOVING or _MOTION.fullmatch(extension) is not None


def originals(name: Name) -> Iterator[Name]:
    """What an edited or duplicated file may be a copy of: its name without what was appended."""
    stem = name.stem
    folded = key(stem)
    for suffix in (*EDITED, *CREATED):
        # The moving half of an edited live photo also has the suffix in the middle of its name.
        if folded.endswith(key(suffix)) and len(stem) > len(suffix):
            yield _named(stem[: -len(suffix)], name)
    if units(name.base) >= UNITS:
        yield from _cut_suffixes(name)
    if match := _DUPLICATE.fullmatch(stem):
        yield _named(match[1], name)


def _cut_suffixes(name: Name) -> Iterator[Name]:
    """The suffix itself may be cut, where the name is as long as Google makes them."""
    if units(name.base) > LONGEST_NAME:
        return
    for suffix in EDITED:
        for length in range(len(suffix) - 1, 2, -1):
            if name.stem.endswith(suffix[:length]) and len(name.stem) > length:
                yield _named(name.stem[:-length], name)


def _named(stem: str, name: Name) -> Name:
    """The name with another stem; a number at the end of that is the number of the original."""
    return split(Name(stem, name.number, name.extension).whole)


def still_stems(name: Name) -> Iterator[str]:
    """The stems, without a number, that the still of a moving file may have."""
    if not is_moving(name):
        return
    yield name.stem
    if _MOTION.fullmatch(name.extension):
        yield name.base  # PXL_1.MP belongs to PXL_1.MP.jpg
        if "~" in name.extension:
            yield name.stem + name.extension.partition("~")[0]
    else:
        yield from (name.stem + middle for middle in (".MP", ".MV"))
