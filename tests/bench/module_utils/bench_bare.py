# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least that a program needs to ask a NAS something: websocket-client and nothing around it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import websocket


class Session:
    """One WebSocket, logged in by API key."""

    def __init__(self, connection: Mapping[str, str]) -> None:
        url = connection["api_url"].replace("https", "wss", 1) + "/api/current"
        self._socket = websocket.create_connection(url, sslopt={"ca_certs": connection["ca_path"]}, timeout=600)
        credentials = {"username": connection["api_username"], "api_key": connection["api_key"]}
        self.call("auth.login_ex", {"mechanism": "API_KEY_PLAIN", **credentials})

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def call(self, method: str, *params: Any) -> Any:
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        self._socket.send(json.dumps(message))
        return json.loads(self._socket.recv())["result"]
