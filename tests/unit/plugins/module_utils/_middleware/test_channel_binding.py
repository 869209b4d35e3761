# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Channel binding data, against certificates of every usual signature."""

from __future__ import annotations

import datetime
import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.login.channel_binding import (
    tls_server_end_point,
)

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())


def certificate(key: object, algorithm: hashes.HashAlgorithm | None, **options: object) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nas")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())  # type: ignore[attr-defined]
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + datetime.timedelta(days=1))
    return builder.sign(key, algorithm, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (certificate(RSA, hashes.SHA256()), "sha256"),
        (certificate(RSA, hashes.SHA384()), "sha384"),
        (certificate(RSA, hashes.SHA512()), "sha512"),
        (certificate(EC, hashes.SHA256()), "sha256"),
        (certificate(EC, hashes.SHA384()), "sha384"),
        (
            certificate(RSA, hashes.SHA384(), rsa_padding=padding.PSS(padding.MGF1(hashes.SHA384()), 48)),
            "sha384",
        ),
    ],
)
def test_the_hash_is_the_one_of_the_signature(made: x509.Certificate, name: str) -> None:
    encoded = made.public_bytes(Encoding.DER)
    assert made.signature_hash_algorithm is not None
    assert made.signature_hash_algorithm.name == name
    assert tls_server_end_point(encoded) == hashlib.new(name, encoded).digest()


def test_eddsa_has_no_binding() -> None:
    encoded = certificate(ed25519.Ed25519PrivateKey.generate(), None).public_bytes(Encoding.DER)
    assert tls_server_end_point(encoded) is None


@pytest.mark.parametrize("data", [b"", b"0", b"\x30\x82", b"x" * 60])
def test_what_is_no_certificate_has_no_binding(data: bytes) -> None:
    assert tls_server_end_point(data) is None
