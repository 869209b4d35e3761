# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A NAS on a simulated clock, whose tasks run when cron would start them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import schedule
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.next_run import next_run
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.reasons import Reason
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.runs import Run, of_task
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.timing import Clock
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.verdict import Settings, Task, judge
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def log(*, checks: int = 40, copied: int = 1, deleted: int = 0, left_out: tuple[str, ...] = ()) -> str:
    """The log of a run, with rclone's figures at its end."""
    notices = [f"2026/11/22 03:00:00 NOTICE: {name}: Can't follow symlink without -L/--copy-links" for name in left_out]
    figures = [
        "Transferred:   \t    1 KiB / 1 KiB, 100%, 1 KiB/s, ETA 0s",
        f"Checks:                {checks} / {checks}, 100%",
        f"Deleted:               {deleted} (files), 0 (dirs)",
        f"Transferred:            {copied} / {copied}, 100%",
        "Elapsed time:         1.0s",
    ]
    return "\n".join([*notices, *figures])


def job(
    number: int,
    began: datetime | None,
    state: str = "SUCCESS",
    *,
    lasted: timedelta = 5 * MINUTE,
    dry_run: bool = False,
    **fields: Any,
) -> Job:
    """A job of task 1."""
    fields.setdefault("logs_excerpt", log())
    return Job(
        id=number,
        method="cloudsync.sync",
        arguments=[1, {"dry_run": True}] if dry_run else [1],
        state=state,
        started=began and began.astimezone(UTC),
        finished=began.astimezone(UTC) + lasted if began and state in ("SUCCESS", "FAILED", "ABORTED") else None,
        **fields,
    )


def runs(*jobs: Job, last: Job | None = None) -> list[Run]:
    """The runs of task 1."""
    return of_task(1, last, jobs)


def task(**fields: Any) -> Task:
    """A task that runs daily at 03:00 unless something else is said."""
    line = fields.pop("line", "0 3 * * *")
    usual: dict[str, Any] = {
        "id": 1,
        "description": "Photos",
        "direction": "PUSH",
        "schedule": schedule.schedule(line),
        "enabled": True,
    }
    return Task(**usual | fields)


def starts(line: str, since: datetime, until: datetime, zone: ZoneInfo = BERLIN) -> list[datetime]:
    """When cron starts a task."""
    found = []
    moment = next_run(schedule.schedule(line), since, zone)
    while moment is not None and moment.astimezone(UTC) <= until.astimezone(UTC):
        found.append(moment.astimezone(UTC))
        moment = next_run(schedule.schedule(line), moment, zone)
    return found


def kinds(given: Task, now: datetime, settings: Settings, *of_nas: Reason, zone: ZoneInfo | None = BERLIN) -> list[str]:
    """What is wrong with it, the gravest first."""
    return [reason["kind"] for reason in judge(given, Clock(now, zone), settings, of_nas)["reasons"]]
