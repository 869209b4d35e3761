# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run cloud sync jobs that belong to no task. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_cause, rclone_log
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import JobTimeout
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import without_marked
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask

_METHOD = "cloudsync.sync_onetime"
_STOP_TIME = 60.0  # seconds


class OneTimeJobs:
    """The jobs of one call of a module.

    Args:
        wait_timeout: How long each may take, in seconds.
    """

    def __init__(self, invocation: Invocation, wait_timeout: float) -> None:
        self._client = invocation.client
        self._on_progress = invocation.progress and partial(invocation.progress, "Restore test")
        self._wait_timeout = wait_timeout

    def run(self, payload: Mapping[str, Any], *, dry_run: bool = False) -> tuple[Job, str]:
        """Run a job to its end; returns it and its log.

        Raises:
            Failure: it has not ended in time.
            MiddlewareError: it may not have been started, or goes on.
        """
        number = self._client.start_job(_METHOD, payload, {"dry_run": dry_run})
        try:
            job = self._client.follow_job(number, timeout=self._wait_timeout, on_progress=self._on_progress)
        except JobTimeout:
            raise Failure(
                f"A job of the restore test (number {number}) was still going on when wait_timeout "
                f"({self._wait_timeout:g} s) was over. Draw fewer files or bytes, or wait longer."
            ) from None
        return job, without_marked(self._client.job_log(job))

    def stop(self, path: str) -> None:
        """Abort the jobs that still write to a directory, or below it, and wait until they have ended.

        Raises:
            MiddlewareError: they may go on.
        """
        filters = [["method", "=", _METHOD], ["state", "in", ["WAITING", "RUNNING"]]]
        for entry in ask(self._client, "core.get_jobs", filters):
            job = Job.from_api(entry)
            if not job.done and _works_on(job, path):
                self._client.call("core.job_abort", job.id)
                self._client.follow_job(job.id, timeout=_STOP_TIME)


def _works_on(job: Job, path: str) -> bool:
    place = job.arguments[0].get("path") if job.arguments and isinstance(job.arguments[0], dict) else None
    return isinstance(place, str) and f"{place.rstrip('/')}/".startswith(f"{path}/")


def cause(job: Job, log: str) -> str:
    """Why a job has failed, in rclone's words or the NAS's."""
    error = without_marked(job.error or "")
    return rclone_log.read(log).cause or rclone_cause.cause(error) or "the NAS gave no reason"
