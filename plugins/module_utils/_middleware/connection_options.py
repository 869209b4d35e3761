# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection options that every module shares, and the address that they name.

PRIVATE to the collection. Everything that is wrong with the options is said here, before a connection is made.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import pathlib
import re
from urllib.parse import urlsplit

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    ConnectError,
    InsecureTransport,
    LoginError,
)

# No blank or quote, which come with a text that was not copied whole.
_HOST = re.compile(r"[^\s'\"\\<>]+")
# The number of the key and its secret. Those of all releases consist of such characters.
_KEY = re.compile(r"[!#-&(-~]+")

ON_BOX_SOCKET = "/run/middleware/middlewared.sock"


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """Where a NAS listens: a host and port, with or without TLS, or a unix socket."""

    host: str = "localhost"
    port: int = 0
    tls: bool = False
    unix_path: str | None = None

    @property
    def netloc(self) -> str:
        """Host and port as they stand in URLs and in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.unix_path or self.port == (443 if self.tls else 80) else f"{host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether the address is one of this machine. A port of it may be forwarded to another (ssh -L, docker -p)."""
        if self.unix_path or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def private(self) -> bool:
        """Whether nobody on the way can read what is sent: over TLS, or on a TrueNAS to its own middleware."""
        return self.tls or bool(self.unix_path) or (self.loopback and pathlib.Path(ON_BOX_SOCKET).exists())

    def url(self, scheme: str, path: str) -> str:
        """`endpoint.url("ws", "/api/current")` -> `wss://nas/api/current` over TLS."""
        return f"{scheme}{'s' if self.tls else ''}://{self.netloc}{path}"

    def __str__(self) -> str:
        return self.unix_path or self.url("http", "")


