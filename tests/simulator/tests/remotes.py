# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remotes on loopback, served by the real rclone."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulator.nas.rclone_run import binary

USER, PASSWORD = "user", "pass word"
_PATIENCE = 20  # seconds


@contextlib.contextmanager
def served(kind: str, folder: Path) -> Iterator[dict[str, Any]]:
    """Serve a folder; yields the credential that reaches it.

    :param kind: WEBDAV, SFTP, FTP, S3 or HTTP
    """
    with port_of(kind, folder, *_ACCESS[kind]) as port:
        yield {"type": kind, **_CREDENTIALS[kind](port)}


@contextlib.contextmanager
def port_of(kind: str, folder: Path, *access: str) -> Iterator[int]:
    """Serve a folder; yields the port.

    :param access: rclone's options that say who may log in
    """
    port = _free_port()
    arguments = ["serve", kind.lower(), str(folder), "--addr", f"127.0.0.1:{port}", *access]
    process = subprocess.Popen([binary(), *arguments], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


_LOGIN = ["--user", USER, "--pass", PASSWORD]
_ACCESS = {
    "WEBDAV": _LOGIN,
    "SFTP": _LOGIN,
    "FTP": _LOGIN,
    "S3": ["--auth-key", f"{USER},{PASSWORD}"],
    "HTTP": [],
}
_CREDENTIALS = {
    "WEBDAV": lambda port: {"url": f"http://127.0.0.1:{port}", "vendor": "OTHER", "user": USER, "pass": PASSWORD},
    "SFTP": lambda port: {"host": "127.0.0.1", "port": port, "user": USER, "pass": PASSWORD},
    "FTP": lambda port: {"host": "127.0.0.1", "port": port, "user": USER, "pass": PASSWORD},
    "S3": lambda port: {
        "access_key_id": USER,
        "secret_access_key": PASSWORD,
        "endpoint": f"http://127.0.0.1:{port}",
    },
    "HTTP": lambda port: {"url": f"http://127.0.0.1:{port}"},
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert time.monotonic() < deadline, "The remote does not listen"
        time.sleep(0.02)
