# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways to log in over JSON-RPC, one class a way.

PRIVATE to the collection. The strongest way that the NAS offers for the given credentials is chosen beforehand; when it
fails, that is an error and no weaker one is tried.
"""

from __future__ import annotations

import abc
import errno
import secrets
import time
from collections.abc import Callable
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (
    ConnectionOptions,
    Endpoint,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    Busy,
    CallError,
    LoginError,
    NotAuthenticated,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.login import channel_binding
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.login.scram import NONCE_BYTES, ScramClient
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import Deadline
from ansible_collections.nasops.cloudsync.plugins.module_utils._missing_library import missing_library

# Seconds between two tries while the NAS's limit of 20 logins a minute holds; it delays refusals by 1 to 10 s itself.
_LIMIT_PAUSE = 2.0

Call = Callable[..., Any]


class Login(abc.ABC):
    """One way to log in."""

    def __init__(self, options: ConnectionOptions, endpoint: Endpoint) -> None:
        self.options = options
        self.endpoint = endpoint

    @abc.abstractmethod
    def validate(self) -> None:
        """Raise LoginError when the options lack what this way needs. Sends nothing."""

    @abc.abstractmethod
    def authenticate(self, call: Call) -> None:
        """Log in by calls of the middleware. Raises LoginError."""

    def _login_ex(self, call: Call, method: str, data: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = call(method, data)
        except CallError as error:
            if error.errno != errno.EOPNOTSUPP:
                raise
            raise LoginError(
                f"{self.endpoint} does not accept this way of logging in: its security settings ask for another "
                "(at the highest level only api_username, api_password and api_otp)."
            ) from None
        return answer if isinstance(answer, dict) else {}

    def _expect(self, answer: dict[str, Any], wanted: str) -> dict[str, Any]:
        if answer.get("response_type") == wanted:
            return answer
        raise LoginError(self._refusal(answer))

    def _refusal(self, answer: dict[str, Any]) -> str:
        kind = answer.get("response_type")
        what, who = self._subject()
        if kind == "AUTH_ERR":
            return (
                f"{self.endpoint} refused the login{who}. The NAS gives the same answer for a wrong {what}, another "
                f"account's or a revoked {what}, an unknown or locked account, and an account without any privilege. "
                f"{self._hint()}"
            )
        if kind == "EXPIRED":
            return (
                f"The {what}{who} has expired on {self.endpoint}, or the account has, or the NAS has revoked the "
                f"{what} because it came over an unencrypted connection. {self._expired_advice()}"
            )
        if kind == "DENIED":
            return f"The {what}{who} is right, but the account has no privilege to use the API of {self.endpoint}."
        if kind == "OTP_REQUIRED":
            refused, wanted = "the code in api_otp was refused, use a fresh one", "give api_otp, or use an API key"
            remedy = refused if self.options.api_otp else wanted
            return f"The account{who} on {self.endpoint} has two-factor login: {remedy}."
        if kind == "REDIRECT":
            urls = ", ".join(str(url) for url in answer.get("urls") or ["its shared address"])
            return f"{self.endpoint} is the standby controller of a pair: use the active one as api_url ({urls})."
        return f"{self.endpoint} answered the login in a way that is not known ({str(kind)[:40]})."

    def _subject(self) -> tuple[str, str]:
        name = self.options.api_username
        return ("key" if self.options.api_key else "password"), (f" of {name}" if name else "")

    def _expired_advice(self) -> str:
        if not self.options.api_key:
            return "Make a new password."
        return (
            "Make a new key. If that one is refused in the same way, a reverse proxy ends TLS here and speaks plain "
            "HTTP to the NAS: let the proxy use https:// to the NAS, or give the NAS's own address in api_url."
        )

    def _hint(self) -> str:
        if self.options.api_key:
            return (
                "Check api_key and its owner api_username under Credentials > Users > API Keys. A key that once came "
                "over an unencrypted connection, also behind a proxy, is revoked."
            )
        return "Check api_username and api_password."


class UnixSocket(Login):
    """On the NAS itself: the middleware knows the account from the socket, nothing is sent."""

    def validate(self) -> None:
        """Nothing is needed."""

    def authenticate(self, call: Call) -> None:
        """See whether the middleware has taken the account for one of its own."""
        try:
            call("system.version")
        except NotAuthenticated:
            raise LoginError(
                "TrueNAS's middleware does not log this account in on its socket: run as root (become: true), or use "
                "https:// in api_url with api_key."
            ) from None


class KeyOnSocket(Login):
    """API key on the NAS's own socket since TrueNAS 26, which takes none there (seen on a real 27.0)."""

    def validate(self) -> None:
        """Say so."""
        raise LoginError(
            f"api_key: since TrueNAS 26 the middleware takes no API key on its socket ({self.endpoint}). Leave api_key "
            "out and run as root (become: true), or give https:// in api_url."
        )

    def authenticate(self, call: Call) -> None:
        """Never reached."""


