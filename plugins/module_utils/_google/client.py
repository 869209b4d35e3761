# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An OAuth client of Google's, as its downloaded JSON describes it.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import addresses

_WHERE = f"Create a client of the type 'Desktop app' at {addresses.console_link('create_client')} and download its JSON"


class ClientError(ValueError):
    """A client that cannot be used. The message names cause and mend, and never holds the secret."""


@dataclass(frozen=True)
class OAuthClient:
    """One OAuth client and the addresses it talks to."""

    client_id: str
    client_secret: str = field(repr=False)
    project_id: str | None = None
    auth_uri: str = addresses.AUTH_URI
    token_uri: str = addresses.TOKEN_URI
    desktop: bool = True

    def __post_init__(self) -> None:
        for name in ("client_id", "client_secret"):
            if not getattr(self, name):
                raise ClientError(f"The OAuth client has no {name}. {_WHERE}")
        for name in ("auth_uri", "token_uri"):
            if not getattr(self, name).startswith("https://"):
                raise ClientError(f"The OAuth client's {name} is not an https address. {_WHERE}")

    @classmethod
    def from_file(cls, path: str) -> OAuthClient:
        """Read the JSON that the console lets one download. Raises ClientError."""
        try:
            text = Path(path).read_text(encoding="utf-8")
        except OSError as error:
            raise ClientError(f"Cannot read the OAuth client's JSON {path}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ClientError(f"{path} is not the JSON of an OAuth client. {_WHERE}") from None
        return cls.from_text(text, path)

    @classmethod
    def from_text(cls, text: str, origin: str = "The text") -> OAuthClient:
        """Parse that JSON; `origin` names it in errors. Raises ClientError."""
        try:
            document = json.loads(text)
        except ValueError:
            document = None
        if isinstance(document, Mapping) and document.get("type") == "service_account":
            raise ClientError(f"{origin} is the key of a service account, which Google Photos does not serve. {_WHERE}")
        for kind in ("installed", "web"):
            if isinstance(document, Mapping) and isinstance(document.get(kind), Mapping):
                return cls._from_mapping(document[kind], desktop=kind == "installed")
        raise ClientError(f"{origin} is not the JSON of an OAuth client. {_WHERE}")

    @classmethod
    def _from_mapping(cls, fields: Mapping[str, Any], *, desktop: bool) -> OAuthClient:
        def text(name: str) -> str:
            value = fields.get(name)
            return value.strip() if isinstance(value, str) else ""

        return cls(
            client_id=text("client_id"),
            client_secret=text("client_secret"),
            project_id=text("project_id") or None,
            auth_uri=text("auth_uri") or addresses.AUTH_URI,
            token_uri=text("token_uri") or addresses.TOKEN_URI,
            desktop=desktop,
        )

    @property
    def project(self) -> str | None:
        """The project for links to the console: its id, or its number, with which every client id begins."""
        number = re.match(r"(\d+)-", self.client_id)
        return self.project_id or (number[1] if number else None)

    def require_desktop(self) -> None:
        """Raise ClientError unless Google lets this client send the browser back to a port of this machine."""
        if not self.desktop:
            raise ClientError(
                f"The OAuth client is a Web client, which may only send the browser to addresses registered for it. "
                f"{_WHERE}"
            )

    def config(self) -> dict[str, dict[str, str]]:
        """The form that google-auth-oauthlib takes."""
        return {
            "installed": {
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "auth_uri": self.auth_uri,
                "token_uri": self.token_uri,
            }
        }
