# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server sends is bounded in size and depth, and is whole or is not used."""

from __future__ import annotations

import socket

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import Endpoint
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import ConnectError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import extended_json
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import Deadline, get


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


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_refused(opening):
    with pytest.raises(ValueError, match="recursion"):
        extended_json.loads((opening * 100_000).encode())
