# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The admin door: lets tests see what happened and change what will. JSON over HTTP on loopback."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from simulator.google.consent import CONSENT_ERRORS
from simulator.google.drive.putting import describe, put_files
from simulator.google.faults import Fault
from simulator.google.files import rclone_token
from simulator.google.library import Item
from simulator.google.quotas import used
from simulator.google.state import PROJECT_ID, RCLONE_SCOPES, Account, Project, World
from simulator.google.token_endpoint import TOKEN_ERRORS


class AdminDoor:
    def __init__(self, world: World) -> None:
        self._world = world

    def application(self) -> web.Application:
        app = web.Application(middlewares=[_answer_mistakes])
        app.add_routes(
            [
                web.get("/requests", self.requests),
                web.get("/library", self.library),
                web.post("/reset", self.reset),
                web.get("/faults", self.get_faults),
                web.post("/faults", self.add_faults),
                web.delete("/faults", self.clear_faults),
                web.get("/settings", self.get_settings),
                web.post("/settings", self.change_settings),
                web.get("/accounts", self.get_accounts),
                web.post("/accounts", self.set_accounts),
                web.get("/projects", self.get_projects),
                web.post("/projects", self.set_project),
                web.post("/clients", self.add_client),
                web.post("/tokens", self.add_token),
                web.post("/revoke", self.revoke),
                web.post("/clock", self.advance_clock),
                web.get("/quotas", self.quotas),
                web.get("/drive", self.drive),
                web.post("/drive/files", self.put_files),
                web.post("/drive/drives", self.add_drive),
            ]
        )
        return app

    # What happened

    async def requests(self, request: web.Request) -> web.Response:
        return web.json_response(self._world.requests)

    async def library(self, request: web.Request) -> web.Response:
        """All albums with their items, and all items, each with the account and project whose they are."""
        albums, items = [], []
        for (account, project), library in self._world.libraries.items():
            owner = {"account": account, "project": project}
            items += [_item(item) | owner for item in library.items.values()]
            albums += [
                {"id": album.id, "title": album.title, "items": [_item(item) for item in album.items.values()]} | owner
                for album in library.albums.values()
            ]
        return web.json_response({"albums": albums, "items": items})

    # What will happen

    async def reset(self, request: web.Request) -> web.Response:
        self._world.reset()
        return web.json_response({})

    async def get_faults(self, request: web.Request) -> web.Response:
        return web.json_response([fault.as_json() for fault in self._world.faults])

    async def add_faults(self, request: web.Request) -> web.Response:
        """Takes one fault or a list of them."""
        given = await request.json()
        self._world.faults += [Fault.from_json(entry) for entry in (given if isinstance(given, list) else [given])]
        return await self.get_faults(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        self._world.faults.clear()
        return web.json_response([])

    async def get_settings(self, request: web.Request) -> web.Response:
        return web.json_response(asdict(self._world.settings))

    async def change_settings(self, request: web.Request) -> web.Response:
        changes = await _object(request)
        for name, known in (("consent_error", CONSENT_ERRORS), ("token_error", TOKEN_ERRORS)):
            if changes.get(name) is not None and changes[name] not in known:
                raise ValueError(f"{name} is one of: {', '.join(known)}")
        self._world.settings.update(changes)
        return await self.get_settings(request)

    async def get_accounts(self, request: web.Request) -> web.Response:
        return web.json_response([asdict(account) for account in self._world.accounts])

    async def set_accounts(self, request: web.Request) -> web.Response:
        """Replaces `accounts`: a list of `email`, `name` and `tester`."""
        self._world.accounts = [Account(**account) for account in (await _object(request))["accounts"]]
        return await self.get_accounts(request)

    async def get_projects(self, request: web.Request) -> web.Response:
        return web.json_response([self._project(project) for project in self._world.projects.values()])

    async def set_project(self, request: web.Request) -> web.Response:
        """Makes a project, or changes one's `members` and `services` (name: `ENABLED` or `DISABLED`)."""
        given = await _object(request)
        project_id = given.get("project_id", PROJECT_ID)
        project = self._world.projects.get(project_id) or self._world.add_project(project_id, project_id, set())
        project.members = set(given.get("members", project.members))
        for service, state in given.get("services", {}).items():
            project.enabled_from.pop(service, None)
            if state == "ENABLED":
                project.enabled_from[service] = self._world.now()
        return await self.get_projects(request)

    def _project(self, project: Project) -> dict[str, Any]:
        return {
            "project_id": project.project_id,
            "number": project.number,
            "display_name": project.display_name,
            "members": sorted(project.members),
            "services": {
                name: "ENABLED" for name in project.enabled_from if project.is_enabled(name, self._world.now())
            },
        }

    async def add_client(self, request: web.Request) -> web.Response:
        """Makes another OAuth client and returns its JSON file; `seed` decides its id and secret."""
        given = await _object(request)
        client = self._world.add_client(
            given.get("project_id", PROJECT_ID),
            given["seed"],
            given.get("kind", "installed"),
            given.get("redirect_uris"),
        )
        return web.json_response(client.file())

    async def add_token(self, request: web.Request) -> web.Response:
        """Makes an rclone token without any consent: `account`, `client_id`, `scopes`, `expired` access token."""
        given = await _object(request)
        granted = self._world.grants.add_refresh_token(
            given.get("client_id", self._world.client.client_id),
            given.get("account", self._world.accounts[0].email),
            given.get("scopes", RCLONE_SCOPES),
            testing=self._world.settings.testing,
        )
        lifetime = -60 if given.get("expired") else self._world.settings.access_token_lifetime
        access = self._world.grants.add_access_token(granted.client_id, granted.account, granted.scopes, lifetime)
        return web.json_response(rclone_token(granted.refresh_token, access.expires_at, access.access_token))

    async def revoke(self, request: web.Request) -> web.Response:
        """The user takes away the app's access: ends all tokens of `account` for `project_id`."""
        given = await _object(request)
        account = given.get("account", self._world.accounts[0].email)
        return web.json_response({"revoked": self._world.revoke(account, given.get("project_id", PROJECT_ID))})

    async def quotas(self, request: web.Request) -> web.Response:
        """What has been counted against the quotas of a day."""
        return web.json_response(used(self._world.counts))

    async def drive(self, request: web.Request) -> web.Response:
        """Everybody's files, with their paths."""
        return web.json_response(describe(self._world.drive))

    async def put_files(self, request: web.Request) -> web.Response:
        """Puts files into a `folder` of an `account`'s Drive: those of a directory (`from`), or a single one."""
        given = await _object(request)
        put_files(self._world.drive, given.get("account", self._world.accounts[0].email), given)
        return await self.drive(request)

    async def add_drive(self, request: web.Request) -> web.Response:
        """Makes a shared drive: `name`, `members` (accounts)."""
        given = await _object(request)
        drive = self._world.drive.add_drive(given["name"], set(given["members"]))
        return web.json_response({"id": drive.id, "name": drive.name})

    async def advance_clock(self, request: web.Request) -> web.Response:
        """Puts Google's clock forward by `seconds`."""
        self._world.advanced += float((await _object(request))["seconds"])
        return web.json_response({"now": self._world.now()})


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "filename": item.filename,
        "mimeType": item.media.mime_type,
        "size": item.size,
        "sha256": item.sha256,
    }


async def _object(request: web.Request) -> dict[str, Any]:
    given = await request.json()
    if not isinstance(given, dict):
        raise ValueError("a JSON object is expected")
    return given


@web.middleware
async def _answer_mistakes(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except KeyError as error:
        return web.json_response({"error": f"missing or unknown: {error.args[0]}"}, status=400)
    except (ValueError, TypeError, json.JSONDecodeError) as error:
        return web.json_response({"error": str(error)}, status=400)
