# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be shown of a cloud sync job. PRIVATE to the collection. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.jobs import Job


def result(job: Job) -> dict[str, Any]:
    """A job in short: its arguments, log and owner stay out. Times are ISO 8601 text in UTC."""
    return {
        "id": job.id or None,
        "state": job.state,
        "percent": job.percent,
        "description": job.description,
        "started": _text(job.started),
        "finished": _text(job.finished),
        "error": job.error,
    }


def _text(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
