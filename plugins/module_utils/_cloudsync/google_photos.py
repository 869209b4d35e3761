# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role C(google_photos) adds to a task: TrueNAS's guide as defaults, and filters. PRIVATE to the "
"collection. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.options import OptionError

_OWN = ("albums", "media_only", "stray_files")
_STRAY_FILES = ("fail", "exclude", "warn", "ignore")
_DEFAULTS = {"direction": "PUSH", "folder": "/album", "schedule": "@daily"}
_TRANSFER_MODES = {"PUSH": "SYNC", "PULL": "COPY"}

# Uploads run in parallel and are then committed one batch at a time, each of at most so many files. With the 4 of
# TrueNAS
# most batches hold few photos; 16 fill them and take less than half the time. More would be faster still, but Google
# refuses a project that uploads too much at once, and waiting that out takes longer than was won.
_TRANSFERS = 16

# What Google Photos takes, in every usual spelling of the format's extension. Of raw formats it takes only some.
_PHOTOS = ("avif", "bmp", "gif", "hei[cf]", "ico", "jpe?g", "png", "tiff?", "webp")
_VIDEOS = (
    *("3gp", "3g2", "asf", "avi", "divx", "m2ts?", "m4v", "mkv", "mmv", "mod", "mov", "mp4", "mpe?g", "mts", "tod"),
    "wmv",
)
MEDIA = f"*.{{{{(?i)({'|'.join(_PHOTOS + _VIDEOS)})}}}}"
"""The filter pattern of rclone that lets through photos and videos, however their extension is written."""

# macOS keeps a file's attributes beside it under the same extension, as ._IMG_0001.jpg.
_NO_MEDIA = "._*"
_AT_THE_ROOT = "/*"


def task_options(tasks: Iterable[Mapping[str, Any]], credential: str, known: Collection[str]) -> list[dict[str, Any]]:
    """The options of C(truenas_cloudsync_task) for each task of the role.

    Args:
        tasks: The role's tasks.
        credential: Name of the credential that all of them use.
        known: Every option that C(truenas_cloudsync_task) has.

    Raises:
        OptionError: a task has a key that there is not, or keys that do not go together.
    """
    return [_options(task, title, credential) for title, task in _named(tasks, known)]


def directories(tasks: Iterable[Mapping[str, Any]], known: Collection[str]) -> list[dict[str, Any]]:
    """The options of C(truenas_album_directories) for each task of the role, and the task's name as C(task).

    For a task whose root may hold files this says so; the directory has to exist all the same.

    Raises:
        OptionError: as for L(task_options).
    """
    found = []
    for title, task in _named(tasks, known):
        if task.get("state", "present") == "absent" or not task.get("path"):
            continue
        stray_files = task.get("stray_files", "fail") if _makes_albums_of_directories(task) else "ignore"
        found.append(
            {
                "task": title,
                "path": task["path"],
                "albums": task.get("albums") or [],
                "stray_files": "ignore" if stray_files == "exclude" else stray_files,
            }
        )
    return found


def _named(tasks: Iterable[Mapping[str, Any]], known: Collection[str]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The tasks, checked, each with what messages call it."""
    for number, task in enumerate(tasks, 1):
        if not isinstance(task, Mapping):
            raise OptionError(f"google_photos_tasks: number {number} is not a mapping. Give its options as key: value.")
        title = str(task.get("description") or task.get("name") or f"number {number}")
        _check(task, f"google_photos_tasks: {title}", known)
        yield title, task


def _check(task: Mapping[str, Any], where: str, known: Collection[str]) -> None:
    unknown = sorted(set(task) - {*known, *_OWN})
    if unknown:
        raise OptionError(
            f"{where}: {', '.join(unknown)} is not an option of a task. There are {', '.join(sorted({*known, *_OWN}))}."
        )
    stray_files = task.get("stray_files", "fail")
    if stray_files not in _STRAY_FILES:
        raise OptionError(f"{where}: stray_files {stray_files!r} is not one of {', '.join(_STRAY_FILES)}.")
    if task.get("albums") and _direction(task) != "PUSH":
        raise OptionError(
            f"{where}: albums are made for a PUSH. A PULL makes its directories itself: leave albums out."
        )
    if _media_only(task) and task.get("include"):
        raise OptionError(
            f"{where}: media_only and include do not go together, as a file that one of them lets through is "
            f"transferred. "
            "Give one of them."
        )


def _options(task: Mapping[str, Any], title: str, credential: str) -> dict[str, Any]:
    options = {name: value for name, value in task.items() if name not in _OWN}
    if task.get("state", "present") == "absent":
        return options
    options = {**_DEFAULTS, "credential": credential, **options}
    options.setdefault("transfer_mode", _TRANSFER_MODES.get(options["direction"]))
    if options["direction"] == "PUSH":
        options.setdefault("transfers", _TRANSFERS)
    exclude = []
    if task.get("stray_files") == "exclude" and _makes_albums_of_directories(task):
        exclude.append(_AT_THE_ROOT)
    if _media_only(task):
        exclude.append(_NO_MEDIA)
        options["include"] = [MEDIA]
    if exclude:
        given = list(options.get("exclude") or [])
        options["exclude"] = given + [pattern for pattern in exclude if pattern not in given]
    return options


def _direction(task: Mapping[str, Any]) -> Any:
    return task.get("direction", _DEFAULTS["direction"])


def _media_only(task: Mapping[str, Any]) -> bool:
    return bool(boolean(task.get("media_only") or False))


def _makes_albums_of_directories(task: Mapping[str, Any]) -> bool:
    """Whether each directory becomes an album, so that a file directly at the root has none to go to."""
    folder = posixpath.normpath("/" + str(task.get("folder", _DEFAULTS["folder"])).lstrip("/"))
    return bool(_direction(task) == "PUSH" and folder == "/album")
