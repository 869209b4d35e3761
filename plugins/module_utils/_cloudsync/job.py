# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be shown of a cloud sync job. PRIVATE to the collection. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    rclone_cause,
    rclone_errors,
    rclone_log,
    run_figures,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import one_line
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import without_marked


def result(job: Job) -> dict[str, Any]:
    """A job in short: its arguments, log and owner stay out. Times are ISO 8601 text in UTC."""
    return {
        "id": job.id or None,
        "state": job.state,
        "percent": job.percent,
        "description": one_line(without_marked(job.description)),
        "started": text(job.started),
        "finished": text(job.finished),
        "error": without_marked(job.error) if job.error else None,
    }


def last(job: Job, provider: Provider | None = None, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A task's last job: also whether it only tried, what its log's excerpt tells, and a failure in plain words."""
    log = rclone_log.read(without_marked(job.logs_excerpt))
    dry_run = is_dry_run(job)
    # The job's own error is made of rclone's last lines, which can name a mere consequence.
    error = without_marked(job.error or "")
    cause = (log.cause or rclone_cause.cause(error)) if job.state == "FAILED" else None
    return {
        **result(job),
        "dry_run": dry_run,
        "summary": run_figures.summary(log, job) if job.logs_excerpt and not dry_run else None,
        "problem": rclone_errors.explain(cause, provider, values) if cause else None,
    }


def is_dry_run(job: Job) -> bool:
    """Whether a job of `cloudsync.sync` only tries what a run would do."""
    return bool(job.arguments[1:] and isinstance(job.arguments[1], dict) and job.arguments[1].get("dry_run"))


def text(moment: datetime | None) -> str | None:
    """A moment as ISO 8601 text in UTC."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
