# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import token_actions
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import GoogleError
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.services import DRIVE, DRIVE_READ, PHOTOS

SCOPE = "https://www.googleapis.com/auth/photoslibrary."


@pytest.fixture
def check(world):
    """google_photos_token's check of a token, by default the simulator's own."""

    def check(token=None, **options):
        params = {
            "action": "check",
            "client_secret_file": world.client_secret_file,
            "token": token or Path(world.token_file).read_text(),
            "service": "photos",
            "access": None,
            "read_only": False,
            "expires_on": None,
            **options,
        }
        return token_actions.run(token_actions.client_of(params), params, check_mode=False)

    return check


def test_a_good_token(check, world):
    before = json.loads(Path(world.token_file).read_text())
    result = check()
    assert result["valid"] is True
    assert (result["problem"], result["error"], result["link"]) == (None, None, None)
    assert (result["testing"], result["expires_on"], result["days_left"]) == (None, None, None)
    assert set(PHOTOS.permits) <= set(result["scopes"])
    after = json.loads(result["token"])
    assert after["refresh_token"] == before["refresh_token"]
    assert after["access_token"] != before["access_token"]
    assert datetime.fromisoformat(after["expiry"]) > datetime.now(UTC)
    assert [request["path"] for request in world.requests()] == ["/token", "/v1/albums"]


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"token_error": "invalid_grant"}, "invalid_grant"),
        ({"token_error": "invalid_rapt"}, "invalid_rapt"),
        ({"token_error": "invalid_client"}, "invalid_client"),
        ({"token_error": "unauthorized_client"}, "unauthorized_client"),
        ({"token_error": "deleted_client"}, "deleted_client"),
        ({"token_error": "org_internal"}, "org_internal"),
        ({"token_error": "admin_policy_enforced"}, "admin_policy_enforced"),
    ],
)
def test_what_the_token_endpoint_refuses(check, world, settings, error):
    world.door.post("/settings", **settings)
    result = check()
    assert (result["valid"], result["error"]) == (False, error)
    assert "token" not in result


def test_revoked(check, world):
    world.door.post("/revoke")
    assert check()["error"] == "invalid_grant"


def test_made_by_another_client(check, world):
    other = world.door.post("/clients", seed="other")["installed"]
    token = json.dumps(world.door.post("/tokens", client_id=other["client_id"]))
    assert check(token)["error"] == "unauthorized_client"
    own = {"client_secret_file": None, "client_id": other["client_id"], "client_secret": other["client_secret"]}
    assert check(token, **own)["valid"]


def test_api_not_enabled(check, world):
    world.door.post("/projects", services={"photoslibrary.googleapis.com": "DISABLED"})
    result = check()
    assert (result["valid"], result["error"]) == (False, "SERVICE_DISABLED")
    assert result["link"].startswith("https://console.")
    assert result["token"]  # nothing is wrong with it


@pytest.mark.parametrize("left_out", PHOTOS.permits)
def test_a_box_left_unticked(check, world, left_out):
    token = world.door.post("/tokens", scopes=[scope for scope in PHOTOS.permits if scope != left_out])
    result = check(json.dumps(token))
    assert (result["valid"], result["error"]) == (False, "scopes_missing")
    assert PHOTOS.permits[left_out] in result["problem"]


def test_read_only_is_enough_when_asked_for(check, world):
    token = json.dumps(world.door.post("/tokens", scopes=[SCOPE + "readonly.appcreateddata"]))
    assert check(token, read_only=True)["valid"]
    assert not check(token)["valid"]


def test_an_app_in_testing(check, world):
    world.door.post("/settings", testing=True)
    token = json.dumps(world.door.post("/tokens"))
    world.door.post("/clock", seconds=5 * 86400 + 60)
    result = check(token)
    assert (result["valid"], result["testing"], result["days_left"], result["error"]) == (True, True, 1, "testing")
    end = datetime.fromisoformat(result["expires_on"])
    assert timedelta(days=1, hours=23) < end - datetime.now(UTC) < timedelta(days=2)
    assert f"{end:%Y-%m-%d}" in result["problem"]
    assert result["link"].startswith("https://console.cloud.google.com/auth/audience?project=")
    world.door.post("/clock", seconds=2 * 86400)
    assert check(token)["error"] == "invalid_grant"


