# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an answer of the simulator is that of the real server: codes, field attributes and shapes.

Texts that come from the validation library or from rclone are not compared, and of values that differ from run to run
only the type is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_ANONYMISED = re.compile(r"id-\d+")  # what the recordings have in place of ids
_BY_TYPE = {
    "ModTime",
    "ID",
    "api_key",
    "created_at",
    "error",
    "excerpt",
    "exception",
    "formatted",
    "key",
    "keyhash",
    "login_at",
    "login_id",
    "logs_excerpt",
    "logs_path",
    "repr",
    "roles",
    "time_finished",
    "time_started",
    # of SCRAM
    "client_key",
    "server_key",
    "stored_key",
    "salt",
    "rfc_str",
    "reconnect_token",
}
# of a directory's entry: what the file system of the machine decides, and its clock
_FILE_BY_TYPE = {
    "allocation_size",
    "atime",
    "btime",
    "ctime",
    "dev",
    "gid",
    "group",
    "inode",
    "mode",
    "mount_id",
    "mtime",
    "nlink",
    "size",
    "uid",
    "user",
}
_SAME_CLASSES = {"PatternError": "error"}  # since Python 3.13
_JOB_BY_TYPE = {"id", "description", "message_ids"}
_KEY_BY_TYPE = {"id", "user_identifier"}


def differences(expected: Any, actual: Any, path: str = "") -> Iterator[str]:
    """What is not alike, one line each."""
    if path == "error" and isinstance(expected, dict) and isinstance(actual, dict):
        yield from _error_differences(expected, actual)
    elif isinstance(expected, dict) and isinstance(actual, dict):
        if "_name_" in expected:  # a schema of 25.04, which also holds texts for people
            expected, actual = _without_texts(expected), _without_texts(actual)
        if set(expected) != set(actual):
            yield f"{path}: members {sorted(set(expected) ^ set(actual))} are only on one side"
        by_type = _BY_TYPE.copy()
        if "logs_path" in expected or "percent" in expected:
            by_type |= _JOB_BY_TYPE
        if "is_mountpoint" in expected:
            by_type |= _FILE_BY_TYPE
        if "user_identifier" in expected:
            by_type |= _KEY_BY_TYPE
        for name in expected.keys() & actual.keys():
            # `error` is a job's text, or the object that answers a call.
            is_text = name in by_type and not (name == "error" and isinstance(expected[name], dict))
            compare = _type_differences if is_text else differences
            yield from compare(expected[name], actual[name], f"{path}.{name}" if path else name)
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{path}: {len(expected)} items, got {len(actual)}"
        for number, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from differences(one, other, f"{path}.{number}")
    elif isinstance(expected, str) and _ANONYMISED.fullmatch(expected):
        yield from _type_differences(expected, actual, path)
    elif type(expected) is not type(actual) or expected != actual:
        yield f"{path}: {expected!r}, got {actual!r}"


def _without_texts(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name not in ("title", "description")}


def _type_differences(expected: Any, actual: Any, path: str) -> Iterator[str]:
    if type(expected) is not type(actual):
        yield f"{path}: a {type(expected).__name__}, got {actual!r}"


def _error_differences(expected: dict[str, Any], actual: dict[str, Any]) -> Iterator[str]:
    yield from differences(expected["code"], actual.get("code"), "error.code")
    if ("data" in expected) != ("data" in actual):
        yield f"error.data: {expected.get('data')!r}, got {actual.get('data')!r}"
    if "data" not in expected or "data" not in actual:
        return
    old, new = expected["data"], actual["data"]
    for name in ("error", "errname"):
        yield from differences(old[name], new[name], f"error.data.{name}")
    if isinstance(old["trace"], dict):
        # The recordings have a stand-in for the frames in every trace, also in those of releases that send none.
        expected_members, members = (sorted(set(trace) - {"frames"}) for trace in (old["trace"], new["trace"]))
        yield from differences(expected_members, members, "error.data.trace members")
        was, now = (_SAME_CLASSES.get(trace["class"], trace["class"]) for trace in (old["trace"], new["trace"]))
        yield from differences(was, now, "error.data.trace.class")
    yield from differences(_extra(old["extra"]), _extra(new["extra"]), "error.data.extra")


def _extra(extra: Any) -> Any:
    """Validation rows without their texts; of an object its members."""
    if isinstance(extra, list):
        return [[row[0], row[2]] for row in extra]
    return sorted(extra) if isinstance(extra, dict) else extra
