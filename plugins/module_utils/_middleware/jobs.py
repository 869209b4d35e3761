# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A middleware job, and how to follow one to its end.

PRIVATE to the collection. Job numbers live in the middleware's memory only and start anew with it, so that the job of a
number is compared with what was first seen of it.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .errors import FieldError, JobTimeout, JobVanished
from .sockets import Deadline

FINAL_STATES = ("SUCCESS", "FAILED", "ABORTED")

# Seconds between two looks where nothing is pushed: short at first, for jobs that end at once.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0


@dataclasses.dataclass(frozen=True)
class Job:
    """What is known of a job. Times are aware (UTC); ``arguments`` are redacted by the NAS."""

    id: int
    method: str
    arguments: list[t.Any] = dataclasses.field(repr=False)
    state: str
    percent: float | None = None
    description: str = ""
    started: datetime.datetime | None = None
    finished: datetime.datetime | None = None
    result: t.Any = dataclasses.field(default=None, repr=False)
    error: str | None = dataclasses.field(default=None, repr=False)  # without its [ERRNAME] prefix
    errno: int | None = None
    fields: tuple[FieldError, ...] = dataclasses.field(default=(), repr=False)  # a validation failure's rows
    logs_excerpt: str = dataclasses.field(default="", repr=False)
    abortable: bool = False

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self.state in FINAL_STATES

    @classmethod
    def from_api(cls, entry: dict[str, t.Any]) -> Job:
        """From an entry of ``core.get_jobs`` or the ``job`` of a record. Tracebacks are left out."""
        progress = _member(entry, "progress", dict) or {}
        failure = _member(entry, "exc_info", dict) or {}
        error = _member(entry, "error", str)
        return cls(
            id=_member(entry, "id", int) or 0,
            method=_member(entry, "method", str) or "",
            arguments=_member(entry, "arguments", list) or [],
            state=_member(entry, "state", str) or "WAITING",
            percent=_member(progress, "percent", int, float),
            description=_member(progress, "description", str) or "",
            started=_member(entry, "time_started", datetime.datetime),
            finished=_member(entry, "time_finished", datetime.datetime),
            result=entry.get("result"),
            error=_without_prefix(error) if error else None,
            errno=_member(failure, "errno", int),
            fields=_rows(failure.get("extra")),
            logs_excerpt=_member(entry, "logs_excerpt", str) or "",
            abortable=bool(entry.get("abortable")),
        )

    def same_as(self, earlier: Job) -> bool:
        """Whether both are the same job, not two of the same number before and after a restart."""
        same_start = not self.started or not earlier.started or self.started == earlier.started
        return (self.id, self.method, self.arguments) == (earlier.id, earlier.method, earlier.arguments) and same_start


class JobSource(t.Protocol):
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
    on_progress: t.Callable[[Job], None] | None,
) -> Job:
    """Wait for the end of a job and return it, whatever its final state; ``timeout`` in seconds, None for none.

    ``method`` is the method that started it, where known; ``on_progress`` gets the job whenever its state or progress
    has changed.

    Raises:
        JobTimeout: the time is up; carries the job as last seen.
        JobVanished: the NAS no longer knows the job.
    """
    deadline = Deadline(timeout) if timeout is not None else None
    first = source.get_job(job_id)
    if first is None or (method and first.method != method):
        raise _vanished(job_id, None)
    last = first
    reported: tuple[t.Any, ...] = ()
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
            current = source.get_job(job_id)
            pause = min(pause * 2, _LONGEST_PAUSE)
        if current is None or not current.same_as(first):
            raise _vanished(job_id, last)
        last = current
    # The last push can be older than the job's log and end time.
    final = source.get_job(job_id)
    return final if final and final.done and final.same_as(first) else last


def _vanished(job_id: int, last: Job | None) -> JobVanished:
    seen = f" when it was {last.state} at {last.percent or 0:g} %" if last else ""
    return JobVanished(
        f"The NAS no longer knows job {job_id}{seen}: its middleware was restarted, which ends all jobs, or has "
        "started a thousand others since. How far the job came is not known; look at the NAS and run again.",
        last,
    )


def _member(entry: dict[str, t.Any], name: str, *kinds: type) -> t.Any:
    """A member of that kind; None when it is not there or of another."""
    value = entry.get(name)
    return value if isinstance(value, kinds) else None


def _without_prefix(error: str) -> str:
    name, bracket, text = error.partition("] ")
    return text if bracket and name.startswith("[E") else error


def _rows(extra: t.Any) -> tuple[FieldError, ...]:
    rows = extra if isinstance(extra, list) else []
    return tuple((row[0], str(row[1]), row[2]) for row in rows if isinstance(row, list) and len(row) == 3)
