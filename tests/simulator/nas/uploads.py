# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs that take a file, at `/_upload`: a form of the call and, second, the file."""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING

from aiohttp import BodyPartReader, web

from simulator.nas.dispatch import UnknownMethod
from simulator.nas.errors import CallError, ValidationErrors
from simulator.nas.rest import Refused, Rest

if TYPE_CHECKING:
    from simulator.nas.server import Nas

PATH = "/_upload"


class Uploads:
    """Takes files for one NAS. Whoever uploads logs in by the header, with a token, a key or a password."""

    def __init__(self, nas: Nas) -> None:
        self._nas = nas
        self._rest = Rest(nas)

    async def handle(self, request: web.Request) -> web.Response:
        reader = await request.multipart()
        part = await reader.next()
        if not isinstance(part, BodyPartReader) or part.name != "data":
            return web.Response(status=405, text='"data" part must be the first on payload')
        try:
            call = json.loads(await part.read())
        except ValueError as error:
            return web.Response(status=400, text=str(error))
        if "method" not in call:
            return web.Response(status=422)
        try:
            session = await self._rest.log_in(request)
        except Refused as refused:
            return refused.response
        file = await reader.next()
        if not isinstance(file, BodyPartReader) or file.name != "file":
            return web.Response(status=405, text='"file" not found as second part on payload')
        entry = self._nas.journal.call(session.id, "upload", call["method"])
        try:
            data = bytes(await file.read())
            job = await self._nas.dispatcher.call(session, call["method"], call.get("params") or [], [], pipe=data)
        except UnknownMethod as error:
            return web.Response(status=422, text=str(error))
        except (CallError, ValidationErrors) as error:
            is_denied = isinstance(error, CallError) and error.errno == errno.EACCES
            return web.Response(status=403 if is_denied else 412, text=str(error))
        except Exception as error:  # noqa: BLE001  as the real server does
            return web.Response(status=500, text=str(error))
        entry["ok"] = True
        return web.json_response({"job_id": job.id})
