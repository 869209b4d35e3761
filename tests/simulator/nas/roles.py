# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles that privileges grant, and which role brings which others."""

from __future__ import annotations

from collections.abc import Iterable

FULL_ADMIN = "FULL_ADMIN"
READONLY_ADMIN = "READONLY_ADMIN"

# Every service has a role to read and one to write; only those that a cloud sync needs, and some neighbours.
_SERVICES = (
    "ACCOUNT",
    "ALERT",
    "ALERT_LIST",
    "API_KEY",
    "CLOUD_BACKUP",
    "CLOUD_SYNC",
    "DATASET",
    "DISK",
    "FILESYSTEM_ATTRS",
    "FILESYSTEM_DATA",
    "KEYCHAIN_CREDENTIAL",
    "NETWORK_GENERAL",
    "POOL",
    "PRIVILEGE",
    "REPLICATION_TASK",
    "REPORTING",
    "SERVICE",
    "SHARING",
    "SNAPSHOT",
    "SNAPSHOT_TASK",
    "SYSTEM_GENERAL",
    "SYSTEM_CRON",
)

_READING = frozenset(f"{service}_READ" for service in _SERVICES)
_WRITING = frozenset(f"{service}_WRITE" for service in _SERVICES)
ROLES = _READING | _WRITING | {"DATASET_DELETE", READONLY_ADMIN, FULL_ADMIN}


def expand(roles: Iterable[str]) -> frozenset[str]:
    """These roles and all that they bring."""
    expanded: set[str] = set()
    for role in roles:
        if role == FULL_ADMIN:
            return ROLES
        expanded.add(role)
        if role == READONLY_ADMIN:
            expanded |= _READING
        elif role.endswith("_WRITE"):
            expanded.add(role.removesuffix("_WRITE") + "_READ")
    return frozenset(expanded)
