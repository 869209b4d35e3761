# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""www.googleapis.com: the Drive API v3."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from simulator.google.answers import ApiError
from simulator.google.drive import fields, query
from simulator.google.drive.caller import TO_LIST, TO_READ, TO_WRITE, Caller
from simulator.google.drive.errors import NAMED, DriveError, from_plain, invalid
from simulator.google.drive.store import File, SharedDrive, shown
from simulator.google.drive.uploads import Uploads
from simulator.google.state import World
from simulator.google.traffic import read_json

MAX_PAGE = 1000
LIST_FIELDS = {"kind", "files", "drives", "nextPageToken", "incompleteSearch"}


class DriveApi:
    def __init__(self, world: World) -> None:
        self._world = world
        self._uploads = Uploads(world)

    def application(self) -> web.Application:
        app = web.Application(middlewares=[_in_drives_words])
        app.add_routes(
            [
                web.get("/drive/v3/about", self.about),
                web.get("/drive/v3/drives", self.list_drives),
                web.get("/drive/v3/drives/{drive}", self.get_drive),
                web.get("/drive/v3/changes/startPageToken", self.start_page_token),
                web.get("/drive/v3/files", self.list_files),
                web.post("/drive/v3/files", self.create),
                web.delete("/drive/v3/files/trash", self.empty_trash),
                web.get("/drive/v3/files/{file}", self.get_file),
                web.patch("/drive/v3/files/{file}", self.change),
                web.delete("/drive/v3/files/{file}", self.delete),
                web.post("/drive/v3/files/{file}/copy", self.copy),
                *self._uploads.routes(),
            ]
        )
        return app

    # About

    async def about(self, request: web.Request) -> web.Response:
        caller = self._caller(request, TO_LIST)
        if "fields" not in request.query:
            raise DriveError(400, "The 'fields' parameter is required for this method.", "required")
        usage, trash = self._world.drive.usage(caller.account)
        limit = self._world.settings.storage_limit
        answer = {
            "kind": "drive#about",
            "user": {"emailAddress": caller.account, "me": True},
            "storageQuota": {
                "limit": str(limit),
                "usage": str(self._world.used_storage(caller.account)),
                "usageInDrive": str(usage),
                "usageInDriveTrash": str(trash),
            },
            "importFormats": {},
            "exportFormats": {},
            "maxUploadSize": "5242880000000",
        }
        return _selected(request, answer, set())

    async def start_page_token(self, request: web.Request) -> web.Response:
        self._caller(request, TO_LIST)
        return web.json_response({"kind": "drive#startPageToken", "startPageToken": "1"})

    # Shared drives

    async def list_drives(self, request: web.Request) -> web.Response:
        caller = self._caller(request, TO_LIST)
        drives = [drive for drive in self._world.drive.drives.values() if caller.account in drive.members]
        page, token = _page(request, drives, default=10, most=100)
        answer: dict[str, Any] = {"kind": "drive#driveList", "drives": [_drive(drive) for drive in page]}
        return _selected(request, answer | token, LIST_FIELDS)

    async def get_drive(self, request: web.Request) -> web.Response:
        caller = self._caller(request, TO_LIST)
        return _selected(request, _drive(caller.drive(request.match_info["drive"])), {"kind", "id", "name"})

    # Files

    async def list_files(self, request: web.Request) -> web.Response:
        """All that the caller sees and `q` means, from one shared drive or from the account's own files."""
        caller = self._caller(request, TO_LIST)
        store = self._world.drive
        try:
            wanted = query.parse(
                request.query.get("q", ""), query.Facts(store.is_trashed, caller.is_shared_with, caller.resolve)
            )
        except query.QueryError as error:
            raise invalid("q") from error
        drive_id = request.query.get("driveId") or None
        if drive_id:
            caller.drive(drive_id)
            if request.query.get("includeItemsFromAllDrives", "").lower() != "true":
                raise DriveError(403, "The includeItemsFromAllDrives parameter must be true.", "teamDrivesParentLimit")
        files = [
            file
            for file in store.files.values()
            if not store.is_root(file) and file.drive_id == drive_id and caller.sees(file) and wanted(file)
        ]
        page, token = _page(request, files, default=100, most=MAX_PAGE)
        answer: dict[str, Any] = {
            "kind": "drive#fileList",
            "incompleteSearch": False,
            "files": [shown(file, store, caller.account) for file in page],
        }
        return _selected(request, answer | token, LIST_FIELDS)

    async def get_file(self, request: web.Request) -> web.StreamResponse:
        """A file's fields or, with `alt=media`, its bytes or a range of them."""
        media = request.query.get("alt") == "media"
        caller = self._caller(request, TO_READ if media else TO_LIST)
        file = caller.file(request.match_info["file"])
        if not media:
            return self._file(request, file, caller)
        if file.content is None:
            raise DriveError(
                403, "Only files with binary content can be downloaded. Use Export with Docs Editors files.",
                "fileNotDownloadable", location=("parameter", "alt"),
            )  # fmt: skip
        if file.abusive and request.query.get("acknowledgeAbuse", "").lower() != "true":
            raise NAMED["cannotDownloadAbusiveFile"]
        self._count_download(caller.account, request, file.content.size)
        return web.FileResponse(self._world.drive.path(file.content), headers={"Content-Type": file.mime_type})

    async def create(self, request: web.Request) -> web.Response:
        """A folder, or a file without content."""
        caller = self._caller(request, TO_WRITE)
        file = self._uploads.new_file(caller, await read_json(request))
        return self._file(request, file, caller)

    async def change(self, request: web.Request) -> web.Response:
        """Renames, moves, puts into the trash or takes out of it."""
        caller = self._caller(request, TO_WRITE)
        file = caller.file_to_change(request.match_info["file"])
        self._uploads.apply(file, await read_json(request))
        added, removed = (request.query.get(name) for name in ("addParents", "removeParents"))
        if added:
            parent = caller.file_to_change(added)
            if any(one is file for one in self._world.drive.ancestry(parent)):
                raise DriveError(403, "A folder cannot be put into itself.", "cannotAddParent")
            if not removed:
                raise DriveError(403, "A file can only have one parent.", "cannotAddParent")
            file.parent, file.drive_id = parent.id, parent.drive_id
        return self._file(request, file, caller)

    async def delete(self, request: web.Request) -> web.Response:
        caller = self._caller(request, TO_WRITE)
        self._world.drive.delete(caller.file_to_change(request.match_info["file"]))
        return web.Response(status=204)

    async def empty_trash(self, request: web.Request) -> web.Response:
        caller = self._caller(request, TO_WRITE)
        self._world.drive.empty_trash(caller.account)
        return web.Response(status=204)

    async def copy(self, request: web.Request) -> web.Response:
        caller = self._caller(request, TO_WRITE)
        source = caller.file(request.match_info["file"])
        if source.content is None:
            raise DriveError(403, "This file cannot be copied by the user.", "cannotCopyFile")
        asked: dict[str, Any] = {"name": source.name, "mimeType": source.mime_type, "parents": [source.parent]}
        asked |= await read_json(request)
        file = self._uploads.new_file(caller, asked, source.content)
        return self._file(request, file, caller)

    def _caller(self, request: web.Request, scopes: tuple[str, ...]) -> Caller:
        return Caller(request, self._world, scopes)

    def _file(self, request: web.Request, file: File, caller: Caller) -> web.Response:
        return _selected(request, shown(file, self._world.drive, caller.account), fields.DEFAULT)

    def _count_download(self, account: str, request: web.Request, size: int) -> None:
        start, stop, dummy = request.http_range.indices(size)
        day = datetime.datetime.fromtimestamp(self._world.now(), datetime.UTC).date()
        count = self._world.downloaded.get((account, day), 0) + max(0, stop - start)
        if count > self._world.settings.drive_download_bytes:
            raise NAMED["downloadQuotaExceeded"]
        self._world.downloaded[account, day] = count


