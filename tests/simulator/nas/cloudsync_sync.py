# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The methods of `cloudsync` that run a task."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from simulator.nas import cloudsync_remote, cloudsync_tasks, credentials, rclone_run
from simulator.nas.cloudsync_scripts import run_script, script_environment
from simulator.nas.cloudsync_validation import check_task
from simulator.nas.errors import CallError, ValidationErrors
from simulator.nas.models.base import at_least
from simulator.nas.pathlocks import PathLocks
from simulator.nas.rclone_command import filters, remote_path, sync_arguments
from simulator.nas.rclone_progress import Progress
from simulator.nas.service import Context, job
from simulator.nas.session import Session
from simulator.nas.state import Row

if TYPE_CHECKING:
    from simulator.nas.server import Nas

_LOCKS: WeakKeyDictionary[Nas, dict[str, PathLocks]] = WeakKeyDictionary()
_ONETIME = "cloud_sync_sync_onetime"


# The lock's name is made from the last argument: calls with options share one lock, whatever their task.
@job(
    "cloudsync.sync",
    lock=lambda params: f"cloud_sync:{params[-1]}",
    lock_queue_size=1,
    abortable=True,
    logs=True,
    read_roles=("CLOUD_SYNC_READ",),
)
async def sync(ctx: Context, row_id: int, options: dict[str, Any]) -> None:
    task = cloudsync_tasks.stored(ctx.nas, row_id)
    alert = (cloudsync_tasks.ALERT, row_id)
    failed = {"id": row_id, "name": task["description"]}
    try:
        await _run(ctx, task, options["dry_run"])
    except asyncio.CancelledError:
        if at_least(ctx.nas.release, "26.0"):
            ctx.nas.alerts.raise_alert(*alert, failed)
        raise
    except Exception:
        ctx.nas.alerts.raise_alert(*alert, failed)
        raise
    ctx.nas.alerts.delete_alert(*alert)


@job("cloudsync.sync_onetime", abortable=True, logs=True)
async def sync_onetime(ctx: Context, data: Row, options: dict[str, Any]) -> None:
    text = "This option may not be used for onetime cloud sync operations"
    scripts = [name for name in ("pre_script", "post_script") if data[name]]
    if scripts:
        raise ValidationErrors([(f"{_ONETIME}.{name}", text, errno.EINVAL) for name in scripts])
    task = await check_task(ctx, _ONETIME, data, admin_rule=False)
    await _run(ctx, task, options["dry_run"])


async def _run(ctx: Context, task: Row, dry_run: bool) -> None:
    credential = credentials.table(ctx.nas).get(task["credentials"])
    if credential is None:
        raise CallError("Invalid credentials")
    assert ctx.job is not None
    provider = credential["provider"]
    push = task["direction"] == "PUSH"
    remote = remote_path(provider["type"], task["attributes"])

    def locking(what: str, path: str, write: bool) -> Any:
        text = f"Locking {what} path {path!r} for {'writing' if write else 'reading'}"
        return lambda: ctx.job.set_progress(0, text)  # type: ignore[union-attr]

    place = cloudsync_remote.lock_name(provider["type"], credential["id"], task["attributes"])
    async with (
        _locks(ctx, "local").hold(task["path"], write=not push, announce=locking("local", task["path"], not push)),
        _locks(ctx, "remote").hold(place, write=push, announce=locking("remote", remote, push)),
    ):
        ctx.job.set_progress(0, "Starting")
        local = _local_directory(ctx, task["path"])
        with cloudsync_remote.prepared(ctx.nas, task, provider) as files:
            environment = script_environment(task, provider)
            await run_script(task["pre_script"], "Pre-script", environment, ctx.job.log_path, ctx.nas.datasets)
            await _transfer(ctx, task, credential, files, local, dry_run)
            await run_script(task["post_script"], "Post-script", environment, ctx.job.log_path, ctx.nas.datasets)


async def _transfer(
    ctx: Context, task: Row, credential: Row, files: rclone_run.Prepared, local: Path, dry_run: bool
) -> None:
    assert ctx.job is not None
    job, nas = ctx.job, ctx.nas
    progress = Progress()

    def follow(line: str) -> None:
        if (step := progress.line(line)) is not None:
            job.set_progress(*step)

    filter_file = files.folder / "filters"
    filter_file.write_text(filters(task, is_pool=task["path"].strip("/").count("/") == 1))
    arguments = sync_arguments(
        task, local=local, remote=files.remote, config=files.config, filter_file=filter_file, dry_run=dry_run
    )
    try:
        await rclone_run.run(arguments, nas.rclone_environment, log=job.log_path, on_line=follow)
    except asyncio.CancelledError:
        delay = nas.faults.abort_delay
        await job.linger(nas.features.abort_delay if delay is None else delay)
        raise
    finally:
        # Also after a failed or aborted run: a refresh token may have been used up.
        await _write_back(ctx, credential, files.refreshed())


async def _write_back(ctx: Context, credential: Row, refreshed: dict[str, str]) -> None:
    """Keep what rclone has renewed; the whole provider as it was read at the start is written."""
    if refreshed and credentials.table(ctx.nas).get(credential["id"]) is not None:
        internal = Context(ctx.nas, Session(internal=True))
        await credentials.store_provider(internal, credential["id"], {**credential["provider"], **refreshed})


def _local_directory(ctx: Context, path: str) -> Path:
    host = ctx.nas.datasets.to_host(path)
    if host is None:
        raise CallError(f"Directory {path!r} is not inside a pool")
    if ctx.nas.datasets.locked(path):
        raise CallError("Dataset is locked")
    if not host.exists():
        raise CallError(f"Directory {path!r} does not exist")
    if not host.is_dir():
        raise CallError(f"{path!r} is not a directory")
    return host


def _locks(ctx: Context, kind: str) -> PathLocks:
    return _LOCKS.setdefault(ctx.nas, {}).setdefault(kind, PathLocks())
