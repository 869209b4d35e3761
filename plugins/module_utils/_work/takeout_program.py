# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bring the import of Google Takeout exports to the NAS as a file. PRIVATE to the collection."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import CallError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import without_marked
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import program

ARGUMENTS: dict[str, dict[str, Any]] = {
    "path": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}

_OWNER_ONLY = 0o600


def refuse(params: Mapping[str, Any]) -> None:
    """Refuse a path that cannot be meant.

    Raises:
        OptionError: It is not a file below a pool.
    """
    path = params["path"]
    parts = path.split("/")
    if parts[:2] != ["", "mnt"] or len(parts) < 4 or {"", ".", ".."} & {*parts[1:]} or not path.isprintable():
        raise OptionError(
            f"path: {path!r} is not a file below a pool. Give one, for example /mnt/tank/photos/takeout/takeout.pyz."
        )


def execute(invocation: Invocation) -> Outcome:
    """Install or remove the program."""
    path, present = invocation.params["path"], invocation.params["state"] == "present"
    wanted = program.built() if present else program.REMOVED
    found = _size(invocation.client, path)
    same = not present if found is None else _is(invocation.client, path, found, wanted)
    if not same and not invocation.check_mode:
        _put(invocation.client, path, wanted)
    digest = hashlib.sha256(wanted).hexdigest() if present else None
    state = {"path": path, "content": digest or "removed"}
    before = state if same else {"path": path, "content": "none" if found is None else "other"}
    return Outcome(not same, {"path": path, "digest": digest}, before, state)


def _size(client: Client, path: str) -> int | None:
    """Return the size of the file; `None` when there is none."""
    try:
        found = client.call("filesystem.stat", path)
    except CallError as error:
        if error.errno == errno.ENOENT:
            return None
        raise
    if found["type"] != "FILE":
        raise Failure(f"path: {path} exists and is not a file. Move it away, or give another path.")
    return int(found["size"])


def _is(client: Client, path: str, size: int, wanted: bytes) -> bool:
    return size == len(wanted) and client.read_file(path, size) == wanted


def _put(client: Client, path: str, data: bytes) -> None:
    number = client.upload(data, "filesystem.put", path, {"mode": _OWNER_ONLY})
    job = client.follow_job(number)
    if job.state != "SUCCESS":
        reason = without_marked(job.error or "") or "the NAS gave no reason"
        raise Failure(f"path: {path} cannot be written: {reason}")
