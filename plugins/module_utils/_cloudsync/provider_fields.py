# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fields that several providers have, as parts of the provider table. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Field
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_rules import (
    between,
    normal_url,
    not_empty,
    web_address,
    without_percent,
)


def needed(name: str, *description: str, **more: Any) -> Field:
    return Field(name, description=description, **{"required": True, "refuse": not_empty, **more})


def optional(name: str, *description: str, **more: Any) -> Field:
    return Field(name, description=description, **{"default": "", **more})


def port(number: int) -> Field:
    return Field(
        "port",
        type="int",
        description=("The port that the server listens on.",),
        default=number,
        refuse=between(1, 65535),
        earlier={"24.10": {"default": None}},
    )


def password(*description: str, **more: Any) -> Field:
    return Field(
        "pass",
        description=description,
        secret=True,
        obscured=True,
        aliases=("password",),
        **{"required": True, **more},
    )


PORTABLE_TOKEN = (
    "The OAuth token, as the JSON text that C(rclone authorize) prints or as a mapping.",
    "Two tokens with the same refresh token are the same token.",
)
TOKEN = needed("token", *PORTABLE_TOKEN, type="raw", secret=True)
CLIENT_ID = optional("client_id", "The ID of the OAuth client that the token was made with.", refuse=without_percent)
CLIENT_SECRET = optional(
    "client_secret", "The secret of the OAuth client that the token was made with.", secret=True, refuse=without_percent
)
OAUTH = (CLIENT_ID, CLIENT_SECRET, TOKEN)

HOST = needed("host", "The name or address of the server.")
USER = needed("user", "The name of the account.")
URL = needed(
    "url",
    "The address of the server, with C(http://) or C(https://).",
    refuse=web_address,
    normalise=normal_url,
    earlier={"24.10": {"refuse": not_empty, "normalise": None}},
)
ACCESS_KEY = (
    needed("access_key_id", "The ID of the access key."),
    needed("secret_access_key", "The secret part of the access key.", secret=True),
)

FAST_LIST = Field(
    "fast_list",
    type="bool",
    description=("List the remote with fewer calls, at the cost of more memory.",),
    default=False,
    hidden=False,
)


def chunk_size(default: int, lowest: int, highest: int | None = None) -> Field:
    return Field(
        "chunk_size",
        type="int",
        description=(
            "The size in MiB of the pieces in which large files are uploaded.",
            f"At least V({lowest})." if highest is None else f"From V({lowest}) to V({highest}).",
        ),
        default=default,
        hidden=False,
        refuse=between(lowest, highest),
    )
