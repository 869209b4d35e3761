# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import console
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import GoogleError

PROJECT = "simulated-nas-photos"
ENABLED = {"project": "ACTIVE", "service": "ENABLED"}
DISABLED = {"project": "ACTIVE", "service": "DISABLED"}
MISSING = {"project": None, "service": None}


@pytest.fixture
def service_account(world):
    return console.credentials(world.service_account_file)


@pytest.fixture
def person(world, client, monkeypatch, tmp_path):
    """What `gcloud auth application-default login` leaves behind."""
    token = world.door.post("/tokens", scopes=["https://www.googleapis.com/auth/cloud-platform"])
    file = tmp_path / "application_default_credentials.json"
    file.touch(mode=0o600)
    login = {"client_id": client.client_id, "client_secret": client.client_secret}
    file.write_text(json.dumps({"type": "authorized_user", "refresh_token": token["refresh_token"], **login}))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    return console.credentials(None)


def enable_api(credentials, project=PROJECT, *, create=False, parent=None, check=False, timeout=10):
    return console.enable_api(
        console.Console(credentials, project, timeout), create_project=create, parent=parent, check_mode=check
    )


def disable(world):
    world.door.post("/projects", services={"photoslibrary.googleapis.com": "DISABLED"})


def writes(world):
    return [
        request["path"] for request in world.requests() if request["method"] == "POST" and request["path"] != "/token"
    ]


def test_nothing_to_do(world, service_account):
    assert enable_api(service_account) == (ENABLED, ENABLED)
    assert writes(world) == []


def test_enable_and_be_content(world, service_account):
    disable(world)
    assert enable_api(service_account, check=True) == (DISABLED, ENABLED)
    assert writes(world) == []
    world.door.post("/settings", operation_seconds=0.7)
    assert enable_api(service_account) == (DISABLED, ENABLED)
    assert writes(world) == [f"/v1/projects/{PROJECT}/services/photoslibrary.googleapis.com:enable"]
    assert enable_api(service_account) == (ENABLED, ENABLED)


def test_create_a_project_and_be_content(world, person):
    assert enable_api(person, "brand-new-photos", create=True, check=True) == (MISSING, ENABLED)
    assert writes(world) == []
    world.door.post("/settings", operation_seconds=0.7)
    assert enable_api(person, "brand-new-photos", create=True) == (MISSING, ENABLED)
    assert "/v3/projects" in writes(world)
    assert enable_api(person, "brand-new-photos", create=True) == (ENABLED, ENABLED)


def test_a_service_account_creates_below_a_parent(world, service_account):
    with pytest.raises(GoogleError, match="without a parent"):
        enable_api(service_account, "brand-new-photos", create=True)
    assert enable_api(service_account, "brand-new-photos", create=True, parent="folders/1")[1] == ENABLED


@pytest.mark.parametrize(
    ("project", "create", "settings", "code"),
    [
        ("not-there-at-all", False, {}, "PERMISSION_DENIED"),
        ("brand-new-photos", True, {"terms_accepted": False}, "TERMS_OF_SERVICE"),
        ("X", True, {}, "INVALID_ARGUMENT"),
        (PROJECT, False, {"token_error": "invalid_grant"}, "credentials"),
    ],
)
def test_refusals(world, person, project, create, settings, code):
    world.door.post("/settings", **settings)
    with pytest.raises(GoogleError) as caught:
        enable_api(person, project, create=create)
    assert caught.value.problem.code == code


def test_a_project_of_somebody_else(world, person):
    world.door.post("/projects", project_id="taken-by-others", members=["ben@example.com"])
    with pytest.raises(GoogleError) as caught:
        enable_api(person, "taken-by-others", create=True)
    assert caught.value.problem.code == "ALREADY_EXISTS"


def test_an_operation_that_does_not_end(world, service_account):
    disable(world)
    world.door.post("/settings", operation_seconds=3600)
    with pytest.raises(GoogleError, match="has not finished within 1 seconds"):
        enable_api(service_account, timeout=1)


def test_an_operation_that_fails(world, service_account):
    disable(world)
    body = {"name": "operations/x", "done": True, "error": {"code": 7, "message": "No."}}
    world.faults(host="serviceusage.googleapis.com", method="POST", status=200, body=body)
    with pytest.raises(GoogleError) as caught:
        enable_api(service_account)
    assert caught.value.problem.code == "PERMISSION_DENIED"


def test_no_network(world, service_account):
    world.faults(host="serviceusage.googleapis.com", drop="before", times=None)
    with pytest.raises(GoogleError) as caught:
        enable_api(service_account)
    assert caught.value.problem.code == "unreachable"


@pytest.mark.parametrize(
    ("content", "words"), [(None, "No such file"), ("{}", "not the JSON key"), ("no", "not the JSON key")]
)
def test_keys_that_cannot_be_used(tmp_path, content, words):
    file = tmp_path / "key.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(GoogleError, match=words):
        console.credentials(str(file))


def test_no_credentials_at_all(world, monkeypatch, tmp_path):
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    with pytest.raises(GoogleError, match="application-default login"):
        console.credentials(None)
