# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON that Takeout puts beside photos."""

from __future__ import annotations

import json
from typing import Any

from simulator.google.takeout.account import Photo, moment

_ENCODER = json.JSONEncoder(ensure_ascii=False)
NO_PLACE = {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0, "latitudeSpan": 0.0, "longitudeSpan": 0.0}


def sidecar(photo: Photo, form: str) -> bytes:
    """A photo's metadata; `form` is how the language of the export writes a time."""
    place = NO_PLACE
    if photo.latitude is not None and photo.longitude is not None:
        place = NO_PLACE | {"latitude": photo.latitude, "longitude": photo.longitude, "altitude": 12.5}
    content: dict[str, Any] = {
        "title": photo.title,
        "description": photo.description,
        "imageViews": "7",
        "creationTime": _time(photo.uploaded, form),
        "photoTakenTime": _time(photo.taken, form),
        "geoData": NO_PLACE if photo.exif_only else place,
    }
    if photo.taken is None:
        content["photoTakenTime"] = {} if photo.undated is None else {"timestamp": photo.undated, "formatted": ""}
    if place is not NO_PLACE:
        content["geoDataExif"] = place
    if photo.people:
        content["people"] = [{"name": name} for name in photo.people]
    if photo.url:
        content["url"] = photo.url
    flags = {
        "favorited": photo.favourite,
        "archived": photo.place == "archive",
        "trashed": photo.place == "trash",
        "inLockedFolder": photo.place == "locked",
    }
    content |= {name: True for name, holds in flags.items() if holds}
    if photo.origin:
        content["googlePhotosOrigin"] = photo.origin
    return write(content | photo.extra)


def stranger(title: str, form: str) -> bytes:
    """The metadata of somebody else's picture in a shared album."""
    content = {
        "title": title,
        "description": "",
        "imageViews": "3",
        "creationTime": _time(1_650_000_000, form),
        "photoTakenTime": _time(1_649_000_000, form),
        "geoData": NO_PLACE,
        "url": f"https://photos.google.com/photo/AF1Qip{title.encode().hex()}",
        "googlePhotosOrigin": {"fromSharedAlbum": {}},
    }
    return write(content)


def write(content: dict[str, Any]) -> bytes:
    """In one line, which is faster than Google's many."""
    return _ENCODER.encode(content).encode()


def _time(seconds: int | None, form: str) -> dict[str, str]:
    if seconds is None:
        return {}
    return {"timestamp": str(seconds), "formatted": moment(seconds).strftime(form)}
