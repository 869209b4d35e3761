# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The path of an entry: refused where it is dangerous, else taken apart. Pure. PRIVATE to the collection."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 255
"""The bytes that a component may have; file systems take no more."""

_CONTAINERS = {
    "google photos",
    "google fotos",
    "google foto",
    "google foto_s",
    "google foto's",
    "google kuvat",
    "google фото",
    "google снимки",
    "google fotoğraflar",
    "google フォト",
    "google 相册",
    "google 相簿",
    "google 相片",
    "google 포토",
    "google fotky",
    "fotky google",
    "zdjęcia google",
    "google fotók",
    "google zdjęcia",
    "google photos™",
}
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry lies: the container of a product, the folder in it, and its name. Empty where it has none."""

    container: str
    folder: str
    name: str


def danger(path: str) -> str | None:
    """Say why a path must not be used, if so."""
    if not path:
        return "its name is empty"
    if "\0" in path:
        return "its name has a NUL character"
    if "\\" in path:
        return "its name has a backslash"
    if path.startswith("/") or _DRIVE.match(path):
        return "its path is absolute"
    components = path.removesuffix("/").split("/")
    if ".." in components:
        return "its path leaves the archive (..)"
    if "" in components or "." in components:
        return "its path has an empty component"
    if any(len(one.encode("utf-8", "surrogatepass")) > LONGEST for one in components):
        return f"its path has a component of more than {LONGEST} bytes"
    return None


def take_apart(path: str) -> Place:
    """Split a harmless path: `Takeout/Google Photos/Photos from 2024/IMG_1.jpg`, with or without the first two."""
    components = unicodedata.normalize("NFC", path).split("/")
    whole = len(components) > 1 and components[0].casefold() == "takeout"
    if whole:
        components = components[1:]
    *folders, name = components
    if folders and is_photos(folders[0]):
        return Place(folders[0], "/".join(folders[1:]), name)
    if len(folders) == 1 and not whole:  # packed again, from the folders of Google Photos on
        return Place("", folders[0], name)
    if folders:
        return Place(folders[0], "/".join(folders[1:]), name)
    return Place("", "", name)


def is_photos(container: str) -> bool:
    """Whether a container is known to be that of Google Photos, in any language."""
    return " ".join(container.split()).casefold() in _CONTAINERS
