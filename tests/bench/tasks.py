# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the NASes of the benchmark are to have: 20 credentials, and as many tasks as a measurement wants."""

from __future__ import annotations

from typing import Any

CREDENTIALS = 20


def credential_name(number: int) -> str:
    return f"Remote {number:02}"


def credential(number: int) -> dict[str, Any]:
    """Options of `truenas_cloud_credential`."""
    webdav = {"url": f"https://remote{number}.example.com/dav/", "vendor": "OTHER", "user": "photos", "pass": "s3same"}
    return {"name": credential_name(number), "verify": "never", "webdav": webdav}


def task(number: int, change: int = 0) -> dict[str, Any]:
    """Options of `truenas_cloudsync_task`; another `change` makes another task of the same description."""
    return {
        "description": f"Task {number:05}",
        "credential": credential_name(number % CREDENTIALS),
        "direction": "PUSH",
        "transfer_mode": "COPY",
        "path": "/mnt/tank/photos",
        "folder": f"/photos/{number}",
        "schedule": f"{number % 60} 3 * * *",
        "exclude": ["*.tmp", f"change {change}"],
        "enabled": True,
    }
