# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: a server for what no NAS does on purpose."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import connection_options
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9

Handler = Callable[["Wire"], None]


class Wire:
    """One connection from the server's side: bytes, HTTP and WebSocket frames, as wrong as a test wants them."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.pings = 0
        self._reader = sock.makefile("rb")

    def close(self) -> None:
        self._reader.close()
        self.sock.close()

    def request(self) -> str:
        """The head of an HTTP request; empty when the client has gone."""
        lines = []
        while line := self._reader.readline().strip():
            lines.append(line.decode())
        return "\n".join(lines)

    def answer(self, status: int, body: object = "", *headers: str) -> None:
        """Answer an HTTP request; whatever is no text goes as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        kind = "text/html" if isinstance(body, str) else "application/json"
        head = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(text.encode())}", *headers]
        self.sock.sendall("\r\n".join([*head, "", text]).encode())

    def upgrade(self, request: str) -> None:
        """Accept a WebSocket."""
        (key,) = [line.partition(": ")[2] for line in request.splitlines() if line.startswith("Sec-WebSocket-Key")]
        digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode(), usedforsecurity=False).digest()
        accept = f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}"
        head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", accept]
        self.sock.sendall("\r\n".join([*head, "", ""]).encode())

    def greet(self, *versions: str) -> None:
        """Say which API versions there are, and accept the WebSocket on the same connection."""
        self.request()
        self.answer(200, list(versions) or ["v25.10.2"])
        self.upgrade(self.request())

    def frame(self, payload: object, opcode: int = TEXT, *, last: bool = True) -> None:
        """Send a frame; whatever is neither text nor bytes goes as JSON."""
        data = payload if isinstance(payload, bytes) else payload.encode() if isinstance(payload, str) else None
        data = json.dumps(payload).encode() if data is None else data
        size = bytes([len(data)]) if len(data) < 126 else b"\x7f" + len(data).to_bytes(8, "big")
        self.sock.sendall(bytes([(0x80 if last else 0) | opcode]) + size + data)

    def result(self, message: dict[str, Any], result: object) -> None:
        """Answer a call."""
        self.frame({"jsonrpc": "2.0", "id": message["id"], "result": result})

    def frame_of_client(self) -> tuple[int, bytes] | None:
        """The next frame: opcode and data; None when the client has gone."""
        head = self._reader.read(2)
        if not head:
            return None
        size = head[1] & 0x7F
        if size >= 126:
            size = int.from_bytes(self._reader.read(2 if size == 126 else 8), "big")
        mask = self._reader.read(4)
        data = bytes(byte ^ mask[place % 4] for place, byte in enumerate(self._reader.read(size)))
        self.pings += head[0] & 0x0F == PING
        return head[0] & 0x0F, data

    def message(self) -> dict[str, Any] | None:
        """The next call; None when the client closes."""
        while frame := self.frame_of_client():
            opcode, data = frame
            if opcode == CLOSE:
                self.frame(data, CLOSE)
                return None
            if opcode == TEXT:
                return json.loads(data)
        return None

    def log_in(self) -> None:
        """Let the client in: it gets the login and the version that it asks for."""
        for result in ({"response_type": "SUCCESS", "user_info": None}, "TrueNAS-25.10.2"):
            message = self.message()
            assert message is not None
            self.result(message, result)


class Peer:
    """A server on loopback that does with each connection what its handler does."""

    def __init__(self, handler: Handler, context: ssl.SSLContext | None = None) -> None:
        self._handler = handler
        self.context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.api_url = f"http{'s' if context else ''}://127.0.0.1:{self.port}"
        self.connections = 0
        self._threads: list[threading.Thread] = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def options(self, **changes: Any) -> ConnectionOptions:
        """Options that lead here."""
        return ConnectionOptions(
            **{"api_url": self.api_url, "api_key": "1-sesame", "api_username": "svc", "api_timeout": 3, **changes}
        )

    def stop(self) -> None:
        with contextlib.suppress(OSError):  # it may have been stopped before
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive(), "a handler still waits for the client"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _address = self._listener.accept()
                self.connections += 1
                self._threads.append(threading.Thread(target=self._serve, args=(sock,)))
                self._threads[-1].start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError), sock:
            if self.context:
                sock = self.context.wrap_socket(sock, server_side=True)
            wire = Wire(sock)
            try:
                self._handler(wire)
            finally:
                wire.close()


@pytest.fixture
def on_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine counts as the NAS itself, to which an unencrypted connection is allowed."""
    (tmp_path / "middlewared.sock").touch()
    monkeypatch.setattr(connection_options, "ON_BOX_SOCKET", str(tmp_path / "middlewared.sock"))


@pytest.fixture
def peer(on_box: None) -> Iterator[Callable[..., Peer]]:
    """Make a server that misbehaves: `peer(handler)`."""
    with contextlib.ExitStack() as stack:

        def make(handler: Handler, context: ssl.SSLContext | None = None) -> Peer:
            one = Peer(handler, context)
            stack.callback(one.stop)
            return one

        yield make
