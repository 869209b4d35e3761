# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods of `auth`."""

from __future__ import annotations

import errno
from typing import Any

from simulator.nas import login
from simulator.nas.errors import CallError
from simulator.nas.service import Context, method


@method("auth.login_ex")
async def login_ex(ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
    return await login.log_in(ctx, data)


@method("auth.login_ex_continue")
async def login_ex_continue(ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
    return await login.log_in(ctx, data)


@method("auth.login")
async def login_with_password(ctx: Context, username: str, password: str, otp_token: str | None) -> bool:
    response = await login.log_in(ctx, {"mechanism": "PASSWORD_PLAIN", "username": username, "password": password})
    if response["response_type"] == "OTP_REQUIRED" and otp_token is not None:
        response = await login.log_in(ctx, {"mechanism": "OTP_TOKEN", "otp_token": otp_token})
    return response["response_type"] == "SUCCESS"


@method("auth.login_with_api_key")
async def login_with_api_key(ctx: Context, api_key: str) -> bool:
    number = api_key.partition("-")[0]
    key = ctx.nas.accounts.keys.get(int(number)) if number.isdigit() else None
    username = (key and key["username"]) or ""
    response = await login.log_in(ctx, {"mechanism": "API_KEY_PLAIN", "username": username, "api_key": api_key})
    return response["response_type"] == "SUCCESS"


@method("auth.login_with_token")
async def login_with_token(ctx: Context, token: str) -> bool:
    response = await login.log_in(ctx, {"mechanism": "TOKEN_PLAIN", "token": token})
    return response["response_type"] == "SUCCESS"


@method("auth.logout")
async def logout(ctx: Context) -> bool:
    ctx.session.log_out()
    return True


@method("auth.me")
async def me(ctx: Context) -> dict[str, Any]:
    if ctx.session.user is None:
        raise CallError("This is not a session of a user", errno.EFAULT)
    return login.user_info(ctx)


@method("auth.generate_token")
async def generate_token(
    ctx: Context, ttl: int | None, attrs: dict[str, Any], match_origin: bool, single_use: bool = False
) -> str:
    if ctx.session.user is None:
        raise CallError("This is not a session of a user", errno.EFAULT)
    return login.new_token(
        ctx, ctx.session.user, ttl=600 if ttl is None else ttl, single_use=single_use, match_origin=match_origin
    )


@method("auth.mechanism_choices")
async def mechanism_choices(ctx: Context) -> list[str]:
    if not ctx.session.authenticated and not ctx.nas.features.mechanisms_before_login:
        # A defect of these releases: the method looks at the login that does not exist yet.
        raise AttributeError("'NoneType' object has no attribute 'may_create_auth_token'")
    choices = ["API_KEY_PLAIN", "TOKEN_PLAIN", "PASSWORD_PLAIN"]
    return [*choices, "SCRAM"] if ctx.nas.features.scram else choices