class PlainKey(Login):
    """API key as it is, over TLS: what there is before TrueNAS 26."""

    def validate(self) -> None:
        """The server finds the owner by the key where no name is given."""

    def authenticate(self, call: Call) -> None:
        """One call; without api_username by the older one that needs no name."""
        username = self.options.api_username
        if not username:
            if call("auth.login_with_api_key", self.options.api_key) is not True:
                raise LoginError(self._refusal({"response_type": "AUTH_ERR"}))
            return
        data = {"mechanism": "API_KEY_PLAIN", "username": username, "api_key": self.options.api_key}
        self._expect(self._login_ex(call, "auth.login_ex", data), "SUCCESS")


class ScramKey(Login):
    """API key by SCRAM-SHA-512: the key stays here, the NAS proves that it knows it, and TLS is bound in."""

    def __init__(self, options: ConnectionOptions, endpoint: Endpoint, certificate: bytes | None) -> None:
        super().__init__(options, endpoint)
        self._binding: bytes | None = None
        if certificate is not None and channel_binding.available():
            self._binding = channel_binding.tls_server_end_point(certificate)

    def validate(self) -> None:
        """SCRAM names the account. Without a trusted certificate only the binding tells the NAS from a relay."""
        if self.endpoint.tls and not channel_binding.available():
            raise LoginError(missing_library("cryptography", reason="for SCRAM-SHA-512 over TLS"))
        trusted = self.options.validate_certs or self.options.cert_fingerprint
        if self.endpoint.tls and not self._binding and not trusted:
            raise LoginError(
                f"validate_certs is false and the login cannot be bound to the certificate of {self.endpoint} (Ed25519 "
                "and the like), so whoever is in between could take the session over. Nothing was sent. Give ca_path "
                "or cert_fingerprint."
            )
        if not self.options.api_username:
            raise LoginError(
                f"{self.endpoint} takes API keys by SCRAM-SHA-512, which needs the name of the key's owner: give "
                "api_username (TRUENAS_API_USERNAME)."
            )

    def authenticate(self, call: Call) -> None:
        """Two calls on one connection."""
        client = ScramClient(
            self.options.api_username or "", self.options.api_key or "", secrets.token_bytes(NONCE_BYTES), self._binding
        )
        first = self._step(call, "CLIENT_FIRST_MESSAGE", client.first)
        final = self._step(call, "CLIENT_FINAL_MESSAGE", client.final(str(first.get("rfc_str"))))
        client.check(str(final.get("rfc_str")))

    def _step(self, call: Call, kind: str, message: str) -> dict[str, Any]:
        data = {"mechanism": "SCRAM", "scram_type": kind, "rfc_str": message}
        return self._expect(self._login_ex(call, "auth.login_ex", data), "SCRAM_RESPONSE")

    def _hint(self) -> str:
        proxy = " A proxy that ends TLS before the NAS has the same effect: address the NAS itself."
        return super()._hint() + (proxy if self._binding else "")


class Password(Login):
    """Account and password, and the one-time code where the account has two-factor login."""

    def validate(self) -> None:
        """The password's account has to be named."""
        if not self.options.api_username:
            raise LoginError("api_password needs api_username (TRUENAS_API_USERNAME).")

    def authenticate(self, call: Call) -> None:
        """One call, two with a code."""
        data = {
            "mechanism": "PASSWORD_PLAIN",
            "username": self.options.api_username,
            "password": self.options.api_password,
        }
        answer = self._login_ex(call, "auth.login_ex", data)
        if answer.get("response_type") == "OTP_REQUIRED" and self.options.api_otp:
            code = {"mechanism": "OTP_TOKEN", "otp_token": self.options.api_otp}
            answer = self._login_ex(call, "auth.login_ex_continue", code)
            if answer.get("response_type") == "AUTH_ERR":  # TrueNAS 26 says so of a wrong code, earlier ones ask again
                answer = {"response_type": "OTP_REQUIRED"}
        self._expect(answer, "SUCCESS")


def choose(options: ConnectionOptions, endpoint: Endpoint, release: Release, certificate: bytes | None) -> Login:
    """The strongest way that this release offers for the given credentials; a key goes before a password.

    `certificate` is the NAS's in DER form, None without TLS.
    """
    if options.api_key and endpoint.unix_path and release.has("scram"):
        return KeyOnSocket(options, endpoint)
    if options.api_key:
        return ScramKey(options, endpoint, certificate) if release.has("scram") else PlainKey(options, endpoint)
    if options.api_password:
        return Password(options, endpoint)
    return UnixSocket(options, endpoint)


def log_in(login: Login, call: Call, deadline: Deadline, warn: Callable[[str], None]) -> None:
    """Log in; the NAS's limit on logins is waited out until the deadline.

    Raises:
        LoginError: refused, or the limit held on.
    """
    login.validate()
    told = False
    while True:
        try:
            login.authenticate(call)
            return
        except Busy:
            if deadline.remaining <= _LIMIT_PAUSE:
                raise LoginError(
                    f"{login.endpoint} takes 20 logins a minute from one address and the limit held for the whole "
                    f"{deadline.seconds:g} s (api_timeout). Log in less often (one truenas_cloudsync_config instead of "
                    "many tasks) or raise api_timeout above 60."
                ) from None
        if not told:
            patience = f"waiting up to {deadline.remaining:.0f} s (api_timeout)"
            warn(f"{login.endpoint}: the limit of 20 logins a minute is reached, {patience}.")
            told = True
        time.sleep(_LIMIT_PAUSE)
