# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How bytes get into Drive: in one request of several parts, or piece by piece in a session."""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web

from simulator.google.answers import ApiError
from simulator.google.drive import fields
from simulator.google.drive.caller import TO_WRITE, Caller
from simulator.google.drive.errors import DriveError, invalid
from simulator.google.drive.store import FOLDER, Content, File, shown
from simulator.google.state import World
from simulator.google.traffic import DETAILS, read_json

UPLOADS = "https://www.googleapis.com/upload/drive/v3/files"
PIECE = 256 * 1024
"""Each piece but the last one is a multiple of this."""
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@dataclass
class Session:
    """An upload that comes piece by piece."""

    caller: Caller
    asked: dict[str, Any]
    file_id: str | None
    mime_type: str | None
    fields: str | None
    partial: Path
    received: int = 0


class Uploads:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/upload/drive/v3/files", self.begin),
            web.patch("/upload/drive/v3/files/{file}", self.begin),
            web.put("/upload/drive/v3/files", self.piece),
            web.put("/upload/drive/v3/files/{file}", self.piece),
        ]

    async def begin(self, request: web.Request) -> web.Response:
        """An upload in one request, or a session; rclone sends the pieces of one with the verb that began it."""
        if "upload_id" in request.query:
            return await self.piece(request)
        caller = Caller(request, self._world, TO_WRITE)
        file_id = request.match_info.get("file")
        if file_id:
            caller.file_to_change(file_id)
        kind = request.query.get("uploadType")
        if kind == "resumable":
            return await self._begin_session(request, caller, file_id)
        if kind != "multipart":
            raise invalid("uploadType")
        return await self._take_multipart(request, caller, file_id)

    async def piece(self, request: web.Request) -> web.Response:
        """Takes a piece of a session. 308 means that there is more to come."""
        session = self._world.drive_sessions.get(request.query.get("upload_id", ""))
        if session is None:
            raise DriveError(404, "Upload session not found.", "notFound")
        match = _RANGE.fullmatch(request.headers.get("Content-Range", f"bytes 0-{request.content_length}/*"))
        if match is None:
            raise invalid("Content-Range")
        first, last, total = match.groups()
        if first is None:
            if total == "*" or int(total) > session.received:
                return _more(session)
        elif int(first) != session.received:
            return _more(session)
        else:
            await self._add(
                session, request, int(last) - int(first) + 1, last_piece=total != "*" and int(last) + 1 == int(total)
            )
        if total == "*" or session.received < int(total):
            return _more(session)
        del self._world.drive_sessions[request.query["upload_id"]]
        request[DETAILS]["size"] = session.received
        file = self._finish(session.caller, session.asked, session.file_id, session.mime_type, session.partial)
        answer = shown(file, self._world.drive, session.caller.account)
        return web.json_response(fields.select(answer, session.fields, fields.DEFAULT))

    async def _begin_session(self, request: web.Request, caller: Caller, file_id: str | None) -> web.Response:
        asked = await read_json(request)
        caller.check_room(int(request.headers.get("X-Upload-Content-Length") or 0), self._drive_of(caller, asked))
        session_id = secrets.token_urlsafe(48)
        partial = self._world.drive.partial()
        partial.touch()
        self._world.drive_sessions[session_id] = Session(
            caller,
            asked,
            file_id,
            request.headers.get("X-Upload-Content-Type"),
            request.query.get("fields"),
            partial,
        )
        place = f"{UPLOADS}/{file_id}" if file_id else UPLOADS
        return web.Response(headers={"Location": f"{place}?uploadType=resumable&upload_id={session_id}"})

    async def _add(self, session: Session, request: web.Request, size: int, *, last_piece: bool) -> None:
        if size % PIECE and not last_piece:
            raise DriveError(400, "The size of a piece must be a multiple of 262144 bytes.", "badRequest")
        with session.partial.open("r+b") as file:
            file.seek(session.received)
            async for chunk in request.content.iter_any():
                session.received += file.write(chunk)

    async def _take_multipart(self, request: web.Request, caller: Caller, file_id: str | None) -> web.Response:
        """JSON in the first part, bytes in the second."""
        if not request.content_type.startswith("multipart/"):
            raise invalid("Content-Type")
        parts = await request.multipart()
        first = await parts.next()
        if not isinstance(first, BodyPartReader):
            raise invalid("body")
        try:
            asked = await first.json()
        except ValueError as error:
            raise ApiError(400, "Invalid JSON payload received.") from error
        if not isinstance(asked, dict):
            raise ApiError(400, "Invalid JSON payload received.")
        request[DETAILS]["json"] = asked
        second = await parts.next()
        if not isinstance(second, BodyPartReader):
            raise invalid("body")
        partial = self._world.drive.partial()
        try:
            size = await _write(partial, second)
            request[DETAILS]["size"] = size
            caller.check_room(size, self._drive_of(caller, asked))
            file = self._finish(caller, asked, file_id, second.headers.get("Content-Type"), partial)
        finally:
            partial.unlink(missing_ok=True)
        answer = shown(file, self._world.drive, caller.account)
        return web.json_response(fields.select(answer, request.query.get("fields"), fields.DEFAULT))

    def _finish(
        self, caller: Caller, asked: dict[str, Any], file_id: str | None, mime_type: str | None, partial: Path
    ) -> File:
        """Make the file of what has come, or give a file that there is new content."""
        content = self._world.drive.keep(partial)
        if file_id is None:
            if mime_type:
                asked.setdefault("mimeType", mime_type)
            return self.new_file(caller, asked, content)
        file = caller.file_to_change(file_id)
        file.content, file.modified = content, self._moment()
        self.apply(file, asked)
        return file

    def new_file(self, caller: Caller, asked: dict[str, Any], content: Content | None = None) -> File:
        """A file or folder as it is asked for; without parents it is in My Drive."""
        parents = asked.get("parents") or ["root"]
        if len(parents) != 1:
            raise DriveError(403, "A file can only have one parent.", "multipleParentsNotSupported")
        parent = caller.file_to_change(str(parents[0]))
        if content and not parent.drive_id:
            caller.check_room(content.size, None)
        mime_type = str(asked.get("mimeType") or "application/octet-stream")
        file = caller.store.add(str(asked.get("name") or "Untitled"), mime_type, parent, caller.account)
        file.app = caller.app
        if mime_type != FOLDER:
            file.content = content or self._empty()
        self.apply(file, asked)
        return file

    def apply(self, file: File, asked: dict[str, Any]) -> None:
        """Change what may be changed."""
        if "name" in asked:
            file.name = str(asked["name"])
        if "description" in asked:
            file.description = str(asked["description"])
        if "mimeType" in asked and not file.is_folder:
            file.mime_type = str(asked["mimeType"])
        if "trashed" in asked:
            file.trashed = bool(asked["trashed"])
        for name, field in (("modifiedTime", "modified"), ("createdTime", "created")):
            if name in asked:
                try:
                    setattr(file, field, datetime.datetime.fromisoformat(asked[name]).astimezone(datetime.UTC))
                except (TypeError, ValueError) as error:
                    raise invalid(name) from error

    def _drive_of(self, caller: Caller, asked: dict[str, Any]) -> str | None:
        parents = asked.get("parents")
        return caller.file(str(parents[0])).drive_id if parents else None

    def _empty(self) -> Content:
        partial = self._world.drive.partial()
        partial.touch()
        return self._world.drive.keep(partial)

    def _moment(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self._world.now(), datetime.UTC)


async def _write(path: Path, part: BodyPartReader) -> int:
    size = 0
    with path.open("wb") as file:
        async for chunk in _chunks(part):
            size += file.write(chunk)
    return size


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(1 << 16):
        yield chunk


def _more(session: Session) -> web.Response:
    """How far the upload has come; without a range, nothing has come yet."""
    headers = {"Range": f"bytes=0-{session.received - 1}"} if session.received else {}
    return web.Response(status=308, headers=headers)
