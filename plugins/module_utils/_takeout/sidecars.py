# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a JSON file of an export is about: a photo, an album, or something else. Pure. PRIVATE to the collection.

Which it is shows in its content alone; names are localised. Nothing in it is trusted to have the right type.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = int((datetime(1, 1, 2, tzinfo=UTC) - _EPOCH).total_seconds())
_LATEST = int((datetime(9999, 12, 30, tzinfo=UTC) - _EPOCH).total_seconds())
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Item:
    """What Google tells of a photo or video. `taken` counts seconds since 1970, UTC; `None` is unknown."""

    title: str = ""
    taken: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    description: str = ""
    people: tuple[str, ...] = ()
    url: str = ""
    favourite: bool = False
    archived: bool = False
    trashed: bool = False
    locked: bool = False
    partner: bool = False

    def text(self) -> str:
        """Write it down; equal items have equal texts."""
        values = ((name, getattr(self, name)) for name in _FIELDS)
        told = {name: value for name, value in values if value or isinstance(value, float)}  # the equator is a place
        return json.dumps(told, ensure_ascii=False)

    def borrowed(self) -> Item:
        """Return what also holds for a companion, such as the moving half of a live photo: time, place, and marks."""
        return Item(
            taken=self.taken,
            latitude=self.latitude,
            longitude=self.longitude,
            altitude=self.altitude,
            archived=self.archived,
            trashed=self.trashed,
            locked=self.locked,
            partner=self.partner,
        )


_FIELDS = sorted(one.name for one in fields(Item))


@dataclass(frozen=True, slots=True)
class Album:
    """What Google tells of an album."""

    title: str = ""
    description: str = ""


def item(text: str) -> Item:
    """Read what `Item.text` has written."""
    values = json.loads(text)
    return Item(**{**values, "people": tuple(values.get("people", ()))})


def read(raw: bytes) -> Item | Album | None:
    """Read a JSON file. `None`: it is about neither a photo nor an album."""
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, Mapping):
        return None
    if isinstance(content.get("photoTakenTime"), Mapping):
        return _item(content)
    data = content.get("albumData")
    album = data if isinstance(data, Mapping) else content
    if isinstance(album.get("title"), str) and "externalOrderId" not in content:
        return Album(_text(album["title"]), _text(album.get("description")))
    return None


def moment(taken: int) -> datetime:
    """Turn seconds since 1970, also negative ones, into a time."""
    return _EPOCH + timedelta(seconds=taken)


def _item(content: Mapping[str, Any]) -> Item:
    latitude, longitude, altitude = _place(content)
    origin = content.get("googlePhotosOrigin")
    people = content.get("people")
    names = [_text(one.get("name")) for one in people if isinstance(one, Mapping)] if isinstance(people, list) else []
    return Item(
        title=_text(content.get("title")),
        taken=_taken(content["photoTakenTime"]),
        latitude=latitude,
        longitude=longitude,
        altitude=altitude,
        description=_text(content.get("description")),
        people=tuple(dict.fromkeys(name for name in names if name)),
        url=_text(content.get("url")),
        favourite=content.get("favorited") is True,
        archived=content.get("archived") is True,
        trashed=content.get("trashed") is True,
        locked=content.get("inLockedFolder") is True,
        partner=isinstance(origin, Mapping) and "fromPartnerSharing" in origin,
    )


def _taken(value: Mapping[str, Any]) -> int | None:
    """Read a time. The text in `formatted` is localised and never read; 0 means that Google does not know."""
    stamp = value.get("timestamp")
    if isinstance(stamp, bool) or not isinstance(stamp, (str, int)):
        return None
    match = re.fullmatch(r"\s*(-?\d{1,15})(?:\.\d*)?\s*", str(stamp), re.ASCII)
    seconds = int(match[1]) if match else 0
    return seconds if seconds and _EARLIEST <= seconds <= _LATEST else None


def _place(content: Mapping[str, Any]) -> tuple[float | None, float | None, float | None]:
    """Read where it was taken: what the user has corrected in Google Photos, else what the file says."""
    for name in ("geoData", "geoDataExif"):
        data = content.get(name)
        if not isinstance(data, Mapping):
            continue
        latitude, longitude = _number(data.get("latitude"), 90), _number(data.get("longitude"), 180)
        if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
            continue
        return latitude, longitude, _number(data.get("altitude"), 100_000) or None
    return None, None, None


def _number(value: Any, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and abs(number) <= most else None


def _text(value: Any) -> str:
    return _CONTROLS.sub("", value)[:_LONGEST] if isinstance(value, str) else ""
