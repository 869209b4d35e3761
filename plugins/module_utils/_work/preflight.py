# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Foretell a push from its dry run and from what lies on the NAS. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_log
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.left_out import LeftOut
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_log import SyncLog
from ansible_collections.nasops.cloudsync.plugins.module_utils._preflight import forecast
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.source import Source


def foretold(
    task: Mapping[str, Any],
    provider: Provider | None,
    source: Source,
    left_out: Sequence[LeftOut],
    figures: SyncLog,
    log: str,
    daily_requests: int | None,
) -> dict[str, Any]:
    """What the module returns of a preflight.

    Args:
        source: What lies in the task's path, looked through.
        left_out: What it and rclone tell of what is not sent.
        figures: What the log of the dry run tells.
    """
    pushes = task["direction"] == "PUSH"
    result = forecast.forecast(
        forecast.Push(
            task=task,
            would_copy=figures.would_copy if figures.complete or not source.kept else tuple(sorted(source.kept)),
            sizes=rclone_log.would_copy_sizes(log),
            kept=source.kept,
            left_out=[*left_out, *source.filtered],
            whole=figures.complete,
            rules=provider.uploads if provider and pushes else None,
            daily_requests=daily_requests,
            deletes=figures.files_to_delete if task["transfer_mode"] == "SYNC" else 0,
        )
    )
    return {"forecast": result, "msg": forecast.summary(result)}
