# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Consent page and token endpoint, used through Google's own libraries."""

from __future__ import annotations

from typing import Any

import google.auth.transport.requests
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import Flow

from simulator.fixture import SimulatedGoogle
from simulator.google.consent import CONSENT_ERRORS
from simulator.google.grants import MAX_REFRESH_TOKENS
from simulator.google.state import PHOTOS_SCOPES, SCOPE
from simulator.google.token_endpoint import TOKEN_ERRORS
from simulator.google.visitor import Blocked, Visitor
from simulator.tests.google.harness import client_of

LISTENER = "http://127.0.0.1:8765/"
WEEK = 7 * 24 * 3600


class App:
    """A desktop app that asks for the scopes of Photos, as google-auth-oauthlib writes them."""

    def __init__(self, google: SimulatedGoogle, session: requests.Session, visitor: Visitor) -> None:
        self.client = client_of(google)
        self.redirect_uri = LISTENER
        self.scopes = ["openid", *PHOTOS_SCOPES]
        self._session = session
        self._visitor = visitor

    def flow(self) -> Flow:
        config = {"installed": self.client}
        flow = Flow.from_client_config(
            config, self.scopes, redirect_uri=self.redirect_uri, autogenerate_code_verifier=True
        )
        flow.oauth2session.trust_env = False
        flow.oauth2session.proxies = self._session.proxies
        flow.oauth2session.verify = self._session.verify
        return flow

    def consent(self, flow: Flow, **choices: Any) -> str:
        """Where the browser ends. The listener does not exist, as when a person pastes the address."""
        url, _state = flow.authorization_url(access_type="offline", prompt="consent", **choices.pop("asks", {}))
        return self._visitor.visit(url, deliver=False, **choices).address

    def token(self, **choices: Any) -> dict[str, Any]:
        flow = self.flow()
        return self.exchange(flow, self.consent(flow, **choices))

    def exchange(self, flow: Flow, address: str) -> dict[str, Any]:
        return flow.fetch_token(authorization_response=address.replace("http://", "https://", 1))

    def refresh(self, refresh_token: str) -> Credentials:
        credentials = Credentials(
            None,
            refresh_token=refresh_token,
            token_uri=self.client["token_uri"],
            client_id=self.client["client_id"],
            client_secret=self.client["client_secret"],
        )
        credentials.refresh(google.auth.transport.requests.Request(self._session))
        return credentials


@pytest.fixture
def app(google: SimulatedGoogle, session: requests.Session, visitor: Visitor) -> App:
    return App(google, session, visitor)


def test_code_and_refresh(google: SimulatedGoogle, app: App) -> None:
    token = app.token()

    assert token["expires_in"] == 3599
    assert "refresh_token_expires_in" not in token
    assert set(token["scope"]) == {"openid", *PHOTOS_SCOPES}
    assert token["id_token"].count(".") == 2
    fresh = app.refresh(token["refresh_token"])
    assert fresh.token not in (None, token["access_token"])
    assert fresh.refresh_token == token["refresh_token"]
    form = next(request["form"] for request in google.requests() if request["path"] == "/token")
    assert form["code_verifier"] == form["code"] == "***"


def test_a_hint_skips_the_choice_of_an_account(google: SimulatedGoogle, app: App) -> None:
    app.token(asks={"login_hint": "ben@example.com"})

    assert "/signin/account" not in {request["path"] for request in google.requests()}


def test_google_spells_identity_scopes_out(app: App) -> None:
    """So oauthlib warns of a change of scope, unless told to accept it."""
    app.scopes.append("profile")

    with pytest.raises(Warning, match="Scope has changed") as caught:
        app.token()

    assert f"{SCOPE}userinfo.profile" in caught.value.token["scope"]  # type: ignore[attr-defined]


def test_without_offline_access_there_is_no_refresh_token(app: App) -> None:
    flow = app.flow()
    url, _state = flow.authorization_url(access_type="online")
    address = app._visitor.visit(url, deliver=False).address

    assert "refresh_token" not in app.exchange(flow, address)


def test_a_code_serves_once(app: App) -> None:
    flow = app.flow()
    address = app.consent(flow)
    app.exchange(flow, address)

    with pytest.raises(Exception, match="Malformed auth code"):
        app.exchange(flow, address)


def test_a_code_dies_after_ten_minutes(google: SimulatedGoogle, app: App) -> None:
    flow = app.flow()
    address = app.consent(flow)
    google.door.post("/clock", seconds=601)

    with pytest.raises(Exception, match="invalid_grant"):
        app.exchange(flow, address)


