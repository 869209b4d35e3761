# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OAuth flow of a Desktop app: PKCE, loopback redirect, lasting access.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import json
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from ansible_collections.nasops.cloudsync.plugins.module_utils._google.bounded import BoundedAdapter
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.client import OAuthClient
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import (
    GoogleError,
    Problem,
    browser_problem,
    json_object,
    oauth_problem,
    token_endpoint_problem,
    unreachable,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.services import SERVICES, Service
from ansible_collections.nasops.cloudsync.plugins.module_utils._rclone_token import RcloneToken, format_expiry

GOOGLE_IMPORT_ERROR: str | None = None
try:
    import requests
    from google_auth_oauthlib.flow import Flow
    from urllib3.util import Retry
except ImportError:
    GOOGLE_IMPORT_ERROR = traceback.format_exc()

if TYPE_CHECKING:
    from requests_oauthlib import OAuth2Session

_REVOKE = "https://oauth2.googleapis.com/revoke"
_TIMEOUT = 30  # seconds, for one request
_TESTING_LIFETIME = timedelta(days=7)  # what Google gives the tokens of an app in Testing


@dataclass(frozen=True)
class Session:
    """What a second process needs to finish what a first one started. Secret: with the answer it makes a token."""

    state: str = field(repr=False)
    code_verifier: str = field(repr=False)
    redirect_uri: str
    service: str
    access: str

    def text(self) -> str:
        """One opaque word."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def parse(cls, text: str) -> Session:
        """The session of a text() of it. Raises GoogleError."""
        try:
            session = cls(**json.loads(base64.urlsafe_b64decode(text.strip())))
            if session.access not in session.asked.scopes:
                raise ValueError(session.access)
        except (ValueError, TypeError, KeyError):
            raise GoogleError(
                Problem("session", "The session is not one that 'start' returned. Give it whole and unchanged")
            ) from None
        return session

    @property
    def asked(self) -> Service:
        """What the token is to be for."""
        return SERVICES[self.service]


@dataclass(frozen=True)
class Grant:
    """What the token endpoint granted.

    `expires_on` is set when Google says that the refresh token is time-limited; `testing` then says whether by so
    little that the app must be in Testing. Nobody knows when Google names no limit.
    """

    token: RcloneToken
    scopes: list[str]
    expires_on: datetime | None
    testing: bool | None


def start(client: OAuthClient, redirect_uri: str, *, service: str, access: str) -> tuple[str, Session]:
    """The address to open in a browser, and the session that finishes what it begins."""
    client.require_desktop()
    flow = Flow.from_client_config(client.config(), SERVICES[service].scopes[access], redirect_uri=redirect_uri)
    # With prompt=consent a refresh token comes back even if the person has approved this app before.
    url, state = flow.authorization_url(access_type="offline", prompt="consent")
    return url, Session(state, flow.code_verifier, redirect_uri, service, access)


def answer_code(response: str, session: Session, project: str | None) -> str:
    """The code in the address that the browser ended on. Raises GoogleError for a refusal or a wrong address."""
    response = response.strip()
    query = {name: values[0] for name, values in parse_qs(urlsplit(response).query).items()}
    if "state" not in query and "code" not in query and "error" not in query:
        raise GoogleError(browser_problem(response, project, session.asked) or _not_an_answer())
    if query.get("state") != session.state:
        raise GoogleError(
            Problem(
                "state_mismatch",
                "The address belongs to another attempt. Open the newest address and give the one where it ends",
            )
        )
    if "error" in query:
        raise GoogleError(oauth_problem(query["error"], project, session.asked))
    if not query.get("code"):
        raise GoogleError(_not_an_answer())
    return query["code"]


def _not_an_answer() -> Problem:
    return Problem(
        "not_an_answer",
        "That is not the address that the browser ended on. After the approval it shows an address that begins with "
        "http://127.0.0.1 and holds 'state=' and 'code=', even if the page itself cannot be shown: copy all of it",
    )


def finish(client: OAuthClient, session: Session, response: str) -> Grant:
    """Exchange the browser's answer for a token. Raises GoogleError."""
    code = answer_code(response, session, client.project)
    flow = Flow.from_client_config(
        client.config(),
        session.asked.scopes[session.access],
        redirect_uri=session.redirect_uri,
        code_verifier=session.code_verifier,
    )
    flow.oauth2session.register_compliance_hook(
        "access_token_response", _refuse(client, session.asked, refreshing=False)
    )
    try:
        with flow.oauth2session as http:
            http.mount("https://", BoundedAdapter())
            answer = flow.fetch_token(code=code, timeout=_TIMEOUT)
    except Warning as scope_changed:  # oauthlib's way to say that the granted scopes are not the requested ones
        answer = scope_changed.token  # type: ignore[attr-defined]
    except requests.RequestException as error:
        raise GoogleError(unreachable(_host(client), error)) from None
    grant = _grant(answer, datetime.now(UTC))
    missing = session.asked.missing_scopes(grant.scopes, session.access)
    if missing:
        raise GoogleError(scopes_problem(missing, session.asked))
    return grant


def http_session(client: OAuthClient, service: Service) -> OAuth2Session:
    """An HTTP session for refresh() and what comes after it; to be closed."""
    http = Flow.from_client_config(client.config(), None).oauth2session
    http.mount("https://", BoundedAdapter(max_retries=_retries()))
    http.register_compliance_hook("refresh_token_response", _refuse(client, service, refreshing=True))
    return http


def refresh(http: OAuth2Session, client: OAuthClient, token: RcloneToken) -> Grant:
    """A new access token, which `http` then uses. Raises GoogleError."""
    try:
        answer = http.refresh_token(
            client.token_uri,
            refresh_token=token.refresh_token,
            auth=(client.client_id, client.client_secret),
            timeout=_TIMEOUT,
        )
    except requests.RequestException as error:
        raise GoogleError(unreachable(_host(client), error)) from None
    return _grant(answer, datetime.now(UTC))


def revoke(token: RcloneToken) -> bool:
    """Take the access away that a token gives; whether there was any left. Raises GoogleError."""
    with requests.Session() as http:
        http.mount("https://", BoundedAdapter(max_retries=_retries()))
        try:
            answer = http.post(_REVOKE, data={"token": token.refresh_token}, timeout=_TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            raise GoogleError(unreachable(urlsplit(_REVOKE).hostname or _REVOKE, error)) from None
    if answer.status_code == 200:
        return True
    if answer.status_code == 400 and json_object(answer.text).get("error") == "invalid_token":
        return False
    raise GoogleError(
        Problem(
            "not_revoked",
            f"Google did not revoke the token (HTTP status {answer.status_code}). Run this again, or remove the app on "
            "the page of the link",
            "https://myaccount.google.com/connections",
        )
    )


def scopes_problem(missing: list[str], service: Service) -> Problem:
    """Boxes on the consent page that were left unticked."""
    return Problem(
        "scopes_missing",
        "On Google's page the permission to "
        + " and to ".join(service.permits[scope] for scope in missing)
        + " was not given. Start again and tick every box",
    )


def _grant(answer: dict[str, Any], now: datetime) -> Grant:
    token = RcloneToken(
        access_token=answer["access_token"],
        refresh_token=answer.get("refresh_token", ""),
        expiry=format_expiry(now + timedelta(seconds=int(answer.get("expires_in", 3600)))),
        token_type=answer.get("token_type", "Bearer"),
    )
    scope = answer.get("scope", [])
    limit = answer.get("refresh_token_expires_in")
    lifetime = timedelta(seconds=int(limit)) if limit else None
    return Grant(
        token=RcloneToken.parse(token.text()),  # the same rules for a token of our own making
        scopes=sorted(scope.split() if isinstance(scope, str) else scope),
        expires_on=now + lifetime if lifetime else None,
        testing=lifetime <= _TESTING_LIFETIME if lifetime else None,
    )


def _is_grant(answer: Mapping[str, Any]) -> bool:
    """Whether an answer holds a token, with nothing in it that oauthlib or we would stumble over."""
    texts = (answer.get(name, "") for name in ("refresh_token", "token_type", "scope"))
    seconds = (str(answer.get(name, 0)) for name in ("expires_in", "refresh_token_expires_in"))
    return (
        bool(answer.get("access_token"))
        and all(isinstance(text, str) for text in (answer["access_token"], *texts))
        and all(text.isdecimal() and len(text) < 10 for text in seconds)
    )


def _refuse(client: OAuthClient, service: Service, *, refreshing: bool) -> Any:
    """A hook that turns everything but a token into a GoogleError, before oauthlib guesses at it."""

    def hook(response: requests.Response) -> requests.Response:
        if response.status_code != 200 or not _is_grant(json_object(response.text)):
            raise GoogleError(
                token_endpoint_problem(
                    response.status_code,
                    response.text,
                    project=client.project,
                    refreshing=refreshing,
                    service=service,
                )
            )
        return response

    return hook


def _retries() -> Retry:
    return Retry(
        total=2,
        backoff_factor=0.5,
        status_forcelist=(500, 502, 503, 504),
        allowed_methods=None,  # refreshing is a POST, and harmless to repeat
        raise_on_status=False,
    )


def _host(client: OAuthClient) -> str:
    return urlsplit(client.token_uri).hostname or client.token_uri
