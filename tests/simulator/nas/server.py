# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated NAS: everything that it consists of, held together."""

from __future__ import annotations

import importlib
import pkgutil
import time
from pathlib import Path
from typing import Any

import simulator.nas
from simulator.nas.accounts import Accounts
from simulator.nas.alerts import Alerts
from simulator.nas.clock import Clock
from simulator.nas.contract import contract
from simulator.nas.datasets import Datasets
from simulator.nas.dispatch import Dispatcher
from simulator.nas.events import Events
from simulator.nas.faults import Faults
from simulator.nas.features import FEATURES
from simulator.nas.jobs import Job, Jobs
from simulator.nas.journal import Journal
from simulator.nas.listeners import Listeners
from simulator.nas.login import Token
from simulator.nas.ratelimit import RateLimit
from simulator.nas.state import Store
from simulator.nas.turns import Turns

for _module in pkgutil.iter_modules(simulator.nas.__path__):
    importlib.import_module(f"simulator.nas.{_module.name}")  # those with methods register them


class Nas:
    """One NAS of one release.

    :param folder: private folder for the datasets, logs, certificate and socket
    :param state_file: keeps accounts, credentials, tasks and datasets over restarts; None forgets them
    :param rclone_environment: added to the environment of rclone, for example the way to a simulated Google
    :param latency_ms: every message takes so long to arrive
    :param index: the NAS's place in the simulator's list
    """

    def __init__(
        self,
        release: str = "25.10",
        *,
        folder: Path,
        state_file: Path | None = None,
        rclone_environment: dict[str, str] | None = None,
        latency_ms: float = 0,
        index: int = 0,
    ) -> None:
        self.release = release
        self.features = FEATURES[release]
        self.contract = contract(release)
        self.folder = folder
        self.rclone_environment = rclone_environment or {}
        self.latency = latency_ms / 1000
        self.started = time.monotonic()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.store = Store(state_file)
        self.faults = Faults()
        self.clock = Clock(self.faults)
        self.accounts = Accounts(self.store, self.clock, user_keys=self.features.user_keys)
        self.datasets = Datasets(self.store, folder / "mnt")
        self.rate_limit = RateLimit(self.faults)
        self.events = Events()
        self.alerts = Alerts(self.clock)
        self.journal = Journal(index)
        self.dispatcher = Dispatcher(self)
        self.jobs = Jobs(self, folder / "jobs")
        self.turns = Turns()
        self.tokens: dict[str, Token] = {}
        self.downloads: dict[str, tuple[Job, str]] = {}
        self.listeners = Listeners(self, folder)
        self._set_up()

    def _set_up(self) -> None:
        self.accounts.set_up()
        self.datasets.set_up()

    async def start(self) -> None:
        """Listen."""
        await self.listeners.start()

    async def stop(self) -> None:
        """End every job and connection."""
        await self.jobs.stop()
        await self.listeners.stop()

    async def restart_middleware(self, seconds: float = 0) -> None:
        """Restart: connections break, jobs and tokens are forgotten, job ids begin anew.

        :param seconds: so long nobody gets in; the restart itself ends at once
        """
        await self.listeners.come_back()
        await self.listeners.cut_connections()
        await self.jobs.stop()
        self.tokens.clear()
        self.downloads.clear()
        self.rate_limit.clear()
        if seconds:
            await self.listeners.go_down(seconds)

    async def reset(self) -> None:
        """Become as good as new; the accounts that `describe` names keep their passwords and keys."""
        await self.restart_middleware()
        self.faults.reset()
        self.alerts.clear()
        self.accounts.reset()
        self.datasets.reset()
        for table in self.store.names():
            if table not in (*Accounts.TABLES, Datasets.TABLE):
                self.store.clear(table)
        self.journal.clear()

    def describe(self) -> dict[str, Any]:
        """Where the NAS is and how to log in."""
        admin = self.accounts.users.find(username="truenas_admin")
        assert admin is not None
        api_key, readonly_api_key = self.accounts.delivered_keys()
        return {
            **self.listeners.describe(),
            "username": admin["username"],
            "password": admin["password"],
            "api_key": api_key,
            "readonly_api_key": readonly_api_key,
            "root": str(self.datasets.root),
            "release": self.release,
        }
