# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lays an account's photos out in folders, with the names that Takeout gives to files and sidecars."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.google.takeout import names, sidecars
from simulator.google.takeout.account import Account, Album, Companion, Photo
from simulator.google.takeout.eras import Era
from simulator.google.takeout.languages import Language
from simulator.google.takeout.truth import TruthItem


@dataclass
class Entry:
    """A file of the export."""

    folder: str
    name: str
    content: bytes
    role: str
    photo: Photo | None = None


class Layout:
    """The folders of one export. `delivered` are the photos whose bytes it brings, in year folders and albums."""

    def __init__(self, rng: random.Random, account: Account, era: Era, language: Language) -> None:
        self._rng = rng
        self._account = account
        self._era = era
        self._language = language
        self._space = rng.choice((" ", " ", "\u00a0", "\u2009")) if era.localised_years else " "
        self._sidecars: dict[int, bytes] = {}
        self.entries: list[Entry] = []
        self.folders: dict[str, str] = {}
        self.albums: dict[str, str] = {}
        self.album_folders: dict[int, str] = {}
        """By an album's `id()`."""
        self.places: dict[str, list[tuple[str, str]]] = {}
        """Folder and name of each copy, by the content's SHA-256."""

    def add_library(self, delivered: Iterable[Photo]) -> None:
        """The folders of the years, and those of what is in no year."""
        by_folder: dict[str, list[Photo]] = {}
        for photo in delivered:
            if photo.place != "album":
                by_folder.setdefault(self._folder_of(photo), []).append(photo)
        for folder, photos in by_folder.items():
            kind = photos[0].place
            self.folders[folder] = kind
            if kind == "year" and self._era.album_data and self._rng.random() < 0.5:
                self._add(folder, self._language.album_metadata, sidecars.write({"title": folder}), "album")
            self._add_photos(folder, photos, set())

    def add_albums(self, albums: Iterable[Album], delivered: Sequence[Photo]) -> None:
        """The folders of albums; what is not delivered has its sidecar there only."""
        present = {id(photo) for photo in delivered}
        for album in albums:
            folder = self._free_folder(
                self._language.untitled if album.kind != "album" else names.mangle(album.title or "")
            )
            self.folders[folder] = album.kind
            self.album_folders[id(album)] = folder
            if album.kind == "album":
                self.albums[folder] = album.title or ""
            number = 1 if self._rng.random() < 0.03 else 0
            metadata = names.numbered(self._language.album_metadata, number)
            self._add(folder, metadata, sidecars.write(album.metadata), "album")
            absent = {id(photo) for photo in album.members if album.only_sidecars or id(photo) not in present}
            self._add_photos(folder, album.members, absent)
            for title in album.strangers:
                base = names.sidecar_base(names.media_base(title), legacy=self._era.legacy == 1, uncut=self._era.uncut)
                self._add(folder, f"{base}.json", sidecars.stranger(title, self._language.moment), "unresolved")

    def _folder_of(self, photo: Photo) -> str:
        special = {
            "archive": self._language.archive,
            "trash": self._language.trash,
            "locked": self._language.locked,
            "failed": "Failed Videos",
        }
        if photo.place in special:
            return special[photo.place]
        pattern = self._language.year if self._era.localised_years else "Photos from {year}"
        return pattern.replace(" ", self._space).format(year=photo.year)

    def _free_folder(self, wanted: str) -> str:
        number, folder = 0, wanted
        while folder in self.folders:
            number += 1
            folder = f"{wanted}({number})"
        return folder

    def _add_photos(self, folder: str, photos: Iterable[Photo], absent: set[int]) -> None:
        """Number equal names in the natural order of titles, in each folder anew; `absent` come as sidecars alone."""
        media: set[str] = set()
        used: set[str] = set()
        order = {id(photo): self._rng.random() for photo in photos}
        for photo in sorted(photos, key=lambda one: (names.natural(one.title.casefold()), order[id(one)])):
            bases = [(photo.content, base := names.media_base(photo.name, uncut=self._era.uncut))]
            bases += [(one.content, companion_base(base, one, uncut=self._era.uncut)) for one in photo.companions]
            number = 0
            while any(names.numbered(base, number) in media for dummy, base in bases):
                number += 1
            media.update(names.numbered(base, number) for dummy, base in bases)
            if id(photo) not in absent:
                for content, base in bases:
                    name = names.numbered(base, number)
                    self._add(folder, name, content, "media", photo)
                    self.places.setdefault(sha256(content), []).append((folder, name))
            if photo.has_sidecar:
                self._add_sidecar(folder, photo, base_of_sidecar(photo, bases[0][1]), number, used)

    def _add_sidecar(self, folder: str, photo: Photo, base: str, number: int, used: set[str]) -> None:
        """A sidecar has its photo's number, unless another has that name already."""
        base = names.sidecar_base(base, legacy=photo.legacy, uncut=self._era.uncut)
        while (name := names.numbered_sidecar(base, number)).casefold() in used:
            number += 1
        used.add(name.casefold())
        content = self._sidecars.get(id(photo))
        if content is None:
            content = self._sidecars[id(photo)] = sidecars.sidecar(photo, self._language.moment)
        self._add(folder, name, content, "sidecar", photo)

    def _add(self, folder: str, name: str, content: bytes, role: str, photo: Photo | None = None) -> None:
        self.entries.append(Entry(folder, name, content, role, photo))


def companion_base(base: str, companion: Companion, *, uncut: bool) -> str:
    """The name of a file that belongs to another, from that one's."""
    stem, extension = names.split(base)
    if companion.extension is not None:
        extension = companion.extension
    return names.media_base(stem + companion.mark + extension, uncut=uncut) if companion.mark else stem + extension


def base_of_sidecar(photo: Photo, base: str) -> str:
    return names.mangle(photo.sidecar_name) if photo.sidecar_name else base


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def truth_items(layout: Layout, photo: Photo, albums: Sequence[Album]) -> list[TruthItem]:
    """What is true of a photo, which is in these albums, and of the files that belong to it."""
    albums = [album for album in albums if album.delivered]
    folders = [layout.album_folders[id(album)] for album in albums if id(album) in layout.album_folders]
    item = TruthItem(
        sha256(photo.content),
        photo.kind,
        own_metadata=photo.has_sidecar,
        archived=photo.place == "archive",
        trashed=photo.place == "trash",
        locked=photo.place == "locked",
        albums=sorted(album.title or "" for album in albums if album.kind == "album"),
        album_folders=folders,
    )
    if photo.has_sidecar:
        item.title, item.taken, item.url = photo.title, photo.taken, photo.url
        item.latitude, item.longitude = photo.latitude, photo.longitude
        item.description, item.favourite, item.partner = photo.description, photo.favourite, photo.partner
        item.people = list(photo.people)
    companions = [
        TruthItem(
            sha256(companion.content),
            companion.kind,
            own_metadata=False,
            taken=item.taken,
            latitude=item.latitude,
            longitude=item.longitude,
            archived=item.archived,
            trashed=item.trashed,
            locked=item.locked,
            albums=list(item.albums),
            album_folders=list(item.album_folders),
        )
        for companion in photo.companions
    ]
    return [item, *companions]
