# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures of a run, from its log and its job. PRIVATE to the collection. Pure.

TrueNAS cuts rclone's last progress report out of the log of a run that only copies (its `RcloneVerboseLogCutter`; seen
in all releases from 25.04 to 27). The job's progress still holds the last numbers of files and bytes.
"""

from __future__ import annotations

import re

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_log import SyncLog, size
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job

# "40 / 40, 781.250 KiB / 781.250 KiB, 95.213 KiB/s, ETA 0s", at first without the files.
_PROGRESS = re.compile(r"^(?:(\d{1,18}) / \d+, )?([\d.]{1,24} \S*B) / ")


def summary(log: SyncLog, job: Job | None) -> dict[str, int | float | None]:
    """Return the figures as `truenas_cloudsync_run` does; None for one that nothing tells.

    Args:
        log: The log of the job, whole or its excerpt.
    """
    figures: dict[str, int | float | None] = {
        "transferred": log.transferred,
        "bytes": log.bytes,
        "checks": log.checks,
        "deleted": log.deleted,
        "errors": log.errors,
        "elapsed": log.elapsed,
    }
    if not log.outdated:
        return figures
    progress = _PROGRESS.match(job.description) if job else None
    figures["checks"] = None
    figures["bytes"] = size(progress[2]) if progress else None
    figures["elapsed"] = (job.finished - job.started).total_seconds() if job and job.finished and job.started else None
    if log.complete and not log.copied:
        figures["bytes"] = 0
    if not log.complete:
        figures["transferred"] = int(progress[1]) if progress and progress[1] else None
    return figures
