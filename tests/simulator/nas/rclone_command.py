# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which rclone the NAS runs for a task: remote path, filters, arguments. Nothing here touches a file."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from simulator.nas.models.providers import REMOTES

_ALWAYS_LEFT_OUT = (".zfs", ".zfs/**")
_LEFT_OUT_OF_POOLS = ("/ix-applications", "/ix-applications/**", "/ix-apps", "/ix-apps/**")


def remote_path(provider_type: str, attributes: dict[str, Any]) -> str:
    """Where on the remote a task works: `/` for no folder, behind the bucket where there are buckets."""
    folder = attributes["folder"].rstrip("/") or "/"
    if REMOTES[provider_type].bucket_title is None:
        return folder
    return f"{attributes.get('bucket') or ''}/{folder.lstrip('/')}"


def filters(task: dict[str, Any], is_pool: bool) -> str:
    """The filter file; the first rule that fits a name decides.

    :param is_pool: the task's path is the root of a pool
    """
    left_out = [*_ALWAYS_LEFT_OUT, *(_LEFT_OUT_OF_POOLS if is_pool else ()), *task["exclude"]]
    rules = [f"- {name}" for name in left_out]
    if task["include"]:
        rules += [f"+ {name}" for name in task["include"]] + ["- *"]
    return "\n".join(rules)


def bandwidth(limits: list[dict[str, Any]]) -> str:
    """The timetable of `--bwlimit`."""
    return " ".join(
        f"{one['time']},{'off' if one.get('bandwidth') is None else str(one['bandwidth']) + 'b'}" for one in limits
    )


def sync_arguments(
    task: dict[str, Any], *, local: Path, remote: str, config: Path, filter_file: Path, dry_run: bool
) -> list[str]:
    """Everything after `rclone` for a run.

    :param remote: `remote:PATH`, or the encrypted remote on top of it
    """
    arguments = ["--config", str(config), "-v", "--stats", "1s"]
    if task["attributes"].get("fast_list"):
        arguments.append("--fast-list")
    if task["follow_symlinks"]:
        arguments.append("-L")
    if task["transfers"]:
        arguments += ["--transfers", str(task["transfers"])]
    if task["bwlimit"]:
        arguments += ["--bwlimit", bandwidth(task["bwlimit"])]
    if dry_run:
        arguments.append("--dry-run")
    arguments += ["--filter-from", str(filter_file), *shlex.split(task["args"]), task["transfer_mode"].lower()]
    if task["create_empty_src_dirs"]:
        arguments.append("--create-empty-src-dirs")
    ends = [str(local), remote]
    return arguments + (ends if task["direction"] == "PUSH" else ends[::-1])


def list_arguments(remote: str, config: Path, args: str = "", *, impatient: bool = False) -> list[str]:
    """Everything after `rclone` for a listing.

    :param impatient: give up early, as the check of a credential does
    """
    limits = ["--contimeout", "15s", "--timeout", "30s"] if impatient else []
    return ["--config", str(config), *limits, *shlex.split(args), "lsjson", remote]


def decode_arguments(config: Path, names: list[str]) -> list[str]:
    """Everything after `rclone` to read encrypted names."""
    return ["--config", str(config), "cryptdecode", "encrypted:", *names]
