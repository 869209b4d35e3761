# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration section that the NAS writes for a credential and a task's attributes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from simulator.nas.models.providers import REMOTES
from simulator.nas.rclone_obscure import obscure

Fields = dict[str, Any]

_DRIVE_TYPES = {"PERSONAL": "personal", "BUSINESS": "business", "DOCUMENT_LIBRARY": "documentLibrary"}


def remote_section(provider: Fields, attributes: Fields) -> Fields:
    """Section `[remote]`: the credential's fields, the task's attributes, and what the provider needs besides."""
    name = provider["type"]
    fields = {key: value for key, value in provider.items() if key != "type"}
    more = _MORE.get(name, _nothing)(fields, attributes)
    return {"type": REMOTES[name].rclone_type} | fields | attributes | more


def crypt_section(task: Fields, remote: str) -> Fields:
    """Section `[encrypted]` on top of a remote path."""
    section = {
        "type": "crypt",
        "remote": remote,
        "filename_encryption": "standard" if task["filename_encryption"] else "off",
        "password": obscure(task["encryption_password"]),
    }
    if task["encryption_salt"]:
        section["password2"] = obscure(task["encryption_salt"])
    return section


def to_text(sections: dict[str, Fields]) -> str:
    """The configuration file. What is null is left out, since rclone would take the word for a value."""
    lines = []
    for name, fields in sections.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {value}" for key, value in fields.items() if value is not None]
    return "\n".join(lines) + "\n"


def read_section(text: str, name: str) -> dict[str, str]:
    """A section of a configuration that rclone may have rewritten."""
    fields: dict[str, str] = {}
    current = None
    for line in text.splitlines():
        if line.startswith("["):
            current = line.strip().strip("[]")
        elif current == name and " = " in line:
            key, dummy, value = line.partition(" = ")
            fields[key.strip()] = value.strip()
    return fields


def token_at(token: str, ahead: float) -> str:
    """An OAuth token that lasts so many seconds longer: to rclone, on this machine, it is as old as to the NAS."""
    try:
        fields = json.loads(token)
        ends = datetime.fromisoformat(fields["expiry"]) + timedelta(seconds=ahead)
    except (ValueError, TypeError, KeyError, OverflowError):  # whatever rclone is to stumble over
        return token
    never = ends.year == 1
    return token if never else json.dumps({**fields, "expiry": ends.isoformat()})


def _nothing(fields: Fields, attributes: Fields) -> Fields:
    return {}


def _password(fields: Fields, attributes: Fields) -> Fields:
    return {"pass": obscure(fields["pass"]) if fields.get("pass") else None}


def _webdav(fields: Fields, attributes: Fields) -> Fields:
    return _password(fields, attributes) | {"vendor": fields["vendor"].lower()}


def _s3(fields: Fields, attributes: Fields) -> Fields:
    region = attributes.get("region") or fields.get("region") or ""
    own_endpoint = (fields.get("endpoint") or "").rstrip("/") not in ("", "https://s3.amazonaws.com")
    if own_endpoint and fields.get("skip_region"):
        region = "other-v2-signature" if fields.get("signatures_v2") else ""
    return {
        "provider": fields.get("provider", "Other"),
        "region": region,
        "encryption": None,
        "server_side_encryption": attributes.get("encryption") or "",
    }


def _storj(fields: Fields, attributes: Fields) -> Fields:
    return {"provider": "Other", "endpoint": fields.get("endpoint", "https://gateway.storjshare.io")}


def _one_line(fields: Fields, attributes: Fields) -> Fields:
    return {"service_account_credentials": fields["service_account_credentials"].replace("\n", " ")}


def _onedrive(fields: Fields, attributes: Fields) -> Fields:
    return {"drive_type": _DRIVE_TYPES[fields["drive_type"]]}


def _chunks(fields: Fields, attributes: Fields) -> Fields:
    return {"chunk_size": f"{attributes['chunk_size']}M"} if "chunk_size" in attributes else {}


_MORE: dict[str, Callable[[Fields, Fields], Fields]] = {
    "B2": _chunks,
    "DROPBOX": _chunks,
    "FTP": _password,
    "GOOGLE_CLOUD_STORAGE": _one_line,
    "MEGA": _password,
    "ONEDRIVE": _onedrive,
    "S3": _s3,
    "SFTP": _password,
    "STORJ_IX": _storj,
    "WEBDAV": _webdav,
}
