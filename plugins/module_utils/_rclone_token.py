# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OAuth token text that rclone keeps for a remote. Pure: no input or output, no clock.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._token_text import HOW_TO_GET_ONE, TokenError, fields_of

__all__ = ("RcloneToken", "TokenError", "format_expiry")

_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)")
_LONG_AGO = "2000-01-01T00:00:00.000000001Z"  # a moment that nobody else writes


@dataclass(frozen=True, repr=False)
class RcloneToken:
    """One OAuth token as rclone keeps it.

    `expiry` is RFC 3339 with a zone, or empty for a token that never expires. `extra` holds what came along and rclone
    ignores (an `id_token`, `scope`, `expires_in`); it is not written out again.
    """

    access_token: str
    refresh_token: str
    expiry: str
    token_type: str = "Bearer"
    extra: dict[str, Any] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        return "RcloneToken(...)"  # so that no traceback and no failed assertion shows one

    @classmethod
    def parse(
        cls,
        value: str | Mapping[str, Any],
        *,
        require_expiry: bool = True,
        require_refresh: bool = True,
        remote: str | None = None,
    ) -> RcloneToken:
        """Read a token from the text that rclone prints, a mapping, or the output of google_photos_token.

        Args:
            value: The text or mapping.
            require_expiry: Whether the token needs an expiry. Those of some providers live for ever (pCloud).
            require_refresh: Whether the token needs a refresh token, likewise.
            remote: rclone's type of the remote, such as `google photos`, to choose a token out of several.

        Raises:
            TokenError: rclone would refuse the token, or would accept and then lose it.
        """
        fields = dict(fields_of(value, remote))
        token = cls(
            access_token=_text(fields, "access_token"),
            refresh_token=_text(fields, "refresh_token"),
            expiry=_expiry(_text(fields, "expiry")),
            token_type=_text(fields, "token_type") or "Bearer",
            extra={
                name: item
                for name, item in fields.items()
                if name not in ("access_token", "refresh_token", "expiry", "token_type")
            },
        )
        if not token.access_token:
            raise TokenError(
                "The token has no access_token: rclone would drop the refresh token when it stores it. Even an access "
                f"token that has expired will do. {HOW_TO_GET_ONE}, or make a new token"
            )
        if require_refresh and not token.refresh_token:
            raise TokenError(
                "The token has no refresh_token: it would stop working within the hour. Make a new token with "
                "google_photos_token or 'rclone authorize', which ask the provider for lasting access"
            )
        if require_expiry and not token.expiry:
            raise TokenError(
                "The token has no expiry: rclone would never refresh it, and it would stop working within the hour. "
                "A provider's raw answer (with expires_in) is not enough. " + HOW_TO_GET_ONE
            )
        if "%" in token.text():
            raise TokenError(
                "The token holds a percent sign, which breaks the configuration file it has to be stored in. "
                "Make a new token"
            )
        return token

    def text(self) -> str:
        """The one line of JSON for rclone's configuration. Line breaks inside would destroy that file."""
        fields = {"access_token": self.access_token, "token_type": self.token_type}
        if self.refresh_token:
            fields["refresh_token"] = self.refresh_token
        if self.expiry:
            fields["expiry"] = self.expiry
        return json.dumps(fields, separators=(",", ":"))

    def outdated(self) -> RcloneToken:
        """The same with an access token that counts as expired, so that rclone refreshes it before it does anything."""
        return replace(self, expiry=_LONG_AGO) if self.expiry else self

    @property
    def is_outdated(self) -> bool:
        """Whether it is what `outdated` returns."""
        return self.expiry == _LONG_AGO

    def same_grant(self, other: RcloneToken) -> bool:
        """Whether both came from one approval: the refresh token stays when access token and expiry are refreshed."""
        if self.refresh_token or other.refresh_token:
            return self.refresh_token == other.refresh_token
        return self.access_token == other.access_token

    def expires_at(self) -> datetime | None:
        """When the access token expires (aware, to the microsecond), or None for never."""
        return _parse_time(self.expiry) if self.expiry else None

    def secrets(self) -> set[str]:
        """Every string to be kept out of any output."""
        text = self.text()
        secrets = {self.access_token, self.refresh_token, text, json.dumps(text)[1:-1]}
        secrets.update(item for item in self.extra.values() if isinstance(item, str) and len(item) > 100)  # id_token
        return secrets - {""}


def format_expiry(moment: datetime) -> str:
    """RFC 3339 with a zone, as rclone writes it. A naive `moment` is taken as UTC (google-auth's convention)."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TokenError(f"The token's {name} is not a string. {HOW_TO_GET_ONE}")
    return "".join(value.split())  # none holds a blank, but a fold of YAML or of a terminal adds some


def _expiry(text: str) -> str:
    if not text:
        return ""
    moment = _parse_time(text)
    if moment is not None:
        return "" if moment.year == 1 else text  # year 1 is how rclone writes "never"
    if _parse_time(text + "Z") is not None:
        raise TokenError(
            "The token's expiry has no time zone, which rclone cannot read. Write it as in 2026-01-31T12:00:00Z"
        )
    raise TokenError("The token's expiry is not a time as in 2026-01-31T12:00:00Z, which rclone cannot read")


def _parse_time(text: str) -> datetime | None:
    match = _RFC3339.fullmatch(text)
    if not match:
        return None
    seconds, fraction, zone = match.groups()
    try:
        return datetime.fromisoformat(f"{seconds}{(fraction or '.')[:7].ljust(7, '0')}{zone.replace('Z', '+00:00')}")
    except ValueError:
        return None
