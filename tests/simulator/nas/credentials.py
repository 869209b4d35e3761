# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The methods of `cloudsync.credentials`."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from simulator.nas import cloudsync_remote
from simulator.nas.errors import CallError, InstanceNotFound, ValidationErrors
from simulator.nas.models import credentials_2410
from simulator.nas.querying import answer_query
from simulator.nas.service import Context, method
from simulator.nas.state import Row, Table

if TYPE_CHECKING:
    from simulator.nas.server import Nas

_COLLECTION = "cloudsync.credentials.query"


def table(nas: Nas) -> Table:
    """The stored credentials: `id`, `name`, and `provider` in the form of 25.04 and later."""
    return nas.store.table("cloudsync_credentials")


def entry(nas: Nas, row: Row) -> Row:
    """A credential as this release answers it."""
    return credentials_2410.to_old(row) if nas.release == "24.10" else row


@method("cloudsync.credentials.query")
async def query(ctx: Context, filters: list[Any], options: dict[str, Any]) -> Any:
    rows = [entry(ctx.nas, row) for row in table(ctx.nas).all()]
    return answer_query(ctx, _COLLECTION, rows, filters, options)


@method("cloudsync.credentials.get_instance")
async def get_instance(ctx: Context, row_id: int, options: dict[str, Any]) -> Row:
    return entry(ctx.nas, _stored(ctx, row_id))


@method("cloudsync.credentials.create")
async def create(ctx: Context, data: dict[str, Any]) -> Row:
    new = _normalised(ctx, "cloud_sync_credentials_create", data)
    _check_name(ctx, "cloud_sync_credentials_create", new["name"])
    row_id = table(ctx.nas).insert(new)
    return _tell(ctx, "added", row_id)


@method("cloudsync.credentials.update")
async def update(ctx: Context, row_id: int, data: dict[str, Any]) -> Row:
    old = _stored(ctx, row_id)
    new = _normalised(ctx, "cloud_sync_credentials_update", data, old)
    _check_name(ctx, "cloud_sync_credentials_update", new["name"], row_id)
    table(ctx.nas).update(row_id, new)
    answer = _tell(ctx, "changed", row_id)
    return {**data, "id": row_id} if ctx.nas.release == "24.10" else answer


@method("cloudsync.credentials.delete")
async def delete(ctx: Context, row_id: int) -> bool:
    for task in ctx.nas.store.table("cloudsync_tasks").all():
        if task["credentials"] == row_id:
            raise CallError(f"This credential is used by cloud sync task {task['description'] or task['id']}")
    if table(ctx.nas).delete(row_id):
        ctx.nas.events.emit(_COLLECTION, "removed", row_id)
    return True


@method("cloudsync.credentials.verify")
async def verify(ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
    provider = data
    if ctx.nas.release == "24.10":
        provider = _normalised(ctx, "cloud_sync_credentials_create", {"name": "", **data})["provider"]
    try:
        await cloudsync_remote.check(ctx.nas, provider)
    except CallError as error:
        return {"valid": False, "error": error.message, "excerpt": error.extra["excerpt"]}  # type: ignore[index]
    return {"valid": True, "error": None, "excerpt": None}


@method("cloudsync.credentials.s3_provider_choices")
async def s3_provider_choices(ctx: Context) -> dict[str, str]:
    return {"Other": "Any other S3 compatible provider"}


async def store_provider(ctx: Context, row_id: int, provider: dict[str, Any]) -> None:
    """What a run of a task does with a credential that was refreshed meanwhile."""
    table(ctx.nas).update(row_id, {"provider": provider})
    _tell(ctx, "changed", row_id)


def _stored(ctx: Context, row_id: int) -> Row:
    row = table(ctx.nas).get(row_id)
    if row is None:
        raise InstanceNotFound(f"Credentials {row_id} does not exist")
    return row


def _normalised(ctx: Context, prefix: str, data: dict[str, Any], old: Row | None = None) -> Row:
    """What is to be stored, whatever the release's shape; 24.10 checks attributes only here."""
    if ctx.nas.release == "24.10":
        return credentials_2410.to_new(prefix, {**(credentials_2410.to_old(old) if old else {}), **data})
    return {**(old or {}), **data}


def _check_name(ctx: Context, prefix: str, name: str, own_id: int | None = None) -> None:
    same = table(ctx.nas).find(name=name)
    if same is not None and same["id"] != own_id:
        raise ValidationErrors([(f"{prefix}.name", "Object with this name already exists", errno.EINVAL)])


def _tell(ctx: Context, msg: str, row_id: int) -> Row:
    answer = entry(ctx.nas, _stored(ctx, row_id))
    ctx.nas.events.emit(_COLLECTION, msg, row_id, answer)
    return answer
