# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP requests over a connected socket, each within a deadline and a limit.

PRIVATE to the collection. The standard library's timeout is one for each read: a peer that sends a byte now and then,
or `100 Continue` for ever, would be waited for without end. Here the deadline bounds the whole answer, also its head.
"""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import Endpoint
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import ConnectError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import (
    Deadline,
    GuardedSocket,
)

Take = Callable[[bytes], Any]

_CHUNK = 1 << 16
_HEAD_LIMIT = 1 << 18


class Page(NamedTuple):
    """An answer; `reusable` tells whether the socket may carry another request."""

    status: int
    body: bytes
    content_type: str
    reusable: bool


class _Reader(io.RawIOBase):
    """What arrives on a guarded socket, as a file."""

    def __init__(self, sock: GuardedSocket) -> None:
        self._sock = sock

    def readable(self) -> bool:
        """It is read only."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Receive into a buffer; 0 at the end."""
        data = self._sock.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Socket:
    """As much of a socket as `http.client` uses."""

    def __init__(self, sock: GuardedSocket) -> None:
        self._sock = sock

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._sock.send(bytes(rest[:_CHUNK])) :]

    def makefile(self, mode: str) -> io.BufferedReader:  # pylint: disable=unused-argument
        """The answer's bytes."""
        return io.BufferedReader(_Reader(self._sock))

    def close(self) -> None:
        """Whoever has opened the socket closes it."""


def request(
    sock: socket.socket,
    endpoint: Endpoint,
    verb: str,
    path: str,
    *,
    deadline: Deadline,
    limit: int,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    take: Take | None = None,
) -> Page:
    """Send a request and read its answer, whatever the status; redirects are not followed.

    Args:
        limit: The longest body that is taken, in bytes.
        take: Gets the body of an answer with status 200 piece by piece; the page's own is empty then.

    Raises:
        TimeoutError: not all of the answer came before the deadline.
        BufferError: the answer is longer than the limit.
        OSError, http.client.HTTPException: the connection broke, or this is no HTTP.
    """
    connection = http.client.HTTPConnection(endpoint.host, endpoint.port)
    connection.sock = _Socket(GuardedSocket(sock, deadline, limit + limit // 64 + _HEAD_LIMIT))
    connection.putrequest(verb, path, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", endpoint.netloc)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    content, length = bytearray(), 0
    if take is None or response.status != 200:
        take = content.extend
    while chunk := response.read1(_CHUNK):
        length += len(chunk)
        take(chunk)
        if length > limit:
            raise BufferError(f"more than {limit} bytes")
    if response.length:  # what the header has announced and did not come
        raise http.client.IncompleteRead(bytes(content), response.length)
    return Page(
        response.status, bytes(content), response.headers.get("Content-Type", ""), reusable=not response.will_close
    )


def get(
    sock: socket.socket, endpoint: Endpoint, path: str, deadline: Deadline, limit: int, take: Take | None = None
) -> Page:
    """GET a page over a connected socket; a body longer than `limit` bytes is an error.

    See `request` for `take`.

    Raises:
        ConnectError: no HTTP, too slow or too long.
    """
    try:
        return request(sock, endpoint, "GET", path, deadline=deadline, limit=limit, take=take)
    except TimeoutError:
        raise ConnectError(f"{endpoint} did not answer within {deadline.seconds:g} s (api_timeout).") from None
    except BufferError as error:
        raise ConnectError(f"{endpoint} answers GET {path.partition('?')[0]} with {error}.") from None
    except (http.client.HTTPException, OSError) as error:
        raise ConnectError(f"{endpoint} does not answer as a web server does ({type(error).__name__}).") from None
