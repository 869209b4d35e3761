# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the NAS asks a provider, by the real rclone: is it there, what does it hold."""

from __future__ import annotations

import posixpath
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from simulator.nas import rclone_run
from simulator.nas.errors import CallError
from simulator.nas.models.providers import remotes_in
from simulator.nas.rclone_command import decode_arguments, list_arguments, remote_path
from simulator.nas.rclone_progress import decoded_names

if TYPE_CHECKING:
    from simulator.nas.server import Nas


async def check(nas: Nas, provider: dict[str, Any]) -> None:
    """List a provider's root, giving up early.

    :raises CallError: it could not be listed
    """
    remotes_in(nas.release)[provider["type"]]  # a type that only its model knows crashes, as it does there
    with prepared(nas, None, provider) as files:
        await rclone_run.listing(list_arguments("remote:", files.config, impatient=True), nas.rclone_environment)


async def list_directory(nas: Nas, provider: dict[str, Any], task: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries of a task's remote folder, by the names that the provider knows.

    :param task: `attributes`, `args`, and the members that concern encryption
    :raises CallError: it could not be listed
    """
    with prepared(nas, task, provider) as files:
        arguments = list_arguments(files.plain, files.config, task.get("args", ""))
        entries = await rclone_run.listing(arguments, nas.rclone_environment)
        names = [one["Name"] for one in entries]
        decrypted = {}
        if names and task.get("encryption") and task.get("filename_encryption"):
            text = await rclone_run.output(decode_arguments(files.config, names), nas.rclone_environment)
            decrypted = decoded_names(text)
    for one in entries:
        one["Enabled"] = True
        if one["Name"] in decrypted:
            one["Decrypted"] = decrypted[one["Name"]]
    return entries


async def list_buckets(nas: Nas, provider: dict[str, Any]) -> list[dict[str, Any]]:
    """The buckets of a provider that has them."""
    attributes = {"folder": "", "bucket": ""}
    with prepared(nas, {"attributes": attributes}, provider) as files:
        buckets = await rclone_run.listing(list_arguments("remote:", files.config), nas.rclone_environment)
    return [{**one, "Enabled": True} for one in buckets]


async def create_bucket(nas: Nas, provider: dict[str, Any], name: str) -> None:
    """Make a bucket."""
    attributes = {"folder": "", "bucket": name}
    with prepared(nas, {"attributes": attributes}, provider) as files:
        await rclone_run.output(["--config", str(files.config), "mkdir", f"remote:{name}"], nas.rclone_environment)


async def has_folder(nas: Nas, provider: dict[str, Any], task: dict[str, Any]) -> bool:
    """Whether a task's folder is listed, as a directory, in its parent."""
    folder = task["attributes"]["folder"].rstrip("/")
    parent = posixpath.dirname(folder)
    listed = await list_directory(
        nas, provider, {**task, "args": "", "attributes": {**task["attributes"], "folder": parent}}
    )
    return any(one["IsDir"] and one["Name"] == posixpath.basename(folder) for one in listed)


def prepared(
    nas: Nas, task: dict[str, Any] | None, provider: dict[str, Any]
) -> AbstractContextManager[rclone_run.Prepared]:
    """The files that rclone is run with for a task, a listing or, without a task, a check, by the clock of the NAS."""
    return rclone_run.prepared(nas.release, task, provider, _private_key(nas, provider), ahead=nas.faults.clock)


def _private_key(nas: Nas, provider: dict[str, Any]) -> str | None:
    """The text of the keychain's key that a credential names."""
    number = provider.get("private_key")
    if number is None:
        return None
    row = nas.store.table("keychaincredential").get(number)
    if row is None:
        raise CallError("The keychain credential of this cloud credential does not exist")
    key: str = row["attributes"]["private_key"]
    return key


def lock_name(provider_type: str, credential_id: int, attributes: dict[str, Any]) -> str:
    """What two tasks that work at the same place of the same account have in common."""
    return f"{credential_id}/{remote_path(provider_type, attributes).lstrip('/')}"
