# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCRAM-SHA-512 as TrueNAS 26 and newer speak it: RFC 5802 with a nonce that is base64 of both nonces together."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass

from simulator.nas.accounts import ScramVerifier

_NONCE_BYTES = 32
_BOUND = "p=tls-server-end-point"


class ScramError(Exception):
    """A message that is refused."""


@dataclass(frozen=True)
class ClientFirst:
    """A parsed first message of the client."""

    username: str
    key_id: int
    nonce: bytes
    gs2_header: str
    bare: str

    @classmethod
    def parse(cls, text: str) -> ClientFirst:
        """:raises ScramError: not a first message, or one for a password (which is not offered)"""
        try:
            gs2, authzid, bare = text.split(",", 2)
            name, nonce = (part.split("=", 1)[1] for part in bare.split(",", 1))
            username, dummy, key_id = name.partition(":")
            first = cls(username, int(key_id), b64decode(nonce, validate=True), f"{gs2},{authzid},", bare)
        except (ValueError, IndexError):
            raise ScramError(text) from None
        if gs2 not in ("n", _BOUND) or authzid or len(first.nonce) != _NONCE_BYTES:
            raise ScramError(text)
        return first


class ScramExchange:
    """The server's side of one login.

    :param binding: the data of tls-server-end-point; None on a connection that is not encrypted
    """

    def __init__(self, first: ClientFirst, verifier: ScramVerifier, binding: bytes | None) -> None:
        if first.gs2_header.startswith(_BOUND) and binding is None:
            raise ScramError("Channel binding on a connection without TLS")
        self.first = first
        self._verifier = verifier
        bound = first.gs2_header.startswith(_BOUND) and binding is not None
        self._channel = b64encode(first.gs2_header.encode() + (binding if bound and binding else b"")).decode()
        self._nonce = b64encode(first.nonce + secrets.token_bytes(_NONCE_BYTES)).decode()
        salt = b64encode(verifier.salt).decode()
        self.server_first = f"r={self._nonce},s={salt},i={verifier.iterations}"

    def finish(self, text: str) -> str:
        """Check the client's final message and return the server's.

        :raises ScramError: wrong proof, nonce or channel binding
        """
        without_proof, dummy, proof = text.rpartition(",p=")
        if without_proof != f"c={self._channel},r={self._nonce}":
            raise ScramError("Wrong nonce or channel binding")
        message = f"{self.first.bare},{self.server_first},{without_proof}".encode()
        signature = hmac.digest(self._verifier.stored_key, message, "sha512")
        try:
            given = b64decode(proof, validate=True)
            client_key = bytes(a ^ b for a, b in zip(given, signature, strict=True))
        except ValueError:
            raise ScramError("Proof is not base64 of 64 bytes") from None
        if not hmac.compare_digest(hashlib.sha512(client_key).digest(), self._verifier.stored_key):
            raise ScramError("Wrong proof")
        return "v=" + b64encode(hmac.digest(self._verifier.server_key, message, "sha512")).decode()
