# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""openidconnect.googleapis.com: who has signed in."""

from __future__ import annotations

from aiohttp import web

from simulator.google.answers import unauthenticated
from simulator.google.bearer import authenticate, require_scope
from simulator.google.scopes import IDENTITY_SCOPES
from simulator.google.state import World


class UserInfo:
    def __init__(self, world: World) -> None:
        self._world = world

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.get("/v1/userinfo", self.userinfo)])
        return app

    async def userinfo(self, request: web.Request) -> web.Response:
        token = authenticate(request, self._world)
        require_scope(token, IDENTITY_SCOPES.values(), explain=True)
        account = self._world.account(token.account)
        if account is None:
            raise unauthenticated()
        shown = {"sub": account.subject}
        if IDENTITY_SCOPES["profile"] in token.scopes:
            shown["name"] = account.name
        if IDENTITY_SCOPES["email"] in token.scopes:
            shown["email"] = account.email
        return web.json_response(shown)
