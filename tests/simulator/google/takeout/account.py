# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose photos are exported: photos and albums as Google holds them, before they are files of an archive."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def moment(seconds: int) -> datetime.datetime:
    """A time, also one before 1970."""
    return EPOCH + datetime.timedelta(seconds=seconds)


@dataclass
class Companion:
    """A file that belongs to a photo and has no sidecar."""

    kind: str
    content: bytes
    mark: str = ""
    """Put at the end of the photo's stem."""
    extension: str | None = None
    """Instead of the photo's."""


@dataclass
class Photo:
    """A photo or video of the account."""

    title: str
    name: str
    """What its file is called before characters are replaced and the name is cut; mostly the title."""
    content: bytes
    kind: str
    year: int
    uploaded: int
    taken: int | None
    url: str | None
    place: str = "year"
    """The folder that has it: `year`, `archive`, `trash`, `locked`, `failed`, or `album` when only its albums do."""
    has_sidecar: bool = True
    sidecar_name: str | None = None
    """What its sidecar is named for, if not for the file."""
    legacy: bool = False
    """Its sidecar has the short suffix of before October 2024."""
    undated: str | None = None
    """What stands in place of the time of one that has none; None: nothing."""
    latitude: float | None = None
    longitude: float | None = None
    exif_only: bool = False
    """The place is only in what Google calls `geoDataExif`."""
    description: str = ""
    favourite: bool = False
    partner: bool = False
    people: list[str] = field(default_factory=list)
    origin: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    companions: list[Companion] = field(default_factory=list)
    delivered: bool = False
    """An export has had it."""


@dataclass
class Album:
    """An album, or what is exported like one."""

    title: str | None
    """None: there is not even a field for it."""
    kind: str
    """`album`, `untitled`, `conversation`."""
    metadata: dict[str, Any] = field(default_factory=dict)
    members: list[Photo] = field(default_factory=list)
    only_sidecars: bool = False
    referred: list[Photo] = field(default_factory=list)
    """Those of its members whose sidecars alone it was exported with, after an earlier export had brought them."""
    strangers: list[str] = field(default_factory=list)
    """Titles of pictures that other people have put in: only their sidecars are exported."""
    delivered: bool = False


@dataclass
class Account:
    """All that one person has in Google Photos."""

    label: str
    photos: list[Photo] = field(default_factory=list)
    albums: list[Album] = field(default_factory=list)
    next_number: int = 1000
    quirks: set[str] = field(default_factory=set)

    def memberships(self) -> dict[int, list[Album]]:
        """The albums of each photo, by the photo's `id()`."""
        found: dict[int, list[Album]] = {}
        for album in self.albums:
            for member in album.members:
                found.setdefault(id(member), []).append(album)
        return found
