# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The admin door: what tests ask of the simulated NASes and do to them, as JSON over plain HTTP on loopback."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from simulator.nas import cloudsync_tasks, credentials
from simulator.nas.accounts import Accounts
from simulator.nas.listeners import HOST
from simulator.nas.server import Nas


class AdminDoor:
    """Serves all NASes of a simulator; `nas` in a request is a NAS's place in the list."""

    def __init__(self, nases: Sequence[Nas]) -> None:
        self._nases = nases
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen, and return the door's address."""
        app = web.Application(middlewares=[_explain])
        app.router.add_get("/calls", self._calls)
        app.router.add_get("/logins", self._logins)
        app.router.add_get("/stored", self._stored)
        app.router.add_post("/reset", self._reset)
        app.router.add_post("/faults", self._faults)
        app.router.add_get("/faults", self._show_faults)
        app.router.add_post("/restart", self._restart)
        app.router.add_post("/accounts", self._accounts)
        app.router.add_post("/datasets", self._datasets)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        return f"http://{HOST}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _calls(self, request: web.Request) -> web.Response:
        return web.json_response(sorted((c for nas in self._nases for c in nas.journal.calls), key=lambda c: c["at"]))

    async def _logins(self, request: web.Request) -> web.Response:
        return web.json_response(sorted((c for nas in self._nases for c in nas.journal.logins), key=lambda c: c["at"]))

    async def _stored(self, request: web.Request) -> web.Response:
        return web.json_response([_stored_on(nas) for nas in self._nases])

    async def _reset(self, request: web.Request) -> web.Response:
        for nas in self._chosen(await _body(request)):
            await nas.reset()
        return web.json_response({})

    async def _restart(self, request: web.Request) -> web.Response:
        body = await _body(request)
        for nas in self._chosen(body):
            await nas.restart_middleware(body.get("seconds", 0))
        return web.json_response({})

    async def _faults(self, request: web.Request) -> web.Response:
        body = await _body(request)
        for nas in self._chosen(body):
            nas.faults.update({name: value for name, value in body.items() if name != "nas"})
        return web.json_response({})

    async def _show_faults(self, request: web.Request) -> web.Response:
        return web.json_response([dataclasses.asdict(nas.faults) for nas in self._nases])

    async def _accounts(self, request: web.Request) -> web.Response:
        body = await _body(request)
        return web.json_response([_add_account(nas.accounts, body) for nas in self._chosen(body)])

    async def _datasets(self, request: web.Request) -> web.Response:
        body = await _body(request)
        for nas in self._chosen(body):
            row = nas.datasets.table.find(name=body["name"]) or nas.datasets.create(body["name"])
            if body.get("removed"):  # its directory stays, as one of the dataset above
                nas.datasets.table.delete(row["id"])
            else:
                nas.datasets.table.update(row["id"], {"locked": body.get("locked", False)})
        return web.json_response({})

    def _chosen(self, body: dict[str, Any]) -> Sequence[Nas]:
        return self._nases if body.get("nas") is None else [self._nases[body["nas"]]]


def _stored_on(nas: Nas) -> dict[str, Any]:
    """What stands on a NAS, with its secrets; credentials in the form of 25.04 and later whatever the release."""
    own = credentials.table(nas).all()
    by_id = {row["id"]: row for row in own}
    tasks = cloudsync_tasks.table(nas).all()
    return {
        "credentials": own,
        "tasks": [{**row, "credentials": by_id[row["credentials"]]} for row in tasks],
    }


def _add_account(accounts: Accounts, body: dict[str, Any]) -> dict[str, Any]:
    """Make a user with a group of its own, or change the one of that name; returns what it can log in with."""
    fields: dict[str, Any] = {name: body[name] for name in ("password", "locked", "expired", "email") if name in body}
    if body.get("otp"):
        fields["otp_secret"] = accounts.new_otp_secret()
    user = accounts.users.find(username=body["username"])
    if user is None:
        groups = [accounts.add_group(body["username"], body.get("roles", []))]
        user = accounts.add_user(body["username"], groups=groups, **fields)
    elif fields:
        accounts.users.update(user["id"], fields)
    user = accounts.users.find(username=body["username"])
    assert user is not None
    key = None
    if body.get("api_key"):
        key = accounts.create_key("admin door", user["username"], expires_at=body.get("api_key_expires_at"))["key"]
    return {
        "username": user["username"],
        "password": user["password"],
        "otp_secret": user["otp_secret"],
        "gid": user["groups"][0],
        "api_key": key,
    }


async def _body(request: web.Request) -> dict[str, Any]:
    return await request.json() if request.can_read_body else {}


@web.middleware
async def _explain(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        return await handler(request)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        return web.json_response({"message": f"{type(error).__name__}: {error}"}, status=400)
