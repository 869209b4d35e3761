# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The console's APIs, as a service account and a person use them through google-auth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import google.auth.transport.requests
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2 import service_account

from simulator.fixture import SimulatedGoogle
from simulator.google.state import PROJECT_ID, SCOPE

PHOTOS = "photoslibrary.googleapis.com"
SERVICE = f"https://serviceusage.googleapis.com/v1/projects/{PROJECT_ID}/services/{PHOTOS}"
PROJECTS = "https://cloudresourcemanager.googleapis.com/v3/projects"


class Caller:
    """Sends requests with a bearer token."""

    def __init__(self, session: requests.Session, token: str) -> None:
        self._session = session
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, url: str) -> requests.Response:
        return self._session.get(url, headers=self._headers)

    def post(self, url: str, body: dict[str, Any] | None = None) -> requests.Response:
        return self._session.post(url, json=body or {}, headers=self._headers)


def log_in(google: SimulatedGoogle, session: requests.Session, **changes: str) -> Caller:
    """A service account; `changes` of its key file spoil it."""
    key = json.loads(Path(google.service_account_file).read_text()) | changes
    credentials = service_account.Credentials.from_service_account_info(key, scopes=[f"{SCOPE}cloud-platform"])
    credentials.refresh(google_transport(session))
    return Caller(session, credentials.token)


def google_transport(session: requests.Session) -> google.auth.transport.requests.Request:
    return google.auth.transport.requests.Request(session)


@pytest.fixture
def robot(google: SimulatedGoogle, session: requests.Session) -> Caller:
    return log_in(google, session)


@pytest.fixture
def person(google: SimulatedGoogle, session: requests.Session) -> Caller:
    token = google.door.post("/tokens", scopes=[f"{SCOPE}cloud-platform"])
    return Caller(session, token["access_token"])


def error_of(response: requests.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["status"]


def test_state_of_a_service(google: SimulatedGoogle, robot: Caller) -> None:
    assert robot.get(SERVICE).json()["state"] == "ENABLED"
    google.door.post("/projects", services={PHOTOS: "DISABLED"})
    assert robot.get(SERVICE).json()["state"] == "DISABLED"


def test_enabling_takes_its_time(google: SimulatedGoogle, robot: Caller) -> None:
    google.door.post("/projects", services={PHOTOS: "DISABLED"})
    google.door.post("/settings", operation_seconds=30)

    operation = robot.post(f"{SERVICE}:enable").json()

    assert operation["done"] is False
    poll = f"https://serviceusage.googleapis.com/v1/{operation['name']}"
    assert robot.get(poll).json()["done"] is False
    assert robot.get(SERVICE).json()["state"] == "DISABLED"
    google.door.post("/clock", seconds=30)
    assert robot.get(poll).json()["response"]["service"]["state"] == "ENABLED"
    assert robot.get(SERVICE).json()["state"] == "ENABLED"


def test_enabling_what_is_enabled_is_done_at_once(robot: Caller) -> None:
    operation = robot.post(f"{SERVICE}:enable").json()

    assert (operation["name"], operation["done"]) == ("operations/noop.DONE_OPERATION", True)


def test_strangers_may_not(google: SimulatedGoogle, robot: Caller) -> None:
    google.door.post("/projects", members=[])

    assert error_of(robot.get(SERVICE)) == (403, "PERMISSION_DENIED")
    assert error_of(robot.post(f"{SERVICE}:enable")) == (403, "PERMISSION_DENIED")
    assert error_of(robot.get(SERVICE.replace(PROJECT_ID, "no-such-project"))) == (403, "PERMISSION_DENIED")
    assert error_of(robot.get(f"{PROJECTS}/{PROJECT_ID}")) == (403, "PERMISSION_DENIED")


def test_unknown_services_and_operations(robot: Caller) -> None:
    assert error_of(robot.get(SERVICE.replace(PHOTOS, "nonsense.googleapis.com"))) == (404, "NOT_FOUND")
    assert error_of(robot.get("https://serviceusage.googleapis.com/v1/operations/none")) == (404, "NOT_FOUND")


def test_the_scope_of_photos_does_not_serve_here(google: SimulatedGoogle, session: requests.Session) -> None:
    response = Caller(session, google.door.post("/tokens")["access_token"]).get(SERVICE)

    assert error_of(response) == (403, "PERMISSION_DENIED")
    assert response.json()["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_a_service_account_has_no_photos(robot: Caller) -> None:
    assert error_of(robot.get(f"https://{PHOTOS}/v1/albums")) == (403, "PERMISSION_DENIED")


def test_a_person_makes_a_project(person: Caller) -> None:
    operation = person.post(PROJECTS, {"projectId": "my-new-project", "displayName": "Mine"}).json()

    done = person.get(f"https://cloudresourcemanager.googleapis.com/v3/{operation['name']}").json()
    assert done["response"]["projectId"] == "my-new-project"
    assert person.get(f"{PROJECTS}/my-new-project").json()["state"] == "ACTIVE"
    service = SERVICE.replace(PROJECT_ID, "my-new-project")
    assert person.get(service).json()["state"] == "DISABLED"
    person.post(f"{service}:enable")
    assert person.get(service).json()["state"] == "ENABLED"


def test_projects_that_cannot_be_made(google: SimulatedGoogle, person: Caller, robot: Caller) -> None:
    assert error_of(person.post(PROJECTS, {"projectId": PROJECT_ID})) == (409, "ALREADY_EXISTS")
    assert error_of(person.post(PROJECTS, {"projectId": "X"})) == (400, "INVALID_ARGUMENT")
    assert "without a parent" in robot.post(PROJECTS, {"projectId": "robot-project"}).text

    google.door.post("/settings", terms_accepted=False)

    assert "Callers must accept Terms of Service" in person.post(PROJECTS, {"projectId": "my-new-project"}).text


def test_a_foreign_service_account(google: SimulatedGoogle, session: requests.Session) -> None:
    with pytest.raises(RefreshError, match="Invalid JWT"):
        log_in(google, session, client_email="robot@another-project.iam.gserviceaccount.com")
