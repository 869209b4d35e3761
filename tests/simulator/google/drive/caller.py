# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks, what they may do, and which files they see."""

from __future__ import annotations

from aiohttp import web

from simulator.google.answers import service_disabled
from simulator.google.bearer import authenticate, require_scope
from simulator.google.drive.errors import NAMED, drive_not_found, not_found
from simulator.google.drive.store import File, SharedDrive, Store
from simulator.google.state import SCOPE, World

FULL, OWN_FILES, READ_ONLY = f"{SCOPE}drive", f"{SCOPE}drive.file", f"{SCOPE}drive.readonly"
METADATA = f"{SCOPE}drive.metadata.readonly"
TO_LIST = (FULL, OWN_FILES, READ_ONLY, METADATA)
TO_READ = (FULL, OWN_FILES, READ_ONLY)
TO_WRITE = (FULL, OWN_FILES)
DRIVE_SERVICE = "drive.googleapis.com"


class Caller:
    """An account through an app, with what its token allows."""

    def __init__(self, request: web.Request, world: World, scopes: tuple[str, ...]) -> None:
        token = authenticate(request, world)
        require_scope(token, scopes, explain=True)
        self.account = token.account
        self.app: str | None = None
        if token.client_id:
            project = world.projects[world.clients[token.client_id].project_id]
            self.app = project.project_id
            if not project.is_enabled(DRIVE_SERVICE, world.now()):
                raise service_disabled("Google Drive API", DRIVE_SERVICE, project.number)
        self._only_own = not {FULL, READ_ONLY, METADATA} & set(token.scopes)
        self._all_drives = request.query.get("supportsAllDrives", "").lower() == "true"
        self._world = world

    @property
    def store(self) -> Store:
        return self._world.drive

    def sees(self, file: File) -> bool:
        if self._only_own and file.app != self.app and not self.store.is_root(file):
            return False
        if file.drive_id:
            return self.account in self.store.drives[file.drive_id].members
        return file.owner == self.account or any(self.account in one.readers for one in self.store.ancestry(file))

    def is_shared_with(self, file: File) -> bool:
        return self.account in file.readers

    def file(self, file_id: str) -> File:
        """Raises `DriveError` 404 for what is not there, or not for this caller."""
        found = self.store.files.get(self.resolve(file_id))
        if found is None or not self.sees(found) or (found.drive_id and not self._all_drives):
            raise not_found(file_id)
        return found

    def file_to_change(self, file_id: str) -> File:
        """Raises `DriveError` 403 for a file that the account may only read."""
        file = self.file(file_id)
        if not file.drive_id and file.owner != self.account:
            raise NAMED["insufficientFilePermissions"]
        return file

    def resolve(self, file_id: str) -> str:
        return self.store.root(self.account).id if file_id == "root" else file_id

    def drive(self, drive_id: str) -> SharedDrive:
        drive = self.store.drives.get(drive_id)
        if drive is None or self.account not in drive.members:
            raise drive_not_found(drive_id)
        return drive

    def check_room(self, size: int, file_drive: str | None) -> None:
        """Raises `DriveError` when an account's storage has no room for so many bytes more."""
        if not file_drive and self._world.used_storage(self.account) + size > self._world.settings.storage_limit:
            raise NAMED["storageQuotaExceeded"]
