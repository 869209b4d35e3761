# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of each middleware method: the role that it needs and whether it only reads.

PRIVATE to the collection. Roles as in the API's own method tables, releases 24.10 to 27.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any


@dataclasses.dataclass(frozen=True)
class Method:
    """`role` is None where any logged-in account may call; `reads` means that a call changes nothing on the NAS."""

    role: str | None
    reads: bool


def _read(role: str | None) -> Method:
    return Method(role, reads=True)


def _write(role: str | None) -> Method:
    return Method(role, reads=False)


_METHODS: dict[str, Method] = {
    "alert.list": _read("ALERT_LIST_READ"),
    "alertclasses.config": _read("ALERT_READ"),
    "alertservice.query": _read("ALERT_READ"),
    "api_key.create": _write("API_KEY_WRITE"),
    "auth.me": _read(None),
    "auth.mechanism_choices": _read("READONLY_ADMIN"),
    "cloudsync.abort": _write("CLOUD_SYNC_WRITE"),
    "cloudsync.create": _write("CLOUD_SYNC_WRITE"),
    "cloudsync.create_bucket": _write("CLOUD_SYNC_WRITE"),
    "cloudsync.credentials.create": _write("CLOUD_SYNC_WRITE"),
    "cloudsync.credentials.delete": _write("CLOUD_SYNC_WRITE"),
    "cloudsync.credentials.get_instance": _read("CLOUD_SYNC_READ"),
    "cloudsync.credentials.query": _read("CLOUD_SYNC_READ"),
    "cloudsync.credentials.s3_provider_choices": _read("CLOUD_SYNC_READ"),
    "cloudsync.credentials.update": _write("CLOUD_SYNC_WRITE"),
    "cloudsync.credentials.verify": _read("CLOUD_SYNC_WRITE"),
    "cloudsync.delete": _write("CLOUD_SYNC_WRITE"),
    "cloudsync.get_instance": _read("CLOUD_SYNC_READ"),
    "cloudsync.list_buckets": _read("CLOUD_SYNC_WRITE"),
    "cloudsync.list_directory": _read("CLOUD_SYNC_WRITE"),
    "cloudsync.onedrive_list_drives": _read("CLOUD_SYNC_WRITE"),
    "cloudsync.providers": _read("CLOUD_SYNC_READ"),
    "cloudsync.query": _read("CLOUD_SYNC_READ"),
    "cloudsync.restore": _write("CLOUD_SYNC_WRITE"),
    "cloudsync.sync": _write("CLOUD_SYNC_WRITE"),
    "cloudsync.sync_onetime": _write("CLOUD_SYNC_WRITE"),
    "cloudsync.update": _write("CLOUD_SYNC_WRITE"),
    "core.get_jobs": _read(None),
    "core.job_download_logs": _read(None),
    "core.ping": _read(None),
    "filesystem.chown": _write("FILESYSTEM_ATTRS_WRITE"),
    "filesystem.get": _read("FULL_ADMIN"),
    "filesystem.listdir": _read("FILESYSTEM_ATTRS_READ"),
    "filesystem.mkdir": _write("FILESYSTEM_DATA_WRITE"),
    "filesystem.put": _write("FULL_ADMIN"),
    "filesystem.setperm": _write("FILESYSTEM_ATTRS_WRITE"),
    "filesystem.stat": _read("FILESYSTEM_ATTRS_READ"),
    "keychaincredential.query": _read("KEYCHAIN_CREDENTIAL_READ"),
    "mail.config": _read("ALERT_READ"),
    "mail.local_administrator_email": _read("ALERT_READ"),
    "pool.dataset.create": _write("DATASET_WRITE"),
    "pool.dataset.get_instance": _read("DATASET_READ"),
    "pool.dataset.query": _read("DATASET_READ"),
    "privilege.create": _write("PRIVILEGE_WRITE"),
    "privilege.query": _read("PRIVILEGE_READ"),
    "system.info": _read("READONLY_ADMIN"),
    "system.version": _read(None),
}

# The API's own conventions: methods of these names read in every service.
_READING_NAMES = ("query", "get_instance", "config")


def role_for(method: str) -> str | None:
    """The role that the method needs; None where none is needed or it is not known."""
    known = _METHODS.get(method)
    return known.role if known else None


def reads(method: str, params: Sequence[Any] = ()) -> bool:
    """Whether the call changes nothing on the NAS. A method that is not known counts as one that does."""
    if method == "core.download":  # starts the job that its first parameter names
        return bool(params) and params[0] == "filesystem.get"
    known = _METHODS.get(method)
    if known:
        return known.reads
    name = method.rpartition(".")[2]
    return name in _READING_NAMES or name.endswith("_choices")
