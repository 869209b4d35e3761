# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task has run, as far as the NAS remembers. PRIVATE to the collection. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import job as jobs
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import left_out
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import without_marked

METHOD = "cloudsync.sync"
_CUT = "more lines ..."
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Run:
    """One job of a task, with what explains it. Its log is read only when something of it is needed."""

    job: Job
    provider: Provider | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def dry_run(self) -> bool:
        return jobs.is_dry_run(self.job)

    @property
    def started(self) -> datetime | None:
        return self.job.started

    @property
    def state(self) -> str:
        return self.job.state

    @property
    def going_on(self) -> bool:
        return not self.job.done

    @cached_property
    def told(self) -> dict[str, Any]:
        """As `truenas_cloudsync_task_info` returns a job."""
        return jobs.last(self.job, self.provider, self.values)

    @cached_property
    def left_out(self) -> frozenset[str] | None:
        """The paths that it says it has left out; `None` when its log is not known as a whole."""
        log = self.job.logs_excerpt
        if not log or _CUT in log:
            return None
        return frozenset(one.path for one in left_out.from_log(without_marked(log)))


def of_task(
    number: int,
    last: Job | None,
    remembered: Iterable[Job],
    provider: Provider | None = None,
    values: Mapping[str, Any] | None = None,
) -> list[Run]:
    """The jobs of a task, the newest first.

    Args:
        number: The task's number.
        last: The last job that the task itself names. It survives a restart of the NAS, without its number.
        remembered: The jobs of this task that the NAS has in memory.
    """
    found = list(remembered)
    if last is not None and not any(_same(last, job) for job in found):
        found.append(last)
    found.sort(key=lambda job: (job.started or _LAST, job.id), reverse=True)
    return [Run(job, provider, values or {}) for job in found]


def by_task(entries: Iterable[Job]) -> dict[int, list[Job]]:
    """Jobs by the number of their task."""
    found: dict[int, list[Job]] = {}
    for job in entries:
        if job.method == METHOD and job.arguments and isinstance(job.arguments[0], int):
            found.setdefault(job.arguments[0], []).append(job)
    return found


def _same(one: Job, other: Job) -> bool:
    return one.id == other.id if one.id else one.started == other.started


def real(runs: Sequence[Run]) -> list[Run]:
    """Those that were no dry runs."""
    return [run for run in runs if not run.dry_run]
