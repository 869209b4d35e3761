# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server sends is bounded in size and depth, and is whole or is not used."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import Endpoint
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import ConnectError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import extended_json
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.http_request import get
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import Deadline


def got(answer: bytes, limit: int = 100) -> bytes:
    """The body of a page when the server sends these bytes and closes."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(answer)
        theirs.shutdown(socket.SHUT_WR)
        return get(ours, Endpoint("nas", 80, tls=False), "/log", Deadline(5), limit).body


def test_a_page_that_breaks_off_is_not_taken_for_a_whole_one():
    assert got(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwhole"[:-1]) == b"whol"
    with pytest.raises(ConnectError):
        got(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhol")
    with pytest.raises(ConnectError):
        got(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwhol\r\n")


def test_a_page_is_not_read_beyond_its_limit():
    with pytest.raises(ConnectError, match="more than 3 bytes"):
        got(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlong", limit=3)


TRICKLES = {
    "head": b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000,
    "endless 100 Continue": b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n" + b"x" * 10_000,
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 2000,
}


@pytest.mark.parametrize("name", TRICKLES)
def test_a_page_that_trickles_in_is_given_up_at_the_deadline(name):
    ours, theirs = socket.socketpair()
    ended = threading.Event()

    def trickle():
        with contextlib.suppress(OSError):
            for byte in TRICKLES[name]:
                theirs.send(bytes([byte]))
                if ended.wait(0.02):
                    return

    sender = threading.Thread(target=trickle)
    with ours, theirs:
        sender.start()
        started = time.monotonic()
        with pytest.raises(ConnectError, match=r"within 0\.5 s"):
            get(ours, Endpoint("nas", 80, tls=False), "/log", Deadline(0.5), 1 << 20)
        assert time.monotonic() - started < 5
        ended.set()
        sender.join()


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_refused(opening):
    with pytest.raises(ValueError, match="recursion"):
        extended_json.loads((opening * 100_000).encode())
