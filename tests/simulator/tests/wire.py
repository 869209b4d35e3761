# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain JSON-RPC client for tests, which knows nothing of the collection."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from typing import Any

import websocket

from simulator.fixture import SimulatedNas

Message = dict[str, Any]
_PATIENCE = 30  # seconds


class Wire:
    """One WebSocket to a simulated NAS.

    :param transport: `wss`, `ws` or `unix`
    """

    def __init__(self, nas: SimulatedNas, transport: str = "wss", path: str = "/api/current") -> None:
        if transport == "unix":
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(nas.socket)
            self.socket = websocket.create_connection(f"ws://localhost{path}", socket=peer, timeout=_PATIENCE)
        else:
            url = nas.api_url if transport == "wss" else nas.insecure_api_url
            self.socket = websocket.create_connection(
                url.replace("http", "ws", 1) + path, sslopt={"ca_certs": nas.ca_path}, timeout=_PATIENCE
            )
        self._last_id = 0
        self.answers: dict[Any, Message] = {}
        self.pushes: list[Message] = []

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_exc: object) -> None:
        with contextlib.suppress(websocket.WebSocketException, OSError):  # it may be broken already
            self.socket.close()
        self.socket.shutdown()

    def start(self, method: str, *params: Any) -> int:
        """Send a call and return its id."""
        self._last_id += 1
        self.send({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": list(params)})
        return self._last_id

    def send(self, message: Any) -> None:
        """Send anything, text as it is."""
        self.socket.send(message if isinstance(message, str) else json.dumps(message))

    def receive(self) -> Message:
        """Take one message and sort it in."""
        message: Message = json.loads(self.socket.recv())
        if message.get("method") == "collection_update":
            self.pushes.append(message["params"])
        else:
            self.answers[message["id"]] = message
        return message

    def answer(self, number: Any) -> Message:
        """Wait for the answer of a call."""
        while number not in self.answers:
            self.receive()
        return self.answers.pop(number)

    def call(self, method: str, *params: Any) -> Any:
        """Call and return the result; an error fails the test."""
        message = self.answer(self.start(method, *params))
        assert "error" not in message, message["error"]
        return message["result"]

    def error(self, method: str, *params: Any) -> Message:
        """Call and return the error; a result fails the test."""
        message = self.answer(self.start(method, *params))
        assert "error" in message, message
        return message["error"]

    def log_in(self, nas: SimulatedNas, **data: Any) -> Any:
        """Log in with the administrator's key, or with what is given."""
        data = data or {"mechanism": "API_KEY_PLAIN", "username": nas.username, "api_key": nas.api_key}
        return self.call("auth.login_ex", data)

    def finished_job(self, number: int) -> Message:
        """Wait until a job has ended and return it."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            job = self.call("core.get_jobs", [["id", "=", number]])[0]
            if job["state"] in ("SUCCESS", "FAILED", "ABORTED"):
                return job
            time.sleep(0.02)
        raise AssertionError(f"Job {number} does not end")
