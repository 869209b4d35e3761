# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods of `filesystem`."""

from __future__ import annotations

import contextlib
import errno
import grp
import os
import posixpath
import pwd
import stat as modes
from pathlib import Path
from typing import Any

from simulator.nas.datasets import MOUNT, Datasets
from simulator.nas.errors import CallError
from simulator.nas.filters import filter_list
from simulator.nas.service import Context, job, method


@method("filesystem.stat")
async def stat(ctx: Context, path: str) -> dict[str, Any]:
    _require_absolute(path)
    host = _existing(ctx, path)
    info = host.stat()
    return {
        "realpath": ctx.nas.datasets.to_nas(host.resolve()),
        "type": _kind(info.st_mode),
        **_common(ctx.nas.datasets, path, info),
        "atime": info.st_atime,
        "mtime": info.st_mtime,
        "ctime": info.st_ctime,
        "btime": info.st_ctime,
        "dev": info.st_dev,
        "inode": info.st_ino,
        "nlink": info.st_nlink,
        "user": _name(pwd.getpwuid, info.st_uid),
        "group": _name(grp.getgrgid, info.st_gid),
    }


@method("filesystem.listdir")
async def listdir(ctx: Context, path: str, filters: list[Any], options: dict[str, Any]) -> Any:
    host = _existing(ctx, path)
    if not host.is_dir():
        raise CallError(f"Path {path} is not a directory", errno.ENOTDIR)
    children = [child for child in sorted(host.iterdir()) if path.rstrip("/") != MOUNT or child.name in _pools(ctx)]
    return filter_list([_entry(ctx.nas.datasets, child) for child in children], filters, options)


@method("filesystem.mkdir")
async def mkdir(ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
    path, options = data["path"], data["options"]
    _require_absolute(path)
    host = ctx.nas.datasets.to_host(path)
    if host is None or posixpath.normpath(path) == MOUNT:
        raise CallError(f"{path}: directories can be made only below a pool", errno.EPERM)
    if os.path.lexists(host):
        raise CallError(f"{path}: path already exists", errno.EEXIST)
    if not host.parent.is_dir():
        if ctx.nas.features.mkdir_reports_missing_parent:
            raise CallError(f"{path}: parent directory does not exist", errno.ENOENT)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    host.mkdir()
    host.chmod(int(options["mode"], 8))
    return _entry(ctx.nas.datasets, host)


@job("filesystem.setperm", lock=lambda params: "perm_change")
async def setperm(ctx: Context, data: dict[str, Any]) -> None:
    host = _existing(ctx, data["path"])
    targets = [host, *host.rglob("*")] if data["options"]["recursive"] else [host]
    for target in targets:
        if data["mode"] is not None:
            target.chmod(int(data["mode"], 8))
        with contextlib.suppress(PermissionError):  # only root can give files away
            os.chown(target, _id(data["uid"]), _id(data["gid"]))


def _require_absolute(path: str) -> None:
    if not path.startswith("/"):
        raise CallError(f"{path}: path must be absolute", errno.EINVAL)


def _existing(ctx: Context, path: str) -> Path:
    datasets = ctx.nas.datasets
    host = datasets.root if posixpath.normpath(path) == MOUNT else datasets.to_host(path)
    if host is None or not host.exists():
        raise CallError(f"Path {path} not found", errno.ENOENT)
    return host


def _pools(ctx: Context) -> list[str]:
    return ctx.nas.datasets.pools


def _entry(datasets: Datasets, host: Path) -> dict[str, Any]:
    path = datasets.to_nas(host)
    info = host.lstat()
    target = host.resolve()
    return {
        "name": host.name,
        "path": path,
        "realpath": datasets.to_nas(target) if target.is_relative_to(datasets.root) else str(target),
        "type": _kind(info.st_mode),
        **_common(datasets, path, info),
        "xattrs": [],
        "zfs_attrs": ["ARCHIVE"],
    }


def _common(datasets: Datasets, path: str, info: os.stat_result) -> dict[str, Any]:
    return {
        "size": info.st_size,
        "allocation_size": info.st_blocks * 512,
        "mode": info.st_mode,
        "mount_id": info.st_dev,
        "uid": info.st_uid,
        "gid": info.st_gid,
        "acl": False,
        "is_mountpoint": datasets.is_mountpoint(path),
        "is_ctldir": False,
        "attributes": [],
    }


def _kind(mode: int) -> str:
    if modes.S_ISDIR(mode):
        return "DIRECTORY"
    if modes.S_ISREG(mode):
        return "FILE"
    return "SYMLINK" if modes.S_ISLNK(mode) else "OTHER"


def _name(lookup: Any, number: int) -> str | None:
    try:
        return lookup(number)[0]
    except KeyError:
        return None


def _id(number: int | None) -> int:
    return -1 if number is None else number
