# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What google_photos_token does, from its options to its return values.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import oauth, token_check
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.addresses import LOOPBACK
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.client import OAuthClient
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import (
    GoogleError,
    Problem,
    limited_problem,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.services import SERVICES
from ansible_collections.nasops.cloudsync.plugins.module_utils._rclone_token import (
    RcloneToken,
    TokenError,
    format_expiry,
)

_NO_PROBLEM = {"problem": None, "error": None, "link": None}


def secrets(params: Mapping[str, Any]) -> set[str]:
    """The secrets within the options that are not one as a whole: the parts of a token and of a session."""
    found: set[str] = set()
    with contextlib.suppress(TokenError):
        found |= RcloneToken.parse(params["token"] or "", require_expiry=False, require_refresh=False).secrets()
    with contextlib.suppress(GoogleError):
        found.add(oauth.Session.parse(params["session"] or "").code_verifier)
    return found


def client_of(params: Mapping[str, Any]) -> OAuthClient:
    """The OAuth client that the options tell of. Raises ClientError."""
    if params["client_secret_file"]:
        return OAuthClient.from_file(params["client_secret_file"])
    return OAuthClient(params["client_id"], params["client_secret"])


def run(client: OAuthClient, params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """The module's result. Raises ClientError and GoogleError."""
    if params["action"] == "start":
        return _start(client, params)
    if params["action"] == "check":
        return _check(client, params)
    if params["action"] == "revoke":
        return _revoke(params, check_mode)
    client.require_desktop()
    if params["action"] == "finish":
        return _finish(client, params, check_mode)
    if check_mode:
        return {"changed": True, **_NO_PROBLEM}
    raise GoogleError(
        Problem("listen", "'listen' waits on the controller: run it as a task of its own, not through another action")
    )


def describe(problem: Problem | None) -> dict[str, Any]:
    """A problem as return values."""
    if problem is None:
        return _NO_PROBLEM
    return {"problem": problem.message, "error": problem.code, "link": problem.link}


def _start(client: OAuthClient, params: Mapping[str, Any]) -> dict[str, Any]:
    url, session = oauth.start(client, f"http://{LOOPBACK}:{params['port']}/", **_asked(params))
    return {"changed": False, "authorization_url": url, "session": session.text()}


def _finish(client: OAuthClient, params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    session = oauth.Session.parse(params["session"])
    if check_mode:
        oauth.answer_code(params["authorization_response"], session, client.project)
        return {"changed": True, **_NO_PROBLEM}
    grant = oauth.finish(client, session, params["authorization_response"])
    return {"changed": True, **_describe_grant(grant, grant.expires_on, client)}


def _check(client: OAuthClient, params: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {"changed": False, "valid": False}
    known_end = _known_end(params["expires_on"])
    try:
        token = RcloneToken.parse(params["token"])
    except TokenError as error:
        return {**result, **describe(Problem("token", str(error)))}
    asked = _asked(params)
    verdict = token_check.check(client, token, service=SERVICES[asked["service"]], access=asked["access"])
    if verdict.grant:
        result.update(_describe_grant(verdict.grant, verdict.grant.expires_on or known_end, client))
    if verdict.problem:
        result.update(describe(verdict.problem))
    return {**result, "valid": verdict.problem is None}


def _revoke(params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    try:
        token = RcloneToken.parse(params["token"], require_expiry=False)
    except TokenError as error:
        raise GoogleError(Problem("token", str(error))) from None
    return {"changed": True if check_mode else oauth.revoke(token), **_NO_PROBLEM}


def _describe_grant(grant: oauth.Grant, expires_on: datetime | None, client: OAuthClient) -> dict[str, Any]:
    problem = limited_problem(expires_on, bool(grant.testing), client.project) if expires_on else None
    return {
        "token": grant.token.text(),
        "scopes": grant.scopes,
        "expires_on": format_expiry(expires_on) if expires_on else None,
        "days_left": max((expires_on - datetime.now(UTC)).days, 0) if expires_on else None,
        "testing": grant.testing,
        **describe(problem),
    }


def _asked(params: Mapping[str, Any]) -> dict[str, str]:
    """What the token is for. Raises GoogleError for options that contradict each other."""
    service = params["service"]
    access = params["access"] or ("read" if params["read_only"] else SERVICES[service].default_access)
    if params["read_only"] and access != "read":
        raise GoogleError(Problem("access", "read_only=true and access=write contradict each other. Give one of them"))
    return {"service": service, "access": access}


def _known_end(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except ValueError:
        raise GoogleError(
            Problem("expires_on", "The option expires_on is not a time as in 2026-01-31T12:00:00Z")
        ) from None
