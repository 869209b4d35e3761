# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of albums as people give them. PRIVATE to the collection. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError

_TITLE = 500  # characters that Google takes
_ELSEWHERE = re.compile(r"[A-Za-z]:[\\/]|\\\\|[a-z]+://|~")


def album_directories(path: str, albums: Iterable[str]) -> list[str]:
    """The albums' directories below `path`, in the normal form, each once, in order.

    Args:
        path: The directory below which they are, as the NAS names it.

    Raises:
        OptionError: a name cannot be, or is not meant to be, that of a directory below `path`.
    """
    found: dict[str, str] = {}
    forms: dict[str, str] = {}
    for given in albums:
        name = _checked(path, given)
        for depth in range(1, name.count("/") + 2):
            above = "/".join(name.split("/")[:depth])
            former = forms.setdefault(names.normal(above), above)
            if former != above:
                raise OptionError(
                    f"albums: {above!r} is in the list in two Unicode forms that look the same, "
                    f"{names.form(former)} and {names.form(above)}. rclone would upload the photos of one of two such "
                    "directories only. Write the name the same way each time, best composed (NFC)."
                )
        found[names.normal(name)] = given
    return list(found)


def _checked(path: str, given: str) -> str:
    name = given.strip("/")
    if place := _place(path, given):
        raise OptionError(f"albums: {given!r} is a path of the NAS, not a name for an album. {place}")
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts) or _ELSEWHERE.match(given):
        raise OptionError(
            f"albums: {given!r} is not a name for an album. Give names of directories below path; / nests them."
        )
    for part in parts:
        if flaw := names.flaw(part):
            meant = f" Do you mean {part.strip()!r}?" if part.strip() != part and part.strip() else ""
            raise OptionError(f"albums: {given!r} is not a name for an album, as {part!r} {flaw}.{meant}")
    if len(name) > _TITLE:
        raise OptionError(
            f"albums: {name[:40] + '...'!r} has {len(name)} characters, and the title of an album at Google Photos at "
            f"most {_TITLE}. Give a shorter name."
        )
    return name


def _place(path: str, given: str) -> str | None:
    """What is meant by a path of the NAS; `None` where the text is none."""
    name = names.normal(given.strip("/"))
    below = names.normal(path.strip("/"))
    spellings = [below]  # with the first slash or without
    if given.startswith("/"):
        spellings.append(below.removeprefix("mnt/"))
        if name.startswith(share := below.rpartition("/")[2] + "/"):  # as a share shows it
            return f"Give the name of the directory below path: {name.removeprefix(share)!r}."
    for spelling in spellings:
        if name == spelling:
            return "It is path itself. Give the names of directories below it."
        if name.startswith(f"{spelling}/"):
            return f"Give the name of the directory below path: {name.removeprefix(f'{spelling}/')!r}."
    if given.startswith(("/mnt/", "mnt/")):
        return f"It is not below path, which is {path}. Give the names of directories there."
    return None
