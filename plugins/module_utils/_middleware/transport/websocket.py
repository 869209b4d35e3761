# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A WebSocket to `/api/current` of a NAS, as a transport of JSON-RPC messages.

PRIVATE to the collection.
"""

from __future__ import annotations

import select
import ssl
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import Endpoint
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import tls
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rpc_connection import (
    ANSWER_LIMIT,
    Broken,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import (
    Deadline,
    GuardedSocket,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._missing_library import missing_library

try:
    import websocket as client_library
except ImportError:
    client_library = None  # type: ignore[assignment]

PATH = "/api/current"

_CLOSE_REASONS = {
    1003: "it takes no binary messages",
    1007: "the message was too long for a connection that is not logged in",
    1008: "it does not accept connections from this address (System > General Settings > GUI > allowed addresses)",
    1009: "the message was too long",
    1011: "its middleware failed",
}


class WebSocketTransport:
    """One WebSocket over a connected socket."""

    def __init__(self, sock: Any, endpoint: Endpoint, deadline: Deadline) -> None:
        if client_library is None:
            raise errors.ConnectError(missing_library("websocket-client"))
        self.endpoint = endpoint
        self._tls_socket = sock if isinstance(sock, ssl.SSLSocket) else None
        self._socket = GuardedSocket(sock, deadline, ANSWER_LIMIT)
        self._websocket = client_library.WebSocket(enable_multithread=False, skip_utf8_validation=True)
        self._handshake()

    @property
    def certificate(self) -> bytes | None:
        """The NAS's certificate in DER form; None without TLS."""
        return tls.peer_certificate(self._tls_socket) if self._tls_socket else None

    def fileno(self) -> int:
        """The descriptor to wait for."""
        return int(self._socket.fileno())

    def send(self, text: str, deadline: Deadline) -> None:
        """Send one message. Raises TimeoutError or Broken."""
        self._socket.deadline = deadline
        try:
            self._websocket.send(text)
        except (TimeoutError, client_library.WebSocketTimeoutException):
            raise TimeoutError from None
        except (OSError, client_library.WebSocketException) as error:
            raise Broken(_plain(error)) from None

    def receive(self, deadline: Deadline) -> bytes:
        """One message; after a TimeoutError the rest of it can still be received. Raises Broken or BufferError, too."""
        self._socket.deadline = deadline
        self._socket.budget = ANSWER_LIMIT
        try:
            opcode, data = self._websocket.recv_data()
        except (TimeoutError, client_library.WebSocketTimeoutException):
            raise TimeoutError from None
        except BufferError:
            raise BufferError(f"a message of more than {ANSWER_LIMIT} bytes") from None
        except (OSError, ValueError, client_library.WebSocketException) as error:
            raise Broken(_plain(error)) from None
        if opcode == client_library.ABNF.OPCODE_CLOSE:
            code = int.from_bytes(data[:2], "big") if len(data) >= 2 else 0
            raise Broken(f"the NAS closed it: {_CLOSE_REASONS.get(code, f'code {code}')}")
        return bytes(data)

    def ping(self, deadline: Deadline) -> None:
        """Send a ping; its answer is read with the next message. Raises TimeoutError or Broken."""
        self._socket.deadline = deadline
        try:
            self._websocket.ping()
        except (TimeoutError, client_library.WebSocketTimeoutException):
            raise TimeoutError from None
        except (OSError, client_library.WebSocketException) as error:
            raise Broken(_plain(error)) from None

    def readable(self) -> bool:
        """Whether something has arrived that was not received yet."""
        if self._tls_socket and self._tls_socket.pending():
            return True
        return bool(select.select([self._socket], [], [], 0)[0])

    def close(self, *, politely: bool) -> None:
        """Close, telling the NAS if that is still possible; waits for it a second at most."""
        self._socket.deadline = Deadline(1)
        self._socket.budget = ANSWER_LIMIT
        try:
            if politely:
                self._websocket.close(timeout=1)
        except (OSError, BufferError, client_library.WebSocketException):
            pass
        finally:
            self._socket.close()

    def _handshake(self) -> None:
        try:
            self._websocket.connect(  # type: ignore[no-untyped-call]
                self.endpoint.url("ws", PATH), socket=self._socket, suppress_origin=True, redirect_limit=0
            )
        except (TimeoutError, client_library.WebSocketTimeoutException):
            raise errors.ConnectError(
                f"{self.endpoint} did not finish the WebSocket handshake in time (api_timeout)."
            ) from None
        except client_library.WebSocketBadStatusException as error:
            raise status_error(self.endpoint, PATH, error.status_code) from None
        except (OSError, BufferError, ValueError, IndexError, client_library.WebSocketException) as error:
            raise errors.ConnectError(
                f"{self.endpoint} does not answer the WebSocket handshake as a TrueNAS does ({type(error).__name__})."
            ) from None
        status = self._websocket.getstatus()
        if status != 101:
            raise status_error(self.endpoint, PATH, status or 0)


def explain_status(endpoint: Endpoint, path: str, status: int) -> str:
    """What an HTTP status other than the expected one tells of the server."""
    if status in (502, 503, 504):
        return f"{endpoint} answers, but not TrueNAS's middleware behind it (HTTP {status}): it is starting or stopped."
    if status in (301, 302, 303, 307, 308):
        return f"{endpoint} redirects {path} elsewhere (HTTP {status}): give the final address as api_url."
    return f"{endpoint} answers {path} with HTTP {status}: this is not a TrueNAS, or a proxy blocks the path."


def status_error(endpoint: Endpoint, path: str, status: int) -> errors.ConnectError:
    """The exception for an HTTP status other than the expected one."""
    kind = errors.NotReady if status in (502, 503, 504) else errors.ConnectError
    return kind(explain_status(endpoint, path, status))


def _plain(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
