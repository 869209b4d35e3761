# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a session keeper and its callers say to each other, and the proof that they hold the same credential.

PRIVATE to the collection. A frame is its length in four bytes, then that many bytes. First come three frames of JSON:
the keeper's nonce; the caller's nonce and proof; the keeper's proof and what a session begins with. After that each
frame is a message to or from the NAS, as it is.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import socket
import struct
from collections.abc import Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (
    ConnectionOptions,
    Endpoint,
)

# Of this protocol: keepers and callers of different ones do not meet.
_VERSION = 1

NONCE_BYTES = 32

# Each caller numbers its calls in a range of its own, so that an answer's number tells whose it is.
IDS_OF_A_CALLER = 1 << 24

_LENGTH = struct.Struct("!I")
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid


class Frames:
    """Takes frames out of a stream of bytes."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Add what has arrived."""
        self._buffer += data

    def take(self) -> bytes | None:
        """The next whole frame, if there is one."""
        if not self.complete:
            return None
        end = _LENGTH.size + self._length
        frame = bytes(memoryview(self._buffer)[_LENGTH.size : end])
        del self._buffer[:end]
        return frame

    @property
    def complete(self) -> bool:
        """Whether there is a whole frame."""
        return len(self._buffer) >= _LENGTH.size and len(self._buffer) >= _LENGTH.size + self._length

    @property
    def _length(self) -> int:
        return int(_LENGTH.unpack_from(self._buffer)[0])


def head(data: bytes) -> bytes:
    """What precedes these bytes in a frame."""
    return _LENGTH.pack(len(data))


def message(members: Mapping[str, Any]) -> bytes:
    """A JSON message of the two themselves."""
    return json.dumps(members, default=str).encode()


def name(options: ConnectionOptions, endpoint: Endpoint, owner: int | None) -> str:
    """The name of a session: whom it is with, how far that one is trusted, and for which process; holds no secret."""
    trust = (options.validate_certs, options.ca_path, options.cert_fingerprint)
    what = (_VERSION, str(endpoint), options.api_username, bool(options.api_key), options.api_transport, trust, owner)
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]


def credential(options: ConnectionOptions) -> bytes:
    """What both sides must hold. A one-time code is not part of it: it is used up by the login."""
    return json.dumps((options.api_username, options.api_key, options.api_password)).encode()


def nonce() -> str:
    """A fresh one, in hex."""
    return secrets.token_hex(NONCE_BYTES)


def proof(held: bytes, side: str, keepers_nonce: str, callers_nonce: str) -> str:
    """That the side (`keeper` or `caller`) holds the credential."""
    return hmac.new(held, f"{side} {keepers_nonce} {callers_nonce}".encode(), hashlib.sha256).hexdigest()


def proves(given: Any, held: bytes, side: str, keepers_nonce: str, callers_nonce: str) -> bool:
    """Whether the given proof is right."""
    expected = proof(held, side, keepers_nonce, callers_nonce)
    return isinstance(given, str) and hmac.compare_digest(given.encode(), expected.encode())


def same_user(sock: socket.socket) -> bool:
    """Whether the process at the other end is of this user, as far as the system tells (the directory is private)."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    found = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return bool(_CREDENTIALS.unpack(found)[1] == os.geteuid())
