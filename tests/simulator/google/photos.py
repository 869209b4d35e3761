# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""photoslibrary.googleapis.com: the Photos Library API v1, as far as it works on what an app made itself."""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import secrets
from collections.abc import Sequence
from typing import Any, TypeVar

from aiohttp import web

from simulator.google.answers import ApiError, service_disabled
from simulator.google.bearer import authenticate, require_scope
from simulator.google.library import Album, Item, Library, Upload
from simulator.google.media import HEAD_SIZE, Media, recognise
from simulator.google.photos_search import matches
from simulator.google.state import PHOTOS_SCOPES, PHOTOS_SERVICE, World
from simulator.google.traffic import DETAILS, read_json

APPEND, READ, EDIT = PHOTOS_SCOPES
MAX_BATCH = 50
MAX_TITLE = 500
MAX_PHOTO_SIZE = 200 * 1024 * 1024
NO_SUCH_ENTITY = "Requested entity was not found."
NOT_MEDIA = {"code": 3, "message": "Failed: There was an error while trying to create this media item."}

Entry = TypeVar("Entry", Album, Item)


class PhotosApi:
    def __init__(self, world: World) -> None:
        self._world = world

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/v1/albums", self.list_albums),
                web.post("/v1/albums", self.create_album),
                web.get("/v1/albums/{album:[^/:]+}", self.get_album),
                web.post("/v1/albums/{album:[^/:]+}:batchAddMediaItems", self.add_to_album),
                web.post("/v1/albums/{album:[^/:]+}:batchRemoveMediaItems", self.remove_from_album),
                web.post("/v1/uploads", self.upload),
                web.get("/v1/mediaItems", self.list_items),
                web.post("/v1/mediaItems:batchCreate", self.create_items),
                web.post("/v1/mediaItems:search", self.search),
                web.get("/v1/mediaItems/{item:[^/:]+}", self.get_item),
                web.get("/v1/sharedAlbums", self.shared_albums),
            ]
        )
        return app

    # Albums

    async def list_albums(self, request: web.Request) -> web.Response:
        library = self._library(request, READ)
        return _page(
            "albums",
            list(library.albums.values()),
            request.query.get("pageSize"),
            request.query.get("pageToken"),
            20,
            50,
        )

    async def create_album(self, request: web.Request) -> web.Response:
        library = self._library(request, APPEND)
        album = (await read_json(request)).get("album")
        title = album.get("title") if isinstance(album, dict) else None
        if not isinstance(title, str) or not title or len(title) > MAX_TITLE:
            raise ApiError(400, f"Album title must have 1 to {MAX_TITLE} characters.")
        return web.json_response(library.add_album(title).as_json())

    async def get_album(self, request: web.Request) -> web.Response:
        return web.json_response(_album(self._library(request, READ), request.match_info["album"]).as_json())

    async def add_to_album(self, request: web.Request) -> web.Response:
        library = self._library(request, APPEND, EDIT)
        album = _album(library, request.match_info["album"])
        items = _items(library, await read_json(request))
        self._check_album(album, len({item.id for item in items} - album.items.keys()))
        for item in items:
            album.items[item.id] = item
        return web.json_response({})

    async def remove_from_album(self, request: web.Request) -> web.Response:
        """Takes items out of an album; they stay in the library."""
        library = self._library(request, EDIT)
        album = _album(library, request.match_info["album"])
        items = _items(library, await read_json(request))
        if any(item.id not in album.items for item in items):
            raise ApiError(400, "Request contains an invalid media item id.")
        for item in items:
            del album.items[item.id]
        return web.json_response({})

    async def shared_albums(self, request: web.Request) -> web.Response:
        """The scope of shared albums was withdrawn, so nobody can have it."""
        authenticate(request, self._world)
        raise ApiError(403, "Request had insufficient authentication scopes.")

    # Items

    async def upload(self, request: web.Request) -> web.Response:
        """Takes the bytes of one file, whatever they are, and gives a token for `create_items`."""
        self._library(request, APPEND)
        account = request[DETAILS]["account"]
        partial = self._world.content_folder / f"partial-{secrets.token_hex(8)}"
        digest, size = hashlib.sha256(), 0
        try:
            with partial.open("wb") as file:
                async for chunk in request.content.iter_any():
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
            if not size:
                raise ApiError(400, "Request contains no bytes.")
            partial.replace(self._world.content_folder / digest.hexdigest())
        finally:
            partial.unlink(missing_ok=True)
        request[DETAILS]["size"] = size
        token = secrets.token_urlsafe(96)
        filename = request.headers.get("X-Goog-Upload-File-Name", "")
        self._world.uploads[token] = Upload(account, filename, digest.hexdigest(), size)
        return web.Response(text=token)

    async def create_items(self, request: web.Request) -> web.Response:
        """Makes items of uploads, each on its own: one that fails leaves the others alone (207)."""
        library = self._library(request, APPEND)
        asked = await read_json(request)
        new = asked.get("newMediaItems")
        if not isinstance(new, list) or not 1 <= len(new) <= MAX_BATCH:
            raise ApiError(400, f"Request must have 1 to {MAX_BATCH} new media items.")
        album = _album(library, asked["albumId"]) if asked.get("albumId") else None
        if album:
            self._check_album(album, len(new))
        self._check_storage(library, request[DETAILS]["account"], new)
        results = [self._create_item(library, album, entry, request[DETAILS]["account"]) for entry in new]
        failed = any("mediaItem" not in result for result in results)
        return web.json_response({"newMediaItemResults": results}, status=207 if failed else 200)

    def _create_item(
        self, library: Library, album: Album | None, entry: dict[str, Any], account: str
    ) -> dict[str, Any]:
        simple = entry.get("simpleMediaItem", {})
        token = str(simple.get("uploadToken", ""))
        upload = self._world.uploads.get(token)
        media = self._media(upload) if upload and upload.account == account else None
        if not (upload and media):
            return {"uploadToken": token, "status": NOT_MEDIA}
        item = library.add_item(
            str(simple.get("fileName") or upload.filename),
            str(entry.get("description", "")),
            media,
            upload.sha256,
            upload.size,
            datetime.datetime.fromtimestamp(self._world.now(), datetime.UTC),
        )
        if album:
            album.items[item.id] = item
        return {"uploadToken": token, "status": {"message": "Success"}, "mediaItem": item.as_json()}

    def _check_album(self, album: Album, more: int) -> None:
        if len(album.items) + more > self._world.settings.album_items:
            raise ApiError(400, "The album has reached its limit of media items.")

    def _check_storage(self, library: Library, account: str, new: Sequence[dict[str, Any]]) -> None:
        """Photos are kept as they are and count; what the library has already takes no more room."""
        tokens = (str(entry.get("simpleMediaItem", {}).get("uploadToken", "")) for entry in new)
        uploads = [self._world.uploads[token] for token in tokens if token in self._world.uploads]
        sizes = {upload.sha256: upload.size for upload in uploads if not library.has(upload.sha256)}
        if self._world.used_storage(account) + sum(sizes.values()) > self._world.settings.storage_limit:
            raise ApiError(400, "The remaining storage in the user's account is not enough to perform this operation.")

    def _media(self, upload: Upload) -> Media | None:
        with (self._world.content_folder / upload.sha256).open("rb") as file:
            media = recognise(file.read(HEAD_SIZE))
        return None if media and not media.is_video and upload.size > MAX_PHOTO_SIZE else media

    async def list_items(self, request: web.Request) -> web.Response:
        library = self._library(request, READ)
        return _page(
            "mediaItems",
            list(library.items.values()),
            request.query.get("pageSize"),
            request.query.get("pageToken"),
            25,
            100,
        )

    async def search(self, request: web.Request) -> web.Response:
        library = self._library(request, READ)
        asked = await read_json(request)
        album_id, filters = asked.get("albumId"), asked.get("filters")
        if album_id and filters:
            raise ApiError(400, "Cannot set filters while an album id is set.")
        if album_id:
            found = list(_album(library, album_id).items.values())
        else:
            found = [item for item in library.items.values() if matches(item, filters or {})]
        return _page("mediaItems", found, asked.get("pageSize"), asked.get("pageToken"), 25, 100)

    async def get_item(self, request: web.Request) -> web.Response:
        library = self._library(request, READ)
        item = library.items.get(request.match_info["item"])
        if item is None:
            raise ApiError(404, NO_SUCH_ENTITY)
        return web.json_response(item.as_json())

    def _library(self, request: web.Request, *scopes: str) -> Library:
        """What the caller's app may see, once token, scope and project are in order."""
        token = authenticate(request, self._world)
        if token.client_id is None:
            raise ApiError(403, "The caller does not have permission")  # service accounts have no photos
        require_scope(token, scopes, explain=False)
        project = self._world.projects[self._world.clients[token.client_id].project_id]
        if not project.is_enabled(PHOTOS_SERVICE, self._world.now()):
            raise service_disabled("Photos Library API", PHOTOS_SERVICE, project.number)
        return self._world.library(token.account, project.project_id)


