# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks: the bearer token of a request, checked against the scopes that a method takes."""

from __future__ import annotations

from collections.abc import Collection

from aiohttp import web

from simulator.google.answers import error_info, insufficient_scopes, unauthenticated
from simulator.google.grants import AccessToken
from simulator.google.state import World
from simulator.google.traffic import DETAILS


def authenticate(request: web.Request, world: World) -> AccessToken:
    """Raises `ApiError` 401 when there is no token, or one that is unknown, expired or revoked."""
    kind, dummy, text = request.headers.get("Authorization", "").partition(" ")
    token = world.grants.find_access_token(text) if kind.lower() == "bearer" else None
    if token is None:
        raise unauthenticated()
    request[DETAILS] |= {"account": token.account, "client_id": token.client_id}
    return token


def require_scope(token: AccessToken, scopes: Collection[str], *, explain: bool) -> None:
    """Raises `ApiError` 403 unless the token has one of the scopes; `explain` adds the reason as newer APIs do."""
    if not set(scopes) & set(token.scopes):
        raise insufficient_scopes(*([error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT")] if explain else []))
