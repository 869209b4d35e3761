# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes an export: chooses what goes into it, lays it out and writes the archives."""

from __future__ import annotations

import copy
import datetime
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simulator.google.takeout import growing, names
from simulator.google.takeout.account import Account, Photo
from simulator.google.takeout.archives import write_part
from simulator.google.takeout.eras import ERAS, Era
from simulator.google.takeout.habits import Maker
from simulator.google.takeout.index_page import Service, render
from simulator.google.takeout.languages import LANGUAGES
from simulator.google.takeout.layout import Entry, Layout, truth_items
from simulator.google.takeout.pictures import jpeg
from simulator.google.takeout.sidecars import write
from simulator.google.takeout.truth import Truth

BETWEEN_EXPORTS = 61 * 86400


def generate(
    directory: Path,
    seed: int,
    *,
    items: int = 40,
    language: str = "en",
    container: str = "zip",
    parts: int = 3,
    incremental_of: Truth | None = None,
    again_of: Truth | None = None,
    era: str | None = None,
    missing: int = 0,
    photo_bytes: int = 0,
) -> Truth:
    """Write an export's archives into `directory` and tell what is in them.

    Args:
        directory: Must exist.
        seed: The same seed and options make the same bytes.
        items: Number of photos and videos; files that belong to them come in addition.
        language: One of `LANGUAGES`.
        container: `zip` or `tgz`.
        parts: Number of archives.
        incremental_of: An earlier export: this one has `items` new photos, edited ones, and changes of albums only.
        again_of: An earlier export: this one has the whole account as it was then.
        era: One of `ERAS`; by default the seed decides.
        missing: So many photos are in the index page and in no part.
        photo_bytes: Bytes that each photo has in addition.
    """
    rng = random.Random(f"takeout {seed}")
    former = incremental_of or again_of
    name = era or rng.choices(list(ERAS), (2, 3, 5, 2))[0]
    if former and former.era != name:
        name = former.era if again_of or former.era.startswith("2026") else "2026"
    now = _now(rng, ERAS[name], former)
    account = copy.deepcopy(former.account) if former else Account(f"account {seed}")
    maker = Maker(rng, account, ERAS[name], LANGUAGES[language], int(now.timestamp()), photo_bytes)
    truth = Truth(directory, language, container, name, f"{now:%Y%m%dT%H%M%SZ}", account)
    if incremental_of:
        delivered = _grow(maker, account, items)
    elif again_of:
        delivered = list(account.photos)
    else:
        delivered = growing.add_photos(maker, account, items)
        growing.add_albums(maker, account, delivered)
        if rng.random() < 0.08:
            _leave_out_years(account)
    truth.quirks = account.quirks
    _Export(rng, truth, maker, incremental=bool(incremental_of)).write(delivered, parts, missing)
    return truth


