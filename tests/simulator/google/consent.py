# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""accounts.google.com: the way of a person through sign-in and consent, back to the app."""

from __future__ import annotations

import secrets
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from simulator.google import pages, scopes
from simulator.google.state import Account, Client, World
from simulator.google.traffic import DETAILS

DISCOVERY = {
    "issuer": "https://accounts.google.com",
    "authorization_endpoint": "https://accounts.google.com/o/oauth2/v2/auth",
    "token_endpoint": "https://oauth2.googleapis.com/token",
    "userinfo_endpoint": "https://openidconnect.googleapis.com/v1/userinfo",
    "revocation_endpoint": "https://oauth2.googleapis.com/revoke",
    "response_types_supported": ["code"],
    "scopes_supported": ["openid", "email", "profile"],
    "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
    "code_challenge_methods_supported": ["plain", "S256"],
}

CONSENT_ERRORS = {
    "access_denied": (403, "The app is being tested and only developer-approved testers can use it."),
    "admin_policy_enforced": (400, "Access to your account data is restricted by policies of your organization."),
    "deleted_client": (401, "The OAuth client was deleted."),
    "disallowed_useragent": (403, "You can't sign in from this screen because this app is not a secure browser."),
    "invalid_client": (401, "The OAuth client was not found."),
    "invalid_request": (400, "You can't sign in because this app sent an invalid request."),
    "invalid_scope": (400, "Some requested scopes were invalid."),
    "org_internal": (403, "This app is available only to users within its organization."),
    "redirect_uri_mismatch": (400, "You can't sign in because this app's redirect address is not registered."),
    "unsupported_response_type": (400, "Invalid response type."),
}
"""Errors that only the browser shows: the app is never told. Each with its status and text."""


class ConsentError(Exception):
    """One of `CONSENT_ERRORS`."""


@dataclass
class Flow:
    """One person on the way from the app's link back to the app."""

    client: Client
    scopes: Sequence[str]
    redirect_uri: str
    state: str
    offline: bool
    challenge: str
    challenge_method: str
    account: Account | None = None

    @property
    def to_tick(self) -> list[str]:
        return [name for name in self.scopes if name in scopes.DESCRIPTIONS]

    def return_address(self, **answer: str) -> str:
        query = urllib.parse.urlencode(({"state": self.state} if self.state else {}) | answer)
        return f"{self.redirect_uri}{'&' if '?' in self.redirect_uri else '?'}{query}"


class ConsentPage:
    def __init__(self, world: World) -> None:
        self._world = world
        self._flows: dict[str, Flow] = {}

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/o/oauth2/auth", self.begin),
                web.get("/o/oauth2/v2/auth", self.begin),
                web.post("/signin/account", self.choose_account),
                web.post("/signin/warning", self.pass_warning),
                web.post("/signin/consent", self.decide),
                web.get("/.well-known/openid-configuration", self.discovery),
            ]
        )
        return app

    async def discovery(self, request: web.Request) -> web.Response:
        return web.json_response(DISCOVERY)

    async def begin(self, request: web.Request) -> web.Response:
        """Where an app sends the browser: shows the accounts, or goes on with the one that the app hints at."""
        try:
            flow = self._flow(request.query)
        except ConsentError as error:
            return _error_page(str(error))
        request[DETAILS]["client_id"] = flow.client.client_id
        flow_id = secrets.token_urlsafe(24)
        self._flows[flow_id] = flow
        hinted = self._world.account(request.query.get("login_hint", ""))
        if hinted:
            return self._enter(flow_id, flow, hinted)
        accounts = [(account.email, account.name) for account in self._world.accounts]
        return _html(pages.choose_account(flow_id, flow.client.name, accounts))

    async def choose_account(self, request: web.Request) -> web.Response:
        form = await request.post()
        flow_id = str(form.get("flow"))
        flow, account = self._flows.get(flow_id), self._world.account(str(form.get("account")))
        if flow is None or account is None:
            return _error_page("invalid_request")
        return self._enter(flow_id, flow, account)

    async def pass_warning(self, request: web.Request) -> web.Response:
        flow_id = str((await request.post()).get("flow"))
        flow = self._flows.get(flow_id)
        return self._ask(flow_id, flow) if flow and flow.account else _error_page("invalid_request")

    async def decide(self, request: web.Request) -> web.Response:
        """Sends the browser back to the app, with a code for what was ticked or with the refusal."""
        form = await request.post()
        flow = self._flows.pop(str(form.get("flow")), None)
        if flow is None or flow.account is None:
            return _error_page("invalid_request")
        ticked = flow.to_tick if form.get("select_all") else [str(name) for name in form.getall("scope", [])]
        granted = [name for name in flow.scopes if name not in flow.to_tick or name in ticked]
        if form.get("decision") != "continue" or not granted:
            return web.Response(status=302, headers={"Location": flow.return_address(error="access_denied")})
        code = self._world.grants.add_code(
            flow.client.client_id,
            flow.account.email,
            granted,
            flow.redirect_uri,
            offline=flow.offline,
            challenge=flow.challenge,
            challenge_method=flow.challenge_method,
        )
        address = flow.return_address(code=code, scope=" ".join(granted), authuser="0", prompt="consent")
        return web.Response(status=302, headers={"Location": address})

    def _flow(self, query: Mapping[str, str]) -> Flow:
        """Check what the app asks for. Raises `ConsentError`."""
        client = self._world.clients.get(query.get("client_id", ""))
        if client is None:
            raise ConsentError("invalid_client")
        if self._world.settings.consent_error:
            raise ConsentError(self._world.settings.consent_error)
        redirect_uri = query.get("redirect_uri", "")
        if not redirect_uri or redirect_uri.startswith("urn:"):  # the withdrawn way of copying a code by hand
            raise ConsentError("invalid_request")
        if not scopes.may_redirect(client, redirect_uri):
            raise ConsentError("redirect_uri_mismatch")
        if query.get("response_type") != "code":
            raise ConsentError("unsupported_response_type")
        method = query.get("code_challenge_method", "plain")
        if method not in ("plain", "S256"):
            raise ConsentError("invalid_request")
        try:
            asked = scopes.granted_names(query.get("scope", ""))
        except ValueError as error:
            raise ConsentError("invalid_scope") from error
        if scopes.excludes_itself(asked):
            raise ConsentError("invalid_request")
        return Flow(
            client,
            asked,
            redirect_uri,
            query.get("state", ""),
            query.get("access_type") == "offline",
            query.get("code_challenge", ""),
            method,
        )

    def _enter(self, flow_id: str, flow: Flow, account: Account) -> web.Response:
        if self._world.settings.testing and not account.tester:
            return _error_page("access_denied")
        flow.account = account
        if self._world.settings.unverified:
            return _html(pages.warn_unverified(flow_id, flow.client.name))
        return self._ask(flow_id, flow)

    def _ask(self, flow_id: str, flow: Flow) -> web.Response:
        assert flow.account
        wanted = [(name, scopes.DESCRIPTIONS[name]) for name in flow.to_tick]
        return _html(pages.ask_consent(flow_id, flow.client.name, flow.account.email, wanted))


def _error_page(error: str) -> web.Response:
    status, description = CONSENT_ERRORS[error]
    return _html(pages.show_error(status, error, description), status)


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")
