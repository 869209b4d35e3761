# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The methods of `cloudsync` that keep tasks."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from simulator.nas import credentials
from simulator.nas.cloudsync_validation import check_task
from simulator.nas.errors import InstanceNotFound
from simulator.nas.jobs import FINAL_STATES, Job
from simulator.nas.models.base import at_least
from simulator.nas.models.cron import SCHEDULE
from simulator.nas.querying import answer_query
from simulator.nas.service import Context, at_job_end, method
from simulator.nas.state import Row, Table
from simulator.nas.system import restart_service

if TYPE_CHECKING:
    from simulator.nas.server import Nas

ALERT = "CloudSyncTaskFailed"
_COLLECTION = "cloudsync.query"
_OPPOSITE = {"PUSH": "PULL", "PULL": "PUSH"}
_RESTORED = ("credentials", "attributes", "schedule", "transfers", "encryption", "filename_encryption",
             "encryption_password", "encryption_salt")  # fmt: skip
DEFAULTS: Row = {
    "description": "",
    "attributes": {},
    "schedule": SCHEDULE,
    "pre_script": "",
    "post_script": "",
    "snapshot": False,
    "include": [],
    "exclude": [],
    "args": "",
    "enabled": True,
    "bwlimit": [],
    "transfers": None,
    "encryption": False,
    "filename_encryption": False,
    "encryption_password": "",
    "encryption_salt": "",
    "create_empty_src_dirs": False,
    "follow_symlinks": False,
}


def table(nas: Nas) -> Table:
    """The stored tasks: what was given, completed, and `last_job` once a run has ended."""
    return nas.store.table("cloudsync_tasks")


def stored(nas: Nas, row_id: int) -> Row:
    """A task as stored.

    :raises InstanceNotFound: there is none of that id
    """
    row = table(nas).get(row_id)
    if row is None:
        raise InstanceNotFound(f"CloudSync {row_id} does not exist")
    return row


def entry(nas: Nas, row: Row, *, with_locked: bool = True) -> Row:
    """A task as this release answers it."""
    answer = {"id": row["id"]} | {name: value for name, value in row.items() if name != "last_job"}
    credential = credentials.table(nas).get(row["credentials"])
    answer["credentials"] = None if credential is None else credentials.entry(nas, credential)
    job = newest_job(nas, row["id"])
    answer["job"] = row.get("last_job") if job is None else job.encode()
    answer["locked"] = nas.datasets.locked(row["path"]) if with_locked else None
    if at_least(nas.release, "26.0"):
        answer |= _dataset(nas, row["path"])
    return answer


def _dataset(nas: Nas, path: str) -> Row:
    dataset = nas.datasets.of_path(path)
    host = nas.datasets.to_host(path)
    if dataset is None or host is None or not host.exists() or nas.datasets.locked(path):
        return {"dataset": None, "relative_path": None}
    relative = posixpath.relpath(path, nas.datasets.mountpoint(dataset["name"]))
    return {"dataset": dataset["name"], "relative_path": "" if relative == "." else relative}


def jobs_of(nas: Nas, row_id: int) -> list[Job]:
    """The remembered runs of a task, oldest first."""
    return [job for job in nas.jobs.all() if job.method == "cloudsync.sync" and job.params[:1] == [row_id]]


def newest_job(nas: Nas, row_id: int) -> Job | None:
    """The run that a task shows: the first that is running if there is one, else the last one."""
    jobs = jobs_of(nas, row_id)
    running = [job for job in jobs if job.state == "RUNNING"]
    return next(iter(running or jobs[::-1]), None)


@at_job_end
def remember_last_job(nas: Nas, job: Job) -> None:
    """Keep a run that has ended with its task, for the time after a restart, when job ids mean nothing any more."""
    if job.method == "cloudsync.sync" and isinstance(job.params[0], int) and table(nas).get(job.params[0]) is not None:
        table(nas).update(job.params[0], {"last_job": {**job.encode(), "id": None, "logs_path": None}})


@method("cloudsync.query")
async def query(ctx: Context, filters: list[Any], options: dict[str, Any]) -> Any:
    with_locked = options.get("extra", {}).get("retrieve_locked_info", True)
    rows = [entry(ctx.nas, row, with_locked=with_locked) for row in table(ctx.nas).all()]
    return answer_query(ctx, _COLLECTION, rows, filters, options)


@method("cloudsync.get_instance")
async def get_instance(ctx: Context, row_id: int, options: dict[str, Any]) -> Row:
    return entry(ctx.nas, stored(ctx.nas, row_id))


@method("cloudsync.create")
async def create(ctx: Context, data: Row) -> Row:
    checked = await check_task(ctx, "cloud_sync_create", {**DEFAULTS, **data})
    await ctx.nas.turns.take()
    row_id = table(ctx.nas).insert(checked)
    await restart_service(ctx.nas, "cron")
    await ctx.nas.turns.take()
    return _tell(ctx, "added", row_id)


@method("cloudsync.update")
async def update(ctx: Context, row_id: int, data: Row) -> Row:
    old = stored(ctx.nas, row_id)
    checked = await check_task(ctx, "cloud_sync_update", {**old, **data})
    # A run may have ended during the check; what it left stays.
    table(ctx.nas).update(row_id, {name: value for name, value in checked.items() if name not in ("id", "last_job")})
    await restart_service(ctx.nas, "cron")
    return _tell(ctx, "changed", row_id)


@method("cloudsync.delete")
async def delete(ctx: Context, row_id: int) -> bool:
    await abort(ctx, row_id)
    ctx.nas.alerts.delete_alert(ALERT, row_id)
    if not table(ctx.nas).delete(row_id):
        raise InstanceNotFound(f"CloudSync {row_id} does not exist")
    await restart_service(ctx.nas, "cron")
    ctx.nas.events.emit(_COLLECTION, "removed", row_id)
    return True


@method("cloudsync.restore")
async def restore(ctx: Context, row_id: int, options: Row) -> Row:
    task = stored(ctx.nas, row_id)
    new = {name: task[name] for name in _RESTORED} | options
    return await create(ctx, {**new, "direction": _OPPOSITE[task["direction"]], "enabled": False})


@method("cloudsync.abort")
async def abort(ctx: Context, row_id: int) -> bool:
    stored(ctx.nas, row_id)
    job = newest_job(ctx.nas, row_id)
    if job is None or job.state in FINAL_STATES:
        return False
    job.abort()  # also when it has been told before, and has not ended yet
    return True


def _tell(ctx: Context, msg: str, row_id: int) -> Row:
    answer = entry(ctx.nas, stored(ctx.nas, row_id))
    ctx.nas.events.emit(_COLLECTION, msg, row_id, answer)
    return answer
