# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills an account with photos and albums, and lets it go on from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.google.takeout.account import Account, Album, Companion, Photo
from simulator.google.takeout.habits import DESCRIPTIONS, HABITS, LARGEST, Maker, plain
from simulator.google.takeout.names import units

TITLES = (
    "Trip",
    "Trip",
    "Oud Album'7$#%",
    "E.J.",
    "Holiday 2019",
    "2019",
    'Photos from the lake: "best of" / 1 & 2',
    "Été à la mer",
    "Archive",
    "日本 🏔️",
    "trip",
    "Winter ",
    "../../etc",
    "Con",
)


def add_photos(maker: Maker, account: Account, count: int) -> list[Photo]:
    """Let people take photos."""
    habits, weights = list(HABITS), list(HABITS.values())
    added: list[Photo] = []
    while len(added) < count:
        habit = maker.rng.choices(habits, weights)[0] if count - len(added) >= LARGEST else plain
        account.quirks.add(habit.__name__)
        added += habit(maker)
    account.photos += added
    return added


def add_albums(maker: Maker, account: Account, photos: Sequence[Photo], earlier: Sequence[Photo] = ()) -> None:
    """Let people put photos into albums; of `earlier` ones only the sidecars will be exported."""
    rng = maker.rng
    able = [photo for photo in photos if photo.place in ("year", "archive")]
    count = 1 + len(able) // 8
    titles = rng.sample(TITLES, min(len(TITLES), count)) + [f"Album {n}" for n in range(len(TITLES), count)]
    pictured: set[int] = set()
    """Photos that are in an album of sidecars alone, so that they must be elsewhere."""
    for title in titles:
        album = Album(title, "album", _metadata(maker, title))
        account.albums.append(album)
        _fill(maker, account, album, able, pictured)
        old = [photo for photo in earlier if photo.has_sidecar and not photo.companions and photo.place == "year"]
        album.referred = rng.sample(old, min(len(old), 2))
        album.members = album.members + album.referred
    said = {"title": "", "sharedAlbumComments": [{"text": "hello", "contentOwnerName": "Ben"}]}
    odd: tuple[tuple[str, dict[str, Any]], ...] = (
        ("untitled", {"title": ""}),
        ("untitled", {}),
        ("conversation", said),
    )
    for kind, metadata in odd:
        if rng.random() < 0.25 and able:
            account.albums.append(Album(metadata.get("title"), kind, metadata, rng.sample(able, min(len(able), 3))))
            account.quirks.add(kind)
    if rng.random() < 0.15:
        strangers = [f"stranger {maker.number()}.jpg" for dummy in range(2)]
        account.albums.append(Album("Shared", "album", _metadata(maker, "Shared"), strangers=strangers))
        account.quirks.add("strangers")


def join_albums(maker: Maker, account: Account, photos: Sequence[Photo]) -> None:
    """Put new photos into albums that there are."""
    able = [photo for photo in photos if photo.place == "year"]
    for album in account.albums:
        if album.kind == "album" and not album.only_sidecars and not album.strangers and able:
            album.members += maker.rng.sample(able, min(len(able), maker.rng.randint(0, 2)))


def edit(maker: Maker, account: Account, photos: Sequence[Photo]) -> list[Photo]:
    """Edit and describe a few of these photos; returns them."""
    able = [photo for photo in photos if photo.place == "year" and photo.has_sidecar and not photo.companions]
    able = [photo for photo in able if photo.kind == "photo" and units(photo.name) < 40]
    held = {id(photo) for album in account.albums for photo in (album.referred, album.members)[album.only_sidecars]}
    chosen = [photo for photo in maker.rng.sample(able, min(len(able), 2)) if id(photo) not in held]
    for photo in chosen:
        photo.companions = [Companion("edited", maker.content(".jpg", "edited"), mark=maker.edited_mark())]
        photo.description = maker.rng.choice(DESCRIPTIONS)
        photo.favourite = not photo.favourite
    if chosen:
        account.quirks.add("edited later")
    return chosen


def _fill(maker: Maker, account: Account, album: Album, able: Sequence[Photo], pictured: set[int]) -> None:
    rng = maker.rng
    wanted = rng.sample(able, min(len(able), rng.randint(1, 9)))
    if rng.random() < 0.25:
        suited = [photo for photo in wanted if photo.has_sidecar and not photo.companions and photo.place == "year"]
        if suited:
            album.only_sidecars, album.members = True, suited
            pictured.update(map(id, suited))
            account.quirks.add("only sidecars")
            return
    album.members = wanted
    for photo in wanted:
        if rng.random() < 0.06 and photo.place == "year" and id(photo) not in pictured:
            photo.place = "album"
            account.quirks.add("only in albums")


def _metadata(maker: Maker, title: str) -> dict[str, Any]:
    """The shapes that an album's metadata has had."""
    rng = maker.rng
    full: dict[str, Any] = {"title": title}
    if maker.era.album_data:
        full |= {"description": "", "access": "protected", "date": {"timestamp": "1600000000", "formatted": ""}}
        return {"albumData": full} if rng.random() < 0.5 else full
    if rng.random() < 0.3:
        full |= {"description": rng.choice(DESCRIPTIONS), "access": "protected", "location": ""}
    if rng.random() < 0.2:
        full["enrichments"] = [
            {"textEnrichment": {"text": "On the way"}},
            {"locationEnrichment": {"location": [{"name": "Oslo", "latitudeE7": 599138688, "longitudeE7": 107522454}]}},
        ]
    return full