@dataclasses.dataclass(frozen=True)
class ConnectionOptions:
    """The shared options, named as users write them.

    `api_timeout` is in seconds; `api_session` is `keep` or `close`, without it the session is closed.
    """

    api_url: str | None = None
    api_key: str | None = dataclasses.field(default=None, repr=False)
    api_username: str | None = None
    api_password: str | None = dataclasses.field(default=None, repr=False)
    api_otp: str | None = dataclasses.field(default=None, repr=False)
    api_transport: str = "auto"
    validate_certs: bool = True
    ca_path: str | None = None
    cert_fingerprint: str | None = None
    api_timeout: float = 60
    api_session: str | None = None
    read_only: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no message may hold."""
        return tuple(secret for secret in (self.api_key, self.api_password, self.api_otp) if secret)

    def validate(self) -> Endpoint:
        """Check the options together and return the address.

        Raises:
            ConnectError: an address, fingerprint or time that cannot be used.
            InsecureTransport: unencrypted HTTP, except on the NAS itself.
            LoginError: nothing to log in with, or no API key that can be one.
        """
        endpoint = parse_api_url(self.api_url)
        if self.api_timeout <= 0:
            raise ConnectError("api_timeout must be more than 0 seconds.")
        if self.cert_fingerprint:
            normalise_fingerprint(self.cert_fingerprint)
            if not endpoint.tls and not endpoint.unix_path:
                raise ConnectError(f"cert_fingerprint needs TLS, and {endpoint} has none: use https:// in api_url.")
        if not endpoint.private:
            forwarded = " A forwarded port of this machine leads to another one." if endpoint.loopback else ""
            raise InsecureTransport(
                f"api_url: {endpoint} is not encrypted, so the credentials would cross the network in the clear. "
                f"TrueNAS revokes an API key that it receives that way.{forwarded} Nothing was sent. Use https://; for "
                "a self-signed certificate give cert_fingerprint."
            )
        if self.api_key and not _KEY.fullmatch(self.api_key):
            raise LoginError(
                "api_key contains a blank, a line end, a quotation mark or another character that no API key has. Give "
                "the key alone."
            )
        for option in ("api_username", "api_password", "api_otp"):
            if set(getattr(self, option) or "") & set("\r\n"):
                raise LoginError(
                    f"{option} holds a line end, as a file, a command or a block of YAML adds one: give it without, "
                    "for example by the filter trim."
                )
        if not endpoint.unix_path and not self.api_key and not self.api_password:
            raise LoginError(
                f"No credentials for {endpoint}: give api_key (or TRUENAS_API_KEY in the environment), or api_username "
                "and api_password (TRUENAS_API_USERNAME, TRUENAS_API_PASSWORD). In an inventory they are called "
                "truenas_api_key, truenas_api_username and truenas_api_password."
            )
        return endpoint


def parse_api_url(api_url: str | None, on_box_socket: str = ON_BOX_SOCKET) -> Endpoint:
    """The address in `api_url`; without one the middleware's socket, if this machine is a NAS.

    Raises:
        ConnectError: the text is no address, or there is neither a text nor a socket.
    """
    if not api_url:
        if pathlib.Path(on_box_socket).exists():
            return Endpoint(unix_path=on_box_socket)
        raise ConnectError(
            "No address of a NAS: give api_url (https://nas.example.com), the variable truenas_api_url of the host, "
            "or TRUENAS_API_URL in the environment. Only on a TrueNAS itself may it be left out; this machine has no "
            f"{on_box_socket}."
        )
    if api_url.startswith("/"):
        return Endpoint(unix_path=api_url)
    if api_url.startswith("unix://"):
        path = api_url.removeprefix("unix://")
        if not path.startswith("/"):
            raise ConnectError(
                "api_url: unix:// needs an absolute path, such as unix:///run/middleware/middlewared.sock."
            )
        return Endpoint(unix_path=path)
    return _parse_http_url(api_url)


def _parse_http_url(api_url: str) -> Endpoint:
    # People put passwords into URLs, so no more than the host is repeated below.
    safe = _host_of(api_url)
    example = f"https://{safe or 'nas.example.com'}"
    if "@" in api_url:
        raise ConnectError(
            f"api_url must not hold credentials. Use {example} alone, and api_key, or api_username and api_password."
        )
    try:
        parts = urlsplit(api_url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ConnectError(
            f"api_url: {safe!r} is not a valid address. It looks like https://nas.example.com[:port]."
        ) from None
    if "://" not in api_url:
        raise ConnectError(f"api_url: {safe!r} has no scheme. Use {example}, or the path of a unix socket.")
    if parts.scheme not in ("https", "http", "wss", "ws"):
        raise ConnectError(f"api_url: the scheme {parts.scheme!r} is not https. Use {example}.")
    if not host:
        raise ConnectError("api_url names no host. It looks like https://nas.example.com[:port].")
    if not _HOST.fullmatch(host):
        raise ConnectError(f"api_url: {safe!r} is not a host. It looks like https://nas.example.com[:port].")
    if parts.path.strip("/") not in ("", "api/current") or parts.query or parts.fragment:
        raise ConnectError(f"api_url takes no path, query or fragment. Use {example}.")
    tls = parts.scheme in ("https", "wss")
    return Endpoint(host, port or (443 if tls else 80), tls)


def _host_of(api_url: str) -> str:
    """Return host and port as they are written: neither user and password nor a path."""
    rest = re.sub(r"^[\s'\"]*((https?|wss?)(?=[:/])|[a-z][a-z0-9+.-]*(?=:?//))?[:/]*", "", api_url, flags=re.IGNORECASE)
    return re.split(r"[/?#\s]", rest.rpartition("@")[2])[0]


def normalise_fingerprint(text: str) -> str:
    """`SHA256 Fingerprint=AB:CD...` and the like -> 64 lower-case hex digits.

    Raises:
        ConnectError: not a SHA-256 fingerprint.
    """
    digits = re.sub(r"[\s:]", "", re.sub(r"(?i)^\s*sha-?256\s*(fingerprint)?\s*[=:]?", "", text)).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise ConnectError(
            "cert_fingerprint must be the SHA-256 fingerprint of the NAS's certificate: 64 hex digits, with or without "
            "colons (openssl x509 -noout -fingerprint -sha256 -in certificate.pem)."
        )
    return digits


def format_fingerprint(digits: str) -> str:
    """64 hex digits -> the usual form with colons."""
    return ":".join(digits[place : place + 2] for place in range(0, len(digits), 2)).upper()
