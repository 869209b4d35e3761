# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a user of Google would hold: a client's JSON, an rclone token, a service account's key."""

from __future__ import annotations

import datetime
import json
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization

from simulator.certs import write_private
from simulator.google.state import PROJECT_ID, World


def write_files(world: World, folder: Path) -> tuple[Path, Path, Path]:
    """Write client secret, token and service account key, readable by the owner only; returns the paths."""
    return (
        _write(folder / "client_secret.json", world.client.file()),
        _write(folder / "token.json", rclone_token(world.refresh_token, world.now() - 3600)),
        _write(folder / "service_account.json", _service_account(world)),
    )


def rclone_token(refresh_token: str, expires_at: float, access_token: str | None = None) -> dict[str, str]:
    """The token that `rclone authorize` prints; `expires_at` in seconds since the epoch."""
    expiry = datetime.datetime.fromtimestamp(expires_at, datetime.UTC)
    return {
        "access_token": access_token or f"ya29.{secrets.token_urlsafe(96)}",
        "token_type": "Bearer",
        "refresh_token": refresh_token,
        "expiry": expiry.isoformat().replace("+00:00", "Z"),
    }


def _service_account(world: World) -> dict[str, Any]:
    key = world.signing_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "project_id": PROJECT_ID,
        "private_key_id": secrets.token_hex(20),
        "private_key": key.decode(),
        "client_email": world.service_account,
        "client_id": "100000000000000000001",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    }


def _write(path: Path, content: dict[str, Any]) -> Path:
    """One line of JSON, as it can be pasted."""
    return write_private(path, json.dumps(content).encode() + b"\n")