def _now(rng: random.Random, era: Era, former: Truth | None) -> datetime.datetime:
    if former:
        before = datetime.datetime.strptime(former.timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
        first = datetime.datetime.combine(era.first_day, datetime.time(), datetime.UTC)
        return max(before + datetime.timedelta(seconds=BETWEEN_EXPORTS), first)
    start = datetime.datetime.combine(era.first_day, datetime.time(), datetime.UTC)
    return start + datetime.timedelta(seconds=rng.randrange(20 * 86400))


def _grow(maker: Maker, account: Account, items: int) -> list[Photo]:
    earlier = list(account.photos)
    edited = growing.edit(maker, account, earlier)
    new = growing.add_photos(maker, account, items)
    growing.join_albums(maker, account, new)
    growing.add_albums(maker, account, new, earlier)
    return [*edited, *new]


def _leave_out_years(account: Account) -> None:
    """The person ticked albums only: what is in one comes, and nothing else."""
    albums = [album for album in account.albums if album.kind == "album" and not album.strangers]
    if not albums:
        return
    account.quirks.add("albums alone")
    for album in albums:
        album.only_sidecars = False
    account.albums = albums
    held = {id(member) for album in albums for member in album.members}
    albums[0].members += [photo for photo in account.photos if id(photo) not in held]
    for photo in account.photos:
        photo.place = "album"


class _Export:
    def __init__(self, rng: random.Random, truth: Truth, maker: Maker, *, incremental: bool) -> None:
        self._rng = rng
        self._truth = truth
        self._maker = maker
        self._account = truth.account
        self._era = ERAS[truth.era]
        self._language = LANGUAGES[truth.language]
        self._incremental = incremental

    def write(self, delivered: Sequence[Photo], parts: int, missing: int) -> None:
        truth = self._truth
        layout = Layout(self._rng, self._account, self._era, self._language)
        layout.add_library(delivered)
        present = {id(photo) for photo in delivered}
        albums = [
            album
            for album in self._account.albums
            if not (self._incremental and album.delivered) or any(id(member) in present for member in album.members)
        ]
        for album in albums:
            members = album.members
            if self._incremental and album.delivered:
                album.members = [photo for photo in members if id(photo) in present]
            layout.add_albums([album], delivered)
            album.members, album.delivered = members, True
        for photo in delivered:
            photo.delivered = True
        truth.folders, truth.albums = layout.folders, layout.albums
        self._know(layout, delivered)
        self._write_archives(layout, delivered, parts, missing)

    def _know(self, layout: Layout, delivered: Sequence[Photo]) -> None:
        """Write down what is true."""
        truth = self._truth
        memberships = self._account.memberships()
        for photo in self._account.photos:
            if photo.delivered:
                truth.total += truth_items(layout, photo, memberships.get(id(photo), ()))
        for item in truth.total:
            item.paths = [self._path(folder, name) for folder, name in layout.places.get(item.sha256, ())]
        truth.media = [item for item in truth.total if item.paths]

    def _write_archives(self, layout: Layout, delivered: Sequence[Photo], parts: int, missing: int) -> None:
        truth, rng = self._truth, self._rng
        entries = layout.entries
        withheld = {id(photo) for photo in rng.sample(list(delivered), min(missing, len(delivered)))}
        listed = _by_folder(entries)
        failed = self._fail(listed)
        size = sum(len(entry.content) for entry in entries)
        kept = [entry for entry in entries if not (entry.role == "media" and id(entry.photo) in withheld)]
        gone = {self._path(entry.folder, entry.name) for entry in entries if entry not in kept} if withheld else set()
        truth.missing = sorted(gone)
        kept, loose = self._take_loose(kept, parts)
        self._drop(gone)
        self._list_unresolved(kept, withheld)
        files = [(self._path(entry.folder, entry.name), entry.content, entry.role) for entry in kept]
        files += self._others(listed)
        foreign = self._foreign()
        files += foreign
        services = [Service(self._language.container, "PHOTOS", listed, failed, size)]
        if foreign:
            drive = {"": [file[0].rpartition("/")[2] for file in foreign]}
            services.append(Service("Drive", "DRIVE", drive, {}, sum(len(file[1]) for file in foreign)))
        page = render(self._language, f"job-{truth.timestamp}", "ada@example.com", truth.timestamp, services)
        self._write_parts(files, page, parts, loose)

    def _path(self, folder: str, name: str) -> str:
        return "/".join(part for part in ("Takeout", self._language.container, folder, name) if part)

    def _fail(self, listed: dict[str, list[str]]) -> dict[str, list[str]]:
        """Let Google fail to export a few."""
        if self._rng.random() > 0.3 or not listed:
            return {}
        folder = self._rng.choice(list(listed))
        failed = [f"IMG_{self._maker.number()}.jpg" for dummy in range(self._rng.randint(1, 2))]
        self._truth.failed = [self._path(folder, name) for name in failed]
        self._truth.quirks.add("failed")
        return {folder: failed}

    def _take_loose(self, entries: list[Entry], parts: int) -> tuple[list[Entry], Entry | None]:
        """Of a video that is too big for an archive, only the sidecar is in one."""
        single = [entry for entry in entries if entry.role == "media" and entry.photo and entry.photo.kind == "video"]
        single = [one for one in single if one.photo and one.photo.place == "year" and not one.photo.companions]
        in_albums = self._account.memberships()
        names_used = Counter(entry.name.casefold() for entry in entries)
        single = [one for one in single if id(one.photo) not in in_albums and names_used[one.name.casefold()] == 1]
        if not single or parts < 2 or self._rng.random() > 0.4:
            return entries, None
        loose = self._rng.choice(single)
        self._truth.quirks.add("loose")
        return [entry for entry in entries if entry is not loose], loose

    def _drop(self, gone: set[str]) -> None:
        """Forget the copies that are withheld."""
        if not gone:
            return
        for item in self._truth.total:
            item.paths = [path for path in item.paths if path not in gone]
        self._truth.media = [item for item in self._truth.media if item.paths]
        lost = [item for item in self._truth.total if not item.paths and not self._incremental]
        self._truth.total = [item for item in self._truth.total if item not in lost]

    def _list_unresolved(self, entries: Sequence[Entry], withheld: set[int]) -> None:
        self._truth.unresolved = [
            self._path(entry.folder, entry.name)
            for entry in entries
            if entry.role == "unresolved" or (entry.role == "sidecar" and id(entry.photo) in withheld)
        ]

    def _others(self, listed: dict[str, list[str]]) -> list[tuple[str, bytes, str]]:
        """Files of the container that are no photo's and no album's."""
        found = []
        contents: dict[str, dict[str, Any]] = {
            "print-subscriptions.json": {"subscriptions": []},
            self._language.comments: {"sharedAlbumComments": [{"text": "hi", "contentOwnerName": "Ben"}]},
            self._language.memories: {"title": ["Summer at the lake", 'It\'s: a "day"']},
        }
        for name, content in contents.items():
            if self._rng.random() < 0.5:
                listed.setdefault("", []).append(name)
                found.append((self._path("", name), write(content), "other"))
        return found

    def _foreign(self) -> list[tuple[str, bytes, str]]:
        """What another product exported into the same archives."""
        if self._rng.random() < 0.7 or self._incremental:
            return []
        self._truth.quirks.add("foreign")
        return [
            ("Takeout/Drive/IMG_1001.jpg", jpeg(f"{self._truth.timestamp} drive"), "foreign"),
            ("Takeout/Drive/IMG_1001.jpg.json", write({"title": "mine", "photoTakenTime": "none"}), "foreign"),
        ]

    def _write_parts(self, files: list[tuple[str, bytes, str]], page: bytes, parts: int, loose: Entry | None) -> None:
        """Spread the files; a few of each part are in another one, so that sidecars and photos get apart."""
        truth, rng = self._truth, self._rng
        index = f"Takeout/{self._language.index}"
        alone = parts > 1 and rng.random() < 0.3
        contents: list[list[tuple[str, bytes, str]]] = [[] for dummy in range(parts - alone)]
        for place, file in enumerate(files):
            home = place * len(contents) // len(files)
            contents[home if rng.random() < 0.85 else rng.randrange(len(contents))].append(file)
        if alone:
            contents.insert(0, [])
            truth.quirks.add("index alone")
        contents[0].insert(0, (index, page, "index"))
        slots = len(contents) + (loose is not None)
        taken = rng.randrange(1, slots) if loose else -1  # the loose file takes a number of the parts
        stamps = self._names(slots)
        for file_name, part in zip((stamp for n, stamp in enumerate(stamps) if n != taken), contents, strict=True):
            truth.parts[file_name] = [file[0] for file in part]
            truth.roles.update({path: "sidecar" if role == "unresolved" else role for path, _content, role in part})
            write_part(truth.directory / file_name, [(path, content) for path, content, _role in part])
        if loose:
            stem, extension = names.split(loose.name)
            self._put_loose(loose, f"{stem}-{taken + 1:03d}{extension}")

    def _put_loose(self, entry: Entry, file_name: str) -> None:
        (self._truth.directory / file_name).write_bytes(entry.content)
        path = self._truth.loose[file_name] = self._path(entry.folder, entry.name)
        for item in self._truth.total:
            if path in item.paths:
                item.paths.remove(path)
                item.loose = file_name

    def _names(self, count: int) -> list[str]:
        """The archives' names; where they have a middle number, it may change within an export."""
        truth, rng = self._truth, self._rng
        if not self._era.middle_number:
            return [f"takeout-{truth.timestamp}-{n:03d}.{truth.container}" for n in range(1, count + 1)]
        middle = rng.randint(1, 4)
        turn = rng.randint(1, count) if rng.random() < 0.25 else count
        return [
            f"takeout-{truth.timestamp}-{middle + (n >= turn)}-{n + 1 - turn * (n >= turn):03d}.{truth.container}"
            for n in range(count)
        ]


def _by_folder(entries: Sequence[Entry]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for entry in entries:
        folders.setdefault(entry.folder, []).append(entry.name)
    return folders
