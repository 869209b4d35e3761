# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every request passes through: the record that the admin door shows, and the faults set there."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from simulator.google import faults
from simulator.google.answers import ApiError, api_error_body, too_many_writes
from simulator.google.quotas import Quotas
from simulator.google.state import World

SECRET_PARAMETERS = {"token", "code", "client_secret", "refresh_token", "code_verifier", "assertion"}
RECORDED_HEADERS = ("User-Agent", "DPoP", "Range", "X-Goog-Upload-File-Name", "X-Goog-User-Project")
DETAILS = web.RequestKey("details", dict)
"""What a handler adds to the record of its request."""


def hide_secrets(parameters: Any) -> dict[str, str]:
    """Parameters with the secret ones kept by name only."""
    return {name: "***" if name in SECRET_PARAMETERS else str(value) for name, value in parameters.items()}


async def read_json(request: web.Request) -> dict[str, Any]:
    """The JSON object that was sent, which also goes on record. Raises `ApiError`."""
    try:
        body = await request.json()
    except ValueError as error:
        raise ApiError(400, "Invalid JSON payload received.") from error
    if not isinstance(body, dict):
        raise ApiError(400, "Invalid JSON payload received.")
    request[DETAILS]["json"] = body
    return body


class Traffic:
    """Middleware that records, delays, refuses and drops."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._quotas = Quotas(world)

    def refused(self, method: str, target: str) -> None:
        """The proxy refused to reach a host that is not simulated."""
        host = target.rpartition(":")[0] if method == "CONNECT" else target
        self._world.requests.append(
            {"at": self._world.now(), "host": host, "method": method, "path": "", "status": 403}
        )

    def middleware(self) -> Any:
        @web.middleware
        async def pass_through(request: web.Request, handler: Handler) -> web.StreamResponse:
            record: dict[str, Any] = {
                "at": self._world.now(),
                "host": request.host,
                "method": request.method,
                "path": request.path,
                "query": hide_secrets(request.query),
                "headers": {name: request.headers[name] for name in RECORDED_HEADERS if name in request.headers},
                "status": None,
            }
            self._world.requests.append(record)
            asked = (request.host, request.method, request.path, self._world.now())
            delay, fault = faults.take(self._world.faults, *asked)
            if fault and fault.drop == "before":
                await asyncio.sleep(delay)
                return _broken(request)
            try:
                with self._quotas.admitted(request):
                    response = await self._answer(request, handler, record, delay, fault)
            except ApiError as error:
                response = await _refusal(request, error.response())
            record["status"] = response.status
            return _broken(request) if fault and fault.drop == "after" else response

        return pass_through

    async def _answer(
        self, request: web.Request, handler: Handler, record: dict[str, Any], delay: float, fault: faults.Fault | None
    ) -> web.StreamResponse:
        if delay:
            await asyncio.sleep(delay)
        if fault and fault.status:
            return await _refusal(request, self._fault_response(fault, request.host))
        request[DETAILS] = record
        return await handler(request)

    def _fault_response(self, fault: faults.Fault, host: str) -> web.Response:
        assert fault.status
        if isinstance(fault.body, str):
            return web.Response(text=fault.body, status=fault.status, content_type="text/html")
        if fault.body is not None:
            return web.json_response(fault.body, status=fault.status)
        if fault.per and fault.status == 429:
            project = self._world.projects[self._world.client.project_id]
            return too_many_writes(host, project.number, fault.per.requests).response()
        return web.json_response(api_error_body(fault.status, "Injected fault."), status=fault.status)


async def _refusal(request: web.Request, response: web.Response) -> web.Response:
    """Take in what was sent, however large, so that the client comes to read the answer."""
    async for _chunk in request.content.iter_any():
        pass
    return response


def _broken(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()
