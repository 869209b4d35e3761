# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authorization codes, refresh tokens and access tokens: how they are made, used up and lost."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CODE_LIFETIME = 600
TESTING_LIFETIME = 604799
"""Seconds that a refresh token of an app in testing lives."""
MAX_REFRESH_TOKENS = 100
"""For one account and client; the oldest one ends silently when there are more."""


@dataclass(frozen=True)
class Code:
    client_id: str
    account: str
    scopes: tuple[str, ...]
    redirect_uri: str
    offline: bool
    challenge: str
    challenge_method: str
    expires_at: float

    def accepts(self, verifier: str) -> bool:
        """Proof Key for Code Exchange (RFC 7636)."""
        if self.challenge_method == "S256":
            digest = hashlib.sha256(verifier.encode()).digest()
            return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
        return verifier == self.challenge


@dataclass(frozen=True)
class RefreshToken:
    refresh_token: str
    client_id: str
    account: str
    scopes: tuple[str, ...]
    expires_at: float | None = None


@dataclass(frozen=True)
class AccessToken:
    access_token: str
    client_id: str | None
    """None for a service account."""
    account: str
    scopes: tuple[str, ...]
    expires_at: float
    refresh_token: str | None
    """The one that it was made with, if it was made so."""


class Grants:
    """All that was granted and still holds. Times are seconds since the epoch by the clock given."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._codes: dict[str, Code] = {}
        self._access: dict[str, AccessToken] = {}
        self.refresh_tokens: dict[str, RefreshToken] = {}

    def add_code(
        self,
        client_id: str,
        account: str,
        scopes: Sequence[str],
        redirect_uri: str,
        *,
        offline: bool,
        challenge: str = "",
        challenge_method: str = "plain",
    ) -> str:
        code = f"4/0A{secrets.token_urlsafe(42)}"
        expires_at = self._now() + CODE_LIFETIME
        self._codes[code] = Code(
            client_id, account, tuple(scopes), redirect_uri, offline, challenge, challenge_method, expires_at
        )
        return code

    def take_code(self, code: str) -> Code | None:
        """A code serves once."""
        found = self._codes.pop(code, None)
        return found if found and found.expires_at > self._now() else None

    def add_refresh_token(
        self,
        client_id: str,
        account: str,
        scopes: Sequence[str],
        *,
        testing: bool = False,
        refresh_token: str | None = None,
    ) -> RefreshToken:
        token = RefreshToken(
            refresh_token or f"1//0{secrets.token_urlsafe(72)}",
            client_id,
            account,
            tuple(scopes),
            self._now() + TESTING_LIFETIME if testing else None,
        )
        self.refresh_tokens[token.refresh_token] = token
        siblings = [t for t in self.refresh_tokens.values() if (t.client_id, t.account) == (client_id, account)]
        if len(siblings) > MAX_REFRESH_TOKENS:
            del self.refresh_tokens[siblings[0].refresh_token]
        return token

    def find_refresh_token(self, refresh_token: str) -> RefreshToken | None:
        found = self.refresh_tokens.get(refresh_token)
        return found if found and (found.expires_at is None or found.expires_at > self._now()) else None

    def add_access_token(
        self,
        client_id: str | None,
        account: str,
        scopes: Sequence[str],
        lifetime: float,
        refresh_token: str | None = None,
    ) -> AccessToken:
        token = AccessToken(
            f"ya29.{secrets.token_urlsafe(96)}",
            client_id,
            account,
            tuple(scopes),
            self._now() + lifetime,
            refresh_token,
        )
        self._access[token.access_token] = token
        return token

    def take_over(self, others: Grants, refresh_token: str) -> None:
        """Let access tokens that were made with this refresh token hold here too."""
        self._access |= {key: token for key, token in others._access.items() if token.refresh_token == refresh_token}

    def find_access_token(self, access_token: str) -> AccessToken | None:
        found = self._access.get(access_token)
        return found if found and found.expires_at > self._now() else None

    def account_of(self, token: str) -> str | None:
        """Whose access or refresh token this is."""
        found = self._access.get(token) or self.refresh_tokens.get(token)
        return found.account if found else None

    def client_of(self, token: str) -> str | None:
        found = self._access.get(token) or self.refresh_tokens.get(token)
        return found.client_id if found else None

    def revoke(self, account: str, client_ids: Sequence[str]) -> int:
        """End every token that these clients hold for an account; returns how many refresh tokens that were."""
        ended = [t for t in self.refresh_tokens.values() if t.account == account and t.client_id in client_ids]
        for token in ended:
            del self.refresh_tokens[token.refresh_token]
        self._access = {
            key: token
            for key, token in self._access.items()
            if not (token.account == account and token.client_id in client_ids)
        }
        return len(ended)
