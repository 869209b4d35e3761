# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the client trusts, and what it says when it does not."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (
    ConnectionOptions,
    format_fingerprint,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import CertificateError, ConnectError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import tls
from simulator.fixture import SimulatedNas

TRANSPORTS = ("websocket", "rest")


class SelfSigned:
    """A certificate of its own authority for 127.0.0.1, wrong in the ways given."""

    def __init__(
        self, folder: Path, host: str = "127.0.0.1", first_day: int = -1, last_day: int = 1, stem: str = "nas"
    ) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nas")])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + datetime.timedelta(days=first_day))
            .not_valid_after(now + datetime.timedelta(days=last_day))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
            .sign(key, hashes.SHA256())
        )
        encoding, formats = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        self.path = folder / f"{stem}.pem"
        self.path.write_bytes(
            certificate.public_bytes(encoding) + key.private_bytes(encoding, formats, serialization.NoEncryption())
        )
        self.shown = format_fingerprint(certificate.fingerprint(hashes.SHA256()).hex())

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context


class Ears:
    """A handler that hears whether anything is sent after TLS has started."""

    def __init__(self) -> None:
        self.heard = b""

    def __call__(self, wire: Any) -> None:
        self.heard += wire.sock.recv(100)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"host": "127.0.0.2"}, "another name than 127.0.0.1"),
        ({"first_day": -3}, None),
        ({"first_day": -3, "last_day": -1}, "has expired"),
        ({"first_day": 1, "last_day": 2}, "not valid yet.*clocks"),
    ],
)
def test_a_certificate_that_does_not_hold(
    tmp_path: Path, peer: Callable[..., Any], wrong: dict[str, Any], says: str | None, transport: str
) -> None:
    certificate, ears = SelfSigned(tmp_path, **wrong), Ears()
    server = peer(ears, certificate.context())
    if says is None:  # nothing is wrong: then it is not the certificate that fails
        with pytest.raises(ConnectError) as caught:
            connect(server.options(ca_path=str(certificate.path), api_transport=transport))
        assert not isinstance(caught.value, CertificateError)
        assert ears.heard
        return
    with pytest.raises(CertificateError, match=says) as caught:
        connect(server.options(ca_path=str(certificate.path), api_transport=transport))
    assert not ears.heard
    assert certificate.shown in str(caught.value) or "clocks" in str(caught.value)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_an_unknown_authority_is_not_trusted(nas: SimulatedNas, transport: str) -> None:
    options = ConnectionOptions(api_url=nas.api_url, api_key=nas.api_key, api_transport=transport)
    with pytest.raises(CertificateError, match="ca_path") as caught:
        connect(options)
    assert format_fingerprint(nas.cert_fingerprint) in str(caught.value)
    assert not nas.logins()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_wrong_pin_stops_before_anything_is_sent(tmp_path: Path, peer: Callable[..., Any], transport: str) -> None:
    certificate, ears = SelfSigned(tmp_path), Ears()
    server = peer(ears, certificate.context())
    # A valid chain does not help: the pin alone counts.
    options = server.options(ca_path=str(certificate.path), cert_fingerprint="ab" * 32, api_transport=transport)
    with pytest.raises(CertificateError, match=r"pinned.*nothing was sent") as caught:
        connect(options)
    assert certificate.shown in str(caught.value)
    assert not ears.heard


def test_rest_holds_every_connection_to_the_pin(tmp_path: Path, peer: Callable[..., Any]) -> None:
    """The first one, on which nothing secret goes, is answered by the right machine, the next by another."""
    certificate, other, ears = SelfSigned(tmp_path), SelfSigned(tmp_path, stem="other"), Ears()

    def handle(wire: Any) -> None:
        if server.connections > 1:
            ears(wire)
            return
        server.context = other.context()
        wire.request()
        wire.answer(401, "", "Connection: close")

    server = peer(handle, certificate.context())
    with pytest.raises(CertificateError, match="another certificate"):
        connect(server.options(cert_fingerprint=certificate.shown, api_transport="rest"))
    assert server.connections > 1
    assert not ears.heard


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    "trust",
    [
        lambda nas: {"ca_path": nas.ca_path},
        lambda nas: {"cert_fingerprint": nas.cert_fingerprint},
        lambda nas: {"cert_fingerprint": format_fingerprint(nas.cert_fingerprint)},
        lambda nas: {"cert_fingerprint": nas.cert_fingerprint, "validate_certs": False},
        lambda nas: {"validate_certs": False},
    ],
)
def test_each_kind_of_trust_lets_in(nas: SimulatedNas, trust: Any, transport: str) -> None:
    options = ConnectionOptions(api_url=nas.api_url, api_key=nas.api_key, api_transport=transport, **trust(nas))
    with connect(options) as client:
        assert str(client.release) == "25.10"


def test_a_pin_stands_in_for_the_host_name(nas: SimulatedNas, tmp_path: Path, peer: Callable[..., Any]) -> None:
    certificate, ears = SelfSigned(tmp_path, host="127.0.0.2"), Ears()
    server = peer(ears, certificate.context())
    with pytest.raises(ConnectError):
        connect(server.options(cert_fingerprint=certificate.shown))
    assert ears.heard.startswith(b"GET /api/versions")


@pytest.mark.parametrize("ca_path", ["missing.pem", "empty.pem"])
def test_a_ca_path_that_is_none(tmp_path: Path, ca_path: str) -> None:
    (tmp_path / "empty.pem").touch()
    with pytest.raises(CertificateError, match="ca_path"):
        tls.Trust(ca_path=str(tmp_path / ca_path)).context()


def test_a_folder_of_certificates_may_be_the_ca_path(tmp_path: Path) -> None:
    assert tls.Trust(ca_path=str(tmp_path)).context().verify_mode is ssl.CERT_REQUIRED


def test_a_server_without_tls_is_told_apart(peer: Callable[..., Any]) -> None:
    server = peer(lambda wire: wire.answer(400))
    with pytest.raises(ConnectError, match="TLS") as caught:
        connect(server.options(api_url=server.api_url.replace("http:", "https:")))
    assert not isinstance(caught.value, CertificateError)
