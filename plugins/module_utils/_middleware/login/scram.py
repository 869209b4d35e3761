# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client's side of TrueNAS's SCRAM-SHA-512, by which an API key proves itself without being sent.

PRIVATE to the collection. Its wire form departs from RFC 5802, which rules out SCRAM libraries (scramp compares the
nonce's text): the nonce is joined from the bytes of both sides *before* base64, so that the server's text does not
begin with the client's. The user name carries the key's number. The mathematics are the RFC's.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import stringprep
import unicodedata

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import LoginError

NONCE_BYTES = 32
_ITERATIONS = range(50_000, 5_000_001)
_BOUND, _UNBOUND = "p=tls-server-end-point", "n"


class ScramClient:
    """One login: `first` is sent, `final` answers the server's first message, `check` judges its last.

    Args:
        username: owner of the key.
        api_key: `NUMBER-SECRET` as TrueNAS shows it once.
        nonce: 32 random bytes.
        channel_binding: the `tls-server-end-point` data (RFC 5929) of the connection; None leaves it unbound.

    Raises:
        LoginError: a name or key that SCRAM cannot carry.
    """

    def __init__(self, username: str, api_key: str, nonce: bytes, channel_binding: bytes | None = None) -> None:
        number, dash, secret = api_key.partition("-")
        if not dash or not number.isdigit() or not secret:
            raise LoginError("api_key is not in the form NUMBER-TEXT in which TrueNAS shows a new key.")
        self._secret = secret.encode()
        self._nonce = nonce
        header = f"{_BOUND if channel_binding is not None else _UNBOUND},,"
        self._binding = _b64(header.encode() + (channel_binding or b""))
        self._first_bare = f"n={saslprep(username)}:{number},r={_b64(nonce)}"
        self.first = header + self._first_bare
        self._signature = b""

    def final(self, server_first: str) -> str:
        """The client's final message.

        Raises:
            LoginError: the server's message is not acceptable.
        """
        match = re.fullmatch(r"r=([^,]+),s=([^,]+),i=(\d{1,9})", server_first)
        if not match:
            raise LoginError("The NAS's first SCRAM message cannot be read.")
        nonce, salt, iterations = _unb64(match[1]), _unb64(match[2]), int(match[3])
        if not nonce.startswith(self._nonce) or len(nonce) <= len(self._nonce):
            raise LoginError("The NAS's first SCRAM message does not belong to this login.")
        if iterations not in _ITERATIONS:
            raise LoginError(
                f"The NAS asks for {iterations} SCRAM iterations: outside the accepted range of 50,000 to 5,000,000."
            )
        salted = hashlib.pbkdf2_hmac("sha512", self._secret, salt, iterations)
        client_key = _hmac(salted, b"Client Key")
        without_proof = f"c={self._binding},r={match[1]}"
        auth_message = f"{self._first_bare},{server_first},{without_proof}".encode()
        client_signature = _hmac(hashlib.sha512(client_key).digest(), auth_message)
        proof = bytes(one ^ other for one, other in zip(client_key, client_signature, strict=True))
        self._signature = _hmac(_hmac(salted, b"Server Key"), auth_message)
        return f"{without_proof},p={_b64(proof)}"

    def check(self, server_final: str) -> None:
        """Raise LoginError unless the server has proved that it knows the key, too."""
        sent = _unb64(server_final[2:]) if server_final.startswith("v=") else b""
        if not self._signature or not hmac.compare_digest(sent, self._signature):
            raise LoginError("The NAS did not prove that it knows the API key: another machine may stand in for it.")


def saslprep(username: str) -> str:
    """The name as SASLprep (RFC 4013) has it; TrueNAS allows neither `,` nor `=` in it."""
    mapped = "".join(
        " " if stringprep.in_table_c12(char) else char for char in username if not stringprep.in_table_b1(char)
    )
    name = unicodedata.normalize("NFKC", mapped)
    if not name or any(char in ",=" or stringprep.in_table_c21_c22(char) for char in name):
        raise LoginError(
            "api_username cannot be used with SCRAM: it is empty, or contains a comma, '=' or a control character."
        )
    return name


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha512")


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise LoginError("A SCRAM message of the NAS cannot be read.") from None
