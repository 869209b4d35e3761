# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Follow a middleware job to its end.

PRIVATE to the collection. Job numbers live in the middleware's memory only and start anew with it, so that the job of a
number is compared with what was first seen of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    AnswerLost,
    ConnectError,
    JobTimeout,
    JobUnreachable,
    JobVanished,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import Deadline

# Seconds between two looks where nothing is pushed: short at first, for jobs that end at once.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0


class JobSource(Protocol):
    """Where jobs are read from."""

    def get_job(self, job_id: int) -> Job | None:
        """The job as it is now; None when the NAS does not know it."""

    def await_job(self, job_id: int, seconds: float) -> Job | None:
        """The job as soon as a change of it is pushed; None when none was for so many seconds."""


def follow(
    source: JobSource,
    job_id: int,
    method: str | None,
    timeout: float | None,
    on_progress: Callable[[Job], None] | None,
) -> Job:
    """Wait for the end of a job and return it, whatever its final state; `timeout` in seconds, None for none.

    `method` is the method that started it, where known; `on_progress` gets the job whenever its state or progress
    has changed.

    Raises:
        JobTimeout: the time is up; carries the job as last seen.
        JobVanished: the NAS no longer knows the job.
        JobUnreachable: the NAS cannot be asked any more; carries the job as last seen.
    """
    deadline = Deadline(timeout) if timeout is not None else None
    first = _asked(source, job_id, None)
    if first is None or (method and first.method != method):
        raise _vanished(job_id, None)
    last = first
    reported: tuple[Any, ...] = ()
    pause = _FIRST_PAUSE
    while True:
        if on_progress and reported != (last.state, last.percent, last.description):
            reported = (last.state, last.percent, last.description)
            on_progress(last)
        if last.done:
            break
        if deadline and not deadline.remaining:
            raise JobTimeout(f"Job {job_id} ({last.method}) still goes on after {timeout:g} s.", last)
        current = source.await_job(job_id, min(pause, deadline.remaining) if deadline else pause)
        if current is None:
            current = _asked(source, job_id, last)
            pause = min(pause * 2, _LONGEST_PAUSE)
        if current is None or not current.same_as(first):
            raise _vanished(job_id, last)
        last = current
    # The last push can be older than the job's log and end time.
    final = _asked(source, job_id, last)
    return final if final and final.done and final.same_as(first) else last


def _asked(source: JobSource, job_id: int, last: Job | None) -> Job | None:
    try:
        return source.get_job(job_id)
    except (AnswerLost, ConnectError) as error:
        raise JobUnreachable(
            f"Job {job_id} may still be going on, but the NAS cannot be asked about it: {error}", last
        ) from None


def _vanished(job_id: int, last: Job | None) -> JobVanished:
    seen = f" when it was {last.state} at {last.percent or 0:g} %" if last else ""
    return JobVanished(
        f"The NAS no longer knows job {job_id}{seen}: its middleware was restarted, which ends all jobs, or has "
        "started a thousand others since. How far the job came is not known; look at the NAS and run again.",
        last,
    )
