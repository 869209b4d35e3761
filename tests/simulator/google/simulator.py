# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the simulated Google together and runs it."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from simulator.certs import Authority
from simulator.google.admin import AdminDoor
from simulator.google.answers import answer_errors
from simulator.google.consent import ConsentPage
from simulator.google.console import ResourceManager, ServiceUsage
from simulator.google.drive.api import DriveApi
from simulator.google.files import write_files
from simulator.google.photos import Downloads, PhotosApi
from simulator.google.proxy import Proxy
from simulator.google.state import World
from simulator.google.token_endpoint import TokenEndpoint
from simulator.google.traffic import Traffic
from simulator.google.userinfo import UserInfo

SHUTDOWN_TIMEOUT = 1.0


class GoogleSimulator:
    """A Google of one's own. The attributes are there once `start` has returned.

    Clients reach it under Google's real host names when they use `proxy` for HTTPS and trust `ca_path`.
    """

    proxy: str
    """URL of the CONNECT proxy."""
    admin: str
    """URL of the admin door."""
    ca_path: Path
    client_secret_file: Path
    """A Desktop client as the console offers it for download."""
    token_file: Path
    """An rclone token of that client: its refresh token is good, its access token has expired."""
    service_account_file: Path

    def __init__(self) -> None:
        self._runners: list[web.AppRunner] = []
        self._proxy: Proxy | None = None

    async def start(self, folder: Path) -> None:
        """Serve on free loopback ports; certificates, keys and content go to `folder`, which is made private."""
        world = World(folder)
        authority = Authority(folder / "tls", "Simulated Google CA")
        self.ca_path = authority.ca_path
        self.client_secret_file, self.token_file, self.service_account_file = write_files(world, folder)
        traffic = Traffic(world)
        hosts = {
            "accounts.google.com": ConsentPage(world).application(),
            "oauth2.googleapis.com": TokenEndpoint(world).application(),
            "openidconnect.googleapis.com": UserInfo(world).application(),
            "photoslibrary.googleapis.com": PhotosApi(world).application(),
            "lh3.googleusercontent.com": Downloads(world).application(),
            "www.googleapis.com": DriveApi(world).application(),
            "serviceusage.googleapis.com": ServiceUsage(world).application(),
            "cloudresourcemanager.googleapis.com": ResourceManager(world).application(),
        }
        app = web.Application(middlewares=[traffic.middleware(), answer_errors])
        for host, application in hosts.items():
            app.add_domain(host, application)
        serve = (await self._run(app)).server
        assert serve
        certificate = authority.issue(list(hosts), "google")
        self._proxy = Proxy(hosts, certificate.server_context(), serve, traffic.refused)
        self.proxy = await self._proxy.start()
        door = web.TCPSite(await self._run(AdminDoor(world).application()), "127.0.0.1", 0)
        await door.start()
        self.admin = door.name.rstrip("/")

    async def stop(self) -> None:
        if self._proxy:
            await self._proxy.stop()
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()

    def describe(self) -> dict[str, str]:
        """What the simulator's command prints about Google."""
        return {
            "client_secret_file": str(self.client_secret_file),
            "token_file": str(self.token_file),
            "service_account_file": str(self.service_account_file),
            "proxy": self.proxy,
            "ca_path": str(self.ca_path),
            "admin": self.admin,
        }

    async def _run(self, app: web.Application) -> web.AppRunner:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT)
        await runner.setup()
        self._runners.append(runner)
        return runner