def _drive(drive: SharedDrive) -> dict[str, Any]:
    return {
        "kind": "drive#drive",
        "id": drive.id,
        "name": drive.name,
        "capabilities": {"canListChildren": True, "canAddChildren": True, "canEdit": True},
    }


def _selected(request: web.Request, answer: dict[str, Any], default: set[str]) -> web.Response:
    return web.json_response(fields.select(answer, request.query.get("fields"), default))


def _page(request: web.Request, entries: Iterable[Any], *, default: int, most: int) -> tuple[list[Any], dict[str, str]]:
    """One page, and the token of the next if there is one. A token holds for the query that it was made for."""
    entries = list(entries)
    mark = [request.query.get(name) for name in ("q", "driveId", "corpora")]
    try:
        size = int(request.query.get("pageSize") or default)
        start = 0
        if request.query.get("pageToken"):
            start, *made_for = json.loads(base64.urlsafe_b64decode(request.query["pageToken"]))
            if made_for != mark:
                raise invalid("pageToken")
    except (ValueError, binascii.Error) as error:
        raise invalid("pageToken") from error
    if not 1 <= size <= most:
        raise invalid("pageSize")
    if start + size >= len(entries):
        return entries[start:], {}
    token = base64.urlsafe_b64encode(json.dumps([start + size, *mark]).encode()).decode()
    return entries[start : start + size], {"nextPageToken": token}


@web.middleware
async def _in_drives_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except DriveError:
        raise
    except ApiError as error:
        raise from_plain(error) from error
