# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Google Cloud console's two APIs: projects (Resource Manager) and what is enabled in them (Service Usage).

PRIVATE to the collection.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.nasops.cloudsync.plugins.module_utils._google.bounded import BoundedAdapter
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import (
    GoogleError,
    Problem,
    console_problem,
    json_object,
    unreachable,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.services import PHOTOS, Service

GOOGLE_IMPORT_ERROR: str | None = None
try:
    import google.auth
    import requests
    from google.auth.exceptions import GoogleAuthError
    from google.auth.transport.requests import AuthorizedSession, Request
    from google.oauth2 import credentials as user_credentials
    from google.oauth2 import service_account
except ImportError:
    GOOGLE_IMPORT_ERROR = traceback.format_exc()

_SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
_RESOURCE_MANAGER = "https://cloudresourcemanager.googleapis.com/v3"
_SERVICE_USAGE = "https://serviceusage.googleapis.com/v1"
_TIMEOUT = 30  # seconds, for one request
_RPC_CODES = {6: 409, 7: 403, 8: 429, 16: 401}  # google.rpc.Code in operations -> the HTTP status it stands for


def credentials(service_account_file: str | None) -> Any:
    """Credentials from the key file, or as google-auth finds them. Raises GoogleError."""
    try:
        if service_account_file:
            read = service_account.Credentials.from_service_account_file
            return read(service_account_file, scopes=_SCOPES)  # type: ignore[no-untyped-call]
        return google.auth.default(scopes=_SCOPES)[0]
    except OSError as error:
        problem = Problem("credentials", f"Cannot read the key {service_account_file}: {error.strerror}")
    except ValueError:
        problem = Problem("credentials", f"{service_account_file} is not the JSON key of a service account")
    except GoogleAuthError:
        problem = Problem(
            "credentials",
            "There are no credentials for the Google Cloud console. Run 'gcloud auth application-default login', set "
            "GOOGLE_APPLICATION_CREDENTIALS, or give service_account_file",
        )
    raise GoogleError(problem)


class Console:
    """One project's side of both APIs. Every method raises GoogleError."""

    def __init__(self, credentials: Any, project: str, timeout: int, service: Service = PHOTOS) -> None:
        self._project = project
        self._host = service.host
        self._timeout = timeout  # seconds, for one operation to end
        self._http = _session(credentials)
        if isinstance(credentials, user_credentials.Credentials) and not credentials.quota_project_id:
            # A person's own credentials belong to no project, and Service Usage wants to know which one pays.
            credentials = credentials.with_quota_project(project)
        self._services = _session(credentials)

    def project_state(self) -> str | None:
        """ACTIVE or DELETE_REQUESTED; None when the project is not there, or not to be seen by this account."""
        status, answer = self._send(self._http, "GET", f"{_RESOURCE_MANAGER}/projects/{self._project}")
        if status in (403, 404):
            return None
        self._require(status, answer)
        return str(answer.get("state", "ACTIVE"))

    def create_project(self, parent: str | None) -> None:
        """Create the project, and wait until it is there."""
        body = {"projectId": self._project, "displayName": self._project}
        if parent:
            body["parent"] = parent
        self._operate(self._http, _RESOURCE_MANAGER, "projects", body)

    def service_state(self) -> str:
        """ENABLED or DISABLED, for the service's API."""
        status, answer = self._send(self._services, "GET", f"{_SERVICE_USAGE}/{self._service}")
        self._require(status, answer)
        return str(answer.get("state", "DISABLED"))

    def enable_service(self) -> None:
        """Enable the service's API, and wait until Google says that it is."""
        self._operate(self._services, _SERVICE_USAGE, f"{self._service}:enable", {})

    @property
    def _service(self) -> str:
        return f"projects/{self._project}/services/{self._host}"

    def _operate(self, http: Any, root: str, path: str, body: dict[str, str]) -> None:
        deadline = time.monotonic() + self._timeout
        status, operation = self._send(http, "POST", f"{root}/{path}", body)
        self._require(status, operation)
        pause = 0.5
        while not operation.get("done"):
            if time.monotonic() > deadline:
                raise GoogleError(
                    Problem(
                        "timeout",
                        f"Google has not finished within {self._timeout} seconds. Run it again",
                        temporary=True,
                    )
                )
            time.sleep(pause)
            pause = min(pause * 1.5, 5.0)
            status, operation = self._send(http, "GET", f"{root}/{operation['name']}")
            self._require(status, operation)
        error = operation.get("error")
        if error:
            code = error.get("code") if isinstance(error, Mapping) else None
            status = _RPC_CODES.get(code, 400) if isinstance(code, int) else 400
            raise GoogleError(console_problem(status, {"error": error}, self._project))

    def _send(
        self, http: Any, method: str, url: str, body: dict[str, str] | None = None
    ) -> tuple[int, Mapping[str, Any]]:
        try:
            response = http.request(method, url, json=body, timeout=_TIMEOUT)
        except GoogleAuthError as error:
            raise GoogleError(_login_problem(error)) from None
        except requests.RequestException as error:
            raise GoogleError(unreachable(urlsplit(url).hostname or url, error)) from None
        return response.status_code, json_object(response.text)

    def _require(self, status: int, answer: Mapping[str, Any]) -> None:
        if status != 200:
            raise GoogleError(console_problem(status, answer, self._project))


def _session(credentials: Any) -> Any:
    """An HTTP session that logs in by itself; no answer to it, nor to its logins, is read without end."""
    logins = requests.Session()
    logins.mount("https://", BoundedAdapter(max_retries=3))  # as many as google-auth makes
    session = AuthorizedSession(credentials, auth_request=Request(logins))  # type: ignore[no-untyped-call]
    session.mount("https://", BoundedAdapter())
    return session


def _login_problem(error: GoogleAuthError) -> Problem:
    if error.retryable:
        return unreachable("oauth2.googleapis.com", error)
    return Problem(
        "credentials",
        "Google does not accept these credentials: the service account's key was deleted, or the login has ended. "
        "Run 'gcloud auth application-default login' again, or make a new key",
    )


def enable_api(
    console: Console, *, create_project: bool, parent: str | None, check_mode: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """See that the project, if it is to be created, and the API are there. Returns the state before and after."""
    project: str | None = "ACTIVE"
    if create_project:
        project = console.project_state()
        if project == "DELETE_REQUESTED":
            raise GoogleError(
                Problem(
                    "project_deleted", "The project is being deleted. Restore it in the console, or take another id"
                )
            )
    before = {"project": project, "service": console.service_state() if project else None}
    after = {"project": "ACTIVE", "service": "ENABLED"}
    if not check_mode:
        if project is None:
            console.create_project(parent)
        if before["service"] != "ENABLED":
            console.enable_service()
            after["service"] = console.service_state()
    return before, after
