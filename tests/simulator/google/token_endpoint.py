# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""oauth2.googleapis.com: gives access tokens for codes, refresh tokens and service accounts' assertions; revokes."""

from __future__ import annotations

import base64
import binascii
import hmac
import urllib.parse
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from simulator.google import jwt
from simulator.google.answers import OAuthError
from simulator.google.grants import RefreshToken
from simulator.google.state import Client, World
from simulator.google.traffic import DETAILS, hide_secrets

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_ERRORS = {
    "invalid_grant": OAuthError(400, "invalid_grant", "Token has been expired or revoked."),
    "invalid_rapt": OAuthError(
        400, "invalid_grant", "reauth related error (invalid_rapt)", error_subtype="invalid_rapt"
    ),
    "invalid_client": OAuthError(401, "invalid_client", "Unauthorized"),
    "unknown_client": OAuthError(401, "invalid_client", "The OAuth client was not found."),
    "unauthorized_client": OAuthError(401, "unauthorized_client", "Unauthorized"),
    "deleted_client": OAuthError(401, "deleted_client", "The OAuth client was deleted."),
    "org_internal": OAuthError(403, "org_internal", "This client is restricted to users within its organization."),
    "admin_policy_enforced": OAuthError(
        400, "admin_policy_enforced", "Access to your account data is restricted by policies of your organization."
    ),
    "redirect_uri_mismatch": OAuthError(400, "redirect_uri_mismatch", "Bad Request"),
    "unsupported_grant_type": OAuthError(400, "unsupported_grant_type", "Invalid grant_type"),
    "invalid_request": OAuthError(400, "invalid_request", "Bad Request"),
}


class TokenEndpoint:
    def __init__(self, world: World) -> None:
        self._world = world

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.post("/token", self.token), web.post("/revoke", self.revoke)])
        return app

    async def token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        request[DETAILS] |= {"form": hide_secrets(form), "basic": "Authorization" in request.headers}
        if self._world.settings.token_error:
            raise TOKEN_ERRORS[self._world.settings.token_error]
        grant_type = form.get("grant_type")
        if grant_type == JWT_GRANT:
            return web.json_response(self._service_account(form))
        client = self._client(request, form)
        request[DETAILS]["client_id"] = client.client_id
        if grant_type == "authorization_code":
            return web.json_response(self._exchange(client, form))
        if grant_type == "refresh_token":
            return web.json_response(self._refresh(client, form))
        raise TOKEN_ERRORS["unsupported_grant_type"]

    async def revoke(self, request: web.Request) -> web.Response:
        """Ends every token that the project holds for the user, whichever of them was sent."""
        form = await request.post()
        token = str(form.get("token") or request.query.get("token", ""))
        account, client_id = self._world.grants.account_of(token), self._world.grants.client_of(token)
        if not (account and client_id):
            raise OAuthError(400, "invalid_token", "Token expired or revoked")
        self._world.revoke(account, self._world.clients[client_id].project_id)
        return web.json_response({})

    def _client(self, request: web.Request, form: Mapping[str, str]) -> Client:
        """The client that proves itself by HTTP Basic authentication or by fields of the form."""
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        kind, dummy, encoded = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                client_id, dummy, secret = base64.b64decode(encoded).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError) as error:
                raise TOKEN_ERRORS["invalid_client"] from error
            client_id, secret = urllib.parse.unquote_plus(client_id), urllib.parse.unquote_plus(secret)
        client = self._world.clients.get(client_id)
        if client is None:
            raise TOKEN_ERRORS["unknown_client"]
        if not hmac.compare_digest(client.client_secret.encode(), secret.encode()):
            raise TOKEN_ERRORS["invalid_client"]
        return client

    def _exchange(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        code = self._world.grants.take_code(form.get("code", ""))
        if code is None or code.client_id != client.client_id:
            raise OAuthError(400, "invalid_grant", "Malformed auth code.")
        if code.redirect_uri != form.get("redirect_uri"):
            raise TOKEN_ERRORS["redirect_uri_mismatch"]
        if code.challenge and not form.get("code_verifier"):
            raise OAuthError(400, "invalid_grant", "Missing code verifier.")
        if code.challenge and not code.accepts(form["code_verifier"]):
            raise OAuthError(400, "invalid_grant", "Invalid code verifier.")
        answer = self._access_token(client.client_id, code.account, code.scopes)
        if code.offline:
            granted = self._world.grants.add_refresh_token(
                client.client_id, code.account, code.scopes, testing=self._world.settings.testing
            )
            answer |= {"refresh_token": granted.refresh_token, **self._time_limit(granted)}
        if "openid" in code.scopes:
            answer["id_token"] = self._id_token(client, code.account)
        return answer

    def _refresh(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        """A fresh access token; Google gives no new refresh token here."""
        granted = self._world.grants.find_refresh_token(form.get("refresh_token", ""))
        if granted is None or self._world.account(granted.account) is None:
            raise TOKEN_ERRORS["invalid_grant"]
        if granted.client_id != client.client_id:
            raise TOKEN_ERRORS["unauthorized_client"]
        answer = self._access_token(client.client_id, granted.account, granted.scopes, granted.refresh_token)
        return answer | self._time_limit(granted)

    def _access_token(
        self, client_id: str | None, account: str, scopes: tuple[str, ...], refresh_token: str | None = None
    ) -> dict[str, Any]:
        lifetime = self._world.settings.access_token_lifetime
        token = self._world.grants.add_access_token(client_id, account, scopes, lifetime, refresh_token)
        return {
            "access_token": token.access_token,
            "expires_in": lifetime,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }

    def _time_limit(self, granted: RefreshToken) -> dict[str, int]:
        if granted.expires_at is None:
            return {}
        return {"refresh_token_expires_in": round(granted.expires_at - self._world.now())}

    def _id_token(self, client: Client, email: str) -> str:
        account = self._world.account(email)
        now = int(self._world.now())
        claims = {
            "iss": "https://accounts.google.com",
            "azp": client.client_id,
            "aud": client.client_id,
            "sub": account.subject if account else email,
            "iat": now,
            "exp": now + 3600,
        }
        return jwt.sign(claims, self._world.signing_key)

    def _service_account(self, form: Mapping[str, str]) -> dict[str, Any]:
        claims = jwt.verify(form.get("assertion", ""), self._world.signing_key.public_key())
        if claims is None or claims.get("iss") != self._world.service_account:
            raise OAuthError(400, "invalid_grant", "Invalid JWT Signature.")
        if claims.get("exp", 0) <= self._world.now():
            raise OAuthError(400, "invalid_grant", "Invalid JWT: Token must be a short-lived token.")
        return self._access_token(None, self._world.service_account, tuple(str(claims.get("scope", "")).split()))
