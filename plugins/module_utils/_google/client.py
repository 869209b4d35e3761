# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An OAuth client of Google's, as its downloaded JSON describes it.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import addresses
from ansible_collections.nasops.cloudsync.plugins.module_utils._pasted_text import (
    documents,
    from_bytes,
    is_cut_off,
    repaired,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._secret_values import not_the_secret

_WHERE = f"Create a client of the type 'Desktop app' at {addresses.console_link('create_client')} and download its JSON"


class ClientError(ValueError):
    """A client that cannot be used. The message names cause and remedy, and never holds the secret."""


# What a text is that holds no client, by how it looks.
_SOMETHING_ELSE = (
    (r"\$ANSIBLE_VAULT;.*", "is still encrypted by ansible-vault"),
    (r"GOCSPX-\S*", "is the secret of an OAuth client alone"),
    (r"\S+\.apps\.googleusercontent\.com", "is the id of an OAuth client alone"),
    (r"AIza\S*", "is an API key, which gives access to no user's photos"),
    (r"-+BEGIN .*", "is a key or certificate in PEM form"),
    (r"<.*", "is a web page"),
)


def _instead(text: str) -> str:
    """What a text is that holds no JSON, to go on from its name."""
    if not text:
        return "is empty"
    for pattern, told in _SOMETHING_ELSE:
        if re.fullmatch(pattern, text, re.DOTALL):
            return told
    if is_cut_off(text):
        return "is cut off: its closing brace is missing"
    return "is not the JSON of an OAuth client"


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
            # A line end comes along from a file or a command.
            object.__setattr__(self, name, (getattr(self, name) or "").strip())
        for name in ("client_id", "client_secret"):
            if not getattr(self, name):
                raise ClientError(f"The OAuth client has no {name}. {_WHERE}")
        if told := not_the_secret(self.client_secret):
            raise ClientError(f"The OAuth client's client_secret {told}. {_WHERE}")
        for name in ("auth_uri", "token_uri"):
            if not getattr(self, name).startswith("https://"):
                raise ClientError(f"The OAuth client's {name} is not an https address. {_WHERE}")

    @classmethod
    def from_file(cls, path: str) -> OAuthClient:
        """Read the JSON that the console lets one download. Raises ClientError."""
        try:
            text = from_bytes(Path(path).read_bytes())
        except OSError as error:
            raise ClientError(f"Cannot read the OAuth client's JSON {path}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ClientError(f"{path} is not the JSON of an OAuth client. {_WHERE}") from None
        return cls.from_text(text, path)

    @classmethod
    def from_text(cls, text: str, origin: str = "The text") -> OAuthClient:
        """Parse that JSON; `origin` names it in errors. Raises ClientError."""
        text = repaired(text)
        for document in documents(text):
            if isinstance(document, list) and len(document) == 1:
                document = document[0]
            if isinstance(document, Mapping):
                return cls._from_document(document, origin)
        raise ClientError(f"{origin} {_instead(text)}. {_WHERE}")

    @classmethod
    def _from_document(cls, document: Mapping[str, Any], origin: str) -> OAuthClient:
        for kind in ("installed", "web"):
            if isinstance(document.get(kind), Mapping):
                return cls._from_mapping(document[kind], origin, desktop=kind == "installed")
        if document.get("type") == "service_account" or "private_key" in document:
            raise ClientError(f"{origin} is the key of a service account, which Google Photos does not serve. {_WHERE}")
        if document.get("type") == "authorized_user":
            raise ClientError(f"{origin} is a login of gcloud, and not an OAuth client of your own. {_WHERE}")
        if "access_token" in document or "refresh_token" in document or "token" in document:
            raise ClientError(f"{origin} is a token, and not the JSON of the OAuth client that made it. {_WHERE}")
        if "api_key" in document or "keyString" in document:
            raise ClientError(f"{origin} is an API key, which gives access to no user's photos. {_WHERE}")
        if "client_id" in document:  # what is within, copied alone
            return cls._from_mapping(document, origin)
        raise ClientError(f"{origin} is not the JSON of an OAuth client: it has no member installed. {_WHERE}")

    @classmethod
    def _from_mapping(cls, fields: Mapping[str, Any], origin: str, *, desktop: bool = True) -> OAuthClient:
        def text(name: str) -> str:
            value = fields.get(name)
            return value.strip() if isinstance(value, str) else ""

        if text("client_id") and not text("client_secret"):
            raise ClientError(
                f"{origin} has no client_secret: Google shows it only when it is made, and leaves it out of a later "
                f"download. Add a secret to the client at {addresses.console_link('clients')} and download its JSON"
            )
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