def test_a_date_known_from_before(check):
    end = datetime.now(UTC) + timedelta(days=3, minutes=1)
    result = check(expires_on=end.isoformat())
    assert (result["valid"], result["testing"], result["days_left"]) == (True, None, 3)
    assert result["error"] == "time_limited"


def test_a_date_that_is_none(check):
    with pytest.raises(GoogleError, match="not a time"):
        check(expires_on="soon")


def test_a_defective_token_reaches_nobody(check, world):
    result = check('{"access_token":"a"}')
    assert (result["valid"], result["error"]) == (False, "token")
    assert "no refresh_token" in result["problem"]
    assert world.requests() == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"host": "photoslibrary.googleapis.com", "status": 401}, "UNAUTHENTICATED"),
        ({"host": "photoslibrary.googleapis.com", "status": 403}, "PERMISSION_DENIED"),
    ],
)
def test_what_the_api_refuses(check, world, fault, error):
    world.faults(**fault)
    result = check()
    assert (result["valid"], result["error"]) == (False, error)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"host": "photoslibrary.googleapis.com", "status": 429}, "RESOURCE_EXHAUSTED"),
        ({"host": "photoslibrary.googleapis.com", "status": 200, "body": "<html>"}, None),
        ({"host": "oauth2.googleapis.com", "status": 503, "times": None}, "http_503"),
        ({"host": "oauth2.googleapis.com", "drop": "before", "times": None}, "unreachable"),
        ({"host": "photoslibrary.googleapis.com", "drop": "before", "times": None}, "unreachable"),
    ],
)
def test_no_verdict_without_an_answer(check, world, fault, error):
    world.faults(**fault)
    with pytest.raises(GoogleError) as caught:
        check()
    assert caught.value.problem.temporary
    assert error in (None, caught.value.problem.code)


def test_a_hiccup_is_passed_over(check, world):
    world.faults(host="oauth2.googleapis.com", status=503, times=1)
    world.faults(host="photoslibrary.googleapis.com", drop="before", times=1)
    assert check()["valid"]


def test_an_untrusted_certificate_is_unreachable(check, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(GoogleError, match=r"Cannot reach .* .SSLError.*REQUESTS_CA_BUNDLE"):
        check()


@pytest.fixture
def drive(world):
    """Tokens for Google Drive, whose API is enabled."""
    world.door.post("/projects", services={"drive.googleapis.com": "ENABLED"})
    return lambda *scopes: json.dumps(world.door.post("/tokens", scopes=list(scopes)))


@pytest.mark.parametrize(
    ("scope", "access", "valid"),
    [
        (DRIVE_READ, None, True),
        (DRIVE, None, True),
        (DRIVE_READ, "write", False),
        (DRIVE, "write", True),
        (SCOPE + "appendonly", None, False),
    ],
)
def test_drive_by_access(check, world, drive, scope, access, valid):
    result = check(drive(scope), service="drive", access=access)
    assert result["valid"] is valid
    assert result["error"] == (None if valid else "scopes_missing")
    if valid:
        assert world.requests()[-1]["path"] == "/drive/v3/about"
    else:
        assert "all files in Google Drive" in result["problem"]


def test_a_token_for_drive_is_none_for_photos(check, drive):
    assert check(drive(DRIVE))["error"] == "scopes_missing"


def test_drive_not_enabled(check, world, drive):
    token = drive(DRIVE_READ)
    world.door.post("/projects", services={"drive.googleapis.com": "DISABLED"})
    result = check(token, service="drive")
    assert (result["valid"], result["error"]) == (False, "SERVICE_DISABLED")
    assert result["problem"].startswith("The Google Drive API is not enabled")
    assert "drive.googleapis.com" in result["link"]


@pytest.mark.parametrize("reason", ["userRateLimitExceeded", "rateLimitExceeded"])
def test_too_much_for_drive_tells_nothing_about_the_token(check, world, drive, reason):
    world.faults(host="www.googleapis.com", reason=reason, times=None)
    with pytest.raises(GoogleError, match="more requests within a minute than Google Drive allows"):
        check(drive(DRIVE_READ), service="drive")


def test_options_that_contradict_each_other(check):
    with pytest.raises(GoogleError, match="read_only=true and access=write contradict each other"):
        check(read_only=True, access="write")
