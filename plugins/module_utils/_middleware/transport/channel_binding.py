# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Channel binding of a TLS connection: `tls-server-end-point` of RFC 5929, from the certificate alone.

PRIVATE to the collection. Reads just enough DER to find the certificate's signature algorithm, so that no
library beside websocket-client is needed for it.
"""

from __future__ import annotations

import hashlib

# Signature algorithm -> its hash; RFC 5929 puts SHA-256 in place of MD5 and SHA-1. EdDSA has no such hash.
_HASHES = {
    "1.2.840.113549.1.1.4": "sha256",  # MD5 with RSA
    "1.2.840.113549.1.1.5": "sha256",  # SHA-1 with RSA
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
    "1.2.840.113549.1.1.14": "sha224",
    "1.2.840.10045.4.1": "sha256",  # ECDSA with SHA-1
    "1.2.840.10045.4.3.1": "sha224",
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}
# RSASSA-PSS names its hash in its parameters; SHA-1 where they do not.
_RSASSA_PSS = "1.2.840.113549.1.1.10"
_PSS_HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.4": "sha224",
}
_SEQUENCE, _OID, _CONTEXT_0 = 0x30, 0x06, 0xA0


def tls_server_end_point(certificate: bytes) -> bytes | None:
    """The binding data of a certificate in DER form; None where its signature algorithm defines none."""
    try:
        _tag, body, _rest = _element(certificate)
        _tag, _to_be_signed, rest = _element(body)
        _tag, algorithm, _rest = _element(rest)
        name = _signature_hash(algorithm)
    except (IndexError, ValueError):
        return None
    return hashlib.new(name, certificate).digest() if name else None


def _signature_hash(algorithm: bytes) -> str | None:
    _tag, oid, parameters = _element(algorithm)
    if _dotted(oid) != _RSASSA_PSS:
        return _HASHES.get(_dotted(oid))
    tag, body, _rest = _element(parameters)
    while tag == _SEQUENCE and body:
        inner_tag, value, body = _element(body)
        if inner_tag == _CONTEXT_0:
            _tag, hash_algorithm, _rest = _element(value)
            _tag, hash_oid, _rest = _element(hash_algorithm)
            return _PSS_HASHES.get(_dotted(hash_oid), "sha256")
    return "sha256"


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """The first DER element: its tag, its value, and what follows it."""
    tag, length, start = data[0], data[1], 2
    if length & 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(data[2 : 2 + size], "big"), 2 + size
    if len(data) < start + length:
        raise ValueError("cut off")
    return tag, data[start : start + length], data[start + length :]


def _dotted(oid: bytes) -> str:
    arcs = [oid[0] // 40, oid[0] % 40] if oid[0] < 80 else [2, oid[0] - 80]
    value = 0
    for byte in oid[1:]:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    return ".".join(map(str, arcs))
