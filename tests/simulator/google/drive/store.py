# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of everybody's Drive, without any HTTP."""

from __future__ import annotations

import datetime
import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = "application/vnd.google-apps.folder"
CHUNK = 1 << 20


@dataclass
class Content:
    """The bytes of a file, kept under their SHA-256, with the hashes that Drive tells."""

    size: int
    md5: str
    sha1: str
    sha256: str


@dataclass
class File:
    """A file or folder. Names need not be unique in a folder."""

    id: str
    name: str
    mime_type: str
    parent: str | None
    owner: str
    """The account; in a shared drive, whoever put it there."""
    created: datetime.datetime
    modified: datetime.datetime
    content: Content | None = None
    drive_id: str | None = None
    trashed: bool = False
    """Put into the trash itself, not with a folder above."""
    app: str | None = None
    """The project whose client made it."""
    description: str = ""
    readers: set[str] = field(default_factory=set)
    """Accounts that it is shared with, to read."""
    abusive: bool = False
    """Only who says so may download it."""

    @property
    def is_folder(self) -> bool:
        return self.mime_type == FOLDER


@dataclass
class SharedDrive:
    """What used to be called a team drive; its id is that of its uppermost folder."""

    id: str
    name: str
    members: set[str]


class Store:
    """All files, and whose they are. `now` is in seconds since the epoch."""

    def __init__(self, folder: Path, now: Callable[[], float]) -> None:
        self._folder = folder
        self._now = now
        self.files: dict[str, File] = {}
        self.drives: dict[str, SharedDrive] = {}
        self._roots: dict[str, str] = {}

    def root(self, account: str) -> File:
        """The uppermost folder of an account, called My Drive."""
        if account not in self._roots:
            root = self.add("My Drive", FOLDER, None, account, file_id=f"0A{secrets.token_urlsafe(12)}")
            self._roots[account] = root.id
        return self.files[self._roots[account]]

    def is_root(self, file: File) -> bool:
        return file.parent is None

    def add_drive(self, name: str, members: set[str]) -> SharedDrive:
        drive_id = f"0B{secrets.token_urlsafe(12)}"
        self.drives[drive_id] = SharedDrive(drive_id, name, members)
        root = self.add(name, FOLDER, None, min(members, default=""), file_id=drive_id)
        root.drive_id = drive_id
        return self.drives[drive_id]

    def add(self, name: str, mime_type: str, parent: File | None, owner: str, *, file_id: str | None = None) -> File:
        moment = datetime.datetime.fromtimestamp(self._now(), datetime.UTC)
        file = File(file_id or new_id(), name, mime_type, parent.id if parent else None, owner, moment, moment)
        if parent:
            file.drive_id = parent.drive_id
        self.files[file.id] = file
        return file

    def folder(self, account: str, path: str) -> File:
        """The folder of this path, which is made where it is not there."""
        folder = self.root(account)
        for name in filter(None, path.split("/")):
            found = (one for one in self.children(folder) if one.name == name and one.is_folder and not one.trashed)
            folder = next(found, None) or self.add(name, FOLDER, folder, account)
        return folder

    def children(self, folder: File) -> Iterator[File]:
        return (file for file in self.files.values() if file.parent == folder.id)

    def is_trashed(self, file: File) -> bool:
        """Whether it, or a folder that it is in, is in the trash."""
        return any(one.trashed for one in self.ancestry(file))

    def ancestry(self, file: File) -> Iterator[File]:
        """The file and the folders above it."""
        one: File | None = file
        while one:
            yield one
            one = self.files.get(one.parent) if one.parent else None

    def delete(self, file: File) -> None:
        """For good, with all that is in it."""
        for child in list(self.children(file)):
            self.delete(child)
        del self.files[file.id]

    def empty_trash(self, account: str) -> None:
        for file in [one for one in self.files.values() if one.trashed and one.owner == account]:
            if file.id in self.files:
                self.delete(file)

    def usage(self, account: str) -> tuple[int, int]:
        """Bytes of an account's own files, and how many of them are in the trash; shared drives do not count."""
        own = [file for file in self.files.values() if file.content and file.owner == account and not file.drive_id]
        trash = sum(file.content.size for file in own if file.content and self.is_trashed(file))
        return sum(file.content.size for file in own if file.content), trash

    # Content

    def partial(self) -> Path:
        """Where bytes that are on their way may be written."""
        return self._folder / f"partial-{secrets.token_hex(8)}"

    def keep(self, partial: Path) -> Content:
        """Take over bytes that have come."""
        content = measured(partial)
        partial.replace(self._folder / content.sha256)
        return content

    def take_copy(self, path: Path) -> Content:
        """Take over a file of this machine, which stays."""
        partial = self.partial()
        shutil.copyfile(path, partial)
        return self.keep(partial)

    def path(self, content: Content) -> Path:
        return self._folder / content.sha256


def measured(path: Path) -> Content:
    hashes = (hashlib.md5(usedforsecurity=False), hashlib.sha1(usedforsecurity=False), hashlib.sha256())
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            for one in hashes:
                one.update(chunk)
    return Content(size, *(one.hexdigest() for one in hashes))


def new_id() -> str:
    return f"1{secrets.token_urlsafe(24)}"


def shown(file: File, store: Store, account: str) -> dict[str, Any]:
    """A file as the API shows it, with all fields."""
    may_edit = file.owner == account or bool(file.drive_id)
    fields: dict[str, Any] = {
        "kind": "drive#file",
        "id": file.id,
        "name": file.name,
        "mimeType": file.mime_type,
        "description": file.description,
        "starred": False,
        "trashed": store.is_trashed(file),
        "explicitlyTrashed": file.trashed,
        "spaces": ["drive"],
        "createdTime": stamp(file.created),
        "modifiedTime": stamp(file.modified),
        "ownedByMe": file.owner == account and not file.drive_id,
        "owners": [{"kind": "drive#user", "emailAddress": file.owner, "me": file.owner == account}],
        "shared": bool(file.readers),
        "webViewLink": f"https://drive.google.com/file/d/{file.id}/view",
        "capabilities": {
            "canEdit": may_edit,
            "canTrash": may_edit,
            "canDelete": may_edit,
            "canDownload": True,
            "canListChildren": file.is_folder,
            "canAddChildren": may_edit and file.is_folder,
        },
        "version": "1",
    }
    if file.parent and (file.parent in store.files and may_edit):
        fields["parents"] = [file.parent]
    if file.drive_id:
        fields |= {"driveId": file.drive_id, "teamDriveId": file.drive_id}
    if file.content:
        fields |= {
            "size": str(file.content.size),
            "quotaBytesUsed": str(file.content.size),
            "md5Checksum": file.content.md5,
            "sha1Checksum": file.content.sha1,
            "sha256Checksum": file.content.sha256,
            "originalFilename": file.name,
            "headRevisionId": f"0{file.content.md5}",
        }
    return fields


def stamp(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