@pytest.mark.parametrize(("verifier", "message"), [("x" * 43, "Invalid code verifier"), ("", "Missing code verifier")])
def test_the_code_belongs_to_its_verifier(app: App, verifier: str, message: str) -> None:
    flow = app.flow()
    address = app.consent(flow)
    flow.code_verifier = verifier

    with pytest.raises(Exception, match=message):
        app.exchange(flow, address)


def test_cancel_goes_back_to_the_app(app: App) -> None:
    address = app.consent(app.flow(), cancel=True)

    assert address.startswith(LISTENER)
    assert "error=access_denied" in address
    assert "code=" not in address


def test_unticked_scopes_are_missing_from_the_grant(app: App) -> None:
    flow = app.flow()
    with pytest.raises(Warning, match="Scope has changed") as caught:
        app.exchange(flow, app.consent(flow, untick=["appendonly", "edit.appcreateddata"]))

    assert set(caught.value.token["scope"]) == {"openid", PHOTOS_SCOPES[1]}  # type: ignore[attr-defined]


def test_apps_in_testing_get_a_week(google: SimulatedGoogle, app: App) -> None:
    google.door.post("/settings", testing=True)
    token = app.token()
    assert token["refresh_token_expires_in"] == 604799

    google.door.post("/settings", testing=False)
    google.door.post("/clock", seconds=WEEK - 3600)
    app.refresh(token["refresh_token"])
    google.door.post("/clock", seconds=3600)
    with pytest.raises(RefreshError, match="expired or revoked"):
        app.refresh(token["refresh_token"])


def test_apps_in_testing_let_only_testers_in(google: SimulatedGoogle, app: App) -> None:
    google.door.post("/accounts", accounts=[{"email": "eve@example.com", "name": "Eve", "tester": False}])
    assert app.token()
    google.door.post("/settings", testing=True)

    with pytest.raises(Blocked, match="Error 403: access_denied"):
        app.token()


def test_revoking_ends_every_token_of_project_and_person(app: App, session: requests.Session) -> None:
    ada, other, ben = app.token(), app.token(), app.token(account="ben@example.com")

    answer = session.post("https://oauth2.googleapis.com/revoke", params={"token": ada["access_token"]})

    assert answer.status_code == 200
    with pytest.raises(RefreshError, match="invalid_grant"):
        app.refresh(other["refresh_token"])
    app.refresh(ben["refresh_token"])
    again = session.post("https://oauth2.googleapis.com/revoke", params={"token": ada["access_token"]})
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


def test_the_oldest_of_too_many_refresh_tokens_ends(google: SimulatedGoogle, app: App) -> None:
    oldest = app.token(account="ben@example.com")
    for dummy in range(MAX_REFRESH_TOKENS - 1):
        google.door.post("/tokens", account="ben@example.com")
    app.refresh(oldest["refresh_token"])

    google.door.post("/tokens", account="ben@example.com")

    with pytest.raises(RefreshError, match="invalid_grant"):
        app.refresh(oldest["refresh_token"])


@pytest.mark.parametrize("error", CONSENT_ERRORS)
def test_errors_that_only_the_browser_shows(google: SimulatedGoogle, app: App, error: str) -> None:
    google.door.post("/settings", consent_error=error)

    with pytest.raises(Blocked, match=f"Error {CONSENT_ERRORS[error][0]}: {error}"):
        app.token()


@pytest.mark.parametrize("error", TOKEN_ERRORS)
def test_errors_of_the_token_endpoint(google: SimulatedGoogle, app: App, error: str) -> None:
    token = app.token()
    google.door.post("/settings", token_error=error)

    with pytest.raises(RefreshError) as caught:
        app.refresh(token["refresh_token"])

    # google-auth has words of its own for one of them.
    expected = "Reauthentication is needed" if error == "invalid_rapt" else TOKEN_ERRORS[error].body["error"]
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"redirect_uri": "http://nas.example.com/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}, "invalid_request"),
        ({"scopes": ["https://www.googleapis.com/auth/unheard.of"]}, "invalid_scope"),
        ({"scopes": [PHOTOS_SCOPES[0], f"{SCOPE}drive"]}, "invalid_request"),
    ],
)
def test_what_must_not_be_asked(app: App, asked: dict[str, Any], error: str) -> None:
    vars(app).update(asked)

    with pytest.raises(Blocked, match=error):
        app.token()


def test_a_web_client_goes_back_only_where_it_is_registered(google: SimulatedGoogle, app: App) -> None:
    uri = "https://app.example.com/back"
    app.client = google.door.post("/clients", seed="web", kind="web", redirect_uris=[uri])["web"]
    with pytest.raises(Blocked, match="redirect_uri_mismatch"):
        app.token()

    app.redirect_uri = uri

    assert app.consent(app.flow()).startswith(uri)
