# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a NAS listens: TLS and plain HTTP, both by nginx, and the unix socket; and what it serves there."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from simulator.certs import Authority
from simulator.nas import rest, uploads
from simulator.nas.nginx import TlsPort, bad_gateway, gateway_timeout
from simulator.nas.rpc import Connection
from simulator.nas.session import Origin, Session

if TYPE_CHECKING:
    from simulator.nas.server import Nas

HOST = "127.0.0.1"
_TRANSPORT = web.AppKey("transport", str)


class Listeners:
    """The sites of one NAS. On the plain one a client counts as another machine, though it comes from loopback."""

    def __init__(self, nas: Nas, folder: Path) -> None:
        self.nas = nas
        self.socket_path = folder / "middlewared.sock"
        authority = Authority(folder / "tls", name="Simulated NAS CA")
        self.ca_path = authority.ca_path
        self.certificate = authority.issue([HOST, "localhost"], "nas")
        self.channel_binding = channel_binding(self.certificate.cert_path.read_bytes())
        self.connections: set[Connection] = set()
        self._runners: dict[str, web.AppRunner] = {}
        self._tls_port: TlsPort | None = None
        self._ports: dict[str, int] = {}
        self.down = False
        self._coming_back: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.socket_path.unlink(missing_ok=True)
        await self._listen("wss")
        await self._listen("ws")
        await self._listen("unix")

    async def stop(self) -> None:
        await self.come_back()
        await self.cut_connections()
        if self._tls_port is not None:
            await self._tls_port.stop()
        for runner in self._runners.values():
            await runner.cleanup()
        self._runners.clear()
        self.socket_path.unlink(missing_ok=True)

    async def go_down(self, seconds: float) -> None:
        """Be without a middleware for so long: nginx says so, and the unix socket is not there."""
        self.down = True
        await self._runners.pop("unix").cleanup()
        self.socket_path.unlink(missing_ok=True)
        self._coming_back = asyncio.create_task(self._return_after(seconds))

    async def _return_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._return()

    async def _return(self) -> None:
        await self._listen("unix")
        self.down = False

    async def come_back(self) -> None:
        """End a time of being down at once."""
        if self._coming_back is not None:
            self._coming_back.cancel()
            await asyncio.gather(self._coming_back, return_exceptions=True)
            self._coming_back = None
        if self.down:
            await self._return()

    async def cut_connections(self) -> None:
        """Break every WebSocket without a word and wait until its handler has noticed."""
        connections = list(self.connections)
        for connection in connections:
            connection.cut()
        await asyncio.gather(*(connection.ended.wait() for connection in connections))

    @property
    def idle_timeout(self) -> float:
        """Seconds for which nginx waits for a sign of life."""
        limit = self.nas.faults.idle_timeout
        return self.nas.features.idle_timeout if limit is None else limit

    def describe(self) -> dict[str, Any]:
        return {
            "api_url": f"https://{HOST}:{self._ports['wss']}",
            "insecure_api_url": f"http://{HOST}:{self._ports['ws']}",
            "socket": str(self.socket_path),
            "ca_path": str(self.ca_path),
            "cert_fingerprint": self.certificate.fingerprint,
        }

    async def _listen(self, transport: str) -> None:
        app = web.Application(middlewares=[self._admit], client_max_size=4 * 1024**2)
        app[_TRANSPORT] = transport
        if self.nas.features.json_rpc:
            app.router.add_get("/api/versions", self._versions)
            app.router.add_get("/api/{version}", self._websocket)
        if self.nas.features.rest and transport != "unix":
            rest.add_routes(app, self.nas)
        app.router.add_get("/_download/{job}", self._download)
        app.router.add_route("*", uploads.PATH + "{path:/?}", uploads.Uploads(self.nas).handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        self._runners[transport] = runner
        if transport == "unix":
            await web.UnixSite(runner, str(self.socket_path)).start()
            self.socket_path.chmod(0o666)  # as on a NAS; the folder around it is private
            return
        if transport == "wss":
            self._tls_port = TlsPort(runner, self.certificate.server_context(), HOST)
            self._tls_port.start()
            self._ports[transport] = self._tls_port.number
            return
        await web.TCPSite(runner, HOST, 0).start()
        self._ports[transport] = runner.addresses[0][1]

    @web.middleware
    async def _admit(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.nas.faults.refuse:
            assert request.transport is not None
            request.transport.abort()
            raise web.HTTPServiceUnavailable  # which nobody hears any more
        if self.down:
            return bad_gateway()
        if not request.path.startswith(rest.PREFIX):
            return await handler(request)
        if (cut := self._cut(request, request.path)) in ("before", "within"):
            raise web.HTTPServiceUnavailable
        work = asyncio.ensure_future(handler(request))
        if not (await asyncio.wait({work}, timeout=self.idle_timeout))[0]:
            return gateway_timeout()  # while the middleware goes on
        answer = await work
        if cut or self._cut(request, request.path):
            raise web.HTTPServiceUnavailable
        return answer

    def _cut(self, request: web.Request, frame: str) -> str | None:
        """Break the connection if it is to break at this request, or its answer."""
        cut = self.nas.faults.cut(frame)
        if cut is not None and request.transport is not None:
            request.transport.abort()
        return cut

    async def _versions(self, request: web.Request) -> web.Response:
        return web.json_response(self.nas.features.api_versions)

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        version = request.match_info["version"]
        versions = self.nas.features.api_versions
        if version != "current" and version not in versions:
            raise web.HTTPNotFound
        ws = web.WebSocketResponse(max_msg_size=0, autoping=False)
        await asyncio.sleep(self.nas.latency)
        await ws.prepare(request)
        session = Session(origin_of(request, request.app[_TRANSPORT]))
        self._log_in_by_peer(session)
        connection = Connection(self.nas, session, ws, None if version in ("current", versions[-1]) else version)
        self.connections.add(connection)
        try:
            await connection.serve(request)
        finally:
            self.connections.discard(connection)
        return ws

    def _log_in_by_peer(self, session: Session) -> None:
        """On the unix socket the peer's user is logged in; whoever runs the simulator counts as root."""
        uid = session.origin.uid if session.origin else None
        if uid is None:
            return
        account = self.nas.accounts.account_of_uid(0 if uid == os.getuid() else uid)
        if account is not None and account.roles:
            session.log_in(account, "UNIX_SOCKET", self.nas.clock.now())

    async def _download(self, request: web.Request) -> web.StreamResponse:
        job, filename = self.nas.downloads.pop(request.query.get("auth_token", ""), (None, ""))
        if job is None or str(job.id) != request.match_info["job"]:
            raise web.HTTPForbidden
        headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
        if job.options.pipe == "output":
            await job.finished.wait()
            return web.Response(body=job.file, content_type="application/octet-stream", headers=headers)
        if not job.log_path.exists():
            return web.Response(body=b"", content_type="application/octet-stream", headers=headers)
        return web.FileResponse(job.log_path, headers={"Content-Type": "application/octet-stream", **headers})


def origin_of(request: web.Request, transport: str) -> Origin:
    """Where a request comes from."""
    assert request.transport is not None
    if transport == "unix":
        peer = request.transport.get_extra_info("socket")
        pid, uid, gid = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return Origin("unix", transport, secure=True, pid=pid, uid=uid, gid=gid)
    address = request.transport.get_extra_info("peername")[0]
    return Origin(address, transport, secure=transport == "wss")


def channel_binding(pem: bytes) -> bytes:
    """The data of tls-server-end-point (RFC 5929): the certificate's digest by the hash of its own signature."""
    certificate = x509.load_pem_x509_certificate(pem)
    algorithm = certificate.signature_hash_algorithm
    if algorithm is None or algorithm.name in ("md5", "sha1"):
        algorithm = hashes.SHA256()
    return certificate.fingerprint(algorithm)
