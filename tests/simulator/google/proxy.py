# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CONNECT proxy that ends TLS itself, so that clients reach the simulated hosts under Google's own names."""

from __future__ import annotations

import asyncio
import ssl
import weakref
from collections.abc import Callable, Collection

MAX_HEADER = 16384
HANDSHAKE_TIMEOUT = 10.0


class Proxy:
    """Listens on a free loopback port and hands tunnels to known hosts over to an HTTP server; refuses all else.

    `make_handler` makes the protocol that serves one decrypted connection; `on_refused` learns of every refusal
    (method, target).
    """

    def __init__(
        self,
        hosts: Collection[str],
        context: ssl.SSLContext,
        make_handler: Callable[[], asyncio.Protocol],
        on_refused: Callable[[str, str], None],
    ) -> None:
        self.hosts = frozenset(hosts)
        self.context = context
        self.make_handler = make_handler
        self.on_refused = on_refused
        self.connections: weakref.WeakSet[asyncio.Transport] = weakref.WeakSet()
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """Start listening; returns the proxy's URL."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Tunnel(self), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Stop listening and break every connection."""
        if self._server:
            self._server.close()
        for connection in list(self.connections):
            connection.abort()
        await asyncio.sleep(0)  # the connections end in the loop's next round


class _Tunnel(asyncio.Protocol):
    """One client connection up to the moment when TLS takes over."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self._upgrading: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._proxy.connections.add(transport)

    def data_received(self, data: bytes) -> None:
        assert self._transport
        self._received += data
        head, end, rest = self._received.partition(b"\r\n\r\n")
        if not end:
            if len(self._received) > MAX_HEADER:
                self._transport.close()
            return
        method, dummy, target = head.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")
        target = target.partition(" ")[0]
        host, dummy, port = target.rpartition(":")
        if method != "CONNECT" or host.lower() not in self._proxy.hosts or port != "443" or rest:
            self._proxy.on_refused(method, target)
            self._transport.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self._transport.close()
            return
        # Nothing may be read between the answer and TLS taking over: it would be the handshake's first bytes.
        self._transport.pause_reading()
        self._transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self._upgrading = asyncio.get_running_loop().create_task(self._upgrade(self._transport))

    async def _upgrade(self, transport: asyncio.Transport) -> None:
        handler = self._proxy.make_handler()
        try:
            encrypted = await asyncio.get_running_loop().start_tls(
                transport, handler, self._proxy.context, server_side=True, ssl_handshake_timeout=HANDSHAKE_TIMEOUT
            )
        except OSError:  # the client does not trust the simulator's authority, or went away
            encrypted = None
        if encrypted is None:
            transport.abort()
        else:
            handler.connection_made(encrypted)
