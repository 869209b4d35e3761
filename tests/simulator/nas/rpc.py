# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON-RPC 2.0 over one WebSocket connection."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import time
import traceback
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from simulator.nas.dispatch import UnknownMethod
from simulator.nas.errors import ENOMETHOD, CallError, ValidationErrors, errname
from simulator.nas.jobs import Job
from simulator.nas.session import Session

if TYPE_CHECKING:
    from simulator.nas.server import Nas

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
TOO_MANY_CALLS = -32000
CALL_ERROR = -32001

_ANONYMOUS_LIMIT = 8192  # characters of one message
_LIMIT = 65536
_OUTSTANDING = 20
_RUNNING = 10
_NO_ID = object()


class Connection:
    """One client's WebSocket.

    :param version: the API version of the path, None for the newest
    """

    def __init__(self, nas: Nas, session: Session, socket: web.WebSocketResponse, version: str | None) -> None:
        self.nas = nas
        self.session = session
        self._socket = socket
        self._converted = version is not None
        self._missing = frozenset() if version is None else nas.features.missing_at(version)
        self._outgoing: asyncio.Queue[dict[str, Any] | str] = asyncio.Queue()
        self._held: list[dict[str, Any] | str] = []
        self._calls: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_RUNNING)
        self._transport: asyncio.Transport | None = None
        self._passed = time.monotonic()
        self.ended = asyncio.Event()

    async def serve(self, request: web.Request) -> None:
        """Talk until the connection ends."""
        self._transport = request.transport
        self.nas.events.connect(self.session, self._outgoing.put_nowait)
        tasks = [asyncio.create_task(self._write())]
        if self._transport_name() != "unix":
            tasks.append(asyncio.create_task(self._cut_when_idle()))
        try:
            async for message in self._socket:
                self._passed = time.monotonic()
                if message.type == WSMsgType.PING:
                    await self._socket.pong(message.data)
                elif message.type == WSMsgType.PONG:
                    continue
                elif message.type != WSMsgType.TEXT:
                    await self._socket.close(code=1003, message=b"Only text messages are taken")
                elif len(message.data) > (_LIMIT if self.session.authenticated else _ANONYMOUS_LIMIT):
                    code = 1009 if self.session.authenticated else 1007
                    await self._socket.close(code=code, message=b"Max message length is exceeded")
                else:
                    cut = self.nas.faults.cut(message.data)
                    if cut in (None, "after"):
                        self._take(message.data)
                    if cut is not None:
                        self.cut()
        finally:
            self.nas.events.disconnect(self.session)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.ended.set()

    def cut(self) -> None:
        """Break the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    async def _cut_when_idle(self) -> None:
        """End the connection, as nginx does, when nothing has passed for too long in either direction."""
        assert self._transport is not None
        while True:
            left = self._passed + self.nas.listeners.idle_timeout - time.monotonic()
            if left <= 0:
                self._transport.close()
                return
            await asyncio.sleep(min(left, 1))

    async def _write(self) -> None:
        while True:
            message = await self._outgoing.get()
            if self._socket.closed:
                return
            text = message if isinstance(message, str) else json.dumps(message)
            cut = self.nas.faults.cut(text)
            if cut == "within" and self._transport is not None:
                self._transport.write(b"\x81\x7e\xff\xff" + text.encode()[: len(text) // 2])
            with contextlib.suppress(ConnectionError):
                if cut in (None, "after"):
                    await self._socket.send_str(text)
                    self._passed = time.monotonic()
            if cut is not None:
                self.cut()

    def _take(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError as error:
            self._fail(None, PARSE_ERROR, str(error))
            return
        if isinstance(message, list):
            self._fail(None, PARSE_ERROR, "Batch messages are not supported")
            return
        fault = _fault_of(message)
        number = message.get("id", _NO_ID) if isinstance(message, dict) else None
        if fault is not None:
            self._fail(None if number is _NO_ID else number, INVALID_REQUEST, fault)
        elif len(self._calls) >= _OUTSTANDING:
            self._fail(number, TOO_MANY_CALLS, f"Maximum number of concurrent calls ({_OUTSTANDING}) has been exceeded")
        else:
            call = asyncio.create_task(self._answer(number, message["method"], message.get("params", [])))
            self._calls.add(call)
            call.add_done_callback(self._forget)

    def _forget(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        if not self._calls:
            self._send_held()

    def _send_held(self) -> None:
        """What waits, the last first."""
        while self._held:
            self._outgoing.put_nowait(self._held.pop())

    async def _answer(self, number: Any, method: str, params: list[Any]) -> None:
        async with self._slots:
            await asyncio.sleep(self.nas.latency)
            entry = self.nas.journal.call(self.session.id, self._transport_name(), method)
            try:
                result = await self._call(number, method, params)
            except UnknownMethod:
                entry["ok"] = False
                self._fail(number, METHOD_NOT_FOUND, "Method does not exist")
            except Exception as error:  # noqa: BLE001  every failure of a method is an answer
                entry["ok"] = False
                code, message = error_code(error)
                data = error_data(error, params, frames=self.nas.features.trace_frames)
                self._fail(number, code, message, data)
            else:
                entry["ok"] = True
                if self.nas.faults.cuts(method):
                    self.cut()
                elif method in self.nas.faults.garbage:
                    self._outgoing.put_nowait(self.nas.faults.garbage.pop(method))
                else:
                    self._send(number, {"result": result})

    async def _call(self, number: Any, method: str, params: list[Any]) -> Any:
        if method in self._missing:
            raise CallError(f"Method {method} is not part of this API version", ENOMETHOD)
        message_ids = [] if number is _NO_ID else [number]
        dispatcher = self.nas.dispatcher
        result = await dispatcher.call(self.session, method, params, message_ids, converted=self._converted)
        if not isinstance(result, Job):
            return result
        return result.id if self.session.legacy_jobs else await dispatcher.job_result(result)

    def _transport_name(self) -> str:
        return self.session.origin.transport if self.session.origin else ""

    def _fail(self, number: Any, code: int, message: str, data: dict[str, Any] | None = None) -> None:
        error: dict[str, Any] = {"code": code, "message": message}
        if data is not None:
            error["data"] = data
        self._send(number, {"error": error})

    def _send(self, number: Any, body: dict[str, Any]) -> None:
        if number is _NO_ID:
            return
        answer = {"jsonrpc": "2.0", **body, "id": number}
        self._held += [answer] * (2 if self.nas.faults.answer_twice else 1)
        if not self.nas.faults.answer_backwards:
            self._send_held()


def _fault_of(message: Any) -> str | None:
    """What is wrong with a request object."""
    if not isinstance(message, dict):
        return "Request must be an object"
    if "jsonrpc" not in message:
        return "Missing 'jsonrpc' member"
    if message["jsonrpc"] != "2.0":
        return "'jsonrpc' member must be of type string and must be exactly '2.0'"
    number = message.get("id")
    if not (number is None or isinstance(number, str) or (isinstance(number, int) and not isinstance(number, bool))):
        return "'id' member must be of type null, string or number"
    if "method" not in message:
        return "Missing 'method' member"
    if not isinstance(message["method"], str) or not message["method"]:
        return "'method' member must be of type string"
    if not isinstance(message.get("params", []), list):
        return "'params' member must be of type array"
    return None


def error_code(error: Exception) -> tuple[int, str]:
    """Code and message of the answer to a call that raised."""
    if isinstance(error, ValidationErrors):
        return INVALID_PARAMS, "Invalid params"
    return CALL_ERROR, "Method call error"


def error_data(error: Exception, params: list[Any], *, frames: bool) -> dict[str, Any]:
    """The data of the answer to a call that raised.

    :param frames: show stack frames, whose local variables repeat the parameters, as 25.04 and 25.10 do
    """
    number, extra = errno.EINVAL, None
    if isinstance(error, CallError):
        number, extra = error.errno, error.extra
    elif isinstance(error, ValidationErrors):
        extra = [list(row) for row in error.rows]
    trace: dict[str, Any] = {
        "class": type(error).__name__,
        "formatted": "".join(traceback.format_exception(error)),
        "repr": repr(error),
    }
    if frames:
        trace["frames"] = [
            {
                "filename": frame.filename,
                "lineno": frame.lineno,
                "method": frame.name,
                "line": frame.line,
                "argspec": ["self", "params"],
                "locals": {"params": repr(params)},
            }
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return {
        "error": number,
        "errname": errname(number),
        "reason": str(error) or repr(error),
        "trace": trace,
        "extra": extra,
    }
