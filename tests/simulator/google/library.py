# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Photos and albums as one app sees them: the rules of the Photos Library API's state, without any HTTP."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass, field
from typing import Any

from simulator.google.media import Media

DOWNLOADS = "https://lh3.googleusercontent.com/lr/"


@dataclass
class Item:
    """A photo or video in the library."""

    id: str
    filename: str
    description: str
    media: Media
    sha256: str
    size: int
    created: datetime.datetime

    def as_json(self) -> dict[str, Any]:
        metadata: dict[str, Any] = {"creationTime": f"{self.created:%Y-%m-%dT%H:%M:%SZ}"}
        if self.media.width and self.media.height:
            metadata |= {"width": str(self.media.width), "height": str(self.media.height)}
        metadata |= {"video": {"status": "READY"}} if self.media.is_video else {"photo": {}}
        shown = {
            "id": self.id,
            "productUrl": f"https://photos.google.com/lr/photo/{self.id}",
            "baseUrl": f"{DOWNLOADS}{self.id}",
            "mimeType": self.media.mime_type,
            "mediaMetadata": metadata,
            "filename": self.filename,
        }
        return shown | ({"description": self.description} if self.description else {})


@dataclass(frozen=True)
class Upload:
    """Bytes that were sent and wait to become an item."""

    account: str
    filename: str
    sha256: str
    size: int


@dataclass
class Album:
    """Albums hold an item once each; they can never be deleted."""

    id: str
    title: str
    items: dict[str, Item] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        shown = {
            "id": self.id,
            "title": self.title,
            "productUrl": f"https://photos.google.com/lr/album/{self.id}",
            "isWriteable": True,
        }
        if self.items:
            cover = next(iter(self.items.values()))
            shown |= {
                "mediaItemsCount": str(len(self.items)),  # a 64-bit integer, which JSON in Google's way makes a string
                "coverPhotoBaseUrl": f"{DOWNLOADS}{cover.id}",
                "coverPhotoMediaItemId": cover.id,
            }
        return shown


class Library:
    """The albums and items that one app made for one account."""

    def __init__(self) -> None:
        self.albums: dict[str, Album] = {}
        self.items: dict[str, Item] = {}
        self.size = 0
        """Bytes of all items."""
        self._by_content: dict[str, Item] = {}

    def add_album(self, title: str) -> Album:
        """Titles need not be unique: a second call makes a second album."""
        album = Album(_new_id(), title)
        self.albums[album.id] = album
        return album

    def has(self, sha256: str) -> bool:
        """Whether this content is there already."""
        return sha256 in self._by_content

    def add_item(
        self, filename: str, description: str, media: Media, sha256: str, size: int, created: datetime.datetime
    ) -> Item:
        """The same content again is the item that is there already, under its first name."""
        item = self._by_content.get(sha256)
        if item is None:
            item = Item(_new_id(), filename, description, media, sha256, size, created)
            self.items[item.id] = self._by_content[sha256] = item
            self.size += size
        return item


def _new_id() -> str:
    return secrets.token_urlsafe(48)
