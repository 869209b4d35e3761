# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration section that the NAS writes for a credential and a task's attributes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from simulator.nas.models.base import at_least
from simulator.nas.models.providers import REMOTES
from simulator.nas.rclone_obscure import obscure

Fields = dict[str, Any]

_LEFT_OUT = object()
_DRIVE_TYPES = {"PERSONAL": "personal", "BUSINESS": "business", "DOCUMENT_LIBRARY": "documentLibrary"}


def remote_section(release: str, provider: Fields, attributes: Fields | None) -> Fields:
    """Section `[remote]`: the credential's fields, the task's attributes, and what the provider needs besides.

    :param attributes: None when there is no task, as in the check of a credential
    """
    name = provider["type"]
    fields = {key: value for key, value in provider.items() if key != "type"}
    if at_least(release, "27.0"):
        fields = {key: value for key, value in fields.items() if value is not None}
    section = {"type": REMOTES[name].rclone_type} | fields | _FOR_CREDENTIAL.get(name, _nothing)(fields, {})
    if "pass" in section:
        section["pass"] = obscure(section["pass"])  # which fails for null: a defect of the releases before 27.0
    if attributes is not None:
        section |= attributes | _FOR_TASK.get(name, _nothing)(fields, attributes)
    return {key: value for key, value in section.items() if value is not _LEFT_OUT}


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
    """The configuration file. Null becomes the word `None`, which rclone takes for a value, as on a real NAS."""
    lines = []
    for name, fields in sections.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {json.dumps(one) if isinstance(one, bool) else one}" for key, one in fields.items()]
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


def _webdav(fields: Fields, attributes: Fields) -> Fields:
    return {"vendor": fields["vendor"].lower()}


def _s3_provider(fields: Fields, attributes: Fields) -> Fields:
    return {"provider": fields.get("provider", "Other")}


def _s3(fields: Fields, attributes: Fields) -> Fields:
    region = attributes.get("region") or fields.get("region") or ""
    own_endpoint = (fields.get("endpoint") or "").rstrip("/") not in ("", "https://s3.amazonaws.com")
    if own_endpoint and fields.get("skip_region"):
        region = "other-v2-signature" if fields.get("signatures_v2") else ""
    return {
        "region": region,
        "encryption": _LEFT_OUT,
        "skip_region": _LEFT_OUT,
        "signatures_v2": _LEFT_OUT,
        "server_side_encryption": attributes.get("encryption") or "",
    }


def _storj(fields: Fields, attributes: Fields) -> Fields:
    return {"provider": "Other", "endpoint": fields.get("endpoint", "https://gateway.storjshare.io")}


def _one_line(fields: Fields, attributes: Fields) -> Fields:
    return {"service_account_credentials": fields["service_account_credentials"].replace("\n", " ")}


def _root_folder(fields: Fields, attributes: Fields) -> Fields:
    return {} if fields.get("team_drive") else {"root_folder_id": "root"}


def _onedrive(fields: Fields, attributes: Fields) -> Fields:
    return {"drive_type": _DRIVE_TYPES[fields["drive_type"]]}


def _chunks(fields: Fields, attributes: Fields) -> Fields:
    return {"chunk_size": f"{attributes['chunk_size']}M"} if "chunk_size" in attributes else {}


_Extra = Callable[[Fields, Fields], Fields]
_FOR_CREDENTIAL: dict[str, _Extra] = {
    "GOOGLE_CLOUD_STORAGE": _one_line,
    "GOOGLE_DRIVE": _root_folder,
    "S3": _s3_provider,
    "STORJ_IX": _storj,
}
_FOR_TASK: dict[str, _Extra] = {
    "B2": _chunks,
    "DROPBOX": _chunks,
    "ONEDRIVE": _onedrive,
    "S3": _s3,
    "WEBDAV": _webdav,
}
