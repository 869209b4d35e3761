# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods of `core`: sessions, subscriptions, jobs."""

from __future__ import annotations

import errno
from typing import Any

from simulator.nas.accounts import random_text
from simulator.nas.errors import CallError, ValidationErrors
from simulator.nas.filters import filter_list
from simulator.nas.jobs import Job
from simulator.nas.service import Context, job, method

_PUBLIC_EVENTS = ("core.get_jobs",)


@method("core.ping")
async def ping(ctx: Context) -> str:
    return "pong"


@method("core.set_options")
async def set_options(ctx: Context, options: dict[str, Any]) -> dict[str, Any] | None:
    if not ctx.nas.features.legacy_jobs:
        return None
    ctx.session.legacy_jobs = options.get("legacy_jobs", ctx.session.legacy_jobs)
    return {"legacy_jobs": ctx.session.legacy_jobs, "private_methods": False, "py_exceptions": False}


@method("core.subscribe")
async def subscribe(ctx: Context, event: str) -> str:
    if event not in _PUBLIC_EVENTS and not ctx.session.full_admin:
        contract = ctx.nas.contract.method(event)
        if contract is None or not any(ctx.session.has_role(role) for role in contract.roles):
            raise CallError("Not authorized", errno.EACCES)
    # Whoever may everything may also wait for events that there will never be.
    return ctx.nas.events.subscribe(ctx.session, event)


@method("core.unsubscribe")
async def unsubscribe(ctx: Context, subscription: str) -> None:
    ctx.nas.events.unsubscribe(ctx.session, subscription)


@method("core.get_jobs")
async def get_jobs(ctx: Context, filters: list[Any], options: dict[str, Any]) -> Any:
    visible = [one.encode() for one in ctx.nas.jobs.all() if one.visible_to(ctx.session)]
    return filter_list(visible, filters, options)


@job("core.job_wait")
async def job_wait(ctx: Context, number: int) -> Any:
    target = _visible(ctx, number)
    await target.finished.wait()
    if target.state == "FAILED":
        error = target.exception
        raise CallError(error.message if isinstance(error, CallError) else str(error))
    return target.result


@method("core.job_abort")
async def job_abort(ctx: Context, number: int) -> None:
    target = ctx.nas.jobs.get(number)
    if not ctx.session.full_admin and not target.owned_by(ctx.session):
        raise CallError("Job is not owned by current session", errno.EPERM)
    target.abort()


@method("core.job_download_logs")
async def job_download_logs(ctx: Context, number: int, filename: str, buffered: bool = False) -> str:
    target = _visible(ctx, number)
    if not target.options.logs:
        raise ValidationErrors([("id", "The job has no logs", errno.EINVAL)])
    token = random_text()
    ctx.nas.downloads[token] = (target, filename)
    return f"/_download/{number}?auth_token={token}"


@method("core.download")
async def download(ctx: Context, name: str, args: list[Any], filename: str, buffered: bool = False) -> list[Any]:
    target = await ctx.nas.dispatcher.call(ctx.session, name, args, [], pipe=b"")
    token = random_text()
    ctx.nas.downloads[token] = (target, filename)
    return [target.id, f"/_download/{target.id}?auth_token={token}"]


def _visible(ctx: Context, number: int) -> Job:
    target = ctx.nas.jobs.get(number)
    if not target.visible_to(ctx.session):
        raise CallError("Job is not owned by current session", errno.EPERM)
    return target
