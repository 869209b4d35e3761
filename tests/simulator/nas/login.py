# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to log in, each a coroutine from login data to a response."""

from __future__ import annotations

import errno
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from simulator.nas.accounts import Account, random_text, totp
from simulator.nas.errors import CallError
from simulator.nas.scram import ClientFirst, ScramError, ScramExchange
from simulator.nas.service import Context
from simulator.nas.state import Row

LEVEL = "LEVEL_1"
Response = dict[str, Any]
AUTH_ERR: Response = {"response_type": "AUTH_ERR"}
EXPIRED: Response = {"response_type": "EXPIRED"}


@dataclass
class Token:
    """A token of auth.generate_token; it dies when it has not been used for `ttl` seconds."""

    account: Account
    ttl: float
    single_use: bool
    address: str | None  # only from there
    used: float

    @property
    def alive(self) -> bool:
        return time.monotonic() - self.used < self.ttl


@dataclass
class PendingCode:
    """A right password that waits for its one-time code."""

    account: Account
    secret: str
    retries: int


@dataclass
class PendingScram:
    """A SCRAM exchange between its two steps."""

    account: Account
    key: Row
    exchange: ScramExchange


async def log_in(ctx: Context, data: dict[str, Any]) -> Response:
    """Carry out one step of auth.login_ex and note it in the journal."""
    mechanism = data["mechanism"]
    response = await _MECHANISMS[mechanism](ctx, data)
    user = ctx.session.user
    name = data.get("username") or (user.username if user else None)
    ctx.nas.journal.login(
        ctx.session.id,
        ctx.session.origin.transport if ctx.session.origin else "",
        mechanism,
        name,
        response["response_type"],
    )
    return response


async def _password(ctx: Context, data: dict[str, Any]) -> Response:
    ctx.session.pending_login = None
    accounts = ctx.nas.accounts
    user = accounts.users.find(username=data["username"])
    if user is None:
        return AUTH_ERR
    if not accounts.check_password(data["username"], data["password"]):
        await ctx.nas.faults.sleep_failed_login()
        return AUTH_ERR
    account = accounts.account(data["username"])
    assert account is not None
    refusal = _refusal(ctx, user, account)
    if refusal is not None:
        return refusal
    if user["otp_secret"] is not None:
        ctx.session.pending_login = PendingCode(account, user["otp_secret"], ctx.nas.features.otp_retries)
        return {"response_type": "OTP_REQUIRED", "username": account.username}
    return _success(ctx, data, account, "LOGIN_PASSWORD")


async def _code(ctx: Context, data: dict[str, Any]) -> Response:
    pending = ctx.session.pending_login
    if not isinstance(pending, PendingCode):
        raise CallError("OTP_TOKEN: no authentication in progress", errno.EINVAL)
    now = ctx.nas.clock.time()
    if data["otp_token"] in (totp(pending.secret, now), totp(pending.secret, now - 30)):
        return _success(ctx, data, pending.account, "LOGIN_TWOFACTOR")
    if pending.retries == 0:
        ctx.session.pending_login = None
        await ctx.nas.faults.sleep_failed_login()
        return AUTH_ERR
    pending.retries -= 1
    return {"response_type": "OTP_REQUIRED", "username": pending.account.username}


async def _api_key(ctx: Context, data: dict[str, Any]) -> Response:
    ctx.session.pending_login = None
    _check_origin(ctx, "ApiKeyPamAuthenticator")
    accounts = ctx.nas.accounts
    key = accounts.find_key(data["api_key"])
    account = accounts.account(data["username"])
    if key is None or account is None or key["username"] != account.username or key["revoked"]:
        await ctx.nas.faults.sleep_failed_login()
        return AUTH_ERR
    if ctx.session.origin is not None and not ctx.session.origin.secure:
        accounts.keys.update(
            key["id"], {"revoked": True, "revoked_reason": "Attempt to use over an insecure transport"}
        )
        return EXPIRED
    refusal = _key_refusal(ctx, key, account)
    return refusal or _success(ctx, data, account, "API_KEY", key)


def _check_origin(ctx: Context, authenticator: str) -> None:
    """A defect of the releases with SCRAM: what checks keys knows of no connections but those by TCP."""
    origin = ctx.session.origin
    if origin is not None and origin.uid is not None and not ctx.nas.features.keys_on_unix_socket:
        raise TypeError(f"{origin}: unexpected origin for {authenticator}")


async def _token(ctx: Context, data: dict[str, Any]) -> Response:
    ctx.session.pending_login = None
    token = ctx.nas.tokens.get(data["token"])
    address = ctx.session.origin.address if ctx.session.origin else None
    if token is None or not token.alive or token.address not in (None, address):
        await ctx.nas.faults.sleep_failed_login()
        return AUTH_ERR
    token.used = time.monotonic()
    if token.single_use:
        del ctx.nas.tokens[data["token"]]
    return _success(ctx, data, token.account, "TOKEN")


