# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What rclone's configuration has for a provider in another way than TrueNAS, for its row in the provider table.

PRIVATE to the collection. Pure. Each function takes the fields of a credential and the attributes of a task. It returns
the settings that differ from them; one that is `None` is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]

_AMAZON = ("", "https://s3.amazonaws.com")
_DRIVE_TYPES = {"PERSONAL": "personal", "BUSINESS": "business", "DOCUMENT_LIBRARY": "documentLibrary"}


def chunk_size(fields: Values, attributes: Values) -> dict[str, Any]:
    """A size in MiB, which rclone wants to be told."""
    size = attributes.get("chunk_size")
    return {} if size is None else {"chunk_size": f"{size}M"}


def drive(fields: Values, attributes: Values) -> dict[str, Any]:
    """The root of the account's own drive, which spares rclone a request."""
    return {} if fields.get("team_drive") else {"root_folder_id": "root"}


def onedrive(fields: Values, attributes: Values) -> dict[str, Any]:
    """The kind of the drive, as rclone spells it."""
    kind = fields.get("drive_type")
    return {} if kind is None else {"drive_type": _DRIVE_TYPES.get(kind, kind)}


def s3(fields: Values, attributes: Values) -> dict[str, Any]:
    """The region and the encryption at the service, and what stands for the older signatures."""
    region = attributes.get("region") or fields.get("region")
    if fields.get("skip_region") and (fields.get("endpoint") or "").rstrip("/") not in _AMAZON:
        region = "other-v2-signature" if fields.get("signatures_v2") else None
    return {
        "provider": fields.get("provider") or "Other",
        "region": region,
        "server_side_encryption": attributes.get("encryption"),
        "encryption": None,
        "skip_region": None,
        "signatures_v2": None,
    }


def storj(fields: Values, attributes: Values) -> dict[str, Any]:
    """Storj's gateway, which speaks the protocol of S3."""
    return {"provider": "Other", "endpoint": fields.get("endpoint") or "https://gateway.storjshare.io"}


def webdav(fields: Values, attributes: Values) -> dict[str, Any]:
    """The kind of server, as rclone spells it."""
    vendor = fields.get("vendor")
    return {} if vendor is None else {"vendor": vendor.lower()}
