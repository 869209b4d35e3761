# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""serviceusage.googleapis.com and cloudresourcemanager.googleapis.com: projects and the APIs that they use."""

from __future__ import annotations

import re
import secrets
from typing import Any

from aiohttp import web

from simulator.google.answers import ApiError, error_info
from simulator.google.bearer import authenticate, require_scope
from simulator.google.grants import AccessToken
from simulator.google.state import SCOPE, Project, World
from simulator.google.traffic import read_json

SCOPES = (f"{SCOPE}cloud-platform", f"{SCOPE}service.management")
KNOWN_SERVICES = ("photoslibrary.googleapis.com", "drive.googleapis.com", "serviceusage.googleapis.com")
PROJECT_ID = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")


class Operations:
    """Long-running operations: each has an answer that is shown once its time has come."""

    def __init__(self, world: World) -> None:
        self._world = world

    def start(self, name: str, response: dict[str, Any]) -> dict[str, Any]:
        ready_at = self._world.now() + self._world.settings.operation_seconds
        self._world.operations[name] = (ready_at, response)
        return {"name": name, "done": False}

    def get(self, name: str) -> dict[str, Any]:
        if name not in self._world.operations:
            raise ApiError(404, "Operation not found.")
        ready_at, response = self._world.operations[name]
        if ready_at > self._world.now():
            return {"name": name, "done": False}
        return {"name": name, "done": True, "response": response}


class ServiceUsage:
    def __init__(self, world: World) -> None:
        self._world = world
        self._operations = Operations(world)

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/v1/projects/{project}/services/{service:[^/:]+}", self.get),
                web.post("/v1/projects/{project}/services/{service:[^/:]+}:enable", self.enable),
                web.get("/v1/operations/{operation}", self.operation),
            ]
        )
        return app

    async def get(self, request: web.Request) -> web.Response:
        return web.json_response(self._service(*self._permitted(request, "get")))

    async def enable(self, request: web.Request) -> web.Response:
        """The service counts as enabled from the moment when the operation is done."""
        project, service = self._permitted(request, "enable")
        if project.is_enabled(service, self._world.now()):
            response = {"service": self._service(project, service)}
            return web.json_response({"name": "operations/noop.DONE_OPERATION", "done": True, "response": response})
        enabled = self._service(project, service) | {"state": "ENABLED"}
        name = f"operations/acat.p2-{project.number}-{secrets.token_hex(16)}"
        project.enabled_from[service] = self._world.now() + self._world.settings.operation_seconds
        return web.json_response(self._operations.start(name, {"service": enabled}))

    async def operation(self, request: web.Request) -> web.Response:
        _console_caller(request, self._world)
        return web.json_response(self._operations.get(f"operations/{request.match_info['operation']}"))

    def _permitted(self, request: web.Request, verb: str) -> tuple[Project, str]:
        """Project and service of the path. A project that does not exist looks like one that is not permitted."""
        caller = _console_caller(request, self._world)
        project = self._world.find_project(request.match_info["project"])
        service = request.match_info["service"]
        if project is None or caller.account not in project.members:
            raise ApiError(
                403, f"Permission denied to {verb} service [{service}]", [error_info("AUTH_PERMISSION_DENIED")]
            )
        if service not in KNOWN_SERVICES:
            raise ApiError(
                403 if verb == "enable" else 404, f"Not found or permission denied for service(s): {service}."
            )
        return project, service

    def _service(self, project: Project, service: str) -> dict[str, Any]:
        return {
            "name": f"projects/{project.number}/services/{service}",
            "config": {"name": service},
            "state": "ENABLED" if project.is_enabled(service, self._world.now()) else "DISABLED",
            "parent": f"projects/{project.number}",
        }


class ResourceManager:
    def __init__(self, world: World) -> None:
        self._world = world
        self._operations = Operations(world)

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/v3/projects/{project}", self.get),
                web.post("/v3/projects", self.create),
                web.get("/v3/operations/{operation}", self.operation),
            ]
        )
        return app

    async def get(self, request: web.Request) -> web.Response:
        caller = _console_caller(request, self._world)
        project = self._world.find_project(request.match_info["project"])
        if project is None or caller.account not in project.members:
            raise ApiError(403, "The caller does not have permission")
        return web.json_response(_project(project))

    async def create(self, request: web.Request) -> web.Response:
        caller = _console_caller(request, self._world)
        asked = await read_json(request)
        project_id = str(asked.get("projectId", ""))
        if not self._world.settings.terms_accepted:
            raise ApiError(403, "Callers must accept Terms of Service", [error_info("TERMS_OF_SERVICE")])
        if caller.client_id is None and not asked.get("parent"):
            raise ApiError(400, "Service accounts cannot create projects without a parent.")
        if not PROJECT_ID.fullmatch(project_id):
            raise ApiError(400, "field [project_id] must be 6 to 30 lower-case letters, digits or hyphens.")
        if project_id in self._world.projects:
            raise ApiError(409, "Requested entity already exists")
        project = self._world.add_project(project_id, str(asked.get("displayName", project_id)), {caller.account})
        started = self._operations.start(f"operations/cp.{secrets.randbits(62)}", _project(project))
        return web.json_response(started | {"metadata": {"gettable": True, "ready": False}})

    async def operation(self, request: web.Request) -> web.Response:
        _console_caller(request, self._world)
        return web.json_response(self._operations.get(f"operations/{request.match_info['operation']}"))


def _console_caller(request: web.Request, world: World) -> AccessToken:
    token = authenticate(request, world)
    require_scope(token, SCOPES, explain=True)
    return token


def _project(project: Project) -> dict[str, Any]:
    return {
        "name": f"projects/{project.number}",
        "projectId": project.project_id,
        "displayName": project.display_name,
        "state": "ACTIVE",
    }
