# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for a task that its schema can not say, in the order in which the NAS applies them."""

from __future__ import annotations

import errno
import posixpath
import shlex
from itertools import pairwise
from typing import Any

from simulator.nas import cloudsync_remote, s3_location
from simulator.nas.errors import ValidationErrors
from simulator.nas.models.attributes import check_attributes
from simulator.nas.models.base import at_least
from simulator.nas.models.providers import REMOTES, remotes_in
from simulator.nas.service import Context
from simulator.nas.state import Row

Rows = list[tuple[str | None, str, int]]

_SCRIPTS = (
    "The ability to edit pre-scripts and post-scripts is limited to users who have full administrative credentials"
)
_CHUNK_SIZES = {"B2": (5, None), "DROPBOX": (5, 149)}


async def check_task(ctx: Context, prefix: str, task: Row, *, admin_rule: bool = True) -> Row:
    """Check a whole task; what comes back is what is stored, attributes completed.

    :param prefix: the parameter's name, which error paths begin with
    :raises ValidationErrors: everything that is wrong locally; if nothing is, what is wrong at the provider
    :raises CallError: the provider could not be asked
    """
    errors: Rows = []

    def add(attribute: str, message: str) -> None:
        errors.append((f"{prefix}.{attribute}", message, errno.EINVAL))

    if task["encryption"] and not task["encryption_password"]:
        add("encryption_password", "This field is required when encryption is enabled")
    try:
        shlex.split(task["args"])
    except ValueError as error:
        add("args", f"Parse error: {error}")
        if at_least(ctx.nas.release, "27.0"):
            raise ValidationErrors(errors) from None
    credential = ctx.nas.store.table("cloudsync_credentials").get(task["credentials"])
    if credential is None:
        add("credentials", "Invalid credentials")
    provider = credential["provider"] if credential else None
    if provider is not None and not errors:
        attributes, wrong = check_attributes(ctx.nas.release, prefix, provider["type"], task["attributes"])
        task = {**task, "attributes": attributes}
        errors += wrong or await _provider_rules(ctx, provider, attributes)
    _check_place(ctx, task, add)
    _check_bandwidth(task, add)
    if admin_rule and not ctx.session.full_admin:
        for name in ("pre_script", "post_script"):
            if task[name]:
                add(name, _SCRIPTS)
    if errors:
        raise ValidationErrors(errors)
    assert provider is not None
    await _check_remote(ctx, provider, task, add)
    if errors:
        raise ValidationErrors(errors)
    return task


def _check_place(ctx: Context, task: Row, add: Any) -> None:
    path = task["path"]
    if path.startswith("EXTERNAL:"):
        add("path", "EXTERNAL: path type is not allowed.")
    elif ctx.nas.datasets.to_host(path) is None:
        add("path", "The path must reside within a pool mount point")
    elif ".zfs" in path.split("/"):
        add("path", "The path must not lie in a snapshot or control directory")
    if task["snapshot"]:
        if ctx.nas.datasets.has_children(path):
            add("snapshot", "This option is only available for datasets that have no further nesting")
        if task["direction"] != "PUSH":
            add("snapshot", "This option can only be enabled for PUSH tasks")
        if task["transfer_mode"] == "MOVE":
            add("snapshot", "This option can not be used for MOVE transfer mode")


def _check_bandwidth(task: Row, add: Any) -> None:
    times = [one["time"] for one in task["bwlimit"]]
    for number, (earlier, later) in enumerate(pairwise(times), 1):
        if earlier >= later:  # compared as text, so that 8:00 comes after 10:00
            add(f"bwlimit.{number}.time", f"Invalid time order: {earlier}, {later}")


async def _provider_rules(ctx: Context, provider: dict[str, Any], attributes: dict[str, Any]) -> Rows:
    """Rules of single providers; their paths lack the parameter's name."""
    name = provider["type"]
    if name == "GOOGLE_PHOTOS":
        return _google_photos(attributes["folder"])
    if name in _CHUNK_SIZES and at_least(ctx.nas.release, "25.10"):
        least, most = _CHUNK_SIZES[name]
        if attributes["chunk_size"] < least:
            return [("chunk_size", f"Input should be greater than or equal to {least}", errno.EINVAL)]
        if most is not None and attributes["chunk_size"] > most:
            return [("chunk_size", f"Input should be less than or equal to {most}", errno.EINVAL)]
    if name == "S3" and not provider.get("skip_region") and not provider.get("region"):
        attributes["region"] = await s3_location.bucket_region(provider, attributes["bucket"])
    return []


def _google_photos(folder: str) -> Rows:
    place = posixpath.normpath(folder.strip("/")) if folder.strip("/") else "."
    name = {".": "root", "media": "media", "media/by-day": "media/by-day"}.get(place)
    if name is None:
        return []
    text = f"Pulling from the {name} directory is not allowed. Please, select a specific directory."
    return [("attributes.folder", text, errno.EINVAL)]


async def _check_remote(ctx: Context, provider: dict[str, Any], task: Row, add: Any) -> None:
    if task["direction"] == "PULL":
        if task["attributes"]["folder"].rstrip("/") and not await cloudsync_remote.has_folder(ctx.nas, provider, task):
            add("attributes.folder", "Directory does not exist")
    elif REMOTES[provider["type"]].read_only and provider["type"] in remotes_in(ctx.nas.release):
        add("direction", "This remote is read-only")