class Downloads:
    """lh3.googleusercontent.com: the bytes behind an item's base URL."""

    def __init__(self, world: World) -> None:
        self._world = world

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.get("/lr/{item}={kind}", self.download)])
        return app

    async def download(self, request: web.Request) -> web.StreamResponse:
        """`=d` is a photo's file, `=dv` a video's; sizes such as `=w100-h100` give the same bytes."""
        found = (library.items.get(request.match_info["item"]) for library in self._world.libraries.values())
        item = next((item for item in found if item), None)
        if item is None or (request.match_info["kind"] == "dv") != item.media.is_video:
            raise ApiError(404, NO_SUCH_ENTITY)
        return web.FileResponse(
            self._world.content_folder / item.sha256, headers={"Content-Type": item.media.mime_type}
        )


def _album(library: Library, album_id: object) -> Album:
    album = library.albums.get(str(album_id))
    if album is None:
        raise ApiError(404, NO_SUCH_ENTITY)
    return album


def _items(library: Library, asked: dict[str, Any]) -> list[Item]:
    ids = asked.get("mediaItemIds")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MAX_BATCH:
        raise ApiError(400, f"Request must have 1 to {MAX_BATCH} media item ids.")
    if any(item_id not in library.items for item_id in ids):
        raise ApiError(400, "Request contains an invalid media item id.")
    return [library.items[item_id] for item_id in ids]


def _page(
    name: str, entries: Sequence[Entry], size: object, page_token: object, default: int, most: int
) -> web.Response:
    """One page of a list; a list with nothing in it is an empty object, as in all of Google's JSON."""
    try:
        limit = min(int(str(size or default)), most)
        start = int(base64.urlsafe_b64decode(str(page_token))) if page_token else 0
    except (ValueError, binascii.Error) as error:
        raise ApiError(400, "Request contains an invalid argument.") from error
    if limit < 1 or start < 0:
        raise ApiError(400, "Request contains an invalid argument.")
    answer: dict[str, Any] = {}
    if entries[start : start + limit]:
        answer[name] = [entry.as_json() for entry in entries[start : start + limit]]
    if start + limit < len(entries):
        answer["nextPageToken"] = base64.urlsafe_b64encode(str(start + limit).encode()).decode()
    return web.json_response(answer)
