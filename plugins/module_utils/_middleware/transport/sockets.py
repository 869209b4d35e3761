# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connected sockets to a NAS, and the time and bytes that are waited for. PRIVATE to the collection."""

from __future__ import annotations

import socket
import time
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import Endpoint
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import ConnectError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import tls


class Deadline:
    """A point in time by which something must be done."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds left, 0 when the time is up."""
        return max(0.0, self._end - time.monotonic())

    def check(self) -> float:
        """Seconds left; raises TimeoutError when there are none."""
        if not self.remaining:
            raise TimeoutError("timed out")
        return self.remaining


class GuardedSocket:
    """A socket whose every wait ends at `deadline`, and that takes at most `budget` bytes until either is set anew.

    websocket-client itself bounds neither the size of a message nor the time that one takes to trickle in.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline, budget: int) -> None:
        self._sock = sock
        self.deadline = deadline
        self.budget = budget

    def recv(self, size: int) -> bytes:
        """Receive; raises TimeoutError, or BufferError when the peer sends more than it may."""
        self._sock.settimeout(self.deadline.check())
        data = self._sock.recv(size)
        self.budget -= len(data)
        if self.budget < 0:
            raise BufferError("the message is too large")
        return data

    def send(self, data: bytes) -> int:
        """Send; raises TimeoutError."""
        self._sock.settimeout(self.deadline.check())
        return self._sock.send(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def open_socket(endpoint: Endpoint, trust: tls.Trust, deadline: Deadline) -> socket.socket:
    """Connect, and start TLS where the address asks for it.

    Raises:
        ConnectError: nothing there, no answer in time, no TLS, or (CertificateError) no trust.
    """
    if endpoint.unix_path:
        return _open_unix(endpoint.unix_path, deadline)
    try:
        plain = socket.create_connection((endpoint.host, endpoint.port), timeout=deadline.check())
    except TimeoutError:
        raise ConnectError(f"{endpoint} did not answer within {deadline.seconds:g} s (api_timeout).") from None
    except socket.gaierror as error:
        raise ConnectError(f"The name {endpoint.host} in api_url cannot be resolved: {error.strerror}.") from None
    except OSError as error:
        raise ConnectError(f"{endpoint} cannot be reached: {error.strerror or error}. Check api_url.") from None
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not endpoint.tls:
        return plain
    try:
        plain.settimeout(deadline.check())
        return tls.wrap(plain, endpoint, trust)
    except BaseException:
        plain.close()
        raise


def _open_unix(path: str, deadline: Deadline) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(deadline.check())
        sock.connect(path)
    except OSError as error:
        sock.close()
        raise ConnectError(
            f"The middleware socket {path} (api_url) cannot be used: {error.strerror or error}. "
            "It only exists on a running TrueNAS; use https:// from other hosts."
        ) from None
    return sock
