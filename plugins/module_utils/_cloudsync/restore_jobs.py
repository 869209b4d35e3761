# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one-time jobs of a restore test, as the NAS takes them. PRIVATE to the collection. Pure."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_command_line import parse
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_flags import OF_BACKENDS, Kind

_COMMON = (
    "attributes",
    "bwlimit",
    "transfers",
    "encryption",
    "filename_encryption",
    "encryption_password",
    "encryption_salt",
)
_SPECIAL = frozenset("\\*?[]{}")
# By default, rclone tries for minutes to get a file that is listed and cannot be read.
_PATIENCE = ("--retries=2", "--low-level-retries=3")
_BATCH = 40_000  # characters of JSON; the NAS takes 65536 in one message
_KEPT = (Kind.HARMLESS, Kind.LISTS, Kind.RENAMES)
_OF_CONNECTIONS = re.compile(
    r"bind|ca-cert|checkers|client-(cert|key)|contimeout|disable-http.*|header|header-download|low-level-retries"
    r"|max-connections|no-check-certificate|retries|retries-sleep|timeout|tpslimit|tpslimit-burst|user-agent"
)

Payload = dict[str, Any]


def pull(task: Mapping[str, Any], path: str, patterns: Sequence[str]) -> Payload:
    """Copy what the patterns fit from the task's folder to a directory.

    Names are found in whatever case they have there.
    """
    args = [*_PATIENCE, *_connecting(task["args"]), "--ignore-case"]
    return {
        **_common(task, path),
        "direction": "PULL",
        "transfer_mode": "COPY",
        "include": list(patterns),
        "args": shlex.join(args),
    }


def wipes(task: Mapping[str, Any], path: str) -> Iterator[Payload]:
    """Delete all that is in a directory, by a SYNC that lets no file at the provider through.

    The NAS's API itself can delete no file. Any folder that is there will do: the task's own, or one above it.
    """
    common = _common(task, path)
    folder = str(common["attributes"].get("folder") or "/")
    while True:
        yield {
            **common,
            "attributes": {**common["attributes"], "folder": folder},
            "encryption": False,
            "direction": "PULL",
            "transfer_mode": "SYNC",
            "exclude": ["**"],
            "args": shlex.join([*_PATIENCE, *_connecting(task["args"]), "--delete-excluded"]),
        }
        above = posixpath.dirname(f"/{folder.strip('/')}")
        if not folder.strip("/"):
            return
        folder = above


def comparison(task: Mapping[str, Any]) -> Payload:
    """Push what differs by its checksum; to be started as a dry run."""
    return {
        **_common(task, task["path"]),
        "follow_symlinks": task["follow_symlinks"],
        "direction": "PUSH",
        "transfer_mode": "COPY",
        "include": task["include"],
        "exclude": task["exclude"],
        "args": f"{task['args']} --checksum".strip(),
    }


def batches(paths: Iterable[str]) -> Iterator[list[str]]:
    """The patterns that fit the paths and nothing else, as many at a time as the NAS takes in one message."""
    batch: list[str] = []
    length = 0
    for one in (one for path in paths for one in patterns(path)):
        size = len(json.dumps(one)) + 2
        if batch and length + size > _BATCH:
            yield batch
            batch, length = [], 0
        batch.append(one)
        length += size
    if batch:
        yield batch


def patterns(path: str) -> list[str]:
    """The patterns for one file: a provider may have its name in another Unicode form."""
    return [_pattern(form) for form in names.spellings(path)]


def _pattern(path: str) -> str:
    # rclone reads line by line, without blanks at the ends.
    letters = ["?" if letter in "\r\n" else f"\\{letter}" if letter in _SPECIAL else letter for letter in path]
    if letters[-1].isspace():
        letters[-1] = "?"
    return "/" + "".join(letters)


def _common(task: Mapping[str, Any], path: str) -> Payload:
    form = {name: task[name] for name in _COMMON if name in task}
    # With it, rclone would list the whole bucket for a few files.
    if "fast_list" in form["attributes"]:
        form["attributes"] = {**form["attributes"], "fast_list": False}
    return {**form, "credentials": task["credentials"]["id"], "path": path}


def _connecting(args: str) -> list[str]:
    """Those of the task's arguments that a job with other filters, and another destination, may need as well."""
    given = [
        one
        for one in parse(args).given
        if _OF_CONNECTIONS.fullmatch(one.flag.name) or (one.flag.name in OF_BACKENDS and one.flag.kind in _KEPT)
    ]
    return [one.spelled if one.value is None else f"{one.spelled}={one.value}" for one in given]
