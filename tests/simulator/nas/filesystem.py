# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods of `filesystem`."""

from __future__ import annotations

import contextlib
import errno
import grp
import hashlib
import os
import posixpath
import pwd
import stat as modes
from pathlib import Path
from typing import Any

from simulator.nas.datasets import MOUNT, Datasets
from simulator.nas.errors import CallError, ValidationErrors
from simulator.nas.filters import filter_list
from simulator.nas.service import Context, job, method


@method("filesystem.stat")
async def stat(ctx: Context, path: str) -> dict[str, Any]:
    if not path.startswith("/"):
        raise CallError(f"{path}: path must be absolute", errno.EINVAL)
    host = _host(ctx, path)
    if host is None:
        raise CallError(f"Path {path} not found", errno.ENOENT)
    try:
        info = host.stat()  # of what a link leads to
    except FileNotFoundError:
        raise CallError(f"Path {path} not found", errno.ENOENT) from None
    return {
        "realpath": ctx.nas.datasets.to_nas(host.resolve()),
        "type": _kind(host.lstat().st_mode),
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
    host = _host(ctx, path)
    if host is None or not host.exists():
        raise CallError(f"Directory {path} does not exist", errno.ENOENT)
    if not host.is_dir():
        raise CallError(f"Path {path} is not a directory", errno.ENOTDIR)
    if ctx.nas.features.follows_no_links and _asks_zfs(options) and _passes_link(host):
        raise CallError("Symlinks are not permitted.", errno.ELOOP)
    children = [child for child in host.iterdir() if path.rstrip("/") != MOUNT or child.name in _pools(ctx)]
    entries = [_entry(ctx.nas.datasets, child) for child in _disordered(children) if child.exists()]
    return filter_list(entries, filters, options)


def _asks_zfs(options: dict[str, Any]) -> bool:
    """Whether the attributes are asked for whose reading follows no link."""
    names = [one[0] if isinstance(one, list) else one for one in options.get("select") or []]
    return not options.get("count") and (not names or "zfs_attrs" in names)


def _disordered(children: list[Path]) -> list[Path]:
    """In an order that says nothing, the same each time: a directory of ZFS is a table of hashes."""
    return sorted(children, key=lambda child: hashlib.sha256(os.fsencode(child.name)).digest())


def _passes_link(host: Path) -> bool:
    """Whether the path is a link or leads through one."""
    return host.resolve() != host


@method("filesystem.mkdir")
async def mkdir(ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
    path, options = data["path"], data["options"]
    if not path.startswith("/"):
        raise CallError(f"{path}: not an absolute path.", errno.EINVAL)
    host = _host(ctx, path)
    if host is not None and host.exists():
        raise CallError(f"{path}: path already exists.", errno.EEXIST)
    if ctx.nas.features.follows_no_links and host is not None:
        _check_parent(ctx, path, host.parent)
    if host is None:
        raise CallError(f"{path}: path not permitted", errno.EPERM)
    try:
        host.mkdir()
    except OSError as error:
        raise type(error)(error.errno, error.strerror, path) from None
    host.chmod(int(options["mode"], 8))
    return _entry(ctx.nas.datasets, host, path)


def _check_parent(ctx: Context, path: str, parent: Path) -> None:
    if parent.is_relative_to(ctx.nas.datasets.root) and _passes_link(parent):
        raise CallError(f"{path}: symlinks in path are not permitted", errno.EPERM)
    try:
        parent.stat()
    except FileNotFoundError:
        raise CallError(f"{path}: parent directory does not exist", errno.ENOENT) from None
    if not parent.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), posixpath.dirname(path))


