# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The methods of `cloudsync` that look at providers."""

from __future__ import annotations

from typing import Any

from simulator.nas import cloudsync_remote
from simulator.nas.errors import CallError, ValidationErrors
from simulator.nas.models.attributes import check_attributes, task_schema
from simulator.nas.models.legacy_providers import credentials_schema
from simulator.nas.models.providers import REMOTES, remotes_in
from simulator.nas.service import Context, method
from simulator.nas.state import Row


@method("cloudsync.providers")
async def providers(ctx: Context) -> list[Row]:
    release = ctx.nas.release
    found = sorted(remotes_in(release).items(), key=lambda item: item[1].title.lower())
    return [
        {
            "name": name,
            "title": remote.title,
            "credentials_oauth": remote.oauth_page,
            "buckets": remote.bucket_title is not None,
            "bucket_title": remote.bucket_title or "Bucket",
            "task_schema": task_schema(release, name),
        }
        | ({"credentials_schema": credentials_schema(name)} if release == "24.10" else {})
        for name, remote in found
    ]


@method("cloudsync.list_directory")
async def list_directory(ctx: Context, data: Row) -> list[Row]:
    provider = _provider(ctx, data["credentials"])
    attributes, wrong = check_attributes(ctx.nas.release, "cloud_sync", provider["type"], data["attributes"])
    if wrong:
        raise ValidationErrors(wrong)
    return await cloudsync_remote.list_directory(ctx.nas, provider, {**data, "attributes": attributes})


@method("cloudsync.list_buckets")
async def list_buckets(ctx: Context, credential_id: int) -> list[Row]:
    provider = _provider(ctx, credential_id)
    if REMOTES[provider["type"]].bucket_title is None:
        raise CallError("This provider does not use buckets")
    return await cloudsync_remote.list_buckets(ctx.nas, provider)


@method("cloudsync.create_bucket")
async def create_bucket(ctx: Context, credential_id: int, name: str) -> None:
    provider = _provider(ctx, credential_id)
    if not REMOTES[provider["type"]].can_create_bucket:
        raise CallError("This provider can't create buckets")
    await cloudsync_remote.create_bucket(ctx.nas, provider, name)


@method("cloudsync.onedrive_list_drives")
async def onedrive_list_drives(ctx: Context, data: Row) -> list[Row]:
    # The NAS asks Microsoft itself here, without rclone; there is no simulated Microsoft.
    raise CallError("Microsoft can not be reached")


def _provider(ctx: Context, credential_id: int) -> dict[str, Any]:
    row = ctx.nas.store.table("cloudsync_credentials").get(credential_id)
    if row is None:
        raise CallError("Invalid credentials")
    provider: dict[str, Any] = row["provider"]
    return provider
