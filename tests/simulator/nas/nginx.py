# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nginx, which stands before the middleware on the network, does by itself."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import web

_HANDSHAKE = b"\x16"  # the first byte of every TLS connection
_PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n{1}<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
_PLAIN = _PAGE.format(
    "400 The plain HTTP request was sent to HTTPS port",
    "<center><h1>400 Bad Request</h1></center>\r\n<center>The plain HTTP request was sent to HTTPS port</center>\r\n",
)


def bad_gateway() -> web.Response:
    """The answer while the middleware is not there."""
    text = _PAGE.format("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center>\r\n")
    return web.Response(status=502, text=text, content_type="text/html", headers={"Server": "nginx"})


def gateway_timeout() -> web.Response:
    """The answer when the middleware takes too long for its own."""
    text = _PAGE.format("504 Gateway Time-out", "<center><h1>504 Gateway Time-out</h1></center>\r\n")
    return web.Response(status=504, text=text, content_type="text/html", headers={"Server": "nginx"})


class TlsPort:
    """A port that takes TLS, and tells whoever speaks plain HTTP that it does."""

    def __init__(self, runner: web.AppRunner, context: ssl.SSLContext, host: str) -> None:
        self._runner = runner
        self._context = context
        self._socket = socket.create_server((host, 0), backlog=128)
        self._socket.setblocking(False)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def number(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    def start(self) -> None:
        """Take connections."""
        self._spawn(self._accept())

    async def stop(self) -> None:
        """Take none any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._socket.close()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            peer, dummy = await loop.sock_accept(self._socket)
            self._spawn(self._serve(peer))

    async def _serve(self, peer: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            await _readable(peer)
            if peer.recv(1, socket.MSG_PEEK) in (b"", _HANDSHAKE):
                server: Callable[[], asyncio.Protocol] = self._runner.server  # type: ignore[assignment]
                await loop.connect_accepted_socket(server, peer, ssl=self._context)
                return
            with contextlib.suppress(OSError):
                await loop.sock_recv(peer, 65536)
                await loop.sock_sendall(peer, _answer(_PLAIN))
        except (OSError, ssl.SSLError):
            pass  # a client that went away, or does not trust the certificate
        except asyncio.CancelledError:
            peer.close()
            raise
        peer.close()


def _answer(page: str) -> bytes:
    head = (
        "HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html\r\n"
        f"Content-Length: {len(page)}\r\nConnection: close\r\n\r\n"
    )
    return (head + page).encode()


async def _readable(peer: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_reader(peer, lambda: None if ready.done() else ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(peer)
