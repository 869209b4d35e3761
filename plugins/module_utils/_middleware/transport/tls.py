# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS to a NAS: whom to trust, the pinned certificate, and what to say when the trust fails.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
import pathlib
import socket
import ssl
from typing import NamedTuple

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (
    ConnectionOptions,
    Endpoint,
    format_fingerprint,
    normalise_fingerprint,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import CertificateError, ConnectError

# OpenSSL's verification results (X509_V_ERR_*).
_NOT_YET_VALID, _EXPIRED = 9, 10
_HOST_MISMATCH, _ADDRESS_MISMATCH = 62, 64


class Trust(NamedTuple):
    """Whom to trust: a pinned certificate, else the authorities of `ca_path` or of the system, else anybody."""

    validate_certs: bool = True
    ca_path: str | None = None
    cert_fingerprint: str | None = None

    def context(self) -> ssl.SSLContext:
        """The TLS settings. With a pin the chain and the host are not looked at: `check_pin` stands in for them."""
        checked = self.validate_certs and not self.cert_fingerprint
        path = self.ca_path if checked else None
        try:
            if path and pathlib.Path(path).is_dir():
                context = ssl.create_default_context(capath=path)
            else:
                context = ssl.create_default_context(cafile=path)
        except (OSError, ssl.SSLError) as error:
            raise CertificateError(f"ca_path {path} cannot be read as certificates in PEM form: {error}") from None
        if not checked:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def check_pin(self, certificate: bytes, endpoint: Endpoint) -> None:
        """Raise CertificateError if a certificate is pinned and this DER form is not it."""
        if self.cert_fingerprint and fingerprint(certificate) != normalise_fingerprint(self.cert_fingerprint):
            raise CertificateError(
                f"{endpoint} shows another certificate than the pinned one; nothing was sent. It shows "
                f"{format_fingerprint(fingerprint(certificate))}. If the NAS's certificate was renewed, set "
                "cert_fingerprint to that after comparing it on the NAS itself; if not, another machine intercepts "
                "the connection."
            )


def trust_of(options: ConnectionOptions) -> Trust:
    """The part of the options that says whom to trust."""
    return Trust(options.validate_certs, options.ca_path, options.cert_fingerprint)


def wrap(plain: socket.socket, endpoint: Endpoint, trust: Trust) -> ssl.SSLSocket:
    """Start TLS on a connected socket; the pin is checked before anything else is sent.

    Raises:
        CertificateError: the certificate is not trusted.
        ConnectError: no TLS there.
    """
    try:
        secure = trust.context().wrap_socket(plain, server_hostname=endpoint.host)
    except ssl.SSLCertVerificationError as error:
        raise CertificateError(_explain(error, endpoint, _shown_fingerprint(endpoint, plain.gettimeout()))) from None
    except TimeoutError:
        raise ConnectError(f"{endpoint} did not answer the start of TLS in time.") from None
    except (ssl.SSLError, OSError) as error:
        raise ConnectError(
            f"{endpoint} does not speak TLS that can be used ({_reason(error)}). Check the port in api_url."
        ) from None
    try:
        trust.check_pin(peer_certificate(secure), endpoint)
    except BaseException:
        secure.close()
        raise
    return secure


def peer_certificate(secure: ssl.SSLSocket) -> bytes:
    """The server's own certificate in DER form."""
    return secure.getpeercert(binary_form=True) or b""


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of the DER form, in lower-case hex."""
    return hashlib.sha256(certificate).hexdigest()


def _shown_fingerprint(endpoint: Endpoint, timeout: float | None) -> str | None:
    """The fingerprint of whatever is shown, for the error message: a handshake alone, nothing is sent."""
    try:
        plain = socket.create_connection((endpoint.host, endpoint.port), timeout=timeout)
        with plain, Trust(validate_certs=False).context().wrap_socket(plain, server_hostname=endpoint.host) as secure:
            return fingerprint(peer_certificate(secure))
    except OSError:
        return None


def _explain(error: ssl.SSLCertVerificationError, endpoint: Endpoint, shown: str | None) -> str:
    pin = f" or, once compared on the NAS itself, cert_fingerprint: {format_fingerprint(shown)}" if shown else ""
    if error.verify_code in (_HOST_MISMATCH, _ADDRESS_MISMATCH):
        problem = f"is made out for another name than {endpoint.host}"
        remedy = f"Use the name in the certificate in api_url{pin}."
    elif error.verify_code == _EXPIRED:
        problem, remedy = "has expired", f"Renew it on the NAS (Credentials > Certificates){pin}."
    elif error.verify_code == _NOT_YET_VALID:
        problem, remedy = "is not valid yet", "Check the clocks of the NAS and of this machine."
    else:
        problem = f"is not trusted ({error.verify_message})"
        remedy = f"Give the authority that signed it as ca_path{pin}."
    return f"The certificate of {endpoint} {problem}. Nothing was sent. {remedy}"


def _reason(error: OSError) -> str:
    return getattr(error, "reason", None) or error.strerror or str(error)
