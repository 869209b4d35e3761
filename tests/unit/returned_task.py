# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An example of a task as `truenas_cloudsync_task_info` returns it."""

from __future__ import annotations

from typing import Any


def returned_task(**fields: Any) -> dict[str, Any]:
    """A daily push to Google Photos that has never run, with other values for the given fields."""
    return {
        "id": 1,
        "description": "Photos",
        "direction": "PUSH",
        "transfer_mode": "SYNC",
        "path": "/mnt/tank/photos",
        "credential": {"id": 1, "name": "Google", "type": "GOOGLE_PHOTOS"},
        "attributes": {"folder": "/album"},
        "schedule": {"minute": "0", "hour": "3", "dom": "*", "month": "*", "dow": "*"},
        "enabled": True,
        "locked": False,
        "job": None,
        **fields,
    }