async def _scram(ctx: Context, data: dict[str, Any]) -> Response:
    try:
        if data["scram_type"] == "CLIENT_FIRST_MESSAGE":
            return _scram_first(ctx, data["rfc_str"])
        return _scram_final(ctx, data["rfc_str"])
    except ScramError:
        ctx.session.pending_login = None
        await ctx.nas.faults.sleep_failed_login()
        return AUTH_ERR


def _scram_first(ctx: Context, text: str) -> Response:
    _check_origin(ctx, "ScramPamAuthenticator")
    first = ClientFirst.parse(text)
    accounts = ctx.nas.accounts
    account = accounts.account(first.username)
    key = accounts.keys.get(first.key_id)
    if account is None or key is None or key["username"] != account.username or key["revoked"]:
        raise ScramError("No such key")
    refusal = _key_refusal(ctx, key, account)
    if refusal is not None:
        return refusal
    on_tls = ctx.session.origin is not None and ctx.session.origin.transport == "wss"
    exchange = ScramExchange(first, accounts.verifier(key), ctx.nas.listeners.channel_binding if on_tls else None)
    ctx.session.pending_login = PendingScram(account, key, exchange)
    return _scram_response("SERVER_FIRST_RESPONSE", exchange.server_first, None)


def _scram_final(ctx: Context, text: str) -> Response:
    pending = ctx.session.pending_login
    if not isinstance(pending, PendingScram):
        raise ScramError("No exchange in progress")
    answer = pending.exchange.finish(text)
    ctx.session.log_in(pending.account, "API_KEY", ctx.nas.clock.now(), pending.key, ("API_KEY", "SCRAM"))
    return _scram_response("SERVER_FINAL_RESPONSE", answer, user_info(ctx))


def _scram_response(kind: str, text: str, info: dict[str, Any] | None) -> Response:
    return {"response_type": "SCRAM_RESPONSE", "scram_type": kind, "rfc_str": text, "user_info": info}


def _key_refusal(ctx: Context, key: Row, account: Account) -> Response | None:
    if ctx.nas.accounts.key_expired(key):
        return EXPIRED
    user = ctx.nas.accounts.users.find(username=account.username)
    assert user is not None
    return AUTH_ERR if user["locked"] else _refusal(ctx, user, account)


def _refusal(ctx: Context, user: Row, account: Account) -> Response | None:
    """Why somebody whose secret is right may still not come in."""
    if user["expired"]:
        return EXPIRED
    if not account.roles:
        return {"response_type": "DENIED"} if ctx.nas.features.scram else AUTH_ERR
    return None


def _success(ctx: Context, data: dict[str, Any], account: Account, kind: str, key: Row | None = None) -> Response:
    ctx.session.log_in(account, kind, ctx.nas.clock.now(), key)
    options = data.get("login_options") or {}
    response: Response = {
        "response_type": "SUCCESS",
        "user_info": user_info(ctx) if options.get("user_info", True) else None,
        "authenticator": LEVEL,
    }
    if ctx.nas.features.scram:
        response["reconnect_token"] = new_token(ctx, account) if options.get("reconnect_token") else None
    return response


def new_token(
    ctx: Context, account: Account, *, ttl: float = 600, single_use: bool = False, match_origin: bool = True
) -> str:
    """Make a token that logs in as this account."""
    text = random_text()
    address = ctx.session.origin.address if match_origin and ctx.session.origin else None
    ctx.nas.tokens[text] = Token(account, ttl, single_use, address, time.monotonic())
    return text


def user_info(ctx: Context) -> dict[str, Any]:
    """What auth.me says of the session's user."""
    login, account = ctx.session.login, ctx.session.user
    assert login is not None
    assert account is not None
    attributes = ["LOCAL"]
    if login.api_key is not None:
        attributes.append("API_KEY")
    if account.full_admin:
        attributes.append("SYS_ADMIN")
    if login.kind == "LOGIN_TWOFACTOR":
        attributes.append("2FA")
    attributes.extend(login.attributes)
    return {
        "pw_name": account.username,
        "pw_gecos": account.full_name,
        "pw_dir": "/root" if account.uid == 0 else f"/home/{account.username}",
        "pw_shell": "/usr/bin/sh",
        "pw_uid": account.uid,
        "pw_gid": account.uid,
        "grouplist": None,
        "sid": None,
        "source": "LOCAL",
        "local": True,
        "attributes": {},
        "two_factor_config": {
            "provisioning_uri": None,
            "secret_configured": account.two_factor,
            "interval": 30,
            "otp_digits": 6,
        },
        "privilege": {
            "roles": {"$set": sorted(account.roles)},
            "allowlist": [{"method": "*", "resource": "*"}] if account.full_admin else [],
            "web_shell": account.full_admin,
            "webui_access": True,
        },
        "account_attributes": attributes,
    }


_MECHANISMS: dict[str, Callable[[Context, dict[str, Any]], Awaitable[Response]]] = {
    "PASSWORD_PLAIN": _password,
    "OTP_TOKEN": _code,
    "API_KEY_PLAIN": _api_key,
    "TOKEN_PLAIN": _token,
    "SCRAM": _scram,
}
