# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Channel binding of a TLS connection: `tls-server-end-point` of RFC 5929, from the certificate alone.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib

try:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
except ImportError:
    x509 = None  # type: ignore[assignment]

_WEAK = {"md5", "sha1"}  # RFC 5929 puts SHA-256 in their place


def available() -> bool:
    """Whether the library `cryptography` is there. ansible-core requires it; another machine may lack it."""
    return x509 is not None


def tls_server_end_point(certificate: bytes) -> bytes | None:
    """Return the binding data of a certificate in DER form; None where its signature has no hash (EdDSA)."""
    try:
        algorithm = x509.load_der_x509_certificate(certificate).signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return None
    if algorithm is None:
        return None
    return hashlib.new("sha256" if algorithm.name in _WEAK else algorithm.name, certificate).digest()
