# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pytest fixtures that run the simulator: `pytest_plugins = ["simulator.fixture"]`.

`simulator` runs for the whole session (release: environment variable SIMULATOR_RELEASE, else 25.10). `nas` and `google`
are its first NAS and its Google, as good as new for each test. `running` starts another one, of any kind.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_COMMAND = Path(__file__).resolve().parent
_TO_STOP = 120  # seconds; it removes what its NASes hold


class AdminDoor:
    """A door to ask and to change a simulated service, JSON over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> Any:
        return self._send(urllib.request.Request(self.url + path))

    def post(self, door: str, /, **body: Any) -> Any:
        request = urllib.request.Request(self.url + door, json.dumps(body).encode(), method="POST")
        request.add_header("Content-Type", "application/json")
        return self._send(request)

    @staticmethod
    def _send(request: urllib.request.Request) -> Any:
        # Doors are on loopback; a proxy of the environment must not get in between.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as response:
            return json.load(response)


class SimulatedNas:
    """One NAS: its public keys as attributes, and what a test may do to it."""

    api_url: str
    insecure_api_url: str
    socket: str
    ca_path: str
    cert_fingerprint: str
    username: str
    password: str
    api_key: str
    readonly_api_key: str
    root: str
    release: str

    def __init__(self, index: int, described: dict[str, Any], door: AdminDoor) -> None:
        self.__dict__.update(described)
        self.index = index
        self._door = door

    def calls(self) -> list[dict[str, Any]]:
        """Every API call since the last reset: {nas, session, transport, method, at, ok}."""
        return [call for call in self._door.get("/calls") if call["nas"] == self.index]

    def logins(self) -> list[dict[str, Any]]:
        """Every attempt to log in: {nas, session, transport, mechanism, username, outcome, at}."""
        return [login for login in self._door.get("/logins") if login["nas"] == self.index]

    def faults(self, **faults: Any) -> None:
        """Let something go wrong; see the simulator's README."""
        self._door.post("/faults", nas=self.index, **faults)

    def present_faults(self) -> dict[str, Any]:
        """The faults that are set, and `frames`: how many were counted since `cut_at` was set."""
        shown: dict[str, Any] = self._door.get("/faults")[self.index]
        return shown

    def reset(self) -> None:
        """As good as new."""
        self._door.post("/reset", nas=self.index)

    def restart(self, seconds: float = 0) -> None:
        """Restart the middleware: connections break, jobs are forgotten; so long nobody gets in."""
        self._door.post("/restart", nas=self.index, seconds=seconds)

    def account(self, username: str, **fields: Any) -> dict[str, Any]:
        """Make or change a user; returns {username, password, otp_secret, gid, api_key}."""
        return self._door.post("/accounts", nas=self.index, username=username, **fields)[0]

    def dataset(self, name: str, *, locked: bool = False, removed: bool = False) -> None:
        """Make a dataset, lock or unlock it, or turn it into a plain directory."""
        self._door.post("/datasets", nas=self.index, name=name, locked=locked, removed=removed)


class SimulatedGoogle:
    """Google: its public keys as attributes, and its admin door."""

    client_secret_file: str
    token_file: str
    service_account_file: str
    proxy: str
    ca_path: str
    admin: str

    def __init__(self, described: dict[str, Any]) -> None:
        self.__dict__.update(described)
        self.door = AdminDoor(self.admin)

    def requests(self) -> list[dict[str, Any]]:
        """Every request to Google since the last reset."""
        return self.door.get("/requests")

    def library(self) -> Any:
        """The albums with their items."""
        return self.door.get("/library")

    def faults(self, **faults: Any) -> None:
        """Let something go wrong; see the simulator's README."""
        self.door.post("/faults", **faults)

    def reset(self) -> None:
        """As good as new."""
        self.door.post("/reset")


class Simulator:
    """A running simulator.

    :param ready: the line that its command printed
    """

    def __init__(self, ready: dict[str, Any]) -> None:
        self.ready = ready
        self.door = AdminDoor(ready["admin"])
        self.nas = [SimulatedNas(index, described, self.door) for index, described in enumerate(ready["nas"])]
        self.google = SimulatedGoogle(ready["google"])


@contextlib.contextmanager
def running(*arguments: str) -> Iterator[Simulator]:
    """Run the simulator's command with these arguments; it must end cleanly."""
    process = subprocess.Popen([sys.executable, str(_COMMAND), *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"The simulator ended with status {process.wait()} before it was ready")
        yield Simulator(json.loads(line))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            process.stdout.close()
    if status != 0:
        raise RuntimeError(f"The simulator ended with status {status}")


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """The session's simulator."""
    with running("--release", os.environ.get("SIMULATOR_RELEASE", "25.10")) as one:
        yield one


@pytest.fixture
def nas(simulator: Simulator) -> SimulatedNas:
    """The first NAS, as good as new."""
    simulator.nas[0].reset()
    return simulator.nas[0]


@pytest.fixture
def google(simulator: Simulator) -> SimulatedGoogle:
    """Google, as good as new."""
    simulator.google.reset()
    return simulator.google