@job("filesystem.chown", lock=lambda params: "perm_change")
async def chown(ctx: Context, data: dict[str, Any]) -> None:
    host = _host(ctx, data["path"])
    if host is None or not host.exists():
        raise CallError(f"Path {data['path']} not found", errno.ENOENT)
    uid, gid = (data[name] for name in ("uid", "gid"))
    if data.get("user"):
        uid = _number(lambda name: pwd.getpwnam(name).pw_uid, data["user"], "user")
    if data.get("group"):
        gid = _number(lambda name: grp.getgrnam(name).gr_gid, data["group"], "group")
    if {uid, gid} <= {None, -1}:
        text = "Please specify either user or group to change."
        raise ValidationErrors([("filesystem.chown.uid", text, errno.EINVAL)])
    targets = [host, *host.rglob("*")] if data["options"]["recursive"] else [host]
    for target in targets:
        with contextlib.suppress(PermissionError):  # only root can give files away
            os.chown(target, _id(uid), _id(gid))


@job("filesystem.setperm", lock=lambda params: "perm_change")
async def setperm(ctx: Context, data: dict[str, Any]) -> None:
    host = _host(ctx, data["path"])
    if host is None or not host.exists():
        raise CallError(f"Path {data['path']} not found", errno.ENOENT)
    targets = [host, *host.rglob("*")] if data["options"]["recursive"] else [host]
    for target in targets:
        if data["mode"] is not None:
            target.chmod(int(data["mode"], 8))
        with contextlib.suppress(PermissionError):  # only root can give files away
            os.chown(target, _id(data["uid"]), _id(data["gid"]))


@job("filesystem.get", pipe="output")
async def get(ctx: Context, path: str) -> None:
    host = _host(ctx, path)
    if host is None or not host.is_file():
        raise CallError(f"{path} is not a file")
    assert ctx.job is not None
    ctx.job.file = host.read_bytes()


@job("filesystem.put", pipe="input")
async def put(ctx: Context, path: str, options: dict[str, Any]) -> bool:
    host = _host(ctx, path)
    if host is None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), path)
    if ctx.nas.features.follows_no_links and _passes_link(host):
        raise CallError("Symlinks are not permitted.", errno.ELOOP)
    if ctx.nas.datasets.locked(path):
        raise CallError(f"Unable to put contents at {path!r} as the path exists on a locked dataset", errno.EINVAL)
    host.parent.mkdir(parents=True, exist_ok=True)
    assert ctx.job is not None
    with host.open("ab" if options.get("append") else "wb") as file:
        file.write(ctx.job.file)
    if options.get("mode"):
        host.chmod(options["mode"])
    return True


def _host(ctx: Context, path: str) -> Path | None:
    """Where a path lies on this machine, whether there is something or not; None outside the pools."""
    datasets = ctx.nas.datasets
    return datasets.root if posixpath.normpath(path) == MOUNT else datasets.to_host(path)


def _pools(ctx: Context) -> list[str]:
    return ctx.nas.datasets.pools


def _entry(datasets: Datasets, host: Path, path: str | None = None) -> dict[str, Any]:
    path = path or datasets.to_nas(host)
    info = host.stat()  # of what a link leads to
    target = host.resolve()
    return {
        "name": host.name,
        "path": path,
        "realpath": datasets.to_nas(target) if target.is_relative_to(datasets.root) else str(target),
        "type": _kind(host.lstat().st_mode),
        **_common(datasets, path, info),
        "xattrs": [],
        "zfs_attrs": ["ARCHIVE"],
    }


def _common(datasets: Datasets, path: str, info: os.stat_result) -> dict[str, Any]:
    is_mountpoint = datasets.is_mountpoint(path)
    return {
        "size": info.st_size,
        "allocation_size": info.st_blocks * 512,
        "mode": info.st_mode,
        "mount_id": info.st_dev,
        "uid": info.st_uid,
        "gid": info.st_gid,
        "acl": False,
        "is_mountpoint": is_mountpoint,
        "is_ctldir": False,
        "attributes": ["MOUNT_ROOT"] if is_mountpoint else [],
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


def _number(lookup: Any, name: str, kind: str) -> int:
    try:
        return int(lookup(name))
    except KeyError:
        text = f"{name}: {kind} does not exist"
        raise ValidationErrors([(f"filesystem.chown.{kind}", text, errno.EINVAL)]) from None


def _id(number: int | None) -> int:
    return -1 if number is None else number
